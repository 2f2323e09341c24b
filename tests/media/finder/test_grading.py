"""The table of results: what each takes, one step below and above."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evidence.media.finder import RATE, Finder, Reference, grading
from evidence.media.finder.grading import MEASURED, Evidence, Share, result
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR
from tests.requirements import SOUNDS, need_file

NONE = Share(0, 0, 0)
ALL = Share(1, 1, 9)
FULL = Evidence(heard=20, pieces=20, whole=ALL, steady=ALL, density=1, alike=0.9)


def part(coverage: float, clause: float, total: float = 9, density: float = 1) -> Evidence:
    """All that was heard is steady."""
    share = Share(coverage, clause, total)
    return replace(FULL, whole=share, steady=share, density=density)


def jumping(coverage: float, clause: float, total: float) -> Evidence:
    """Nothing steady is worth anything."""
    return replace(FULL, whole=Share(coverage, clause, total), steady=Share(0.1, 0.1, 0.3), density=1)


ROWS = [
    (FULL, FOUND),
    (part(0.6, 0.6), FOUND),
    (part(0.6, 0.6, total=0.5), FOUND),
    (part(0.6, 0.6, total=0.49), SIMILAR),
    (replace(FULL, heard=3), SIMILAR),
    (part(0.59, 1), PARTIAL),
    (part(1, 0.59), PARTIAL),
    (part(0.3, 0.3), PARTIAL),
    (part(0.2, 0.6), PARTIAL),
    (part(0.29, 0.59), SIMILAR),
    (part(0.5, 0.29), SIMILAR),
    (part(0.5, 0.5, total=1.5), PARTIAL),
    (part(0.5, 0.5, total=1.49), SIMILAR),
    (part(0.5, 0.5, density=0.6), PARTIAL),
    (part(0.5, 0.5, density=0.59), SIMILAR),
    (jumping(0.6, 0.6, 3.0), FOUND),
    (jumping(0.6, 0.6, 2.99), SIMILAR),
    (jumping(0.59, 1, 9), SIMILAR),
    (replace(FULL, whole=NONE, steady=NONE, alike=0.65), SIMILAR),
    (replace(FULL, whole=NONE, steady=NONE, alike=0.64), NOT_DETECTED),
    (replace(FULL, whole=Share(0, 0, 0.5), steady=NONE, alike=0), SIMILAR),
    (replace(FULL, whole=Share(0, 0, 0.49), steady=NONE, alike=0), NOT_DETECTED),
]


@pytest.mark.parametrize(("evidence", "expected"), ROWS)
def test_results(evidence: Evidence, expected: str) -> None:
    assert result(evidence, MEASURED) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("1111111111", "1111111111"),
        ("1111101111", "1111101111"),  # one piece under a click takes nothing away
        ("1111100111", "1110000001"),  # a break: up to two pieces beside it only sound heard
        ("1111110000", "1111000000"),
        ("0000111111", "0000001111"),
        ("0000000000", "0000000000"),
    ],
)
def test_what_stands_beside_a_break_is_not_sure(pattern: str, expected: str) -> None:
    chosen = np.array([mark == "1" for mark in pattern])
    sure = grading._surely(chosen, np.ones(chosen.size, np.bool_))
    assert "".join("01"[int(each)] for each in sure) == expected


def test_a_break_outside_the_key_clause_takes_nothing_from_it() -> None:
    chosen = np.array([False, False, False, True, True, True])
    assert grading._surely(chosen, chosen).tolist() == chosen.tolist()


def spoken(name: str) -> NDArray[np.int16]:
    """An English prompt of Debian's package."""
    path = need_file(SOUNDS / "en" / f"{name}.wav", "asterisk-core-sounds-en-wav")
    return np.frombuffer(path.read_bytes()[44:], "<i2")


@pytest.mark.parametrize(
    ("share", "is_found"), [(0.4, False), (0.45, False), (0.5, False), (0.9, True), (1, True)]
)
def test_a_key_clause_that_goes_on_with_other_words_is_not_found(share: float, is_found: bool) -> None:  # noqa: FBT001
    """The same voice says "the conference is now" and then "muted", or "being recorded"."""
    greeting, clause, other = spoken("vm-intro"), spoken("conf-now-recording"), spoken("conf-now-muted")
    notice = np.concatenate([greeting, clause])
    begin, end = greeting.size // 8, notice.size // 8
    said = np.concatenate([greeting, clause[: int(share * clause.size)], other[other.size // 3 :]])
    finder = Finder([Reference("v", notice, begin, end)], 0)
    finder.feed(np.concatenate([np.zeros(2 * RATE, np.int16), said, np.zeros(2 * RATE, np.int16)]))
    (match,) = finder.finish()
    assert (match.result == FOUND) is is_found
