"""Whatever stands in a log: findings with line numbers, never an error, in bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import EvidenceError
from evidence.intake.pbx.rules import PbxRules
from evidence.model.pbxlog import MOST_BYTES, MOST_EVENTS, PbxLog
from tests.intake.folders import call, make
from tests.intake.pbx.logs import CEL, ID, MASTER, QUEUE_LOG, cel, codes, freepbx, mapping, one

HEADER = freepbx().strip()


def document_size(log: PbxLog) -> int:
    return len(json.dumps(log.to_document()))


def test_formula_cells_are_only_text(tmp_path: Path) -> None:
    log = one(tmp_path, freepbx({"src": "=cmd|' /C calc'!A0"}))
    assert log.events[0].value("caller") == "=cmd|' /C calc'!A0"


def test_bom_and_crlf(tmp_path: Path) -> None:
    text = "\ufeff" + freepbx({}).replace("\n", "\r\n")
    log = one(tmp_path, text)
    assert [event.line for event in log.events] == [2]
    assert codes(log) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_wide_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    data = ("\ufeff" if encoding == "utf-16-be" else "") + MASTER
    log = one(tmp_path, data.encode(encoding))
    assert (log.format, log.events, codes(log)) == ("", (), [(0, "wide")])


def test_other_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    text = (MASTER.replace("Ivan", "x") + MASTER.replace("Ivan", "Іван")).encode("cp1251")
    log = one(tmp_path, text)
    assert codes(log) == [(2, "encoding")]
    assert log.events[1].value("caller_name") == r'"\xb2\xe2\xe0\xed" <380501112233>'
    json.dumps(log.to_document(), ensure_ascii=False).encode("utf-8")


def test_nul_in_a_cell(tmp_path: Path) -> None:
    log = one(tmp_path, freepbx({"clid": "a\0b"}))
    assert log.events[0].value("caller_name") == "a\0b"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n\n", "empty"),
        (b"hello\nworld\n", "unknown_format"),
        (b"\xff\x00\x13" * 1000, "unknown_format"),
        (b'"never closed', "unknown_format"),
        (HEADER.encode() + b"\n", "no_relation"),
        (MASTER.replace(ID, "1.1").encode(), "no_relation"),
    ],
)
def test_nothing_to_read(tmp_path: Path, data: bytes, code: str) -> None:
    log = one(tmp_path, data)
    assert (log.events, codes(log)) == ((), [(0, code)])


def test_million_columns(tmp_path: Path) -> None:
    wide = f'"{ID}"' + "," * 30_000 + "\n"
    wider = f'"{ID}"' + "," * 1_000_000 + "\n"
    log = one(tmp_path, MASTER + wide + wider + MASTER.replace("ANSWERED", "BUSY"))
    assert [event.line for event in log.events] == [1, 4]
    assert codes(log) == [(2, "columns"), (3, "long")]


def test_odd_quotes_spoil_their_own_line(tmp_path: Path) -> None:
    log = one(tmp_path, MASTER + f'"{ID}"x",1\n' + f'"open {ID}\n' + MASTER.replace("ANSWERED", "BUSY"))
    assert [event.line for event in log.events] == [1, 4]
    assert codes(log) == [(2, "quote")]


def test_a_quote_in_a_caller_s_name_hides_no_line_of_a_queue_log(tmp_path: Path) -> None:
    lines = [line for line in QUEUE_LOG.splitlines() if ID in line]
    quoted = [lines[0] + '|"', *lines[1:], '1793866899|1793866899.777|700|NONE|ENTERQUEUE||"x|1']
    log = one(tmp_path, "\n".join(quoted) + "\n", "queue_log")
    assert [event.line for event in log.events] == list(range(1, len(lines) + 1))
    assert all(event.line == event.last_line for event in log.events)
    assert codes(log) == []


def test_record_over_lines_has_both_numbers(tmp_path: Path) -> None:
    log = one(tmp_path, MASTER.replace("Ivan", "I\nv\nan") + MASTER.replace("ANSWERED", "BUSY"))
    assert [(event.line, event.last_line) for event in log.events] == [(1, 3), (4, 4)]


def test_torn_last_line(tmp_path: Path) -> None:
    log = one(tmp_path, CEL + cel("HANGUP", 400)[:120])
    assert len(log.events) == 11
    log = one(tmp_path, QUEUE_LOG + f"1793866890|{ID}|700", "queue_log")
    assert codes(log) == [(5, "torn")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"duration": "-5"}, "bad_length"),
        ({"duration": "NaN"}, "bad_length"),
        ({"duration": "9" * 400}, "bad_length"),
        ({"calldate": "2026-13-45 99:00:00"}, "bad_time"),
        ({"calldate": "٢٠٢٦-11-05 10:15:02"}, "bad_time"),
        ({"calldate": "9" * 300}, "bad_time"),
        ({"calldate": "2026-11-05 13:15:02"}, "zone_differs"),
        ({"calldate": "2026-10-25 03:30:00", "uniqueid": "1.1"}, "ambiguous_time"),
        ({"calldate": "2026-03-29 03:30:00", "uniqueid": "1.1"}, "skipped_time"),
    ],
)
def test_numbers_and_times_that_cannot_be(tmp_path: Path, row: dict[str, str], code: str) -> None:
    log = one(tmp_path, freepbx({"dst": "701"}, row))
    assert codes(log) == [(3, code)]
    assert len(log.events) == 2


def test_zone_that_differs_is_named(tmp_path: Path) -> None:
    log = one(tmp_path, freepbx({"calldate": "2026-11-05 13:15:02"}))
    assert log.problems[0].text == "+3"


def test_no_zone(tmp_path: Path) -> None:
    log = one(tmp_path, MASTER, rules=PbxRules())
    assert codes(log) == [(1, "no_zone")]
    assert log.events[0].at is None


def test_repeated_hour_by_the_id(tmp_path: Path) -> None:
    """Clocks in Kyiv go back on 2026-10-25 at 01:00 UTC: 03:30 is 00:30 UTC and 01:30 UTC."""
    first = 1792888200  # 2026-10-25T00:30:00Z
    row = {"calldate": "2026-10-25 03:30:00", "uniqueid": f"{first}.5"}
    log = one(tmp_path, freepbx(row, {**row, "uniqueid": f"{first + 3600}.6", "dst": "1"}))
    assert codes(log) == []
    assert [event.at and event.at.utc for event in log.events] == [
        "2026-10-25T00:30:00.000Z",
        "2026-10-25T01:30:00.000Z",
    ]


def test_duplicate_rows_count_once(tmp_path: Path) -> None:
    log = one(tmp_path, MASTER * 3)
    assert [event.line for event in log.events] == [1]
    assert codes(log) == [(2, "duplicate"), (3, "duplicate")]


def test_lines_out_of_order(tmp_path: Path) -> None:
    lines = CEL.splitlines(keepends=True)
    log = one(tmp_path, "".join(reversed(lines)))
    played = next(event for event in log.events if event.kind == "playback")
    assert played.at is not None
    assert played.until is not None
    assert played.until.time > played.at.time


def test_too_many_events_are_cut_and_what_counts_stays(tmp_path: Path) -> None:
    noise = "".join(cel("DTMF", n // 10, exten=str(n)) for n in range(2000))
    log = one(tmp_path, noise + CEL)
    assert log.is_cut
    assert len(log.events) <= MOST_EVENTS
    assert "playback" in [event.kind for event in log.events]
    assert (0, "cut") in codes(log)


def test_long_values_keep_a_record_small(tmp_path: Path) -> None:
    noise = "".join(cel("DTMF", n // 10, "X", "\x01" * 20_000 + str(n)) for n in range(300))
    log = one(tmp_path, noise + CEL)
    assert log.is_cut
    assert document_size(log) < MOST_BYTES + 20_000
    assert "playback" in [event.kind for event in log.events]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 200_000, "json_depth"),
        ('{"a":' * 200_000, "json_depth"),
        ('{"variables": {"a": 1, "a": 2}}', "json_twice"),
        ("{'a': 1}", "json"),
        ('{"a": 1', "json"),
        ('{"a": 1}', "unknown_format"),
        ('[{"variables": {}}', "json"),
        ("[1 2]", "unknown_format"),
        ('"\\', "unknown_format"),
        ("{" + '"' + "a" * 9_000_000 + '": 1}', "json_long"),
    ],
)
def test_json_bombs(tmp_path: Path, text: str, code: str) -> None:
    log = one(tmp_path, text, "x.json")
    assert log.events == ()
    assert [found for _, found in codes(log)] == [code]


def test_json_that_is_not_utf8(tmp_path: Path) -> None:
    assert codes(one(tmp_path, b'{"variables": {"a": "\xff"}}', "x.json")) == [(0, "json_encoding")]


def test_json_values_of_other_kinds(tmp_path: Path) -> None:
    uuid = "0f8e0a34-4fb1-4a08-9a57-aa4c30d5b0c1"
    odd: list[Any] = [None, True, 1e400, [], {}, "\ud800", -1, 10**30, "%ff%zz"]
    documents = [
        {"variables": {"uuid": uuid, "start_stamp": value, "duration": value}, "app_log": value}
        for value in odd
    ] + [
        {"variables": {"uuid": uuid}, "app_log": {"applications": [value, {"app_name": value}]}}
        for value in odd
    ]
    log = one(tmp_path, json.dumps(documents), "x.json", calls=[call(id=uuid)])
    assert log.events
    json.dumps(log.to_document(), ensure_ascii=False).encode("utf-8")


def test_array_of_a_million_calls(tmp_path: Path) -> None:
    text = "[" + ",".join(['{"variables":{}}'] * 450_000) + "]"
    assert codes(one(tmp_path, text, "x.json")) == [(0, "no_relation")]


def test_number_of_digits_without_end(tmp_path: Path) -> None:
    assert codes(one(tmp_path, '[{"variables": {"uuid": ' + "9" * 100_000 + "}}]", "x.json")) == [
        (0, "no_relation")
    ]


@given(
    data=st.binary(max_size=3000),
    prefix=st.sampled_from([b"", CEL.encode(), MASTER.encode(), QUEUE_LOG.encode(), b"[{", HEADER.encode()]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, data: bytes, prefix: bytes) -> None:
    log = one(tmp_path, prefix + data)
    assert PbxLog.from_document(log.to_document()) == log
    json.dumps(log.to_document(), ensure_ascii=False).encode("utf-8")


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_logs(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([CEL * 3, QUEUE_LOG * 3, MASTER * 3])).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    log = one(tmp_path, bytes(raw))
    assert PbxLog.from_document(log.to_document()) == log


_MEASURED = """
import json, resource, sys, time
from pathlib import Path
from evidence.intake.folder import open_exhibit, read_folder
from evidence.intake.pbx.reading import read_logs
from evidence.errors import EvidenceError
from evidence.intake.pbx.rules import PbxRules
folder = read_folder(Path(sys.argv[1]))
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
(log,) = read_logs(folder, PbxRules("Europe/Kyiv"), open_exhibit)
took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([took, after - before, log.lines, [event.line for event in log.events]]))
"""


def test_200_megabytes(tmp_path: Path) -> None:
    """An event log of a large PBX; the call stands in its middle. Time and memory stay small."""
    block = "".join(
        cel("APP_START", 5, "Dial", "PJSIP/7", id=f"17938{n:05}.7", linked=f"17938{n:05}.6")
        for n in range(1000)
    ).encode()
    count = 200_000_000 // len(block) // 2
    path = make(tmp_path / "incident", calls=[call(id=ID)], exhibits=[{"file": "cel.csv", "role": "pbx"}])
    with (path / "cel.csv").open("wb") as file:
        for part in (block,) * count, (CEL.encode(),), (block,) * count:
            file.writelines(part)
    command = [sys.executable, "-c", _MEASURED, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    took, kibibytes, lines, found = json.loads(done.stdout)
    assert found == list(range(count * 1000 + 1, count * 1000 + 12))
    assert lines == 2 * count * 1000 + 11
    assert took < 10
    assert kibibytes < 20_000


def test_line_of_100_megabytes(tmp_path: Path) -> None:
    log = one(
        tmp_path, MASTER.encode() + b"a" * 100_000_000 + b"\n" + MASTER.replace("ANSWERED", "BUSY").encode()
    )
    assert [event.line for event in log.events] == [1, 3]
    assert codes(log) == [(2, "long")]


@pytest.mark.parametrize("zone", ["Europe/Kiyv", "/etc/passwd", "Factory", "A" * 64])
def test_zone_that_does_not_exist(tmp_path: Path, zone: str) -> None:
    log = one(tmp_path, MASTER + CEL, time_zone=zone)
    assert (0, "unknown_zone") in codes(log)
    assert log.zone == ""


def test_an_end_that_contradicts_the_length_stands_as_it_is_written(tmp_path: Path) -> None:
    (event,) = one(tmp_path, MASTER.replace("10:21:30", "12:00:00")).events
    assert event.until is not None
    assert (event.until.utc, event.until.text) == ("2026-11-05T10:00:00.000Z", "2026-11-05 12:00:00")


def test_an_end_in_the_repeated_hour_is_told_by_the_length(tmp_path: Path) -> None:
    """From 03:50 before clocks go back to 03:10 after it: twenty minutes."""
    began = 1792889400  # 2026-10-25T00:50:00Z
    row = MASTER.replace("2026-11-05 10:15:02", "2026-10-25 03:50:00").replace(ID, f"{began}.5")
    row = row.replace("2026-11-05 10:21:30", "2026-10-25 03:10:00").replace(",388,", ",1200,")
    log = one(tmp_path, row, calls=[call(id=f"{began}.5")])
    (event,) = log.events
    assert event.until is not None
    assert (event.until.utc, codes(log)) == ("2026-10-25T01:10:00.000Z", [])
    assert event.until.text == "2026-10-25 03:50:00 + 1200 s"


def test_an_end_before_the_beginning(tmp_path: Path) -> None:
    log = one(tmp_path, MASTER.replace("10:21:30", "10:01:30"))
    assert (log.events[0].until, codes(log)) == (None, [(1, "ends_before")])


@pytest.mark.parametrize("encoding", ["raw_unicode_escape", "utf-7", "punycode", "idna", "shift_jis", "hz"])
def test_odd_encodings_of_a_mapping(tmp_path: Path, encoding: str) -> None:
    """Whatever somebody writes into evidence.toml: it is refused, or what comes out can be archived."""
    fields = {"id": "id", "started": "at", "caller": "who"}
    rules = mapping(kind="csv", files=["*.csv"], fields=fields, encoding=encoding)
    data = f"id,at,who\n{ID},2026-11-05 10:15:02,".encode() + b"\\ud800 +2AA- \xff\x80 ~{\n"
    try:
        log = one(tmp_path, data, rules=rules)
    except EvidenceError as error:
        assert "encoding" in error.message  # noqa: PT017  either is right
        return
    json.dumps(log.to_document(), ensure_ascii=False).encode("utf-8")
