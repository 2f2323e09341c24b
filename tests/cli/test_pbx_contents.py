"""What `show` tells of the PBX's logs in an archive."""

from typing import Any

import pytest

from evidence import messages
from evidence.cli.contents import print_contents

Capture = pytest.CaptureFixture[str]
AT = {"utc": "2026-11-05T08:15:02.000Z", "text": "2026-11-05 10:15:02", "source": "cel.csv"}
EXHIBIT: dict[str, Any] = {
    "kind": "exhibit",
    "exhibit": "E3",
    "name": "cel.csv",
    "role": "pbx",
    "size": 9,
    "sha256": "ab" * 32,
}
EVENT: dict[str, Any] = {
    "line": 12,
    "last_line": 12,
    "kind": "playback",
    "at": AT,
    "values": {"file": "custom/notice", "channel": ""},
}
LOG: dict[str, Any] = {
    "kind": "pbx",
    "exhibit": "E3",
    "format": "asterisk_cel",
    "zone": "Europe/Kyiv",
    "lines": 99,
    "events": [EVENT],
    "is_cut": False,
    "logs_playback": True,
    "problems": [{"line": 7, "code": "torn"}, {"line": 0, "code": "later_kind"}],
}


def shown(log: dict[str, Any], capsys: Capture, language: str = "en") -> list[str]:
    messages.set_language(language)
    print_contents([EXHIBIT, {**LOG, **log}])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "  E3  cel.csv  (asterisk_cel; time zone Europe/Kyiv)",
                "    line 12  2026-11-05 10:15:02  playback  file: custom/notice",
                "    it notes when announcements are played",
                "    problem: line 7: the file ends in the middle of this line",
                "    problem: later_kind",
            ],
        ),
        (
            "uk",
            [
                "  E3  cel.csv  (asterisk_cel; часовий пояс Europe/Kyiv)",
                "    рядок 12  2026-11-05 10:15:02  playback  file: custom/notice",
                "    він фіксує відтворення сповіщень",
            ],
        ),
    ],
)
def test_entries_with_their_lines(language: str, expected: list[str], capsys: Capture) -> None:
    rows = shown({}, capsys, language)
    begin = rows.index(messages.t("show.section_pbx")) + 1
    assert rows[begin : begin + len(expected)] == expected
    assert not any("later version" in row for row in rows)


def test_a_log_that_tells_little(capsys: Capture) -> None:
    rows = shown({"format": "", "zone": "", "events": [], "logs_playback": False, "problems": []}, capsys)
    assert "  E3  cel.csv  (unknown format; time zone not stated)" in rows
    assert "    nothing in it concerns these calls" in rows
    assert "    it doesn't note when announcements are played" in rows
    untimed = {name: value for name, value in EVENT.items() if name != "at"}
    assert "    line 12  time unknown  playback  file: custom/notice" in shown({"events": [untimed]}, capsys)


def test_many_entries_are_counted(capsys: Capture) -> None:
    rows = shown({"events": [{**EVENT, "line": number} for number in range(1, 501)], "is_cut": True}, capsys)
    assert sum(row.startswith("    line ") for row in rows) == 40
    assert "    and 460 more entries" in rows
    assert "    there were more entries than are kept here; the log itself is whole" in rows


def test_hostile_values_stay_in_their_row(capsys: Capture) -> None:
    hostile = "\x1b[2J\u202e[red]\n" + " " * 300 + "PASSED"
    event = {**EVENT, "at": {**AT, "text": hostile}, "values": {"caller_name": hostile}}
    rows = shown(
        {"events": [event], "problems": [{"line": 1, "code": "zone_differs", "text": hostile}]}, capsys
    )
    assert all(row.isprintable() for row in rows)
    assert not any(row.strip().startswith("PASSED") for row in rows)


def test_codes_that_are_called_as_other_messages(capsys: Capture) -> None:
    """Such as one with a value that a problem of a log doesn't have."""
    told = shown({"problems": [{"line": 0, "code": "no_zone_hint"}]}, capsys)
    assert "    problem: no_zone_hint" in told
