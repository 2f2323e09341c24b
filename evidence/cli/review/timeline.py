"""The time line in characters: the sound of each channel, markers, suggestions, events, the cursor.

Everything is told by characters; colour only repeats it. All rows have the same number of columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import set_cell_size
from rich.text import Text

from evidence.cli import waveform
from evidence.cli.review.items import Item
from evidence.cli.review.store import Recording
from evidence.messages import t
from evidence.model.noticesearch import Waveform
from evidence.text import visible
from evidence.verify.durations import clock

GUTTER = 11
"""Columns of the names of the rows."""

Edges = tuple[int, int | None]
_NARROWEST = 10
_RAISED = 0.7


@dataclass(frozen=True, slots=True)
class View:
    """What is to be drawn.

    Attributes:
        recording: the recording.
        begin: first millisecond that is drawn.
        end: where the drawing ends; above ``begin``.
        cursor: where the cursor stands, milliseconds.
        drawn: the waveform; None while there is none.
        said: why there is no waveform; harmless.
        items: the recording's.
        selected: the one that is chosen; None when none is.
        edges: places of items that were moved and not saved.
        style: the characters of sound and markers.
    """

    recording: Recording
    begin: int
    end: int
    cursor: int
    drawn: Waveform | None
    said: str
    items: Sequence[Item]
    selected: Item | None
    edges: dict[Item, Edges]
    style: waveform.Style


def rows(view: View, width: int, channel_rows: int) -> list[Text]:
    """The drawing, row by row.

    Args:
        view: what is drawn.
        width: columns, the names of the rows included.
        channel_rows: rows of each channel's sound.
    """
    columns = max(width - GUTTER, _NARROWEST)
    found = list(_sound(view, columns, channel_rows, view.style.levels))
    found.append(_row("", _axis(view, columns)))
    shown = [item for item in view.items if item.recording == view.recording.name]
    markers = _cells(view, columns, ((item, _sign(item, view.style)) for item in shown if item.is_marker))
    suggested = _cells(
        view, columns, ((item, _sign(item, view.style)) for item in shown if not item.is_marker)
    )
    found.append(_row(t("review.row_markers"), markers, "bold"))
    found.append(_row(t("review.row_suggested"), suggested, "dim"))
    found.append(_row(t("review.row_events"), _events(view, columns)))
    found.append(_row("", _cursor(view, columns, view.style.whole), "bold"))
    return found


def _row(name: str, cells: str, style: str = "") -> Text:
    return Text.assemble((set_cell_size(name, GUTTER - 1) + " ", "dim"), (cells, style), no_wrap=True)


def _sound(view: View, columns: int, high: int, levels: str) -> Iterator[Text]:
    """The rows of all channels, or why there are none."""
    if view.drawn is None:
        yield _row("", set_cell_size(view.said, columns))
        return
    names = view.recording.channels
    for number, peaks in enumerate(view.drawn.channels):
        name = visible(names[number]) if number < len(names) else str(number)
        loud = [_loudness(view, peaks, column, columns) for column in range(columns)]
        for below in range(high - 1, -1, -1):
            cells = "".join(_block(share * high - below, levels) for share in loud)
            yield _row(name if below == high - 1 else "", cells, "cyan")


def _loudness(view: View, peaks: bytes, column: int, columns: int) -> float:
    """How loud a column is, from 0 to 1; raised so far that soft speech can be told from silence."""
    assert view.drawn is not None  # noqa: S101  the caller knows
    span, each = view.end - view.begin, view.drawn.column_ms
    first = (view.begin + column * span // columns) // each
    last = -(-(view.begin + (column + 1) * span // columns) // each)
    return float((max(peaks[first : max(last, first + 1)], default=0) / 255) ** _RAISED)


def _block(filled: float, levels: str) -> str:
    """The character of a cell that is filled so far from the bottom: 0 and below is empty, 1 full."""
    if filled <= 0:
        return " "
    return levels[min(int(filled * len(levels)), len(levels) - 1)]


def column_of(view: View, place: int, columns: int) -> int:
    """The column of a place; below zero or beyond the last where it isn't drawn."""
    return (place - view.begin) * columns // (view.end - view.begin)


def _axis(view: View, columns: int) -> str:
    """Times at their places, as many as have room."""
    span, row = view.end - view.begin, ""
    least = span / 1000 * 12 / columns
    step = next((step for step in waveform.STEPS if step >= least), waveform.STEPS[-1]) * 1000
    for at in range(-(-view.begin // step) * step, view.end + 1, step):
        column, time = column_of(view, at, columns), clock(at).removesuffix(".000")
        if column >= len(row) and column + len(time) <= columns:
            row = row.ljust(column) + time + " "
    return row.ljust(columns)[:columns]


def _sign(item: Item, style: waveform.Style) -> str:
    """The character of an item: a marker stands firm, a suggestion is a question, what is over is a cross."""
    if item.is_withdrawn:
        return "x"
    return style.levels[-1] if item.is_marker else "?"


def _cells(view: View, columns: int, items: Iterable[tuple[Item, str]]) -> str:
    cells = [" "] * columns
    ordered = sorted(items, key=lambda pair: not pair[0].is_withdrawn)  # what holds covers what doesn't
    for item, sign in ordered:
        start, end = view.edges.get(item, (item.start, item.end))
        _fill(view, cells, start, start if end is None else end, sign)
    return "".join(cells)


def _fill(view: View, cells: list[str], start: int, end: int, sign: str) -> None:
    columns = len(cells)
    first, last = column_of(view, start, columns), column_of(view, end, columns)
    for column in range(max(first, 0), min(last, columns - 1) + 1):
        cells[column] = sign


def _events(view: View, columns: int) -> str:
    cells = [" "] * columns
    for place, kind in view.recording.events:
        sign = t("review.sign_notice") if kind == "notice" else "!"
        _fill(view, cells, place, place, sign)
    return "".join(cells)


def _cursor(view: View, columns: int, line: str) -> str:
    """The extent of what is chosen, the cursor on it, and the cursor's time where there is room."""
    cells = [" "] * columns
    if view.selected is not None and view.selected.recording == view.recording.name:
        item = view.selected
        start, end = view.edges.get(item, (item.start, item.end))
        _fill(view, cells, start, start if end is None else end, line)
    _fill(view, cells, view.cursor, view.cursor, "^")
    row, time = "".join(cells), clock(view.cursor)
    if not row[-len(time) - 2 :].strip():
        return row[: -len(time)] + time
    return time + row[len(time) :] if not row[: len(time) + 2].strip() else row
