"""The list of markers and suggestions: a row each, told apart by characters."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from evidence.cli.markers_shown import kind
from evidence.cli.review.items import Item
from evidence.cli.review.timeline import Edges
from evidence.messages import t
from evidence.operations.markers.decisions import ACCEPTED, decided_as
from evidence.text import visible
from evidence.verify.durations import clock

_WIDE = 110
"""Columns from which on a row has room for channel and person."""
_ELLIPSIS = "…"
_LONGEST_WORDS = 400
"""Characters of the words that are looked at for a row."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the list shows.

    Attributes:
        items: those that filter and search leave.
        selected: the chosen one's place among them.
        moved: places of items that were moved and not saved.
    """

    items: Sequence[Item]
    selected: int
    moved: dict[Item, Edges]


def drawn(rows: Rows, width: int, height: int) -> list[Text]:
    """The rows that fit, the chosen one among them.

    Args:
        rows: what there is.
        width: columns.
        height: rows.
    """
    if not rows.items:
        return [Text(set_cell_size(t("review.list_empty"), width), style="dim", no_wrap=True)]
    first = max(0, min(rows.selected - height // 2, len(rows.items) - height))
    shown = range(first, min(first + height, len(rows.items)))
    return [_row(rows.items[n], rows.moved, width, is_selected=n == rows.selected) for n in shown]


def _row(item: Item, moved: dict[Item, Edges], width: int, *, is_selected: bool) -> Text:
    columns = [
        (">" if is_selected else " ", 1),
        (_number(item), 5),
        (where(item, moved), 18),
        (visible(kind(item.document)) + ("" if item.is_marker else "?"), 14),
        (state(item, item in moved), 11),
    ]
    if width >= _WIDE:
        said = item.document.get("asserted_by", t("review.a_program"))
        columns += [(visible(str(item.document.get("channel", ""))), 9), (visible(said), 18)]
    head = " ".join(fitted(text, room) for text, room in columns)
    words = visible(item.document.get("words", "")[:_LONGEST_WORDS])
    row = fitted(f"{head} {words}", width)
    return Text(row, style=_style(item, is_selected=is_selected), no_wrap=True)


def _style(item: Item, *, is_selected: bool) -> str:
    if is_selected:
        return "reverse"
    if item.is_withdrawn:
        return "dim"
    return "" if item.is_marker else "italic magenta"


def _number(item: Item) -> str:
    """``M12`` or ``?12``."""
    return f"{t('review.sign_marker') if item.is_marker else '?'}{item.number}"


def where(item: Item, moved: dict[Item, Edges]) -> str:
    """The place of an item; where it was moved, that it isn't saved."""
    start, end = moved.get(item, (item.start, item.end))
    place = clock(start) if end is None else f"{clock(start)}-{clock(end)}"
    return f"{place}*" if item in moved else place


def state(item: Item, is_moved: bool) -> str:
    """What is the case with an item, in a word."""
    if is_moved:
        return t("review.state_moved")
    document = item.document
    if "withdrawn" in document or decided_as(document) == ACCEPTED:  # a suggestion whose marker was withdrawn
        return t("review.state_withdrawn")
    if item.is_marker:
        return t("review.state_confirmed" if "reviewed_by" in document else "review.state_asserted")
    return t("review.state_rejected" if item.is_withdrawn else "review.state_open")


def fitted(text: str, width: int) -> str:
    """Text in exactly so many columns; what is cut off is told."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + _ELLIPSIS
