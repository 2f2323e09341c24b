"""Marker files: which form they have, their encoding and limits; our own JSON; the names of classes."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import messages, resources
from evidence.errors import FormatError
from evidence.intake.markerfiles import classes, reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.folders import marker
from tests.intake.markerfiles import refused

LIMIT = 4 * 1024 * 1024
SCHEMA = resources.schema("markers.v1")["$defs"]["marker"]["properties"]
FULL = Path(__file__).parents[2] / "schemas" / "examples" / "markers.v1.full.json"


def document(*markers: object) -> bytes:
    return json.dumps({"format": 1, "markers": markers}).encode()


# Our JSON


@pytest.mark.parametrize("name", ["markers.json", "x.JSON", "markers.txt", "markers"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_our_json(name: str, bom: bytes) -> None:
    data = document(
        marker(end_ms=1000, words="ти", channel=1, language="uk", note="n"),
        marker(recording={"name_base64": "/w=="}, channel="caller"),
    )
    at = "2026-11-05T10:48:12+02:00"
    drafts = reading.read(name, bom + data)
    assert [draft.more for draft in drafts] == json.loads(data)["markers"]
    assert tuple(replace(draft, more={}, is_whole=False) for draft in drafts) == (
        Draft(1, 1_000, 1_000, "ти", "call.wav", 1, "insult", "204", at, "listened", "uk", "n"),
        Draft(2, 1_000, None, "", "\udcff", "caller", "insult", "204", at, "listened"),
    )


def test_the_example_of_the_schema() -> None:
    given_there = json.loads(FULL.read_bytes())["markers"]
    drafts = reading.read("markers.json", FULL.read_bytes())
    assert [draft.start_ms for draft in drafts] == [item["start_ms"] for item in given_there]
    assert [draft.marker_class for draft in drafts] == [item["class"] for item in given_there]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "it ends too early"),
        (b"", "it is empty"),
        (b"[]", "in { … }"),
        ('{"format":1}'.encode("utf-16"), "UTF-16"),
        (document() + b"x", "after its end"),
        (b'{"format":1,"format":1}', "stands twice"),
        (document(marker(start_ms=1.5)), "number"),
        (document(marker(words="\ud800")), "surrogate"),
        (document({}), '1st marker: the field "recording" is missing'),
        (document(marker(), marker(start="1:23")), '2nd marker: unknown field "start"'),
        (document(marker(start_ms=-1)), "less than 0"),
        (document(marker(end_ms=999)), "1st marker, end_ms: the marker ends before it starts"),
        (document(marker(asserted_at="2026-02-30T10:48:12Z")), "there is no time 2026-02-30T10:48:12Z"),
        (document(marker(recording={"name_base64": "/x=="})), "isn't base64"),
        (document(marker(**{"class": "crime"})), "1st marker, class: crime isn't a class"),
        (document(*[marker()] * 2001), "more than 2000"),
    ],
)
def test_mistakes_in_our_json(data: bytes, reason: str) -> None:
    assert reason in refused("markers.json", data).message
    assert "markers.json" in refused("markers.json", data, language="uk").message


# Forms


def test_the_forms() -> None:
    assert list(reading.FORMS) == ["json", "csv", "audacity", "webvtt", "elan"]
    assert reading.read("x", document(), "json") == ()
    assert reading.read("x.json", b"start\n1", "csv") == (Draft(2, 1_000, None, ""),)
    assert reading.read("x.csv", b"1\t2\tx", "audacity") == (Draft(1, 1_000, 2_000, "x"),)
    assert reading.read("x.csv", b"WEBVTT", "webvtt") == ()


@pytest.mark.parametrize("data", [b"hello", b"a,b\n1,2", b"1\n2\n", b"\x1b[2J", b"[]", b"RIFF1234WAVE"])
@pytest.mark.parametrize("name", ["a.txt", "a.srt", "a", "\u202ea\x1b[2J.txt", "x" * 500, "\udcff.txt"])
def test_unknown_forms(name: str, data: bytes) -> None:
    error = refused(name, data)
    assert "isn't recognised" in error.message
    assert "--form json" in error.hint
    assert "webvtt" in refused(name, data, language="uk").hint


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.vtt", "a"])
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\n" * LIMIT])
def test_empty_files(name: str, data: bytes) -> None:
    assert "is empty" in refused(name, data).message


# Encodings

UKRAINIAN = "start;words\n1;привіт\n2;їжак ґава єдність\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.vtt"])
def test_utf_16(name: str, encoding: str) -> None:
    error = refused(name, UKRAINIAN.encode(encoding))
    assert "UTF-16" in error.message
    assert "CSV UTF-8" in error.hint


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (UKRAINIAN.encode("cp1251"), 2, "probably as Windows-1251"),
        ("start\n1\n\n2;Ї\n".encode("cp1251"), 4, "probably as Windows-1251"),
        (b"start\n1;\xff\xfe\x80\x81\x82\x83", 2, "in another encoding"),
        (b"\x80start", 1, "in another encoding"),
        (b"start;words\n1;\xed\xa0\x80", 2, "in another encoding"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.vtt"])
def test_other_encodings(name: str, data: bytes, line: int, reason: str) -> None:
    error = refused(name, data)
    assert error.message == f"{name}, line {line}: it isn't saved as UTF-8 but {reason}"
    assert "UTF-8" in error.hint


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_holds_no_zero(encoding: str) -> None:
    data = "\ufeffЇжак".encode(encoding)
    assert b"\0" not in data
    assert "UTF-16" in refused("a.csv", data).message


def test_nul() -> None:
    assert "other than text" in refused("a.csv", b"start,words\n1,a\0b").message


# Limits


@pytest.mark.parametrize("form", reading.FORMS)
def test_too_long(form: str) -> None:
    assert "longer than 4194304 bytes" in refused("x", b" " * (LIMIT + 1), form).message


@pytest.mark.parametrize(
    ("form", "head", "piece"),
    [
        ("csv", b"start,words\n", b"\n"),
        ("csv", b"start,words\n", b",\n"),
        ("csv", b"start,words\n", b"1\n"),
        ("csv", b"start,words\n1,", b'"'),
        ("csv", b"start,words\n1,", b"\xcc\x96\xcc\x81"),
        ("csv", b"", b","),
        ("csv", b"", b"\xcc\x96\xcc\x81"),
        ("audacity", b"", b"\n"),
        ("audacity", b"1\t2\n", b"\\\n"),
        ("audacity", b"1\t2\t", b"insult:"),
        ("audacity", b"", b"\t"),
        ("webvtt", b"WEBVTT\n\n", b"\n"),
        ("webvtt", b"WEBVTT\n\n", b"NOTE\n\n"),
        ("webvtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"<"),
        ("webvtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"&#38"),
        ("webvtt", b"WEBVTT\n\n00:01.000", b" "),
        ("webvtt", b"WEBVTT", b" "),
        ("json", b"", b"["),
        ("json", b'{"format":1,"markers":[', b"{},"),
    ],
)
def test_the_largest_files_take_seconds_at_most(form: str, head: bytes, piece: bytes) -> None:
    data = (head + piece * (LIMIT // len(piece)))[: LIMIT - 16]
    began = time.process_time()
    try:
        drafts = len(reading.read("x", data[: len(data) // len(piece) * len(piece)], form))
    except FormatError:
        drafts = 0
    assert drafts <= 2000
    assert time.process_time() - began < 5


@given(st.binary(max_size=200), st.sampled_from(["", *reading.FORMS]))
def test_any_bytes_are_read_or_refused(data: bytes, form: str) -> None:
    hint, drafts = "-", 0
    try:
        drafts = len(reading.read("x", data, form))
    except FormatError as error:
        hint = error.hint
    assert hint
    assert drafts <= len(data)


# Classes


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_classes_by_the_names_that_the_program_shows(language: str) -> None:
    messages.set_language(language)
    codes = resources.schema("markers.v1")["$defs"]["marker"]["allOf"][0]["if"]["properties"]["class"]["enum"]
    assert list(classes.CODES) == codes
    for code in codes:
        name = messages.t(f"show.class_{code}")
        assert classes.classes(code) == code
        assert classes.classes(name) == code
        assert classes.classes(f" {name.upper()} ") == code


@pytest.mark.parametrize(
    "text", ["", " ", "rude", "insults", "insult:", "і" * 1000, "insult" + " " * 60, "іnsult"]
)
def test_what_is_no_class(text: str) -> None:
    assert classes.classes(text) is None
    assert classes.split(f"{text}: x") == (("", f"{text}: x") if text != "insult:" else ("insult", ": x"))


def test_a_class_written_with_combining_marks() -> None:
    assert classes.classes("зловмиснии\u0306 виклик") == "malicious_call"
