"""One announcement, looked for in one stretch of sound after the other."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evidence.media.finder import grading
from evidence.media.finder.candidates import MARGIN, SLOWEST, Candidate, Stretch, candidates
from evidence.media.finder.path import Traced, trace
from evidence.media.finder.reference import Announcement, Reference
from evidence.media.finder.spectra import HOP, RATE, Floats
from evidence.media.finder.speed import Speeds
from evidence.model.noticesearch import NOT_DETECTED, RESULTS, Match, Segment

_NOISE = 0.08
_FIRST = 3
"""Heard pieces that say where the announcement begins; later ones may have been shifted by lost packets."""


class _Ranked(NamedTuple):
    """A match with what makes it better than another."""

    rank: tuple[int, float, float]
    match: Match


class Search:
    """Keeps the best match so far.

    Attributes:
        reach: samples after a place that are needed to look for an announcement that begins there.
        lead: samples before the recording where it may have begun.
    """

    def __init__(self, reference: Reference, channel: int) -> None:
        self._announcement = Announcement(reference)
        self._speeds = Speeds(self._announcement, {})
        self._best = _Ranked((-len(RESULTS), 0.0, 0.0), Match(reference.id, channel, NOT_DETECTED))
        self.lead = -(-self._announcement.size // HOP) * HOP
        self.reach = -(-int(self._announcement.size / SLOWEST) // HOP) * HOP + MARGIN

    def look(self, stretch: Stretch) -> None:
        """Search a stretch, whose hops but the first ``count`` are as long as ``reach``."""
        if len(self._announcement.pieces) < grading.FEWEST:
            return
        for candidate in candidates(stretch, self._announcement):
            found = self._judged(stretch, candidate)
            if found.rank > self._best.rank:
                self._best = found

    def match(self) -> Match:
        """The best match."""
        return self._best.match

    def _judged(self, stretch: Stretch, candidate: Candidate) -> _Ranked:
        fit = self._speeds.best(stretch.flat, candidate.hop * HOP)
        begin = candidate.hop * HOP + fit.shift
        traced = trace(stretch.flat, begin, fit.speed, self._announcement)
        evidence = self._evidence(traced, candidate)
        result = grading.result(evidence)
        rank = (-RESULTS.index(result), evidence.coverage, evidence.fit)
        if result == NOT_DETECTED:
            return _Ranked(rank, self._best.match)
        heard = traced.scores >= grading.HEARD
        shift = int(np.median(traced.lags[heard][:_FIRST])) if heard.any() else 0
        match = replace(
            self._best.match,
            result=result,
            at_ms=_ms(stretch.start + begin + shift),
            coverage=_thousandths(evidence.coverage),
            clause_coverage=_thousandths(evidence.clause),
            correlation=_thousandths(float(traced.scores.mean())),
            similarity=_thousandths(evidence.alike),
            speed_ppm=round((fit.speed - 1) * 1e6),
            segments=self._segments(traced, shift),
        )
        return _Ranked(rank, match)

    def _evidence(self, traced: Traced, candidate: Candidate) -> grading.Evidence:
        heard = traced.scores >= grading.HEARD
        clause = np.array([piece.clause for piece in self._announcement.pieces])
        return grading.Evidence(
            heard=int(heard.sum()),
            coverage=float(heard.mean()),
            clause=float(clause[heard].sum() / max(1, clause.sum())),
            fit=float(np.maximum(traced.scores - _NOISE, 0).mean()),
            alike=candidate.alike,
        )

    def _segments(self, traced: Traced, shift: int) -> tuple[Segment, ...]:
        return tuple(
            Segment(
                _ms(piece.start),
                _ms(piece.end),
                _thousandths(float(score)),
                _ms(int(lag) - shift),
                bool(score >= grading.HEARD),
            )
            for piece, score, lag in zip(self._announcement.pieces, traced.scores, traced.lags, strict=True)
        )


def _ms(samples: int) -> int:
    return round(samples * 1000 / RATE)


def _thousandths(share: float) -> int:
    return round(1000 * min(1.0, max(0.0, share)))


__all__ = ["Floats", "Search"]
