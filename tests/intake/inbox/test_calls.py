"""Tables of call records that name recordings."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from evidence.intake.folder import IncidentFolder, read_paper
from evidence.intake.inbox.model import CALL, Scan, Unsettled
from evidence.intake.inbox.reading import read
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.intake.inbox.scanning import places, scan
from tests.intake.inbox.boxes import HOUR, KYIV, NOW, STARTED, aged, data_of, look, mapping, only, put, wav

UNIQUE = "1793866502.4711"


def asterisk_line(unique: str = UNIQUE, start: str = "2026-11-05 10:15:02", **cells: str) -> str:
    """A line as cdr_csv writes it: every cell but the numbers quoted, a quote doubled."""
    given = {"src": "0501234567", "dst": "204", "clid": '"Іван" <0501234567>', "userfield": "", **cells}
    quoted = [
        "",
        given["src"],
        given["dst"],
        "from-trunk",
        given["clid"],
        "SIP/a-1",
        "SIP/204-2",
        "Queue",
        "s",
    ]
    text = ",".join('"' + cell.replace('"', '""') + '"' for cell in (*quoted, start, start, ""))
    return f'{text},187,180,"ANSWERED","DOCUMENTATION","{unique}","{given["userfield"]}"\n'


def asterisk(**section: Any) -> InboxMapping:
    return mapping(
        **{"kind": "csv", "preset": "asterisk", "files": ["Master.csv"], "directory": "monitor", **section}
    )


def table(**section: Any) -> InboxMapping:
    """A table with a header: started, file and what else is said."""
    fields = {"started": "started", **section.pop("fields", {})}
    given = {"kind": "csv", "files": ["cdr.csv"], "directory": "rec", "recording": "{file}", "fields": fields}
    return mapping(**{**given, **section})


def rows(*lines: str) -> str:
    return "\n".join(("started,file,note", *lines)) + "\n"


def alarms(found: Scan) -> list[str]:
    return [alarm.error.message for alarm in found.alarms]


def cdr(folder: IncidentFolder) -> bytes:
    (file,) = (file for file in folder.files if file.name == "cdr.csv")
    assert file.role == "pbx"
    return read_paper(folder, file)


# What the presets read


def test_master_csv_of_asterisk(tmp_path: Path) -> None:
    put(tmp_path, f"monitor/{UNIQUE}.wav")
    other, line = asterisk_line("1793860000.1", start="2026-11-05 08:00:00"), asterisk_line()
    put(tmp_path, "Master.csv", other + line)
    item = only(look(tmp_path, asterisk()))
    assert (item.kind, item.key) == (CALL, f"monitor/{UNIQUE}.wav")
    assert item.originals == (tmp_path / f"monitor/{UNIQUE}.wav",)
    folder = read(item)
    assert cdr(folder) == line.encode()
    assert [f.title for f in folder.files if f.name == "cdr.csv"] == ["Master.csv, 1 row: line 2"]
    assert data_of(folder, "incident.json")["calls"] == [
        {
            "started": STARTED,
            "ended": "2026-11-05T10:18:09+02:00",
            "id": UNIQUE,
            "caller": "0501234567",
            "callee": "204",
            "recording": f"{UNIQUE}.wav",
        }
    ]
    assert folder.incident.number == UNIQUE


def test_a_line_without_userfield_is_read_too(tmp_path: Path) -> None:
    put(tmp_path, f"monitor/{UNIQUE}.wav")
    put(tmp_path, "Master.csv", asterisk_line().removesuffix(',""\n') + "\n")
    assert only(look(tmp_path, asterisk())).key.endswith(".wav")


def test_only_rows_that_agents_marked_count(tmp_path: Path) -> None:
    lines = [asterisk_line(f"179386650{n}.1", userfield=field) for n, field in enumerate(("", "insult", "x"))]
    for n in range(3):
        put(tmp_path, f"monitor/179386650{n}.1.wav")
    put(tmp_path, "Master.csv", "".join(lines))
    item = only(look(tmp_path, asterisk(where={"userfield": ["insult", "threat"]})))
    assert item.key == "monitor/1793866501.1.wav"


def test_an_export_of_freepbx(tmp_path: Path) -> None:
    name = f"in-0443900000-0501234567-20261105-101502-{UNIQUE}.wav"
    put(tmp_path, f"2026/11/05/{name}")
    out = io.StringIO()
    columns = ["calldate", "clid", "src", "dst", "duration", "disposition", "uniqueid", "recordingfile"]
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerow(
        ["2026-11-05 10:15:02", '"A, B" <1>', "0501234567", "204", "187", "ANSWERED", UNIQUE, name]
    )
    writer.writerow(["2026-11-05 10:20:02", "", "0501234567", "204", "5", "BUSY", "1793866802.1", ""])
    put(tmp_path, "cdr/export.csv", out.getvalue())
    item = only(look(tmp_path, mapping(kind="csv", preset="freepbx", files=["cdr/*.csv"])))
    assert item.key == f"2026/11/05/{name}"
    folder = read(item)
    assert folder.incident.calls[0].started == STARTED
    assert cdr(folder) == "".join(out.getvalue().splitlines(keepends=True)[:2]).encode()


def test_several_rows_of_one_recording_travel_with_it(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    text = rows(
        "2026-11-05 10:15:02,a.wav,first", "2026-11-05 10:15:02,b.wav,x", "2026-11-05 11:00:00,a.wav,again"
    )
    put(tmp_path, "cdr.csv", text)
    folder = read(only(look(tmp_path, table(missing="ignore"))))
    lines = text.splitlines(keepends=True)
    assert cdr(folder) == "".join([lines[0], lines[1], lines[3]]).encode()
    assert [call.started for call in folder.incident.calls] == [STARTED]
    assert "lines 2, 4" in next(f.title for f in folder.files if f.name == "cdr.csv")


# Rows and recordings that don't come together


def test_recordings_that_are_not_there_are_awaited_and_then_missed(tmp_path: Path) -> None:
    put(tmp_path, "cdr.csv", rows("2026-11-21 04:01:00,late.wav,", "2026-11-21 03:59:00,gone.wav,"))
    found = look(tmp_path, table())  # it is 04:00 in Kyiv, a day later
    assert [(left.code, left.words[:5]) for left in found.left] == [("waits_rows", "1 row")]
    assert alarms(found) == ["1 row names a recording that isn't there (line 3)"]
    assert (found.items, found.bad) == ((), ())
    handled: list[str] = []

    def is_handled(key: str) -> bool:
        handled.append(key)
        return True

    assert scan(tmp_path, Rules(KYIV, mappings=(table(),)), NOW, is_handled).alarms == ()
    assert handled == ["rec/late.wav", "rec/gone.wav"]
    assert look(tmp_path, table(since="2026-11-22")).alarms == ()
    assert look(tmp_path, table(missing="ignore")).alarms == ()


def test_nothing_about_persons_stands_in_an_alarm(tmp_path: Path) -> None:
    put(
        tmp_path,
        "cdr.csv",
        rows("2026-11-05 10:15:02,in-0501234567.wav,Іваненко", "x,0501234567.wav,Іваненко,"),
    )
    for alarm in look(tmp_path, table()).alarms:
        assert "0501234567" not in alarm.key + alarm.error.message + alarm.error.hint


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("../secret.wav", "outside"),
        ("a/../../secret.wav", "outside"),
        ("/etc/passwd", "outside"),
        ("link.wav", "link"),
        ("folder.wav", "link"),
        ("linked/x.wav", "isn't there"),
        ("x\0.wav", "outside"),
        ("я" * 128 + ".wav", "outside"),
        ("incident.json", "outside"),
    ],
)
def test_rows_that_lead_elsewhere_are_told_and_not_followed(tmp_path: Path, cell: str, code: str) -> None:
    secret = put(tmp_path / "other", "x.wav")
    put(tmp_path, "in/rec/real.wav")
    (tmp_path / "in/rec/link.wav").symlink_to(secret)
    (tmp_path / "in/rec/folder.wav").mkdir()
    (tmp_path / "in/rec/linked").symlink_to(secret.parent)
    put(tmp_path, "in/rec/secret.wav")
    put(tmp_path, "in/cdr.csv", rows(f"2026-11-05 10:15:02,{cell},"))
    found = look(tmp_path / "in", table())
    (message,) = alarms(found)
    assert code in message
    assert found.items == ()


def test_a_whole_path_below_the_directory_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "rec/2026/a.wav")
    put(tmp_path, "cdr.csv", rows(f"2026-11-05 10:15:02,{tmp_path}/rec/2026/a.wav,"))
    whole = table(recording="{year}/{file}", directory=str(tmp_path / "rec"))
    assert only(look(tmp_path, whole)).key == "rec/2026/a.wav"


# Hostile and damaged tables

DAMAGED = {
    "columns": "2026-11-05 10:15:02,bad.wav",
    "quote": '2026-11-05 10:15:02,bad.wav,"never',
    "long": f"2026-11-05 10:15:02,bad.wav,{'x' * 1_000_000}",
    "time": "05/11/2026 10:15,good2.wav,",
    "missing": "1999-11-05 10:15:02,gone.wav,=cmd|' /C calc'!A0",
}


@pytest.mark.parametrize("code", DAMAGED)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_damaged_row_is_told_with_its_line_and_the_others_are_read(
    tmp_path: Path, code: str, line_end: str
) -> None:
    for name in ("good1.wav", "good2.wav", "good3.wav"):
        put(tmp_path, f"rec/{name}")
    lines = ["2026-11-05 10:15:02,good1.wav,", DAMAGED[code], "2026-11-05 10:15:02,good3.wav,"]
    put(tmp_path, "cdr.csv", "\ufeff" + rows(*lines).replace("\n", line_end))
    found = look(tmp_path, table())
    assert [item.key for item in found.items] == ["rec/good1.wav", "rec/good3.wav"]
    (alarm,) = found.alarms
    assert "1 row" in alarm.error.message
    assert "(line 3)" in alarm.error.message
    assert alarm.key == "pbx: cdr.csv"
    for item in found.items:
        assert read(item).incident.calls[0].started == STARTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 5000,
        b"\xff\xfes\0t\0a\0r\0t\0e\0d\0,\0f\0i\0l\0e\0\n\0",
        b",".join(b"c%d" % n for n in range(9000)) + b"\n",
        b"started,file,file\n2026-11-05 10:15:02,a.wav,a.wav\n",
        b'"' * 100_001,
        b"\n" * 100_000,
        b"started,file\n" + b",".join([b"x"] * 30_000) + b"\n",
        bytes(range(256)) * 300,
    ],
)
def test_what_is_no_table_is_told_or_empty_and_never_crashes(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, "rec/a.wav")
    (tmp_path / "cdr.csv").write_bytes(data)
    aged(tmp_path / "cdr.csv", HOUR)
    found = look(tmp_path, table())
    assert (found.items, found.bad) == ((), ())
    for alarm in found.alarms:
        assert alarm.error.hint
        assert len(alarm.error.message) < 1500


def test_a_row_that_is_still_being_written_is_left(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        put(tmp_path, f"rec/{name}")
    whole = rows("2026-11-05 10:15:02,a.wav,")
    put(tmp_path, "cdr.csv", whole + "2026-11-05 10:15:02,b.wav", age=1)
    found = look(tmp_path, table())
    assert ([item.key for item in found.items], [left.code for left in found.left]) == (
        ["rec/a.wav"],
        ["torn"],
    )
    put(tmp_path, "cdr.csv", whole + "2026-11-05 10:15:02,b.wav,")  # nobody writes any more
    assert [item.key for item in look(tmp_path, table()).items] == ["rec/a.wav", "rec/b.wav"]


def test_cells_in_another_encoding(tmp_path: Path) -> None:
    put(tmp_path, "rec/Їжак.wav")
    text = rows("2026-11-05 10:15:02,Їжак.wav,Іваненко").encode("windows-1251")
    put(tmp_path, "cdr.csv", text)
    fields = {"subscriber": "note"}
    folder = read(only(look(tmp_path, table(encoding="windows-1251", fields=fields))))
    assert folder.incident.subscriber.name == "Іваненко"
    assert cdr(folder) == text
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", b"started,file,note\n2026-11-05 10:15:02,a.wav,\xb2\xe2\xe0\xed\n")
    found = look(tmp_path, table(fields=fields))
    assert ["encoding" in message for message in alarms(found)] == [True]
    folder = read(found.items[0])
    assert folder.incident.subscriber.name == ""
    assert "subscriber" in folder.incident.summary


def test_a_table_that_is_rewritten_after_the_scan_is_left(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:02,a.wav,"))
    item = only(look(tmp_path, table()))
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:02,a.wav,", "2026-11-05 10:15:02,b.wav,"))
    assert read(item).incident.calls  # growing is what tables do
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:03,a.wav,"))
    with pytest.raises(Unsettled):
        read(item)


@pytest.mark.parametrize(
    "section",
    [
        {"fields": {"started": "nothing"}},
        {"encoding": "utf-16"},
        {"encoding": "no-such"},
        {"time_zone": "Europe/Nowhere"},
        {"recording": "{nothing}.wav"},
        {"header": False, "columns": ["a", "b"]},
        {"files": ["nothing*.csv"]},
        {"delimiter": ";"},
    ],
)
def test_a_mistake_in_the_configuration_is_told_and_sends_nothing_to_quarantine(
    tmp_path: Path, section: dict[str, Any]
) -> None:
    put(tmp_path, "a.wav")
    put(tmp_path, "2026/b.wav")
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:02,a.wav,"))
    found = look(tmp_path, table(**{"directory": ".", **section}))
    assert len(found.alarms) == 1
    assert found.items == ()
    assert {bad.item.key for bad in found.bad} <= {"cdr.csv"}
    assert [left.code for left in found.left] == ["waits_row"]


def test_recordings_beside_the_table_wait_for_their_rows(tmp_path: Path) -> None:
    put(tmp_path, "a.wav")
    put(tmp_path, "b.wav")
    put(tmp_path, "c.wav", age=30 * HOUR)
    put(tmp_path, "d.wav")
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:02,a.wav,x", "2026-11-05 10:15:02,d.wav,"))
    found = look(tmp_path, table(directory=".", where={"note": ["x"]}))
    assert [(item.kind, item.key) for item in found.items] == [("drop", "c.wav"), ("call", "a.wav")]
    assert [(left.key, left.code) for left in found.left] == [("b.wav", "waits_row")]


def test_directories_outside_all_inboxes_are_places_to_scan(tmp_path: Path) -> None:
    far = tmp_path / "monitor"
    put(far, "a.wav")
    put(tmp_path, "log/cdr.csv", rows("2026-11-05 10:15:02,a.wav,"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    outside = table(directory=str(far), files=[str(tmp_path / "log/cdr.csv")])
    how = Rules(KYIV, mappings=(outside, table()))
    assert places([inbox], how) == (inbox, far)
    assert scan(far, how, NOW).items[0].key == "a.wav"
    assert scan(inbox, Rules(KYIV, mappings=(outside,)), NOW).alarms == ()


def test_a_recording_is_the_same_incident_dropped_or_named_by_a_table(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", rows("2026-11-05 10:15:02,a.wav,"))
    folder = read(only(look(tmp_path, table())))
    assert [(f.name, f.size) for f in folder.files if f.role == "recording"] == [("a.wav", len(wav()))]
    assert folder.is_virtual
