"""The table of results: what each takes, one step below and above."""

from dataclasses import replace

import pytest

from evidence.media.finder.grading import MEASURED, Evidence, Share, result
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR

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
