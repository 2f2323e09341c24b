"""From scores to a result. All thresholds of it are here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.spectra import Floats
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR

NOISE = 0.08
"""What a window correlates with at the best of some hundred places of unlike sound; more counts."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a result takes; shares and correlations from 0 to 1.

    Attributes:
        heard: correlation from which a piece counts as heard.
        fewest: pieces that must be heard, whatever their share: short announcements have few.
        found: share of the pieces, and of the key clause, that makes it found.
        part: share of the pieces that is a part.
        fit: mean of what pieces correlate better than noise does, from which a place is worth showing.
        alike: correlation of the bands from which a place is worth showing.
    """

    heard: float = 0.18
    fewest: int = 3
    found: float = 0.60
    part: float = 0.30
    fit: float = 0.08
    alike: float = 0.60


MEASURED = Thresholds()


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


def weighed(scores: Floats, clauses: NDArray[np.int64], alike: float, limits: Thresholds) -> Evidence:
    """Scores summed up.

    Args:
        scores: correlation of each piece.
        clauses: samples of each piece that belong to the key clause.
        alike: correlation of the bands.
        limits: from where on a piece is heard.
    """
    heard = scores >= limits.heard
    return Evidence(
        heard=int(heard.sum()),
        coverage=float(heard.mean()),
        clause=float(clauses[heard].sum() / max(1, clauses.sum())),
        fit=float(np.maximum(scores - NOISE, 0).mean()),
        alike=alike,
    )


def result(evidence: Evidence, limits: Thresholds) -> str:
    """One of evidence.model.noticesearch.RESULTS.

    A part without any of the key clause is only similar: the same greeting may begin many announcements.
    """
    if evidence.heard >= limits.fewest and evidence.clause > 0:
        if min(evidence.coverage, evidence.clause) >= limits.found:
            return FOUND
        if evidence.coverage >= limits.part or evidence.clause >= limits.found:
            return PARTIAL
    if evidence.fit >= limits.fit or evidence.alike >= limits.alike:
        return SIMILAR
    return NOT_DETECTED
