"""What a scan has found so far."""

import os

from evidence.errors import EvidenceError, FormatError
from evidence.intake.inbox.model import Alarm, Bad, Item, Left, Scan
from evidence.messages import t

_LINES_SHOWN = 10


class Finds:
    """Collects what a scan finds; of a table's rows no more than a few are named, however many there are."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._left: list[Left] = []
        self._bad: list[Bad] = []
        self._alarms: list[Alarm] = []

    def ready(self, item: Item) -> None:
        """An item can be sealed."""
        self._items.append(item)

    def leave(self, key: str, code: str, n: int = 1) -> None:
        """Something is left for the next run."""
        self._left.append(Left(key, code, t(f"inbox.left_{code}", n=n)))

    def bad(self, item: Item, error: EvidenceError) -> None:
        """An item can't be sealed."""
        self._bad.append(Bad(item, error))

    def alarm(self, key: str, error: EvidenceError) -> None:
        """A person must look at something."""
        self._alarms.append(Alarm(key, error))

    def scan(self) -> Scan:
        """All of it, the oldest items first."""
        items = sorted(self._items, key=lambda item: (item.since_ns, os.fsencode(item.key)))
        return Scan(tuple(items), tuple(self._left), tuple(self._bad), tuple(self._alarms))


class RowFinds:
    """Problems of a table's rows, by kind: how many there are, and in which lines the first of them."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, code: str, line: int) -> None:
        """A row has that problem."""
        self._counts[code] = self._counts.get(code, 0) + 1
        lines = self._lines.setdefault(code, [])
        if len(lines) < _LINES_SHOWN:
            lines.append(line)

    def tell(self, finds: Finds, key: str) -> None:
        """Tell of the problems, one alarm for each kind.

        Args:
            finds: gets them.
            key: names mapping and table.
        """
        for code, count in self._counts.items():
            lines = ", ".join(map(str, self._lines[code])) + (" …" if count > _LINES_SHOWN else "")
            values: dict[str, str | int] = {"n": count, "lines": lines}
            error = FormatError(t(f"inbox.row_{code}", **values), t(f"inbox.row_{code}_hint"))
            finds.alarm(key, error)
