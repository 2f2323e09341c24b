"""Hostile words: whatever stands in a cue, the work is bounded by its length."""

import time

import pytest

from evidence.lexicon.lexicon import load

LEXICON = load()
ONE = {
    "letters": "б" * 1_000_000,
    "syllables": "бл" * 500_000,
    "stars": "*" * 100_000,
    "masked": "п" + "*" * 100_000 + "да",
    "combining": "б" + "\u0301" * 100_000,
    "zero width": "с\u200bу\u200bк\u200bа" * 10_000,
    "bidi": "\u202e" * 100_000 + "сука",
    "long when composed": "\ufdfa" * 100_000,
    "no spaces": ",".join(["сука"] * 100_000),
    "hyphens": "-".join("сука" * 25_000),
    "dots": "." * 100_000,
    "digits": "1a" * 100_000,
    "brackets": "(" * 100_000,
    "doubles": "аабб" * 100_000,
}
MANY = {
    "single letters": list("сукаб" * 10_000),
    "stars": ["*"] * 50_000,
    "threats": ["убью", "вас"] * 25_000,
    "beginnings": ["щоб", "ти"] * 25_000,
    "calls": ["дзвоню", "щоб", "вам", "кожні"] * 10_000,
    "masked": [f"б*{number:b}*".replace("0", "а").replace("1", "о") for number in range(5_000)],
    "empty": [""] * 50_000,
}


@pytest.mark.parametrize("name", ONE)
def test_one_hostile_word(name: str) -> None:
    before = time.process_time()
    hits = LEXICON.find(["ти", ONE[name], "x"])
    assert time.process_time() - before < 2
    assert all(0 <= hit.first <= hit.last < 3 for hit in hits)


@pytest.mark.parametrize("name", MANY)
def test_many_hostile_words(name: str) -> None:
    before = time.process_time()
    LEXICON.find(MANY[name])
    assert time.process_time() - before < 20


def test_what_is_kept_is_bounded() -> None:
    fresh = load()
    for begin in range(0, 220_000, 1000):
        fresh.find([f"w{number}" for number in range(begin, begin + 1000)])
    assert len(fresh._known) <= 100_000


def test_no_words() -> None:
    assert LEXICON.find([]) == []
    assert LEXICON.find(["", " ", "\u200b"]) == []
