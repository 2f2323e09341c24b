"""The mistakes of newcomers in incident.json and markers.json: each told in words, in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.errors import FormatError
from tests.intake.folders import at_once, call, make, marker, refused

EXAMPLE = "2026-11-05T10:15:02+02:00"
TIME = f"date, time and zone are needed, e.g. {EXAMPLE}"
PRESSED = {"at": EXAMPLE, "call_started": EXAMPLE, "offset_ms": 0, "uncertainty_ms": 0, "place_ms": 0}
CYRILLIC = re.compile("[а-яіїєґ]", re.IGNORECASE)

FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"number": "INC 1"}, "incident.json, number: only Latin letters, digits, dot, underscore and hyphen"),
    ({"number": "ІНЦ-1"}, "incident.json, number: only Latin letters"),
    ({"number": 7}, "incident.json, number: a text in double quotes is needed"),
    ({"calls": [{"started": "2026-11-05T10:15:02"}]}, f"incident.json, calls, 1st call, started: {TIME}"),
    ({"calls": [call(), {"started": "05.11.2026"}]}, f"incident.json, calls, 2nd call, started: {TIME}"),
    ({"calls": [call(ended=1793866502)]}, f"incident.json, calls, 1st call, ended: {TIME}"),
    ({"prepared_at": "вчора"}, f"incident.json, prepared_at: {TIME}"),
    ({"calls": [{}]}, 'calls, 1st call: the field "started" is missing'),
    ({"calls": {}}, "calls: a list in [ … ] is needed"),
    ({"calls": [{**call(), "recording": 7}]}, "recording: the name of a file in double quotes is needed"),
    ({"calls": [call(direction="in")]}, "one of these is needed: inbound, outbound, internal"),
    ({"calls": [call(channels=["a", "a"])]}, "the same stands twice in the list"),
    ({"calls": [call(channels=[])]}, "the list is empty"),
    ({"calls": [call(channels=["a", 1])]}, "calls, 1st call, channels, 2nd channel: a text"),
    ({"colour": 1}, 'unknown field "colour"'),
    ({"calls": [call(start=EXAMPLE)]}, 'unknown field "start"; did you mean "started"?'),
    ({"calls": [{"begun": 1}]}, 'calls, 1st call: unknown field "begun"'),
    ({"calls": [{"Started": EXAMPLE}]}, 'unknown field "Started"; did you mean "started"?'),
    (
        {"exhibits": [{"file": "call.wav", "role": "proof"}]},
        "statement, contract, card, screenshot, pbx, other",
    ),
    ({"notice": {"grade": "in_recording"}}, '"recording" is missing, which the grade "in_recording" needs'),
    ({"notice": {"grade": "pbx_log"}}, 'notice: the field "source" is missing, which the grade "pbx_log"'),
    ({"notice": {"grade": "none", "at_milliseconds": -1}}, "notice, at_milliseconds: less than 0"),
    ({"format": "1"}, "format: the number 1 is needed, without quotes"),
    ({"title": "x" * 301}, "title: longer than 300 characters"),
    ({"uid": "7"}, "uid: a UUID is needed"),
    ({"time_zone": "Київ"}, "time_zone: the name of a time zone is needed"),
    (
        {"calls": [{**call(), "recording": {"name_base64": "a.wav"}}]},
        "recording, name_base64: base64 is needed",
    ),
]
MARKERS: list[tuple[dict[str, Any], str]] = [
    (
        {"class": "rude"},
        "insult, profanity, threat, discrimination, sexual_harassment, malicious_call, other",
    ),
    ({"how": "heard"}, "markers, 1st marker, how: one of these is needed: hot_key"),
    ({"pressed": PRESSED}, "markers, 1st marker, how: one of these is needed: hot_key"),
    ({"asserted_at": "2026-11-05 10:48"}, f"markers, 1st marker, asserted_at: {TIME}"),
    ({"start_ms": "1"}, "start_ms: a whole number without quotes is needed"),
    ({"start_ms": 604800001}, "start_ms: more than 604800000"),
    ({"channel": []}, "channel: a channel's number without quotes or its name"),
    ({"asserted_by": ""}, "asserted_by: it is empty"),
    ({"language": "українська"}, "language: the code of a language is needed"),
]
HEAD = '{\n  "format": 1,\n  '
TEXTS: list[tuple[str, str]] = [
    ('{\n  "format": 1\n  "number": "a"\n}', "a comma is probably missing after line 2, column 13"),
    (HEAD + '"number": "a",\n}', "a comma too many: line 3, column 16"),
    (HEAD + '"calls": [1,]}', "a comma too many: line 3, column 14"),
    (HEAD + '"number": "a"', "it ends too early, after line 3, column 15"),
    (HEAD + '"number": "a"]', "a bracket that fits none before it: line 3, column 16"),
    (HEAD + '"number": "a"}\n}', "something stands after its end: line 4, column 1"),
    (HEAD + '"number": "a\n}', "a text isn't closed on its line: line 3"),
    (HEAD + '"number": "a}', "a text isn't closed on its line: line 3"),
    (HEAD + '"title": "C:\\Users"}', "a backslash that means nothing here: line 3, column 15"),
    (HEAD + '"number" "a"}', "a colon is missing after the name of a field: line 3, column 12"),
    (HEAD + '// why\n"number": "a"}', "a comment, which JSON doesn't know: line 3, column 3"),
    (HEAD + '"number": "a"} # why', "a comment, which JSON doesn't know: line 3"),
    (HEAD + "'number': \"a\"}", 'another quotation mark than " stands there: line 3, column 3'),
    (HEAD + '"number": “a”}', 'another quotation mark than " stands there: line 3, column 13'),
    (HEAD + '"title": "said "no" twice"}', "a double quote probably ends a text too early"),
    (HEAD + "number: 1}", "the name of a field in double quotes is needed: line 3, column 3"),
    (HEAD + '"calls": [1.5, {"started": 2026-11-05}]}', "no value that JSON knows: line 3, column 34"),
    (HEAD + '"title": True}', "no value that JSON knows: line 3, column 12"),
    ("", "it is empty"),
    (" \r\n", "it is empty"),
    (
        HEAD + '"number": "a",\n"number": "b"}',
        'the field "number" stands twice in one object (lines 3 and 4)',
    ),
    (HEAD + '"a": {"x": 1}, "b": {"x": 1, "x": 2}}', 'the field "x" stands twice in one object'),
    (HEAD + '"calls": [{"started": 1.5}]}', "calls, 1st call, started is no whole number"),
    (HEAD + '"subscriber": {"phone": 380990000123380990000123}}', "subscriber, phone is no whole number"),
    (HEAD + '"title": "\\ud800"}', "title holds half a character"),
    (HEAD + '"номер": 1}', "номер: the name of a field holds letters that aren't Latin"),
    ("[" * 17 + "]" * 17, "it is nested too deeply"),
]


def in_ukrainian(path: Path) -> str:
    messages.set_language("uk")
    error = refused(path, FormatError)
    return f"{error.message}; {error.hint}"


@pytest.mark.parametrize(("fields", "said"), FIELDS)
def test_a_field_of_the_incident(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    make(tmp_path, **fields)
    assert said in refused(tmp_path, FormatError).message
    english = re.compile(r" (is|are|the|of|than|not|value|needed) ")
    assert CYRILLIC.search(in_ukrainian(tmp_path))
    assert not english.search(in_ukrainian(tmp_path))


@pytest.mark.parametrize(("fields", "said"), MARKERS)
def test_a_field_of_a_marker(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    make(tmp_path, markers=[marker(**fields)])
    assert said in refused(tmp_path, FormatError).message
    assert "позначка 1" in in_ukrainian(tmp_path)


@pytest.mark.parametrize(("text", "said"), TEXTS)
def test_a_text_that_is_not_json(tmp_path: Path, text: str, said: str) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").write_text(text, encoding="utf-8")
    error = refused(tmp_path, FormatError)
    assert error.message.startswith(f"incident.json can't be used: {said}")
    assert "Expecting" not in in_ukrainian(tmp_path)


def test_number_misspelt(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").write_text('{"format": 1, "nummer": "1"}')
    error = refused(tmp_path, FormatError)
    assert error.message.endswith('unknown field "nummer"; did you mean "number"?')
    assert "format, number, uid, title" in error.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path: Path, encoding: str) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").write_text('{"format": 1, "number": "ї"}', encoding=encoding)
    error = refused(tmp_path, FormatError)
    assert "UTF-16" in error.message
    assert "save it as UTF-8 in the editor" in error.hint


def test_windows_1251(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").write_text('{"format": 1,\n"title": "їжак"}', encoding="cp1251")
    error = refused(tmp_path, FormatError)
    assert error.message.endswith("perhaps Windows-1251; first seen in line 2")
    assert "save it as UTF-8 in the editor" in error.hint


@pytest.mark.parametrize("name", ["incident.json.txt", "Incident.json", "incident (1).json", "INCIDENT.TXT"])
def test_a_name_that_is_almost_right(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").rename(tmp_path / name)
    error = refused(tmp_path, FormatError)
    assert f"there is {name}" in error.message
    assert error.hint.startswith(f"rename {name} to incident.json")


@pytest.mark.parametrize("name", ["incident.uid", "incidents.json.zip", "report.json", "incident.pdf"])
def test_a_name_that_is_another(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / "incident.json").rename(tmp_path / name)
    assert "there is" not in refused(tmp_path, FormatError).message


def test_how_a_time_is_written_is_told_of_times_only(tmp_path: Path) -> None:
    for fields, _ in FIELDS:
        error = refused(make(tmp_path, **fields), FormatError)
        about_time = TIME in error.message or '"started" is missing' in error.message
        assert about_time == ("T10" in error.message + error.hint)


def test_hostile_keys_are_shown_short_and_harmless(tmp_path: Path) -> None:
    for key in ("\x1b[31m", "\u202e", "numbe\x07r", "a" * 1_000_000, "ї" * 100_000, "{0}{x}"):
        for fields in ({key: 1}, {"calls": [{key: 1}]}, {key: 1.5}, {"agent": {key: {key: 1.5}}}):
            with at_once():
                refused(make(tmp_path, **fields), FormatError)


def test_a_hundred_thousand_unknown_keys_are_told_at_once(tmp_path: Path) -> None:
    with at_once():
        many: dict[str, Any] = {f"numbe{n}": 1 for n in range(100_000)}
        refused(make(tmp_path, **many), FormatError)
        refused(make(tmp_path, calls=[{f"starte{n}": 1 for n in range(100_000)}]), FormatError)
