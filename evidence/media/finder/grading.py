"""From scores to a result. All thresholds of it are here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.candidates import NOISE
from evidence.media.finder.path import Traced
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a result takes; shares and correlations from 0 to 1. ``tests/benchmarks/finder`` measured the figures.

    Attributes:
        heard: correlation from which a piece counts as heard. Through GSM a clean announcement has 0.7, under
            noise of its own power 0.2, one in the same voice that says something else 0.06 on the path and
            seldom more than 0.13 in three pieces in a row.
        apart: the same for a piece that comes earlier or later than most do. Lost packets make such jumps, but
            so do synthetic voices that say the same anew, mostly with 0.1 to 0.3.
        least: sum of what pieces correlate better than noise does, below which nothing is told. Other prompts
            by the same voice come to 0.3, other sentences by the same synthetic voice to 0.48.
        fewest: pieces that must be heard, whatever their share: windows overlap by half, so that one chance
            makes up to three.
        found: share of the pieces, and of the key clause, that makes it found: more than half of both.
        part: share of the pieces that is a part, those that come earlier or later than most do apart.
        jumpy: share of the pieces that is a part, those included: twice what the same text anew comes to.
        some: share of the key clause without which there is no part: the greeting alone begins other
            announcements, too.
        shown: such a sum as ``least`` from which a place is worth showing.
        alike: correlation of the bands from which a place is worth showing. Other speech comes to 0.62, the
            same text in another voice seldom to 0.67: this shows few, and none that isn't like it.
    """

    heard: float = 0.13
    apart: float = 0.30
    least: float = 0.50
    fewest: int = 4
    found: float = 0.60
    part: float = 0.30
    jumpy: float = 0.50
    some: float = 0.30
    shown: float = 0.50
    alike: float = 0.65


MEASURED = Thresholds()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured at a place, shares from 0 to 1.

    Attributes:
        heard: pieces that were heard.
        coverage: their share.
        clause: their share of the key clause.
        steady: like coverage, without pieces that come earlier or later than most do.
        steady_clause: like clause, without those.
        sum: of what pieces correlate better than noise does.
        alike: correlation of the bands.
    """

    heard: int
    coverage: float
    clause: float
    steady: float
    steady_clause: float
    sum: float
    alike: float


def heard(traced: Traced, limits: Thresholds) -> NDArray[np.bool_]:
    """Which pieces count as heard."""
    least = np.where(traced.steady, np.float32(limits.heard), np.float32(limits.apart))
    return np.greater_equal(traced.scores, least)


def weighed(traced: Traced, clauses: NDArray[np.int64], alike: float, limits: Thresholds) -> Evidence:
    """Scores summed up.

    Args:
        traced: how each piece was found.
        clauses: samples of each piece that belong to the key clause.
        alike: correlation of the bands.
        limits: from where on a piece is heard.
    """
    are_heard = heard(traced, limits)
    steady = are_heard & traced.steady
    return Evidence(
        heard=int(are_heard.sum()),
        coverage=float(are_heard.mean()),
        clause=float(clauses[are_heard].sum() / max(1, clauses.sum())),
        steady=float(steady.mean()),
        steady_clause=float(clauses[steady].sum() / max(1, clauses.sum())),
        sum=float(np.maximum(traced.scores[are_heard] - NOISE, 0).sum()),
        alike=alike,
    )


def result(evidence: Evidence, limits: Thresholds) -> str:
    """One of evidence.model.noticesearch.RESULTS.

    A part without any of the key clause is only similar: the same greeting may begin many announcements.
    """
    enough = evidence.heard >= limits.fewest and evidence.sum >= limits.least
    if enough and evidence.clause >= limits.some:
        if min(evidence.coverage, evidence.clause) >= limits.found:
            return FOUND
        if (
            evidence.steady >= limits.part
            or evidence.coverage >= limits.jumpy
            or evidence.steady_clause >= limits.found
        ):
            return PARTIAL
    if evidence.sum >= limits.shown or evidence.alike >= limits.alike:
        return SIMILAR
    return NOT_DETECTED
