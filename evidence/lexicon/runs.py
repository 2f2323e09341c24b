"""Words whose letters stand apart, each a token of its own."""

from collections.abc import Callable

from evidence.lexicon.units import CAPITAL, COMMA, LETTER, STOP, Part, Units

_FEWEST = 3
_MOST = 40
_SHORTEST = 2
_LONGEST = 20
_USUAL = 11
"""Longer words are rarely spelled; two words with any endings look like one."""
_RARE = 3


class Letters:
    """Puts words together from runs of single letters.

    Args:
        word: the elements of a word in small letters, and its disguise.
        counts: whether an element matters by itself.
    """

    def __init__(
        self, word: Callable[[str], tuple[frozenset[int], str]], counts: Callable[[int], bool]
    ) -> None:
        self._word = word
        self._counts = counts

    def joined(self, units: Units) -> Units:
        """The words with runs of letters replaced by the words that they make, where all of a run does."""
        found, at = Units(), 0
        while at < len(units.flags):
            end = _end(units, at)
            pieces = self._words(units, at, end) if _FEWEST <= end - at <= _MOST else None
            if pieces:
                for begin, size in pieces:
                    found.add(*self._made(units, begin, size))
                at = end
                continue
            for place in range(at, max(end, at + 1)):
                part = Part(units.words[place], units.elements[place], units.rules[place], units.flags[place])
                found.add(part, *units.spans[place])
            at = max(end, at + 1)
        return found

    def _made(self, units: Units, begin: int, size: int) -> tuple[Part, int, int]:
        word = "".join(units.words[begin : begin + size])
        flags = (units.flags[begin] & CAPITAL) | (units.flags[begin + size - 1] & (COMMA | STOP))
        part = Part(word, self._word(word)[0], "spaced" if size > 1 else "", flags)
        return part, units.spans[begin][0], units.spans[begin + size - 1][1]

    def _words(self, units: Units, at: int, end: int) -> list[tuple[int, int]] | None:
        """Begin and size of the words that a run consists of; None when it doesn't, or they say nothing."""
        text = "".join(units.words[at:end])
        best: list[tuple[int, list[tuple[int, int]]] | None] = [(0, []), *[None] * len(text)]
        for stop in range(1, len(text) + 1):
            for begin in range(max(0, stop - _LONGEST), stop):
                before, known = best[begin], best[stop]
                cost = self._cost(text[begin:stop]) if before is not None else 0
                if before is None or not cost or (known is not None and known[0] <= before[0] + cost):
                    continue
                best[stop] = before[0] + cost, [*before[1], (at + begin, stop - begin)]
        pieces = best[-1][1] if best[-1] else []
        if pieces and any(self._says(units, begin, size) for begin, size in pieces):
            return pieces
        return None

    def _cost(self, text: str) -> int:
        """How unlikely it is that these letters are a word; 0 when they are none."""
        if len(text) < _SHORTEST:
            return _RARE if text in _SINGLE else 0
        found, rule = self._word(text)
        if not found:
            return 0
        return _RARE if rule or len(text) > _USUAL or not any(map(self._counts, found)) else 1

    def _says(self, units: Units, begin: int, size: int) -> bool:
        word = "".join(units.words[begin : begin + size])
        return size >= _FEWEST and any(map(self._counts, self._word(word)[0]))


_SINGLE = frozenset("яиаоувзск")


def _end(units: Units, at: int) -> int:
    """The end of the run of single letters that begins here; a comma ends it."""
    end = at
    while end < len(units.flags) and units.flags[end] & LETTER:
        end += 1
        if units.flags[end - 1] & COMMA:
            break
    return end
