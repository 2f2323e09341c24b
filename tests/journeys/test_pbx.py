"""The PBX's logs at a supervisor's desk: brought in, read, filled in where nobody said anything, told."""

import json
from pathlib import Path

from tests.intake.pbx.logs import ID, MASTER, cel
from tests.journeys.desk import NAME, NUMBER, Desk, event_log, recording
from tests.journeys.program import evidence


def told(desk: Desk, *arguments: str | Path) -> str:
    process = evidence(*arguments, env=desk.env)
    assert process.returncode == 0, process.stderr
    return " ".join(process.stderr.split())


def test_logs_are_read_and_fill_in(desk: Desk) -> None:
    said = told(desk, "new", recording(desk.pbx), event_log(desk.pbx), "--caller", "+380990000123")
    assert "cel.csv: 7 lines read; 5 entries about this incident" in said
    assert "playback of custom/record-notice at 10:15:03" in said
    (call,) = desk.incident()["calls"]
    assert call["caller"] == "+380990000123"
    assert call["started"] == "2026-11-05T10:15:02+02:00"  # of the name, which stays
    assert call["ended"] == "2026-11-05T10:15:13.250+02:00"
    assert call["from_log"] == {"ended": "cel.csv, line 7"}
    assert "changes" not in desk.incident()
    desk.do("add", NUMBER, desk.pbx / "cel.csv")
    assert desk.incident()["calls"] == [call]
    assert len(desk.incident()["acquisitions"]) <= 2
    desk.do("add", NUMBER, "--ended", "2026-11-05T10:15:14+02:00")
    assert "from_log" not in desk.incident()["calls"][0]


def test_a_log_tells_when_the_call_began(desk: Desk) -> None:
    (desk.pbx / "Master.csv").write_text(MASTER, encoding="utf-8")
    source = recording(desk.pbx, f"{ID}.wav")
    (found,) = desk.json("new", source, desk.pbx / "Master.csv", "--agent-id", "204")
    assert [(item["field"], item["from"]) for item in found["filled"]][-1] == ("ended", "Master.csv, line 1")
    assert found["pbx"] == [
        {"file": "Master.csv", "format": "asterisk_cdr", "lines": 1, "events": 1, "problems": []}
    ]
    incident = desk.incident()
    assert incident["calls"][0]["started"] == "2026-11-05T10:15:02+02:00"
    assert incident["agent"] == {"id": "204"}
    desk.do("seal", NUMBER)
    archive = desk.archive()
    shown = " ".join(desk.do("show", archive).split())
    assert "from the PBX's log, stated by nobody: " in shown
    assert "id (Master.csv, line 1)" in shown
    assert "some of the data is only what the PBX's log says" in " ".join(desk.do("verify", archive).split())


def test_nothing_is_filled_in_on_request(desk: Desk) -> None:
    said = told(desk, "new", recording(desk.pbx), event_log(desk.pbx), "--no-fill")
    assert "5 entries about this incident" in said
    assert "--no-fill" in said
    assert "ended" not in desk.incident()["calls"][0]


def test_a_log_that_is_of_no_use_is_told(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    (desk.pbx / "cel.csv").write_text(cel("CHAN_START", 0), encoding="utf-8")
    (desk.pbx / "log.txt").write_text("\x1b[31mhello", encoding="utf-8")
    said = told(desk, "add", NUMBER, desk.pbx / "cel.csv")
    assert "cel.csv: nothing in it concerns this incident" in said
    assert f"evidence add {NUMBER} --call-id ID" in said
    assert "cel.csv is archived as a file, but nothing in it is used" in said
    assert "5 entries" not in said
    said = told(desk, "add", NUMBER, "--call-id", ID)
    assert "cel.csv: 1 line read; 1 entry about this incident" in said
    said = told(desk, "add", NUMBER, desk.pbx / "log.txt", "--role", "pbx")
    assert "log.txt: it is no log that can be read" in said
    assert "\x1b" not in said


def test_logs_of_other_programs_by_a_mapping(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    config = desk.vault / "evidence.toml"
    text = config.read_text(encoding="utf-8")
    section = """
[pbx.crm]
kind = "json"
files = ["crm-*.json"]
rows = "/calls"
fields = { id = "/uid", started = "/at", duration = "/secs", agent = "/who" }
time_format = "epoch"
"""
    config.write_text(text + section, encoding="utf-8")
    entry = {"uid": "1793866502.4711", "at": 1793866502, "secs": 11, "who": "Мирослава"}
    (desk.pbx / "crm-1.json").write_text(json.dumps({"calls": [entry]}), encoding="utf-8")
    desk.do("add", NUMBER, desk.pbx / "crm-1.json")
    incident = desk.incident()
    assert {"file": "crm-1.json", "role": "pbx"} in incident["exhibits"]
    assert incident["agent"] == {"name": "Мирослава", "from_log": {"name": "crm-1.json, line 1"}}
    assert incident["changes"][-1]["about"] == ["agent", "calls", "acquisitions", "exhibits"]
    config.write_text(text + section.replace('started = "/at"', 'queue = "/q"'), encoding="utf-8")
    (desk.pbx / "crm-2.json").write_text("{}", encoding="utf-8")
    before = desk.incident()
    assert "fields.started is missing" in desk.refuse(4, "add", NUMBER, desk.pbx / "crm-2.json")
    assert desk.incident() == before


def test_a_caller_who_writes_escapes(desk: Desk) -> None:
    row = MASTER.replace("380501112233", "=1\x1b[31m\u202e")
    (desk.pbx / "cdr.csv").write_text(row, encoding="utf-8")
    said = told(desk, "new", recording(desk.pbx, f"{ID}.wav"), desk.pbx / "cdr.csv")
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "caller" not in desk.incident()["calls"][0]
    assert NAME not in said
