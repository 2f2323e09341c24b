"""What `evidence batch` prints: a line for each thing that is no longer as it was, then a summary."""

import datetime as dt
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from evidence.cli import console
from evidence.cli.logbook import Logbook, Private
from evidence.cli.progress import Progress
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import t
from evidence.operations.batchoutcome import Already, Failed, Left, Outcome, Sealed, SetAside
from evidence.operations.batchresult import BatchSummary, FormatCost, Stamp, combined
from evidence.operations.recover import Recovered
from evidence.vault import notices

if TYPE_CHECKING:
    from evidence.vault.vault import Vault

_EVENTS = {
    "Sealed": "sealed",
    "Already": "already",
    "SetAside": "quarantined",
    "Left": "left",
    "Failed": "failed",
}


class Telling:
    """Tells what a batch does; see operations.batch.Events. A context manager.

    Args:
        book: where to tell what isn't a result.
        begun: when the batch began.
        as_json: whether results are JSON.
    """

    def __init__(self, book: Logbook, begun: dt.datetime, *, as_json: bool) -> None:
        self._book = book
        self._begun = begun
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._costs: list[FormatCost] = []
        self._grades: Counter[str] = Counter()
        self._bytes = 0
        self._progress = Progress(0, t("seal.progress"))
        self._expected = 0
        self._alarms = 0
        self._pending = 0
        self._received = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.close()

    def recovered(self, what: Recovered) -> None:
        """An interrupted seal was settled."""
        tell = self._book.info if what.outcome in {"published", "dropped"} else self._book.warning
        tell(f"seal.recovered_{what.outcome}", archive_id=what.archive_id, reason=Private(what.reason))

    def received(self, receipts: int) -> None:
        """So many receipts were entered in the register."""
        self._received = receipts

    def started(self, items: int) -> None:
        """So much more is about to be sealed."""
        self._expected += items
        self._progress(self._counts.total(), self._expected)

    def outcome(self, what: Outcome, place: Path | None) -> None:
        """What became of something."""
        event = _EVENTS[type(what).__name__]
        self._counts[event] += 1
        self._progress(self._counts.total())
        if isinstance(what, Sealed):
            self._costs = list(combined([*self._costs, *what.costs]))
            self._grades.update(what.grades)
            self._bytes += what.size
            if what.undrawn:
                self.problem(t("seal.undrawn", n=what.undrawn), t("seal.undrawn_hint"))
            if what.lacks_report:
                self.problem(t("seal.no_report"), t("seal.no_report_hint"))
        if self._as_json:
            console.json_line(_document(event, what, place))
        else:
            self._tell(what, place)

    def alarm(self, key: str, error: EvidenceError) -> None:
        """What a person must look at."""
        self._alarms += 1
        if self._as_json:
            text = {"message": error.message, "hint": error.hint, "exit_code": int(error.exit_code)}
            console.json_line({"event": "alarm", "item": key, **text})
        else:
            values = {"item": Private(key), "message": Private(error.message), "hint": Private(error.hint)}
            self._book.error("batch.alarm", "batch.hint" if error.hint else "", **values)

    def pending(self, archives: int, reasons: str) -> None:
        """Time stamps are to come."""
        self._pending = archives
        self._book.warning("timestamp.pending", "timestamp.pending_hint", n=archives)
        if reasons:
            self._book.info("batch.authorities", reasons=Private(reasons))

    def problem(self, message: str, hint: str) -> None:
        """Something that a person should look at."""
        values = {"message": Private(message), "hint": Private(hint)}
        self._book.warning("batch.problem", "batch.hint" if hint else "", **values)

    def exit_code(self) -> ExitCode:
        """What the program ends with."""
        to_look_at = self._counts["quarantined"] + self._counts["failed"] + self._alarms
        return ExitCode.QUARANTINED if to_look_at else ExitCode.DONE

    def summary(self, vault: "Vault", now: dt.datetime) -> BatchSummary:
        """Print the last line; returns what it says."""
        found = BatchSummary(
            self._begun,
            now,
            sealed=self._counts["sealed"],
            already=self._counts["already"],
            left=self._counts["left"],
            quarantined=self._counts["quarantined"],
            failed=self._counts["failed"],
            alarms=self._alarms,
            received=self._received,
            bytes=self._bytes,
            stamp=_stamp(vault, self._pending),
            pending=self._pending,
            head=vault.store.size(),
            examination=tuple(self._costs),
            notice_grades=dict(self._grades),
            has_notices=bool(notices.entered(vault.store)),
        )
        if self._as_json:
            console.json_line(found.to_document())
        else:
            console.line(found.in_words())
        return found

    def _tell(self, what: Outcome, place: Path | None) -> None:
        match what:
            case Sealed():
                console.line(console.words("batch.sealed", item=what.item.key, archive=str(what.archive)))
            case Left():
                self._book.info("batch.left", item=Private(what.key), reason=Private(what.reason))
            case SetAside() | Failed():
                values = {"item": Private(what.item.key), "message": Private(what.message)}
                hint = "batch.hint" if what.hint else ""
                where = Private(place or "")
                self._book.error(_told_as(what, place), hint, folder=where, hint=Private(what.hint), **values)
            case Already():
                pass


def _stamp(vault: "Vault", pending: int) -> Stamp:
    from evidence.operations.stamping import is_expected

    if pending:
        return "pending"
    return "stamped" if is_expected(vault) else "none"


def _told_as(what: SetAside | Failed, place: Path | None) -> str:
    if isinstance(what, Failed):
        return "batch.failed"
    return "batch.quarantined" if place else "batch.not_quarantined_yet"


def _document(event: str, what: Outcome, place: Path | None) -> dict[str, Any]:
    key = what.key if isinstance(what, Left) else what.item.key
    found: dict[str, Any] = {"event": event, "item": key}
    for name in ("number", "archive_id", "sequence", "reason", "message", "hint"):
        if hasattr(what, name):
            found[name] = getattr(what, name)
    if isinstance(what, Sealed):
        found["archive"] = str(what.archive)
        found["notice_grades"] = list(what.grades)
    if isinstance(what, SetAside | Failed):
        found["exit_code"] = int(what.exit_code)
    if place is not None:
        found["folder"] = str(place)
    return found
