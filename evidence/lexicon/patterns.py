"""Patterns: elements in order with gaps between them, or in any order inside a stretch of words."""

import re
from dataclasses import dataclass

from evidence.lexicon import notation
from evidence.lexicon.contexts import Context
from evidence.lexicon.notation import Unreadable
from evidence.lexicon.rows import Row

_GAP = re.compile(r"<([0-9])>")
_STRETCH = re.compile(r"~([0-9]{1,2})")
_MOST_ELEMENTS = 12
_LONGEST_STRETCH = 16
_MOST_VARIANTS = 200


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which an entry may stand in a text.

    Attributes:
        row: the entry's row.
        elements: numbers of the elements.
        gaps: for each element the words that may stand between it and the one before.
        stretch: longest stretch, in words, in which all elements stand in any order; 0: they stand in order.
        when: one of these must hold, if there are any.
        unless: none of these may hold.
    """

    row: Row
    elements: tuple[int, ...]
    gaps: tuple[int, ...]
    stretch: int
    when: tuple[Context, ...] = ()
    unless: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A pattern as it is written.

    Attributes:
        elements: texts of the elements.
        gaps: as in Pattern.
        stretch: as in Pattern.
    """

    elements: tuple[str, ...]
    gaps: tuple[int, ...]
    stretch: int


def parse(text: str) -> list[Sketch]:
    """The patterns of a text: ``~5`` at the beginning for any order, ``<2>`` for a gap of up to two words.

    A group of which an alternative is several words, ``(так|так собі)``, makes several patterns, and so does
    one that may be left out, ``(так|ні)?``.

    Raises:
        Unreadable: no element, too many, or a gap where there can't be one.
    """
    variants = _variants(list(notation.words(text)))
    return [_sketch(text, parts) for parts in variants]


def _variants(parts: list[str]) -> list[list[str]]:
    """The parts of a pattern without alternatives of several words: one list of parts for each of these."""
    found = [parts]
    for place in range(len(parts) - 1, -1, -1):
        choices = [[parts[place][:-1]], []] if _is_optional(parts[place]) else _choices(parts[place])
        if len(choices) > 1:
            found = [[*some[:place], *choice, *some[place + 1 :]] for some in found for choice in choices]
            if len(found) > _MOST_VARIANTS:
                raise Unreadable("many", parts[place])
    return found


def _choices(group: str) -> list[list[str]]:
    """The alternatives of a group: those of one word together, each other one by itself."""
    if " " not in group:
        return [[group]]
    inner = group.removesuffix("*")
    tail = group[len(inner) :]
    if not (inner.startswith("(") and inner.endswith(")")):
        raise Unreadable("pattern", group)
    alternatives = [f"{part}{tail}" for part in notation.alternatives(inner[1:-1])]
    single = [part for part in alternatives if " " not in part]
    several = [list(notation.words(part)) for part in alternatives if " " in part]
    if any(" " in part for parts in several for part in parts):
        raise Unreadable("deep", group)
    return [*([[f"({'|'.join(single)})"]] if single else []), *several]


def _is_optional(part: str) -> bool:
    """Whether a part is one group that may be left out as a whole."""
    return part.startswith("(") and part.endswith(")?") and part.count("(") == 1


def _sketch(text: str, parts: list[str]) -> Sketch:
    elements: list[str] = []
    gaps: list[int] = []
    stretch = gap = 0
    for place, part in enumerate(parts):
        if found := _GAP.fullmatch(part):
            gap += int(found[1])
        elif place == 0 and (found := _STRETCH.fullmatch(part)):
            stretch = int(found[1])
        else:
            elements.append(part)
            gaps.append(gap)
            gap = 0
    _check(text, elements, gap, stretch)
    return Sketch(tuple(elements), tuple(gaps), stretch)


def _check(text: str, elements: list[str], gap: int, stretch: int) -> None:
    if not elements or gap or not len(elements) <= _MOST_ELEMENTS or not (stretch <= _LONGEST_STRETCH):
        raise Unreadable("pattern", text)
    if stretch and stretch < len(elements):
        raise Unreadable("pattern", text)
