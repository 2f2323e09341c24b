"""Drawing from a seeded generator."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


class Draw:
    """Draws; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def below(self, limit: int) -> int:
        """0 to limit - 1."""
        return int(self._generator.integers(0, limit))

    def between(self, first: int, last: int) -> int:
        """First to last, both included."""
        return first + self.below(last - first + 1)

    def one(self, of: Sequence[_T]) -> _T:
        """One of some."""
        return of[self.below(len(of))]

    def some(self, of: Sequence[_T]) -> list[_T]:
        """Some of them, perhaps none, in any order."""
        order = [of[int(place)] for place in self._generator.permutation(len(of))]
        return order[: self.between(0, len(of))]

    def maybe(self, percent: int) -> bool:
        """True so often."""
        return self.below(100) < percent

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        return self._generator.bytes(count)


class Odd:
    """Now and then something else than the usual."""

    def __init__(self, draw: Draw, percent: int) -> None:
        self._draw = draw
        self.percent = percent

    def one(self, usual: _T, *others: _T) -> _T:
        """The usual, or so often of a hundred one of the others."""
        return self._draw.one(others) if self._draw.maybe(self.percent) else usual
