"""The rows: conditions, sound without announcements, thresholds chosen on half of the voices."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from evidence.media.finder.grading import MEASURED, Thresholds
from evidence.media.finder.search import Search
from evidence.media.finder.spectra import RATE
from evidence.model.noticesearch import FOUND, PARTIAL, RESULTS, SIMILAR
from tests.benchmarks.finder import negatives, positives, speed
from tests.benchmarks.finder.announcements import Announcement, announcements
from tests.benchmarks.finder.looking import Looked, look
from tests.benchmarks.measure import NO_GOAL, Bench, Row

_NEAR = 50.0
"""Milliseconds by which a place may be wrong."""
_WINDOW = 4
"""Seconds of sound that count as one window."""
_PAIRS = 5
"""Announcements that are looked for in each stretch of unrelated sound."""
_BOUNDS = (3.0, 4.74, 6.30, 7.75, 9.15, 10.51)
"""Upper bounds, with 95 % confidence, of the mean of a Poisson variable that was 0, 1, 2 ... ."""
_HEARD = (0.20, 0.18, 0.16, 0.15, 0.14, 0.13, 0.12, 0.11, 0.10, 0.09)
"""Thresholds to choose from."""
_MARGIN = 1.15
"""A chosen threshold must hold for scores that are this much higher."""


@dataclass(slots=True)
class Unplayed:
    """Sound of one kind in which no announcement was played.

    Attributes:
        seconds: of sound.
        looked: what was found of announcements.
    """

    seconds: float = 0.0
    looked: list[Looked] = field(default_factory=list)


def rows(bench: Bench) -> Iterator[Row]:
    """All rows."""
    known = announcements(bench.amount(6, 1))[: bench.amount(1000, 2)]
    searches = {each.name: Search(each.reference(), 0) for each in known}
    played: dict[str, list[Looked]] = {}
    for name, condition in positives.CONDITIONS.items():
        played[name] = list(_played(condition, known, searches))
        yield _condition(name, played[name])
    unplayed = _unplayed(known, searches, bench)
    for kind, sound in unplayed.items():
        yield _false(kind, sound)
    whole = Unplayed(
        sum(sound.seconds for sound in unplayed.values()),
        [looked for sound in unplayed.values() for looked in sound.looked],
    )
    yield _false("all together", whole)
    yield from _halves(played, whole)
    yield from speed.rows(bench)


def _played(
    condition: positives.Condition, known: tuple[Announcement, ...], searches: dict[str, Search]
) -> Iterator[Looked]:
    for number, announcement in enumerate(known):
        rng = np.random.default_rng((19, number))
        sound, at = condition(positives.call(announcement, number), rng)
        yield look(searches[announcement.name], announcement, sound, at)


def _condition(name: str, looked: list[Looked]) -> Row:
    grades = Counter(each.result() for each in looked)
    near = [error for each in looked if (error := each.error()) <= _NEAR]
    place = f"place: median {median(near or [0]):.1f} ms, worst {max(near, default=0):.1f} ms"
    said = ", ".join(f"{grade} {100 * grades[grade] / len(looked):.0f} %" for grade in RESULTS)
    share = 100 * len(near) / len(looked)
    return Row(f"notice, {name}", share, NO_GOAL, "%", f"of {len(looked)}: {said}; {place}")


def _unplayed(
    known: tuple[Announcement, ...], searches: dict[str, Search], bench: Bench
) -> dict[str, Unplayed]:
    found: dict[str, Unplayed] = {}

    def add(stretch: negatives.Stretch, announcement: Announcement) -> None:
        sound = found.setdefault(stretch.kind, Unplayed())
        sound.looked.append(look(searches[announcement.name], announcement, stretch.sound))

    rng = np.random.default_rng(3)
    for stretch in negatives.unrelated(bench.amount(0, 1)):
        for place in rng.choice(len(known), min(_PAIRS, len(known)), replace=False):
            if known[place].name not in stretch.prompts:
                add(stretch, known[place])
        found.setdefault(stretch.kind, Unplayed()).seconds += stretch.sound.size / RATE
    for number, announcement in enumerate(known):
        for stretch in negatives.resembling(announcement, number):
            add(stretch, announcement)
            found[stretch.kind].seconds += stretch.sound.size / RATE
    return found


def _false(kind: str, sound: Unplayed) -> Row:
    grades = Counter(looked.result() for looked in sound.looked)
    wrong = grades[FOUND] + grades[PARTIAL]
    windows = max(1, int(sound.seconds / _WINDOW))
    detail = f"{wrong} of {windows} windows ({len(sound.looked)} searches); similar {grades[SIMILAR]}"
    return Row(f"false found or partial, {kind}", 100 * _bound(wrong) / windows, NO_GOAL, "% at most", detail)


def _bound(count: int) -> float:
    return _BOUNDS[count] if count < len(_BOUNDS) else count + 2 * count**0.5 + 2


def _halves(played: dict[str, list[Looked]], unplayed: Unplayed) -> Iterator[Row]:
    """Thresholds chosen on one half of the voices, measured on the other."""
    for half in (0, 1):
        own = [looked for looked in unplayed.looked if looked.half == half]
        others = [looked for looked in unplayed.looked if looked.half != half]
        chosen = _chosen(own)
        wrong = sum(looked.result(chosen) in (FOUND, PARTIAL) for looked in others)
        name = f"chosen on half {half + 1}, measured on the other"
        detail = f"heard from {chosen.heard}: false {wrong} of {len(others)} searches"
        yield Row(f"{name}, false", 100 * _bound(wrong) / max(1, len(others)), NO_GOAL, "% at most", detail)
        there = [looked for each in played.values() for looked in each if looked.half != half] or [
            looked for each in played.values() for looked in each
        ]
        right = 100 * sum(looked.result(chosen) == FOUND for looked in there) / len(there)
        usual = 100 * sum(looked.result() == FOUND for looked in there) / len(there)
        yield Row(f"{name}, found", right, NO_GOAL, "%", f"all conditions; {usual:.1f} % with ours")


def _chosen(own: list[Looked]) -> Thresholds:
    """The lowest threshold down to which nothing is false, even for somewhat higher scores."""
    chosen = replace(MEASURED, heard=_HEARD[0])
    for heard in _HEARD:
        strict = replace(MEASURED, heard=heard / _MARGIN, apart=MEASURED.apart / _MARGIN)
        if any(looked.result(strict) in (FOUND, PARTIAL) for looked in own):
            break
        chosen = replace(MEASURED, heard=heard)
    return chosen
