"""From a recording to a sealed archive: the commands of a shift supervisor, without a terminal."""

import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from tests.journeys.desk import LENGTH_MS, NAME, NUMBER, STARTED, Desk, recording, snapshot
from tests.journeys.program import evidence

SOUND_SHA256 = hashlib.sha256(resources.sample("call.wav")).hexdigest()
NOTICE = "Розмова записується.\n"


def is_now(text: str) -> bool:
    """Whether a stated time is that of this test run."""
    return abs(dt.datetime.fromisoformat(text) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


def without_now(record: dict[str, Any], key: str) -> dict[str, Any]:
    """The record without a time that must be the present one."""
    assert is_now(record[key]["text"]), record
    assert record[key]["text"].endswith(("+02:00", "+03:00"))
    return {name: value for name, value in record.items() if name != key}


def test_three_commands_from_a_recording_to_an_archive(desk: Desk) -> None:
    source = recording(desk.pbx)
    said = ["--subscriber", "Приходько Остап", "--agent", "Мирослава", "--channels", "caller,agent"]
    desk.do("new", source, *said)
    desk.do("mark", "add", NUMBER, "0:07.167-0:09.609", "--class", "insult", "--words", "Ви безголові")
    desk.do("seal", NUMBER)
    assert "PASSED" in desk.do("verify", desk.archive())
    records = desk.records()
    (incident,) = records["incident"]
    assert incident["number"] == NUMBER
    assert incident["subscriber"] == {"name": "Приходько Остап"}
    assert incident["agent"] == {"name": "Мирослава"}
    assert incident["time_zone"] == "Europe/Kyiv"
    assert incident["prepared_by"] == "Левко"
    assert is_now(incident["prepared_at"]["text"])
    assert incident["calls"] == [
        {
            "id": "1793866502.4711",
            "started": STARTED,
            "direction": "inbound",
            "caller": "380990000123",
            "callee": "0443900000",
            "channels": ["caller", "agent"],
            "exhibit": "E1",
            "from_name": ["id", "direction", "caller", "callee", "started"],
        }
    ]
    (marker,) = records["marker"]
    assert without_now(marker, "asserted_at") == {
        "exhibit": "E1",
        "recording_sha256": SOUND_SHA256,
        "start_ms": 7167,
        "end_ms": 9609,
        "class": "insult",
        "words": "Ви безголові",
        "asserted_by": "Левко",
        "number": 1,
        "how": "listened",
    }
    (acquisition,) = records["acquisition"]
    assert without_now(acquisition, "taken_at") == {
        "exhibits": ["E1"],
        "taken_by": "Левко",
        "copied_from": str(desk.pbx),
    }
    sound = next(e for e in records["exhibit"] if e["exhibit"] == "E1")
    assert (sound["name"], sound["sha256"], sound["recording"]["samples"]) == (NAME, SOUND_SHA256, 87_483)
    assert source.read_bytes() == resources.sample("call.wav")


def test_marker_files_are_imported_with_their_lines(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx), "--channels", "caller,agent")
    table = "start,end,class,words,channel,asserted_by,asserted_at\n"
    table += "0:01,0:02,insult,дурні,caller,Зміна 2,2026-11-05 11:30:00\n3.5,,threat,,,,\n"
    (desk.pbx / "found.csv").write_text(table, encoding="utf-8")
    (desk.pbx / "labels.txt").write_text("5.000000\t6.250000\tобраза\n", encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "found.csv")
    told = desk.json("mark", "import", NUMBER, desk.pbx / "labels.txt", "--class", "profanity")
    assert [(m["n"], m["start_ms"], m["end_ms"]) for m in told] == [(3, 5000, 6250)]
    desk.do("seal", NUMBER)
    markers = sorted(desk.records()["marker"], key=lambda m: m["start_ms"])
    assert [(m["start_ms"], m.get("end_ms"), m["source"]) for m in markers] == [
        (1000, 2000, "found.csv:2"),
        (3500, None, "found.csv:3"),
        (5000, 6250, "labels.txt:1"),
    ]
    assert markers[0]["asserted_by"] == "Зміна 2"
    assert markers[0]["asserted_at"]["text"] == "2026-11-05T11:30:00+02:00"
    assert (markers[0]["words"], markers[0]["channel"]) == ("дурні", "caller")
    assert markers[1]["asserted_by"] == "Левко"
    assert all(m["recording_sha256"] == SOUND_SHA256 for m in markers)


