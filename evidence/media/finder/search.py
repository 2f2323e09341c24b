"""One announcement, looked for in one stretch of sound after the other."""

from dataclasses import dataclass, replace

import numpy as np

from evidence.media.finder import grading
from evidence.media.finder.candidates import MARGIN, SLOWEST, Candidate, Stretch, candidates
from evidence.media.finder.grading import MEASURED, Evidence
from evidence.media.finder.path import Traced, trace
from evidence.media.finder.reference import Announcement, Reference
from evidence.media.finder.spectra import HOP, RATE
from evidence.media.finder.speed import Speeds
from evidence.model.noticesearch import NOT_DETECTED, RESULTS, Match, Segment


@dataclass(frozen=True, slots=True)
class Place:
    """What was found at a candidate.

    Attributes:
        begin: sample of the recording where the announcement would begin if all went evenly.
        speed: how much faster than the announcement it runs.
        traced: how each of its pieces was found.
        alike: correlation of the bands.
    """

    begin: int
    speed: float
    traced: Traced
    alike: float

    def lag(self) -> int:
        """Samples by which it begins later than ``begin``: the first piece that was heard tells."""
        heard = np.flatnonzero(grading.heard(self.traced, MEASURED))
        return int(self.traced.lags[heard[0]]) if heard.size else 0


@dataclass(frozen=True, slots=True)
class Graded:
    """A place, what it is worth, and one of evidence.model.noticesearch.RESULTS."""

    place: Place
    evidence: Evidence
    result: str

    @property
    def rank(self) -> tuple[int, float, float]:
        """Greater is better: first the grade, then how much was heard."""
        return -RESULTS.index(self.result), self.evidence.whole.coverage, self.evidence.whole.sum


class Search:
    """Keeps the best match so far.

    Attributes:
        announcement: what is looked for.
        lead: samples before the recording where it may have begun.
        reach: samples after a place that are needed to look for an announcement that begins there.
    """

    def __init__(self, reference: Reference, channel: int) -> None:
        self.announcement = Announcement(reference)
        self._speeds = Speeds(self.announcement, {})
        self._best = Match(reference.id, channel, NOT_DETECTED)
        self._rank = (-RESULTS.index(NOT_DETECTED), 0.0, 0.0)
        self.lead = -(-self.announcement.size // HOP) * HOP
        self.reach = -(-int(self.announcement.size / SLOWEST) // HOP) * HOP + MARGIN

    def look(self, stretch: Stretch) -> None:
        """Search a stretch, which is longer than its places by ``reach``."""
        graded = self.best(self.places(stretch), MEASURED)
        if graded is not None and graded.rank > self._rank:
            self._rank, self._best = graded.rank, self._match(graded)

    def match(self) -> Match:
        """The best match."""
        return self._best

    def places(self, stretch: Stretch) -> list[Place]:
        """All candidates of a stretch, looked at."""
        if len(self.announcement.pieces) < MEASURED.fewest:
            return []
        return [self._place(stretch, candidate) for candidate in candidates(stretch, self.announcement)]

    def best(self, places: list[Place], limits: grading.Thresholds) -> "Graded | None":
        """The place with the best grade; None where nothing is detected at any."""
        graded = [self._graded(place, limits) for place in places]
        return max(
            (each for each in graded if each.result != NOT_DETECTED),
            key=lambda each: each.rank,
            default=None,
        )

    def _graded(self, place: Place, limits: grading.Thresholds) -> "Graded":
        evidence = grading.weighed(place.traced, self.announcement.clauses, place.alike, limits)
        return Graded(place, evidence, grading.result(evidence, limits))

    def _place(self, stretch: Stretch, candidate: Candidate) -> Place:
        fit = self._speeds.best(stretch.flat, candidate.hop * HOP)
        begin = candidate.hop * HOP + fit.shift
        traced = trace(stretch.flat, begin, fit.speed, self.announcement)
        return Place(stretch.start + begin, fit.speed, traced, candidate.alike)

    def _match(self, graded: "Graded") -> Match:
        place, evidence = graded.place, graded.evidence
        return replace(
            self._best,
            result=graded.result,
            at_ms=_ms(place.begin + place.lag()),
            coverage=_thousandths(evidence.whole.coverage),
            clause_coverage=_thousandths(evidence.whole.clause),
            correlation=_thousandths(float(place.traced.scores.mean())),
            similarity=_thousandths(evidence.alike),
            speed_ppm=round((place.speed - 1) * 1e6),
            segments=self._segments(place),
        )

    def _segments(self, place: Place) -> tuple[Segment, ...]:
        lag = place.lag()
        traced = place.traced
        rows = zip(
            self.announcement.pieces, traced.scores, traced.lags, grading.heard(traced, MEASURED), strict=True
        )
        return tuple(
            Segment(
                _ms(piece.start),
                _ms(piece.end),
                _thousandths(float(score)),
                _ms(int(own) - lag),
                bool(is_heard),
            )
            for piece, score, own, is_heard in rows
        )


def _ms(samples: int) -> int:
    return round(samples * 1000 / RATE)


def _thousandths(share: float) -> int:
    return round(1000 * min(1.0, max(0.0, share)))
