"""Patterns found in the words of a cue, and which of them stay where several overlap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from evidence.lexicon.compiling import Compiled
from evidence.lexicon.contexts import Context
from evidence.lexicon.patterns import Pattern
from evidence.lexicon.units import Units

_WRITTEN = frozenset({"spaced", "lookalike", "latin", "masked"})
"""Disguises that spelling a name or a code looks like."""


_LEAST = "profanity"
"""Gives way where the same word is also something that is said to a person."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that was found.

    Attributes:
        pattern: the pattern.
        places: the units that it takes, in ascending order.
    """

    pattern: Pattern
    places: tuple[int, ...]

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """What makes one match stay where two overlap: more words, then coarser, then earlier."""
        row = self.pattern.row
        return (
            -len(self.places),
            -row.severity,
            row.marker_class == _LEAST,
            self.places[0],
            self.places[-1],
        )


def matches(units: Units, compiled: Compiled) -> list[Match]:
    """All patterns in the words of one cue.

    No word belongs to two of them; one stands in a gap of another only when their classes differ.
    """
    found = [match for at in range(len(units.elements)) for match in _anchored(units, at, compiled)]
    if len(found) < 2:
        return found
    taken: set[int] = set()
    covered: dict[str, set[int]] = {}
    kept = []
    for match in sorted(found, key=attrgetter("rank")):
        of_class = covered.setdefault(match.pattern.row.marker_class, set())
        if taken.isdisjoint(match.places) and of_class.isdisjoint(match.places):
            taken.update(match.places)
            of_class.update(range(match.places[0], match.places[-1] + 1))
            kept.append(match)
    return sorted(kept, key=lambda match: match.places)


def _anchored(units: Units, at: int, compiled: Compiled) -> Iterator[Match]:
    """The matches of which the rarest word stands here."""
    if units.rules[at] in _WRITTEN and _hold_any(compiled.undisguised, units, (at,)):
        return
    for element in units.elements[at]:
        for pattern, place in compiled.patterns.get(element, ()):
            places = _places(units, pattern, place, at)
            if places is not None and _counts(units, pattern, places):
                yield Match(pattern, places)


def _counts(units: Units, pattern: Pattern, places: tuple[int, ...]) -> bool:
    if pattern.when and not _hold_any(pattern.when, units, places):
        return False
    return not _hold_any(pattern.unless, units, places)


def _hold_any(contexts: Sequence[Context], units: Units, places: tuple[int, ...]) -> bool:
    return any(context.holds(units, places[0], places[-1]) for context in contexts)


def _places(units: Units, pattern: Pattern, place: int, at: int) -> tuple[int, ...] | None:
    """Where the elements of a pattern stand when one of them stands here; None when they don't."""
    if len(pattern.elements) == 1:
        return (at,)
    if pattern.stretch:
        return _around(units, pattern, place, at)
    before = _way(units, pattern, place, at, -1)
    if before is None:
        return None
    behind = _way(units, pattern, place, at, 1)
    return None if behind is None else (*before[::-1], at, *behind)


def _way(units: Units, pattern: Pattern, place: int, at: int, step: int) -> tuple[int, ...] | None:
    """Where the elements before or behind one stand, the nearest first."""
    ways: dict[int, tuple[int, ...]] = {at: ()}
    last = len(pattern.elements) - 1
    while place != (last if step > 0 else 0):
        gap = pattern.gaps[place + 1 if step > 0 else place]
        place += step
        further: dict[int, tuple[int, ...]] = {}
        for here, way in ways.items():
            for there in _within(units, here, step, gap + 1):
                if pattern.elements[place] in units.elements[there] and there not in further:
                    further[there] = (*way, there)
        if not further:
            return None
        ways = further
    return next(iter(ways.values()))


def _within(units: Units, at: int, step: int, most: int) -> Iterator[int]:
    """The units up to so many away in the same sentence; a dash or a mark by itself isn't counted."""
    while most > 0:
        if step > 0 and units.is_break(at, near=False):
            return
        at += step
        if not 0 <= at < len(units.elements) or (step < 0 and units.is_break(at, near=False)):
            return
        if units.words[at]:
            most -= 1
            yield at


def _around(units: Units, pattern: Pattern, place: int, at: int) -> tuple[int, ...] | None:
    """Where all elements stand inside the stretch; each takes the nearest free word."""
    near = sorted(
        (there for step in (1, -1) for there in _within(units, at, step, pattern.stretch - 1)),
        key=lambda there: abs(there - at),
    )
    taken = {at}
    for number, element in enumerate(pattern.elements):
        if number == place:
            continue
        found = next(
            (there for there in near if there not in taken and element in units.elements[there]), None
        )
        if found is None:
            return None
        taken.add(found)
    if max(taken) - min(taken) >= pattern.stretch:
        return None
    return tuple(sorted(taken))