def test_a_file_with_one_wrong_line_brings_no_marker(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    (desk.pbx / "found.csv").write_text("start,class\n0:01,insult\n0:30,insult\n", encoding="utf-8")
    before = snapshot(desk.folder())
    told = desk.refuse(2, "mark", "import", NUMBER, desk.pbx / "found.csv")
    assert "found.csv:3: 0:30.0 lies after the end" in told
    assert snapshot(desk.folder()) == before
    desk.do("mark", "import", NUMBER, desk.pbx / "found.csv", "--beyond-end")
    assert len(desk.json("mark", "list", NUMBER)) == 2


def test_a_place_after_the_end_is_refused(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    late = f"{LENGTH_MS + 501}ms"
    assert "0:10.9" in desk.refuse(2, "mark", "add", NUMBER, late, "--class", "insult")
    desk.do("mark", "add", NUMBER, f"{LENGTH_MS + 500}ms", "--class", "insult")
    desk.do("mark", "add", NUMBER, late, "--class", "insult", "--beyond-end")


def test_check_changes_nothing_and_tells_what_is_missing(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx), "--subscriber", "Приходько")
    before = snapshot(desk.vault)
    process = evidence("seal", "--check", NUMBER, env=desk.env)
    assert process.returncode == 0
    assert f"{NUMBER} can be sealed; what is told above is easier to mend now" in process.stdout
    assert "nothing shows that the caller was told that the call is recorded" in process.stderr
    (told,) = desk.json("seal", "--check", NUMBER)
    assert [gap["code"] for gap in told["gaps"]] == [
        "no_notice",
        "from_name",
        "no_pbx_records",
        "no_clock",
        "no_system",
        "no_authority",
        "no_original",
        "no_legal_basis",
        "no_agent",
        "no_channels",
        "no_markers",
    ]
    assert told["recordings"] == [{"file": NAME, "milliseconds": LENGTH_MS, "problems": []}]
    assert snapshot(desk.vault) == before


def test_hints_of_gaps_mend_them(desk: Desk) -> None:
    """Each option that the advice names does what it is said to do."""
    found = codes(desk, "new", str(recording(desk.pbx)))
    advice: list[tuple[set[str], list[str]]] = [
        ({"no_notice"}, ["--notice-grade", "in_recording", "--notice-at", "0:02"]),
        ({"no_announcement"}, ["--notice-text", "Розмова записується"]),
        ({"no_pbx_records"}, [str(log(desk.pbx)), "--no-fill"]),
        (
            {"no_clock", "no_system", "no_authority", "no_original"},
            [
                *("--clock-offset", "0", "--clock-known-by", "NTP", "--system", "FreePBX 17, pbx1"),
                *("--authority", "order 12 of 03.01.2026", "--original", "PBX disk, kept until 05.05.2027"),
            ],
        ),
        (
            {"no_legal_basis", "no_subscriber", "no_agent", "no_channels"},
            [
                *("--legal-basis", "contract:clause 7.3", "--phone", "+380990000123", "--agent-id", "204"),
                *("--channels", "caller,agent"),
            ],
        ),
    ]
    for gaps, options in advice:
        before, found = found, codes(desk, "add", NUMBER, *options)
        assert set(before) - set(found) == gaps
    desk.do("mark", "add", NUMBER, "0:01.5-0:02", "--class", "insult", "--words", "...")
    stated = ["--started", "2026-11-05 10:15:02", "--caller", "1", "--callee", "2"]
    assert codes(desk, "add", NUMBER, *stated) == ["from_name"]  # direction and id are left
    assert codes(desk, "add", NUMBER, "--direction", "inbound", "--call-id", "1793866502.4711") == []
    assert "nothing is known to be missing" in desk.do("seal", "--check", NUMBER)


def log(folder: Path) -> Path:
    """A line of the PBX about the call of the recording, which is known by the id in its name."""
    path = folder / "queue_log"
    path.write_text("1793866503|1793866502.4711|700|NONE|ENTERQUEUE||380990000123|1\n", encoding="utf-8")
    return path


def codes(desk: Desk, *arguments: str) -> list[str]:
    """The gaps that a command tells."""
    (told,) = desk.json(*arguments)
    return [gap["code"] for gap in told["gaps"]]


def test_numbers_follow_one_another(desk: Desk) -> None:
    source = recording(desk.pbx)
    year = dt.datetime.now(dt.UTC).year
    assert desk.new(source)["number"] == f"INC-{year}-000001"
    assert desk.new(source, "--number", f"INC-{year}-000041")["number"] == f"INC-{year}-000041"
    assert desk.new(source, "--number", "CRM_77.b")["number"] == "CRM_77.b"
    assert desk.new(source)["number"] == f"INC-{year}-000042"
    desk.do("seal", "CRM_77.b")
    for taken in (f"INC-{year}-000041", "CRM_77.b"):
        assert f"evidence add {taken}" in desk.refuse(5, "new", source, "--number", taken)
    for wrong in ("../x", ".hidden", "-x", "а", "x" * 65):
        desk.refuse(2, "new", source, f"--number={wrong}")
    assert len(desk.json("list")) == 4


def test_an_incident_named_by_number_and_by_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do("new", recording(desk.pbx))
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / NUMBER).mkdir(parents=True)
    document = {"format": 1, "number": NUMBER}
    (elsewhere / NUMBER / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    assert f"./{NUMBER}" in desk.refuse(2, "add", NUMBER, "--title", "x")
    desk.do("add", f"./{NUMBER}", "--title", "here")
    desk.do("add", desk.folder(), "--title", "there")
    monkeypatch.chdir(desk.vault / "incidents")
    desk.do("add", NUMBER, "--summary", "from within")
    here = json.loads((elsewhere / NUMBER / "incident.json").read_text(encoding="utf-8"))
    assert here["title"] == "here"
    assert (desk.incident()["title"], desk.incident()["summary"]) == ("there", "from within")
    assert desk.refuse(2, "add", "INC-2026-999999", "--title", "x")


def test_advice_names_an_incident_as_it_can_be_found(desk: Desk, tmp_path: Path) -> None:
    """A folder that a script made elsewhere isn't known by its number."""
    folder = tmp_path / "of the script"
    folder.mkdir()
    recording(folder, "call.wav")
    (folder / "incident.json").write_text('{"format": 1, "number": "S-1"}', encoding="utf-8")
    told = evidence("seal", "--check", folder, env=desk.env).stderr
    commands = re.findall(r"evidence (?:mark )?add (.*)", told)
    assert len(commands) > 5
    assert [command for command in commands if not command.startswith(f"'{folder}' ")] == []
