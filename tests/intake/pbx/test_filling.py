"""What nobody stated is filled in from logs, with the line that says so; what is stated stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.intake import drafting
from evidence.intake.folder import open_exhibit
from evidence.intake.pbx.filling import fill
from evidence.intake.pbx.reading import read_logs
from evidence.intake.pbx.rules import PbxRules
from tests.intake.folders import call
from tests.intake.pbx.logs import CEL, ID, MASTER, QUEUE_LOG, ZONE, cel, freepbx, with_logs

NAME = f"{ID}.wav"


def filled(
    tmp_path: Path, files: dict[str, str | bytes], recordings: tuple[str, ...] = (NAME,), **incident: Any
) -> dict[str, Any]:
    """The incident.json after the logs were read; it holds."""
    folder = with_logs(tmp_path, files, recordings=recordings, **{"calls": [], **incident})
    document: dict[str, Any] = json.loads((folder.path / "incident.json").read_text(encoding="utf-8"))
    logs = read_logs(folder, PbxRules(ZONE), open_exhibit)
    before = json.loads(json.dumps(document))
    new = fill(document, recordings, logs)
    assert resources.problem("incident.v1", document) == ""
    assert {item.part for item in new} <= {"call", "agent"}
    again = json.loads(json.dumps(document))
    assert fill(again, recordings, logs) == []
    assert again == document
    for part, value in before.items():
        if part not in {"calls", "agent"}:
            assert document[part] == value
    return document


def test_from_master_csv(tmp_path: Path) -> None:
    document = filled(tmp_path, {"cdr.csv": MASTER})
    assert document["calls"] == [
        {
            "recording": NAME,
            "id": ID,
            "queue": "700",
            "caller": "380501112233",
            "callee": "700",
            "started": "2026-11-05T10:15:02+02:00",
            "ended": "2026-11-05T10:21:30+02:00",
            "from_log": dict.fromkeys(
                ["id", "queue", "caller", "callee", "started", "ended"], "cdr.csv, line 1"
            ),
        }
    ]
    assert document["agent"] == {"id": "101", "from_log": {"id": "cdr.csv, line 1"}}


def test_several_logs_complete_each_other(tmp_path: Path) -> None:
    document = filled(tmp_path, {"cdr.csv": freepbx({}), "cel.csv": CEL, "queue_log": QUEUE_LOG})
    (made,) = document["calls"]
    assert made["direction"] == "inbound"
    assert made["from_log"]["started"] == "cdr.csv, line 2"
    assert document["agent"]["id"] == "101"


def test_from_the_event_log_alone(tmp_path: Path) -> None:
    (made,) = filled(tmp_path, {"cel.csv": CEL})["calls"]
    assert (made["caller"], made["callee"], made["queue"]) == ("380501112233", "0445550000", "700")
    assert made["started"] == "2026-11-05T10:15:02.250+02:00"
    assert (made["ended"], made["from_log"]["ended"]) == ("2026-11-05T10:21:30.250+02:00", "cel.csv, line 9")


def test_what_is_stated_stays(tmp_path: Path) -> None:
    stated = call(
        NAME, caller="known", queue="billing", started="2026-11-05T10:15:30+02:00", from_name=["queue"]
    )
    document = filled(tmp_path, {"cdr.csv": MASTER}, calls=[stated], agent={"name": "Мирослава"})
    (made,) = document["calls"]
    assert {key: made[key] for key in stated} == stated
    assert made["from_log"].keys() == {"id", "callee", "ended"}
    assert document["agent"] == {"name": "Мирослава"}


def test_a_persons_word_takes_the_mark_away(tmp_path: Path) -> None:
    document = filled(tmp_path, {"cdr.csv": MASTER})
    drafting.put_call(document, NAME, {"caller": "+380501112233"})
    drafting.put_agent(document, {"id": "102"})
    (made,) = document["calls"]
    assert "caller" not in made["from_log"]
    assert made["from_log"]["callee"] == "cdr.csv, line 1"
    assert document["agent"] == {"id": "102"}


def test_times_of_a_doubtful_zone_are_left_out(tmp_path: Path) -> None:
    document = filled(tmp_path, {"cdr.csv": freepbx({"calldate": "2026-11-05 13:15:02"})}, calls=[call(NAME)])
    assert document["calls"][0]["from_log"].keys().isdisjoint({"started", "ended"})


def test_no_call_without_a_time(tmp_path: Path) -> None:
    assert filled(tmp_path, {"queue_log": QUEUE_LOG})["calls"] == []


def test_two_agents_are_nobody(tmp_path: Path) -> None:
    text = QUEUE_LOG + f"1793866617|{ID}|701|PJSIP/109|CONNECT|6|1793866612.124|5\n"
    assert "agent" not in filled(tmp_path, {"queue_log": text})


@pytest.mark.parametrize(
    ("member", "agent"),
    [
        ("Local/101@from-queue/n", {"id": "101"}),
        ("Agent/3001", {"id": "3001"}),
        ("Олена Коваль", {"name": "Олена Коваль"}),
        ("SIP/380501112233", None),
        ("x" * 301, None),
    ],
)
def test_members_of_queues(tmp_path: Path, member: str, agent: dict[str, str] | None) -> None:
    document = filled(tmp_path, {"queue_log": QUEUE_LOG.replace("PJSIP/101", member)})
    found = document.get("agent")
    if found is not None:
        del found["from_log"]
    assert found == agent


def test_the_company_called(tmp_path: Path) -> None:
    row = {
        "did": "",
        "outbound_cnum": "0445550000",
        "channel": "PJSIP/205-0000001a",
        "dcontext": "from-internal",
    }
    row |= {"src": "205", "dst": "0501112233", "dstchannel": "PJSIP/trunk-0000002b"}
    document = filled(tmp_path, {"cdr.csv": freepbx(row)})
    assert document["calls"][0]["direction"] == "outbound"
    assert document["agent"]["id"] == "205"


def test_channels_as_the_recording_was_begun(tmp_path: Path) -> None:
    text = freepbx({})
    events = cel("CHAN_START", 0) + cel("APP_START", 1, "MixMonitor", f"2026/{ID}.raw,D")
    (made,) = filled(tmp_path, {"cdr.csv": text, "cel.csv": events})["calls"]
    assert (made["channels"], made["from_log"]["channels"]) == (["caller", "agent"], "cel.csv, line 2")


def test_two_calls_get_their_own(tmp_path: Path) -> None:
    second = "1793867500.200"
    rows = freepbx(
        {}, {"uniqueid": second, "linkedid": second, "calldate": "2026-11-05 10:31:40", "src": "380990000123"}
    )
    names = (NAME, f"{second}.wav")
    document = filled(tmp_path, {"cdr.csv": rows}, names)
    assert [(made["recording"], made["caller"]) for made in document["calls"]] == [
        (names[0], "380501112233"),
        (names[1], "380990000123"),
    ]


def test_odd_values_are_left_out(tmp_path: Path) -> None:
    document = filled(tmp_path, {"cdr.csv": freepbx({"src": "a\0b", "dst": "9" * 200})})
    assert document["calls"][0].keys().isdisjoint({"caller", "callee"})
