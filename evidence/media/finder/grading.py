"""From scores to a result. All thresholds of it are here."""

from dataclasses import dataclass

from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR

HEARD = 0.18
"""Correlation from which a piece counts as heard."""
FEWEST = 3
"""Pieces that must be heard, whatever their share: the shortest announcements have few."""
FOUND_COVERAGE = 0.60
FOUND_CLAUSE = 0.60
PARTIAL_COVERAGE = 0.30
SIMILAR_FIT = 0.08
SIMILAR_ALIKE = 0.60


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured at a place, shares from 0 to 1.

    Attributes:
        heard: pieces that were heard.
        coverage: their share.
        clause: their share of the key clause.
        fit: mean of what pieces correlate better than noise does.
        alike: correlation of the bands.
    """

    heard: int
    coverage: float
    clause: float
    fit: float
    alike: float


def result(evidence: Evidence) -> str:
    """One of evidence.model.noticesearch.RESULTS."""
    if evidence.heard >= FEWEST and evidence.clause > 0:
        if evidence.coverage >= FOUND_COVERAGE and evidence.clause >= FOUND_CLAUSE:
            return FOUND
        if evidence.coverage >= PARTIAL_COVERAGE or evidence.clause >= FOUND_CLAUSE:
            return PARTIAL
    if evidence.fit >= SIMILAR_FIT or evidence.alike >= SIMILAR_ALIKE:
        return SIMILAR
    return NOT_DETECTED
