"""What the screen shows at the moment: recording, item, cursor, and what was moved and not saved."""

from dataclasses import dataclass, field

from evidence.cli.review.items import EVERYTHING, Item, chosen, filters
from evidence.cli.review.store import Contents, Recording
from evidence.cli.review.timeline import Edges

_FINEST_MS = 2000
"""Shortest time that is drawn."""
_SHORTEST_MS = 100
"""Shortest extent that edges are moved to."""


@dataclass(slots=True)
class State:
    """What is shown; it changes by what the person does.

    Attributes:
        contents: the incident.
        recording: name of the recording on the time line; empty when there is none.
        selected: the chosen item; None in an empty list.
        cursor: where the cursor stands in the recording, milliseconds.
        zoom: how often the drawn time was halved.
        filter: one of items.filters.
        search: what is searched for.
        moved: places of items that were moved and not saved.
    """

    contents: Contents
    recording: str = ""
    selected: Item | None = None
    cursor: int = 0
    zoom: int = 0
    filter: str = EVERYTHING
    search: str = ""
    moved: dict[Item, Edges] = field(default_factory=dict)

    @property
    def shown(self) -> list[Item]:
        """The items in the list."""
        return chosen(self.contents.items, self.filter, self.search)

    @property
    def place(self) -> int:
        """The chosen item's place in the list."""
        return self.shown.index(self.selected) if self.selected in self.shown else 0

    @property
    def known(self) -> Recording | None:
        """The recording on the time line."""
        return self.contents.recordings.get(self.recording)

    def update(self, contents: Contents, wanted: Item | None = None) -> None:
        """Show the incident as it was read now, and if possible the item that is wanted or was chosen."""
        place, before = self.place, wanted or self.selected
        self.contents = contents
        there = set(contents.items)
        self.moved = {item: edges for item, edges in self.moved.items() if item in there}
        if self.filter not in filters(contents.items):
            self.filter = EVERYTHING
        self._choose_again(before, place, is_wanted=wanted is not None)
        if self.known is None:
            self.recording = next(iter(contents.recordings), "")

    def narrow(self, by: str, search: str) -> None:
        """Show only what a filter and a search leave."""
        place, before = self.place, self.selected
        self.filter, self.search = by, search
        self._choose_again(before, place, is_wanted=False)

    def next_filter(self) -> str:
        """The filter behind the present one."""
        known = filters(self.contents.items)
        return known[(known.index(self.filter) + 1) % len(known)]

    def _choose_again(self, item: Item | None, place: int, *, is_wanted: bool) -> None:
        """Choose the same item again, as it is now; else what stands at its place."""
        shown = self.shown
        at = shown.index(item) if item in shown else min(place, len(shown) - 1)
        is_other = is_wanted or item not in shown
        self.selected = shown[at] if shown else None
        if is_other and self.selected is not None:
            self._go_there()

    def move(self, by: int) -> None:
        """Choose another item, so many rows further down."""
        shown = self.shown
        if shown:
            self.selected = shown[max(0, min(self.place + by, len(shown) - 1))]
            self._go_there()

    def _go_there(self) -> None:
        assert self.selected is not None  # noqa: S101  the callers see to it
        self.recording = self.selected.recording
        self.cursor = self.edges(self.selected)[0]

    def next_recording(self) -> None:
        """Draw the next recording."""
        names = list(self.contents.recordings)
        if self.recording in names:
            self.recording = names[(names.index(self.recording) + 1) % len(names)]
            self.cursor = 0

    def move_cursor(self, by: int) -> None:
        """Move the cursor by so many milliseconds, within the recording."""
        self.cursor = max(0, min(self.cursor + by, self.length))

    @property
    def length(self) -> int:
        """How long the recording is, as far as anybody knows; above zero."""
        if self.known is not None and self.known.milliseconds:
            return self.known.milliseconds
        items = (item for item in self.contents.items if item.recording == self.recording)
        return max([1000, *(item.end or item.start for item in items)])

    @property
    def window(self) -> tuple[int, int]:
        """The part of the recording that is drawn, round the cursor."""
        span = max(self.length >> self.zoom, min(_FINEST_MS, self.length))
        begin = max(0, min(self.cursor - span // 2, self.length - span))
        return begin, begin + span

    def magnify(self, by: int) -> None:
        """Halve or double the part that is drawn."""
        if by < 0 or self.length >> self.zoom > _FINEST_MS:
            self.zoom = max(0, self.zoom + by)

    def edges(self, item: Item) -> Edges:
        """Where an item begins and ends, moved or not."""
        return self.moved.get(item, (item.start, item.end))

    def move_edge(self, item: Item, edge: str, by: int) -> None:
        """Move an edge by so many milliseconds; a point becomes an extent, which keeps a least length.

        Args:
            item: whose.
            edge: ``start`` or ``end``.
            by: how far, later if above zero.
        """
        start, end = self.edges(item)
        last = start if end is None else end
        if edge == "start":
            start = max(0, start + by) if by < 0 else max(start, min(start + by, last - _SHORTEST_MS))
        elif by < 0:
            last = min(last, max(last + by, start + _SHORTEST_MS))
        else:
            last = max(last, min(last + by, self.length))
        moved = (start, None if end is None and last == start else last)
        if moved == (item.start, item.end):
            self.moved.pop(item, None)
        else:
            self.moved[item] = moved
