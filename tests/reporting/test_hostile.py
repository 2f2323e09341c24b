"""Hostile records: nothing in them becomes markup, hides, turns what stands beside it, or stops the report."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.digests import sha256_hex
from evidence.messages import catalogue
from evidence.reporting import pdf
from evidence.reporting.content.words import local_day
from evidence.reporting.glyphs import fitted, printable
from evidence.verify.results import Verification
from tests.reporting import archives, reading

MARKUP = "#panic(1) $x^2$ *bold* _it_ `raw` @label <label> [a](b) \\u{41} // c /* d */ = Heading #let x = 1"
LONG = "Незламне" * 500
NAMES = (
    MARKUP,
    LONG,
    "a" * 4000,
    "\u202egpj.exe\u2066",
    "\x1b[31mred\x07\x7f",
    "العربية 中文 日本語 😀 👩‍👩‍👧 ไทย עברית",
    "\u0301\u0301\u0301и\u0306\u0308" * 50,
    "#" * 200,
    "<script>alert(1)</script>",
    "\u200b\u200c\u200d\ufeff",
    "﷽" * 30,
    " ",
)


def made(text: str, language: str = "uk") -> bytes:
    told = archives.small(
        archives.marker(1, 1, words=text, asserted_by=text, note=text, channel=text[:64]),
        {"kind": "measure", "measure": "other", "at": archives.time(), "by": text, "basis": text},
        {
            "kind": "acquisition",
            "exhibits": ["E1"],
            "taken_by": text,
            "taken_at": archives.time(),
            "system": text,
        },
        title=text,
        summary=f"{text}\n{text}",
        subscriber={"name": text, "phone": text[:64]},
    )
    assert told.contents is not None, told.findings
    return pdf.report_pdf(told, language) + pdf.short_pdf(told, language)


@pytest.mark.parametrize("text", NAMES)
def test_hostile_names(text: str) -> None:
    assert made(text).startswith(b"%PDF")


def test_markup_is_shown_as_it_is() -> None:
    told = archives.small(title=MARKUP)
    read = reading.loose(reading.text(pdf.report_pdf(told, "en")))
    assert reading.loose(MARKUP.replace("\\", "\\\\")) in read


def test_missing_characters_are_named() -> None:
    told = archives.small(title="日本 ع 😀 \u202eабв")
    read = reading.loose(reading.text(pdf.report_pdf(told, "en")))
    assert r"\u{65e5}\u{672c}\u{639}\u{1f600}\u{202e}абв" in read


def test_numbers_of_characters_are_explained_where_there_are_any() -> None:
    words = reading.loose("are shown by their numbers")
    for title, is_told in (("日本", True), ("\u202e", True), ("Київ — ₴", False)):
        first = reading.pages(pdf.report_pdf(archives.small(title=title), "en"))[0]
        assert (words in reading.loose(first)) is is_told


def test_long_names_lose_nothing() -> None:
    word = "".join(chr(0x410 + place % 32) for place in range(4000))
    read = reading.body(pdf.report_pdf(archives.small(title="x", summary=word), "en"))
    assert word in read


@pytest.mark.parametrize("text", [LONG, "a" * 4000, "W" * 3000, "\u4e2d" * 300])
def test_nothing_stands_outside_the_page(text: str) -> None:
    """Everything keeps the margins of 20 mm, whatever its length; a page is 595 points wide."""
    both = made(text)
    for one in (both[: both.rfind(b"%PDF")], both[both.rfind(b"%PDF") :]):
        boxes = reading.boxes(one)
        assert len(boxes) > 100
        assert min(left for left, _right in boxes) > 56
        assert max(right for _left, right in boxes) < 540


@pytest.mark.parametrize("count", [40, 180])
def test_text_of_many_lines_loses_none(count: int) -> None:
    """A row that is higher than a page goes on on the next one."""
    told = {name: [f"{name}{place:03d}" for place in range(count)] for name in "wns"}
    words, note, summary = ("\n".join(each) for each in told.values())
    found = archives.small(archives.marker(1, 1, words=words, note=note), title="x", summary=summary)
    read = reading.body(pdf.report_pdf(found, "en"))
    assert [line for each in told.values() for line in each if line not in read] == []


@pytest.mark.parametrize("length", [690, 1500])
def test_long_names_in_narrow_columns_lose_nothing(length: int) -> None:
    found = archives.small(
        archives.marker(1, 1, asserted_by="W" * length),
        {"kind": "measure", "measure": "other", "at": archives.time(), "by": "M" * length},
    )
    read = reading.body(pdf.report_pdf(found, "en"))
    assert (read.count("W") >= length, read.count("M") >= length) == (True, True)


def test_more_channels_than_a_page_has_room_for() -> None:
    names = [f"{place:02d}{'Ж' * 62}" for place in range(32)]
    found = archives.small(
        archives.waveform("E1", sha256_hex(archives.recording(1)[1]), 1000, *[bytes(range(100))] * 32),
        calls=[{"started": archives.time(), "exhibit": "E1", "channels": names}],
    )
    made = pdf.report_pdf(found, "en")
    read = reading.body(made)
    assert {read.count(name) for name in names} == {2}  # with the call, and above the drawing
    assert max(reading.ends(made)) < 820  # of a page of 842 points, at its foot


@pytest.mark.parametrize(
    ("utc", "text"),
    [
        ("2026-03-02T18:00:00.000Z", "2019-01-01T10:00:00+02:00"),
        ("2026-03-02T18:00:00.000Z", "2021-02-31T25:61:61+99:99"),
        ("2026-03-02T18:00:00.000Z", "2026-03-02T20:00:00+03:00"),
        ("2026-03-02T18:00:00.000Z", "2026-03-02T18:00:00.001Z"),
    ],
)
@pytest.mark.parametrize("make", [pdf.report_pdf, pdf.short_pdf])
def test_a_time_that_was_written_otherwise_than_it_is_reckoned(
    utc: str, text: str, make: Callable[[Verification, str], bytes]
) -> None:
    """Both are told: what was written alone would be a time that nothing in the archive goes by."""
    time = {"utc": utc, "text": text, "source": "incident.json"}
    read = reading.body(make(archives.small(calls=[{"started": time, "exhibit": "E1"}]), "en"))
    assert reading.loose("2 March 2026, 18:00:00 (UTC); as written") in read
    assert reading.loose(text) in read


def test_law_is_judged_at_the_time_that_is_reckoned_with() -> None:
    """Another date in what was written doesn't make a text in force that wasn't yet."""
    at = {"utc": "2026-03-02T18:00:00.000Z", "text": "2013-01-01T10:00:00+02:00", "source": "incident.json"}
    assert local_day(at) == dt.date(2026, 3, 2)
    assert local_day({**at, "text": "2026-03-03T08:00:00+14:00"}) == dt.date(2026, 3, 3)


@pytest.mark.parametrize("make", [pdf.report_pdf, pdf.short_pdf])
def test_a_class_that_is_not_the_programs_is_told_as_the_organisations(
    make: Callable[[Verification, str], bytes],
) -> None:
    names = {"uk": "Погроза", "en": "Threat"}
    own = archives.marker(1, 1, **{"class": "proved", "class_names": names})
    read = reading.body(make(archives.small(own, archives.marker(1, 2, **{"class": "threat"})), "en"))
    assert reading.loose("The organisation's own class proved: “Threat”") in read


CODES = [
    name.partition("problem_")[2]
    for name in catalogue("en", "pbx")
    if name.startswith("problem_") and "{" in str(catalogue("en", "pbx")[name])
]
"""What a code of a later version may be called: as another of our messages, which needs values."""


@pytest.mark.parametrize("code", CODES)
def test_codes_that_are_called_as_other_messages(code: str) -> None:
    log = {"kind": "pbx", "exhibit": "E1", "format": "x", "zone": "x", "lines": 1, "events": []}
    found = archives.small({**log, "is_cut": False, "problems": [{"line": 1, "code": code}]})
    read = reading.loose(reading.text(pdf.report_pdf(found, "uk")))
    assert "{" not in read
    assert not code.endswith("_hint") or reading.loose(code) in read


def test_a_claim_that_is_called_as_another_message() -> None:
    def records(_register: Any) -> list[dict[str, Any]]:
        exhibit = archives.exhibit(1, "call.wav")
        facts = {**exhibit["recording"], "claims": {"tag": "Nagra"}}
        notice = {"kind": "notice", "grade": "none", "exhibits": []}
        return [archives.incident(), notice, {**exhibit, "recording": facts}]

    found = archives.verified(records, [archives.recording(1)])
    assert "tag: Nagra" in reading.text(pdf.report_pdf(found, "uk"))


def test_a_title_that_sounds_like_a_verdict_is_quoted() -> None:
    word = str(catalogue("uk", "verify")["verdict_PASSED"])
    told = reading.text(pdf.report_pdf(archives.small(title=word), "uk"))
    assert f"«{word}»" in told[: told.index("1. ")]


def test_names_that_are_no_text() -> None:
    def records(_register: Any) -> list[dict[str, Any]]:
        return [
            archives.incident(),
            {"kind": "notice", "grade": "none", "exhibits": []},
            archives.exhibit(1, {"name_base64": "//5hLndhdg=="}),
        ]

    found = archives.verified(records, [archives.recording(1)])
    assert found.contents is not None
    assert r"\u{dcff}\u{dcfe}a.wav" in reading.loose(reading.text(pdf.report_pdf(found, "uk")))


characters = st.characters(exclude_categories=["Cs"])


@settings(max_examples=40)
@given(st.text(characters, min_size=1, max_size=60))
def test_any_text_can_be_set(text: str) -> None:
    """PDF/A-3b refuses characters that the fonts lack, so that it is made shows that none is missing."""
    document = {
        "title": text,
        "description": "",
        "keywords": [],
        "lang": "uk",
        "attachments": [],
        "page": ["", "", ""],
        "footer": {"label": text, "digest": ""},
        "addressee": [],
        "cover": {"title": text, "subtitle": text},
        "blocks": [{"b": "p", "t": text, "k": kind} for kind in ("", "small", "strong")]
        + [
            {
                "b": "facts",
                "rows": [[text, {"t": text, "k": "mono"}, {"t": text, "k": "quote"}["t"]]],
                "head": None,
            }
        ],
    }
    assert pdf._set("short", document, pdf._NO_TIME, "a-3b").startswith(b"%PDF")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\\u200b")))
def test_what_is_printed_can_be_read_back(text: str) -> None:
    """Nothing is lost: with its codes read as characters, and without places to break, it is the same text."""
    told = printable(text).replace("\u200b", "")
    assert re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), told) == text


def test_only_texts_are_fitted() -> None:
    line = "x" * 60
    assert fitted({"code": [line], "data": 1, "t": [line]})["code"] == [line]
    assert fitted({"t": line})["t"].count("\u200b") == 5
