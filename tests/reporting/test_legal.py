"""The dated table of legal texts: known citations are found, others aren't, and dates decide."""

import datetime as dt

import pytest

from evidence.reporting import legal


def ids(basis: str) -> list[str]:
    return [text.id for text in legal.cited(basis)]


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("пункт 32 Правил, затверджених постановою КМУ від 11.04.2012 № 295", ["kmu-295-2012"]),
        ("постанова від 11 квітня 2012 р. № 295", ["kmu-295-2012"]),
        ("постанова № 761 від 25.06.2025", ["kmu-761-2025"]),
        ("ст. 118 Закону № 1089-IX", ["law-1089-ix"]),
        ("ст. 118 Закону № 1089-ІХ", ["law-1089-ix"]),
        ("Закон № 2297-VI, ст. 6", ["law-2297-vi"]),
        ("Закони № 1089-IX та № 2297-VI", ["law-1089-ix", "law-2297-vi"]),
        ("Договір № 295, пункт 7.4", []),
        ("наказ № 761", []),
        ("Закон № 11089-IX", []),
        ("Договір № 2950 від 11.04.2012", []),
        ("", []),
    ],
)
def test_citations(basis: str, found: list[str]) -> None:
    """The last ones but the empty: a number alone or as a part of another names no text."""
    assert ids(basis) == found


@pytest.mark.parametrize(
    ("name", "day", "in_force"),
    [
        ("kmu-295-2012", "2025-10-01", None),
        ("kmu-295-2012", "2025-10-02", False),
        ("kmu-761-2025", "2025-10-01", False),
        ("kmu-761-2025", "2025-10-02", True),
        ("law-1089-ix", "2021-12-31", False),
        ("law-1089-ix", "2026-03-02", True),
    ],
)
def test_dates_decide(name: str, day: str, in_force: bool | None) -> None:  # noqa: FBT001
    assert legal.texts()[name].is_in_force(dt.date.fromisoformat(day)) is in_force


def test_the_table_holds_together() -> None:
    texts = legal.texts()
    for text in texts.values():
        assert text.citation
        assert text.english
        assert text.source.startswith("https://")
        assert not text.replaced_by or text.replaced_by in texts
        if text.replaced_by and text.valid_to:
            assert texts[text.replaced_by].valid_from == text.valid_to + dt.timedelta(days=1)
