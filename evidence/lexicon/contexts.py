"""Surroundings on which it depends whether a word counts.

``<3{ти}`` holds where one of the three words before is a form of the set; ``>2(так|ні)`` where one of the two
words behind is one of these. Words in another sentence don't count; with a comma, ``<,3{ти}``, none beyond a
comma either. ``=x`` holds where the found words themselves hold such an element. ``address``, ``start``,
``end``, ``alone``, ``quoted``, ``name``, ``masked`` and ``plain`` are built in; other names are those of
rows of the class ``context``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evidence.lexicon import notation
from evidence.lexicon.notation import Unreadable
from evidence.lexicon.units import Units

_NEIGHBOUR = re.compile(r"([<>])(,?)([1-9])(.+)")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Context:
    """One condition on what stands around the words from ``first`` to ``last``.

    Attributes:
        side: ``<`` before, ``>`` behind, ``=`` among them, or a built-in name.
        distance: how many words away, at most.
        is_near: whether a comma ends the surroundings.
        element: number of the element that must stand there.
    """

    side: str
    distance: int = 0
    is_near: bool = False
    element: int = -1

    def holds(self, units: Units, first: int, last: int) -> bool:
        """Whether it holds for these units."""
        if self.side == "<":
            return self._before(units, first)
        if self.side == ">":
            return self._behind(units, last)
        if self.side == "=":
            return any(self.element in units.elements[at] for at in range(first, last + 1))
        return _BUILT_IN[self.side](units, first, last)

    def _before(self, units: Units, first: int) -> bool:
        for at in range(first - 1, max(first - 1 - self.distance, -1), -1):
            if units.is_break(at, near=self.is_near):
                return False
            if self.element in units.elements[at]:
                return True
        return False

    def _behind(self, units: Units, last: int) -> bool:
        for at in range(last + 1, min(last + 1 + self.distance, len(units.elements))):
            if units.is_break(at - 1, near=self.is_near):
                return False
            if self.element in units.elements[at]:
                return True
        return False


def _is_start(units: Units, first: int, _last: int) -> bool:
    return first == 0 or units.is_break(first - 1, near=True)


def _is_end(units: Units, _first: int, last: int) -> bool:
    return last == len(units.elements) - 1 or units.is_break(last, near=True)


def _is_alone(units: Units, first: int, last: int) -> bool:
    """Between marks of punctuation, or the beginning and end of the cue."""
    return _is_start(units, first, last) and _is_end(units, first, last)


def _is_address(units: Units, first: int, last: int) -> bool:
    """Set apart by a comma on one side at least, in a text that has commas."""
    has_mark = (first > 0 and units.is_break(first - 1, near=True)) or units.is_break(last, near=True)
    return has_mark and _is_alone(units, first, last)


def _is_name(units: Units, first: int, last: int) -> bool:
    """Written like a name: a capital inside a sentence, or beside another word with one."""
    if not units.is_capital(first):
        return False
    starts = first == 0 or units.is_break(first - 1, near=False)
    before = not starts and units.is_capital(first - 1)
    behind = (
        last + 1 < len(units.elements) and not units.is_break(last, near=True) and units.is_capital(last + 1)
    )
    return not starts or before or behind


_BUILT_IN: Mapping[str, Callable[[Units, int, int], bool]] = {
    "start": _is_start,
    "end": _is_end,
    "alone": _is_alone,
    "address": _is_address,
    "name": _is_name,
    "quoted": lambda units, first, last: first == last and units.is_quoted(first),
    "masked": lambda units, first, last: any(units.rules[at] for at in range(first, last + 1)),
    "plain": lambda units, first, last: not any(units.rules[at] for at in range(first, last + 1)),
}


class Contexts:
    """The contexts that tables name.

    Args:
        named: the text of each named context; folded.
        element: gives the number of an element.
    """

    def __init__(self, named: Mapping[str, str], element: Callable[[str], int]) -> None:
        self._named = named
        self._element = element
        self._known: dict[str, tuple[Context, ...]] = {}

    def parse(self, text: str, depth: int = 0) -> tuple[Context, ...]:
        """The contexts of a cell.

        Raises:
            Unreadable: one of them isn't known or written wrongly.
        """
        known = self._known.get(text)
        if known is None:
            parts = [context for part in notation.words(text) for context in self._one(part, depth)]
            known = self._known[text] = tuple(dict.fromkeys(parts))
        return known

    def parse_named(self, name: str) -> tuple[Context, ...]:
        """The contexts of that name; none where no table says what it means."""
        return self.parse(name) if name in self._named else ()

    def _one(self, part: str, depth: int) -> tuple[Context, ...]:
        if found := _NEIGHBOUR.fullmatch(part):
            side, comma, distance, element = found.groups()
            return (Context(side, int(distance), bool(comma), self._element(element)),)
        if part.startswith("=") and len(part) > 1:
            return (Context("=", element=self._element(part[1:])),)
        if part in _BUILT_IN:
            return (Context(part),)
        if part not in self._named or depth > _DEEPEST:
            raise Unreadable("context", part)
        return self.parse(self._named[part], depth + 1)
