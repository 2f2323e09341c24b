"""The table of results: what each takes, one step below and above."""

from dataclasses import replace

import pytest

from evidence.media.finder.grading import MEASURED, Evidence, result
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR

FULL = Evidence(heard=20, coverage=1, clause=1, steady=1, steady_clause=1, sum=9, alike=0.9)
NONE = Evidence(heard=0, coverage=0, clause=0, steady=0, steady_clause=0, sum=0, alike=0)
ROWS = [
    (FULL, FOUND),
    (replace(FULL, coverage=0.6, clause=0.6), FOUND),
    (replace(FULL, coverage=0.59), PARTIAL),
    (replace(FULL, clause=0.59), PARTIAL),
    (replace(FULL, coverage=0.3, steady=0.3, clause=0.3, steady_clause=0.3), PARTIAL),
    (replace(FULL, clause=0.29, steady_clause=0.29), SIMILAR),
    (replace(FULL, coverage=0.2, steady=0.2), PARTIAL),
    (replace(FULL, coverage=0.2, steady=0.2, steady_clause=0.59), SIMILAR),
    (replace(FULL, coverage=0.49, steady=0.29, steady_clause=0.59), SIMILAR),
    (replace(FULL, coverage=0.5, steady=0.29, steady_clause=0.59), PARTIAL),
    (replace(FULL, heard=3), SIMILAR),
    (replace(FULL, sum=0.49, alike=0.64), NOT_DETECTED),
    (replace(FULL, sum=0.49, alike=0.65), SIMILAR),
    (replace(NONE, alike=0.64), NOT_DETECTED),
    (replace(NONE, alike=0.65), SIMILAR),
    (replace(NONE, sum=0.5), SIMILAR),
    (NONE, NOT_DETECTED),
]


@pytest.mark.parametrize(("evidence", "expected"), ROWS)
def test_results(evidence: Evidence, expected: str) -> None:
    assert result(evidence, MEASURED) == expected
