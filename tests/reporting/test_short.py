"""The page for a statement: always one page, facts filled in, blanks for the rest."""

import pytest

from evidence.reporting import pdf
from evidence.verify.results import Verification
from tests.reporting import archives, reading
from tests.reporting.test_hostile import NAMES


def page(found: Verification, language: str = "uk") -> str:
    pages = reading.pages(pdf.short_pdf(found, language))
    assert len(pages) == 1
    return reading.loose(pages[0])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_facts_are_filled_in(language: str) -> None:
    found = archives.fullest()
    told = page(found, language)
    for fact in (
        *("INC-2026-000123", "Приходько Остап Зразкович", "+380990000123", "4400217", "380990000123"),
        *("10:15:02.317", "Ви там усі безголові, і ти перша", "Я знаю, где ваш офис, ждите гостей"),
        found.identity,
    ):
        assert reading.loose(fact) in told
    assert found.contents is not None
    for record in found.contents.records.values():
        if record["kind"] == "exhibit" and record["role"] == "recording":
            assert record["sha256"] in told


def test_withdrawn_markers_are_left_out() -> None:
    assert "Домовимося" not in page(archives.fullest())


@pytest.mark.parametrize("size", [(1, 0), (5, 40), (20, 300)])
def test_one_page_whatever_the_size(size: tuple[int, int]) -> None:
    told = page(archives.long(*size))
    if size[1] > 8:
        assert reading.loose(f"І ще {size[1] - 8}") in told


@pytest.mark.parametrize("text", NAMES)
def test_one_page_whatever_the_names(text: str) -> None:
    markers = [archives.marker(1, n, words=text, asserted_by=text) for n in range(1, 20)]
    party = {"name": text, "phone": text[:64], "account": text[:64]}
    calls = [
        {"started": archives.time(), "caller": text, "callee": text, "exhibit": "E1", "queue": text}
        for _ in range(2)
    ]
    calls[1].pop("exhibit")
    page(archives.small(*markers, title=text, subscriber=party, agent={"name": text}, calls=calls))


@pytest.mark.parametrize("character", ["Щ", "\u202e"])
def test_one_page_when_everything_is_as_long_as_it_may_be(character: str) -> None:
    names = {"uk": character * 64, "en": character * 64}
    markers = [
        archives.marker(1, n, words=character * 4000, **{"class": "x" * 40, "class_names": names})
        for n in range(1, 12)
    ]
    time = {**archives.time(), "text": character * 47}
    call = {
        "started": time,
        "ended": time,
        "direction": "inbound",
        "exhibit": "E1",
        **dict.fromkeys(("caller", "callee"), character * 60),
    }
    party = {"name": character * 400, "phone": character * 60, "account": character * 60}
    agent = {"name": character * 400, "id": character * 60}
    page(archives.small(*markers, subscriber=party, agent=agent, calls=[call] * 3))
