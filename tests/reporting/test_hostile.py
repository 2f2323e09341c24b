"""Hostile records: nothing in them becomes markup, hides, turns what stands beside it, or stops the report."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.reporting import pdf
from evidence.reporting.glyphs import fitted, printable
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
