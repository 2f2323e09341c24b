"""From scores to a result. All thresholds of it are here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.candidates import NOISE
from evidence.media.finder.path import Traced
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a result takes: shares and correlations from 0 to 1, measured by ``tests/benchmarks/finder``.

    A piece is steady if it has the delay that most of what was found has.

    Attributes:
        heard: correlation from which a steady piece counts as heard. Through GSM a clean one has 0.7, under
            noise of its own power 0.2, one in the same voice that says something else 0.06 and seldom more
            than 0.13 in three pieces in a row.
        apart: the same for other pieces. Lost packets make jumps, but so do synthetic voices that say the
            same anew.
        fewest: pieces that must be heard, whatever their share: windows overlap by half, so that one chance
            makes up to three.
        least: sum of what pieces correlate better than noise does, below which nothing is told. Other prompts
            by the same voice come to 0.3, other sentences by the same synthetic voice to 0.54.
        found: share of the pieces, and of the key clause, that makes it found: more than half of both.
        jumpy: mean of what all pieces correlate better than noise does, without which nothing is found whose
            steady pieces alone aren't enough. The same text anew comes to 0.12.
        part: share of the pieces, steady ones only, that is a part.
        some: share of the key clause without which there is no part: the greeting alone begins other
            announcements, too.
        clear: such a sum as ``least``, of steady pieces, without which there is no part. The same text anew
            by the same synthetic voice comes to 1.0 where it is dense.
        dense: share of the pieces heard, from the first steady one that was heard to the last, without which
            there is no part. Of the same text anew words are heard here and there.
        shown: such a sum as ``least`` from which a place is worth showing.
        alike: correlation of the bands from which a place is worth showing. Other speech comes to 0.62, the
            same text in another voice seldom to 0.67: this shows few, and none that isn't like it.
    """

    heard: float = 0.13
    apart: float = 0.30
    fewest: int = 4
    least: float = 0.50
    found: float = 0.60
    jumpy: float = 0.15
    part: float = 0.30
    some: float = 0.30
    clear: float = 1.50
    dense: float = 0.60
    shown: float = 0.50
    alike: float = 0.65


MEASURED = Thresholds()


@dataclass(frozen=True, slots=True)
class Share:
    """How much was heard.

    Attributes:
        coverage: share of all pieces.
        clause: share of the key clause.
        sum: of what these pieces correlate better than noise does.
    """

    coverage: float
    clause: float
    sum: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured at a place.

    Attributes:
        heard: pieces that were heard.
        pieces: all pieces.
        whole: what was heard.
        steady: what was heard in steady pieces.
        density: share of steady pieces heard between the first and the last of them.
        alike: correlation of the bands.
    """

    heard: int
    pieces: int
    whole: Share
    steady: Share
    density: float
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
    found = np.flatnonzero(steady)
    return Evidence(
        heard=int(are_heard.sum()),
        pieces=are_heard.size,
        whole=_share(traced, are_heard, clauses),
        steady=_share(traced, steady, clauses),
        density=found.size / (int(found[-1] - found[0]) + 1) if found.size else 0.0,
        alike=alike,
    )


def _share(traced: Traced, chosen: NDArray[np.bool_], clauses: NDArray[np.int64]) -> Share:
    return Share(
        coverage=float(chosen.mean()),
        clause=float(clauses[chosen].sum() / max(1, clauses.sum())),
        sum=float(np.maximum(traced.scores[chosen] - NOISE, 0).sum()),
    )


def result(evidence: Evidence, limits: Thresholds) -> str:
    """One of evidence.model.noticesearch.RESULTS."""
    if evidence.heard >= limits.fewest and evidence.whole.sum >= limits.least:
        if _is_found(evidence, limits):
            return FOUND
        if _is_part(evidence, limits):
            return PARTIAL
    if evidence.whole.sum >= limits.shown or evidence.alike >= limits.alike:
        return SIMILAR
    return NOT_DETECTED


def _is_found(evidence: Evidence, limits: Thresholds) -> bool:
    if min(evidence.steady.coverage, evidence.steady.clause) >= limits.found:
        return True
    enough = min(evidence.whole.coverage, evidence.whole.clause) >= limits.found
    return enough and evidence.whole.sum >= limits.jumpy * evidence.pieces


def _is_part(evidence: Evidence, limits: Thresholds) -> bool:
    steady = evidence.steady
    if steady.sum < limits.clear or steady.clause < limits.some or evidence.density < limits.dense:
        return False
    return steady.coverage >= limits.part or steady.clause >= limits.found
