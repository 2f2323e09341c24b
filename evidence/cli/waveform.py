"""Sound drawn in characters: how loud it is, where something lies in it, and when that is.

All rows of one drawing have the same number of columns, each of the same length of time.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

from evidence.verify.durations import clock

_BLOCKS = "▁▂▃▄▅▆▇█"
_PLAIN = ".:-=+*#@"
_TICKS = 12
"""Columns from one time on the axis to the next, at least."""

STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Seconds from one time on the axis to the next."""


@dataclass(frozen=True, slots=True)
class Style:
    """The characters of a drawing.

    Attributes:
        levels: eight, from soft to loud.
        whole: of what is marked.
        clause: of the part of it that matters most.
        missing: of a piece that wasn't heard.
    """

    levels: str
    whole: str
    clause: str
    missing: str


def style() -> Style:
    """Block characters, or plain ones where the encoding of stdout lacks them."""
    return _style(getattr(sys.stdout, "encoding", None) or "ascii")


@cache
def _style(encoding: str) -> Style:
    found = Style(_BLOCKS, "─", "━", "·")
    try:
        f"{found.levels}{found.whole}{found.clause}{found.missing}".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Style(_PLAIN, "-", "=", "_")
    return found


def loudness(peaks: bytes, width: int, levels: str) -> str:
    """How loud it is, in that many columns; a space is silence.

    Args:
        peaks: from 0 (silence) to 255 (full), one for each equal piece of time; not empty.
        width: number of columns.
        levels: eight characters.
    """
    return "".join(_level(peak, levels) for peak in _columns(peaks, width))


def _columns(peaks: bytes, width: int) -> list[int]:
    """The highest peak in each column; a column shorter than a piece takes the piece that it lies in."""
    count = len(peaks)
    bounds = [(column * count // width, -(-(column + 1) * count // width)) for column in range(width)]
    return [max(peaks[begin:end]) for begin, end in bounds]


def _level(peak: int, levels: str) -> str:
    """By the root of the peak, so that soft speech can be told from silence."""
    return _step(sqrt(peak / 255), levels) if peak else " "


def _step(share: float, levels: str) -> str:
    return levels[max(0, min(int(share * len(levels)), len(levels) - 1))]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that lies in the sound; milliseconds, which may be outside it.

    Attributes:
        begin: where it begins.
        end: where it ends.
        clause_begin: where the part of it begins that matters most.
        clause_end: where that part ends.
        label: harmless text beside it.
    """

    begin: int
    end: int
    clause_begin: int
    clause_end: int
    label: str = ""


def marked(mark: Mark, milliseconds: int, width: int, chosen: Style) -> str:
    """A row that shows where something lies, with its label beside it.

    Args:
        mark: what lies where.
        milliseconds: length of what is drawn; above zero.
        width: number of columns.
        chosen: the characters.
    """
    cells = [" "] * width
    for begin, end, character in (
        (mark.begin, mark.end, chosen.whole),
        (mark.clause_begin, mark.clause_end, chosen.clause),
    ):
        first, last = _cells(begin, end, milliseconds, width)
        cells[first:last] = character * (last - first)
    row = "".join(cells).rstrip()
    if len(row) + 1 + len(mark.label) <= width:
        return f"{row} {mark.label}".rstrip()
    free = len(row) - len(row.lstrip())
    before = f"{mark.label} "
    return before.rjust(free) + row[free:] if len(before) <= free else row


def _cells(begin: int, end: int, milliseconds: int, width: int) -> tuple[int, int]:
    """The columns from where something begins to where it ends: at least one, and none outside."""
    first = min(max(begin * width // milliseconds, 0), width - 1)
    last = min(max(-(-end * width // milliseconds), first + 1), width)
    return first, last


def axis(milliseconds: int, width: int) -> str:
    """A row of times, each of which begins below its moment."""
    least = milliseconds / 1000 * _TICKS / width
    step = next((step for step in STEPS if step >= least), STEPS[-1]) * 1000
    row = ""
    for at in range(0, milliseconds + 1, step):
        column, time = at * width // milliseconds, clock(at).removesuffix(".000")
        if column >= len(row) and column + len(time) <= width:
            row = row.ljust(column) + time + " "
    return row.rstrip()


def pieces(scores: Sequence[tuple[int, bool, bool]], width: int, chosen: Style) -> str:
    """How well each piece of something was found, with square brackets round the part that matters most.

    Args:
        scores: for each piece, in order: score from 0 to 1000, whether it counts as heard, whether it
            belongs to that part.
        width: number of columns, at least 3; the worst of several pieces stands for them.
        chosen: the characters.
    """
    room = max(width - 2, 1)
    size = max(-(-len(scores) // room), 1)
    groups = [scores[begin : begin + size] for begin in range(0, len(scores), size)]
    row, within = "", False
    for group in groups:
        belongs = any(part for _score, _heard, part in group)
        if belongs != within:
            row += "[" if belongs else "]"
        within = belongs
        worst, is_heard, _part = min(group, key=lambda piece: (piece[1], piece[0]))
        row += _step(worst / 1000, chosen.levels) if is_heard else chosen.missing
    return row + "]" if within else row
