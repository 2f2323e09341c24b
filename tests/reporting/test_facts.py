"""Every fact of the records is in the report, in both languages: the list of facts is derived from the records."""

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from evidence.messages import catalogue
from evidence.reporting import pdf
from evidence.reporting.content.case import Case
from tests.reporting import archives, reading

LANGUAGES = ("en", "uk")
NAMED = ("caller", "agent")
"""Names of channels that have words of their own."""

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "uk": [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
}
HIDDEN = {
    *("salt", "id", "kind", "proof", "token", "waveform", "channels", "segments", "format", "received_id"),
    *("file", "added", "member", "correlation", "similarity", "sequence", "notice_id"),
}
"""What a reader needn't see: salts, opaque ids, pictures, proofs that machines check."""

CODES = {
    *(
        "role",
        "grade",
        "direction",
        "how",
        "class",
        "confidence",
        "measure",
        "about",
        "result",
        "code",
        "codec",
    ),
    *("container", "method", "from_name", "problems", "tied_by", "type", "event"),
}
"""Codes, which are told in words."""


@cache
def printed(language: str) -> str:
    return reading.body(pdf.report_pdf(archives.fullest(), language))


def moment(time: dict[str, str], language: str) -> str:
    """A stated time as the issue asks for it, by another way than the report's."""
    given = dt.datetime.fromisoformat(time["text"])
    year = f"{given.year} р." if language == "uk" else str(given.year)
    fraction = time["text"][19:].partition("+")[0]
    zone = f"UTC{time['text'][-6:]}"
    return f"{given.day} {MONTHS[language][given.month - 1]} {year}, {given:%H:%M:%S}{fraction} ({zone})"


def strings(value: Any, language: str) -> Iterator[str]:
    """What a reader must find of a record."""
    match value:
        case {"utc": _, "text": text, "source": source}:
            yield moment(value, language) if "T" in text else text
            yield source
        case {"document": str(text), "entry": str(_)}:
            yield from strings(json.loads(text), language)
            rest = {name: inner for name, inner in value.items() if name not in {"document", "entry"}}
            yield from strings(rest, language)
        case dict():
            for name, inner in value.items():
                if name == "class_names":
                    yield inner[language]
                elif name not in HIDDEN | CODES and not (name.startswith("channel") and inner in NAMED):
                    yield from strings(inner, language)
        case list():
            for inner in value:
                yield from strings(inner, language)
        case str():
            yield value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_record_is_there(language: str) -> None:
    contents = archives.fullest().contents
    assert contents is not None
    told = printed(language)
    known = [record for record in contents.records.values() if record["kind"] not in {"dissent", "waveform"}]
    wanted = {text for record in known for text in strings(record, language)}
    times = {text for text in wanted if text.endswith("Z") and "T" in text}
    assert len(wanted) > 120
    assert {text for text in wanted - times if reading.loose(text) not in told} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_there_in_words(language: str) -> None:
    contents = archives.fullest().contents
    assert contents is not None
    told, words = printed(language).casefold(), catalogue(language, "show")
    keys = {"role": "role", "grade": "grade", "direction": "direction", "how": "how", "measure": "measure"}
    found = 0
    for record in contents.records.values():
        for path, value in archives.leaves(dict(record)):
            if path and path[-1] in keys and path[-1] != "class":
                found += 1
                assert reading.loose(str(words[f"{keys[path[-1]]}_{value}"])).casefold() in told, (
                    path,
                    value,
                )
    assert found > 20
    assert reading.loose("пропозиція хабаря" if language == "uk" else "offer of a bribe") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_digests_and_the_fingerprint_are_there(language: str) -> None:
    found = archives.fullest()
    assert found.contents is not None
    assert found.signer is not None
    told = printed(language)
    for record in Case.of(found.contents.records.values()).exhibits.values():
        assert record["sha256"] in told
    assert found.identity in told
    assert found.signer.sha256 in told
    assert found.archive_id.replace("-", "") in told
    assert found.contents.entry is not None
    assert found.contents.entry.text("custody_sha256") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_of_markers_are_there(language: str) -> None:
    told = reading.text(pdf.report_pdf(archives.fullest(), language))
    for place in ("1:01.480", "1:04.120", "1:01.500", "1:52.300", "0:30.250", "1:42.000"):
        assert place in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fingerprint_and_the_page_are_on_every_page(language: str) -> None:
    found = archives.fullest()
    pages = reading.pages(pdf.report_pdf(found, language))
    of = {"en": "page {n} of {m}", "uk": "сторінка {n} з {m}"}[language]
    for number, page in enumerate(pages, 1):
        assert found.identity in reading.loose(page)
        assert of.format(n=number, m=len(pages)) in page


def test_a_citation_that_was_not_in_force_is_pointed_out() -> None:
    told = printed("en")
    assert reading.loose("By the table NOT in force on 6 November 2026: Rules for the provision") in told
    assert reading.loose("In its place: Rules approved by Resolution") in told
    assert reading.loose("By the table in force on 6 November 2026: Law of Ukraine of 16.12.2020") in told
    assert reading.loose("nobody has checked this row yet") in told


def test_what_was_withdrawn_and_corrected_is_said() -> None:
    told = printed("uk")
    assert "ВІДКЛИКАНО" in told
    assert reading.loose("Після повторного прослуховування: це жарт.") in told
    assert reading.loose("початок: 1:51.500") in told


def test_a_kind_of_a_later_version_is_named() -> None:
    assert "dissent" in printed("en")
