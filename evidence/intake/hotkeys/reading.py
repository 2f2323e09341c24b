"""A source of events as it comes in: pieces of bytes, cut into lines that are read each by itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from evidence.intake.hotkeys.event import MAX_BYTES, Event, Unusable, unusable
from evidence.intake.hotkeys.forms import Lines

_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds an event, or can't be read.

    Attributes:
        number: from 1.
        event: with an id; None when it can't be read.
        problem: why it can't be read.
    """

    number: int
    event: Event | None = None
    problem: Unusable | None = None


class Reader:
    """Reads one source.

    An event that has no id gets one made of what it tells, so that a source that is read again tells nothing
    new; two lines that tell the same are one event.

    Args:
        begin: makes what reads the lines; called again where the source begins anew.
        new_id: makes an id for an event without a time, which is taken to come now; None: it is refused.
    """

    def __init__(self, begin: Callable[[], Lines], new_id: Callable[[], str] | None = None) -> None:
        self._begin = begin
        self._new_id = new_id
        self._lines = begin()
        self._number = 0
        self._kept = b""
        self._is_long = False

    def feed(self, data: bytes) -> list[Line]:
        """The lines that are whole with this piece."""
        first, *others = data.split(b"\n")
        if not others:
            self._keep(first)
            return []
        found = [self._line(self._kept + first)]
        found += [self._line(line) for line in others[:-1]]
        self._kept = b""
        self._keep(others[-1])
        return [line for line in found if line is not None]

    def end(self) -> list[Line]:
        """The last line; what comes afterwards begins anew."""
        found = self._line(self._kept) if self._kept or self._is_long else None
        self._kept, self._number, self._lines = b"", 0, self._begin()
        return [found] if found is not None else []

    def _keep(self, data: bytes) -> None:
        """Keep the beginning of a line until its end comes; of one that is too long nothing is kept."""
        self._kept += data
        if len(self._kept) > MAX_BYTES + 1:
            self._kept, self._is_long = b"", True

    def _line(self, data: bytes) -> Line | None:
        self._number += 1
        is_long, self._is_long = self._is_long, False
        try:
            if is_long:
                raise unusable("long_line", limit=MAX_BYTES)
            event = self._lines.read(data)
            return None if event is None else Line(self._number, self._named(event))
        except Unusable as problem:
            return Line(self._number, problem=problem)

    def _named(self, event: Event) -> Event:
        if not event.at and self._new_id is None:
            raise unusable("no_time_told")
        if event.id:
            return event
        if not event.at and self._new_id is not None:
            return replace(event, id=self._new_id())
        return replace(event, id=f"line-{event.digest()[:_ID_DIGITS]}")
