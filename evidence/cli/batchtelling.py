"""What `evidence batch` prints: a line for each thing that is no longer as it was, then a summary."""

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from evidence.cli import console
from evidence.cli.progress import Progress
from evidence.errors import ExitCode
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.operations.seams import Seams
    from evidence.vault.vault import Vault


class Telling:
    """Tells what a batch does; see operations.batch.Events. A context manager."""

    def __init__(self, seams: "Seams", *, as_json: bool) -> None:
        self._as_json = as_json
        self._begun = seams.clock()
        self._clock = seams.clock
        self._counts: Counter[str] = Counter()
        self._progress = Progress(0, t("seal.progress"))
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.close()

    def recovered(self, what: Any) -> None:
        """An interrupted seal was settled."""
        values = {"archive_id": what.archive_id, "reason": what.reason}
        tell = console.note if what.outcome in {"published", "dropped"} else console.warning
        tell(console.words(f"seal.recovered_{what.outcome}", **values))

    def started(self, items: int) -> None:
        """So much is about to be sealed."""
        self._done = 0
        self._progress(0, items)

    def outcome(self, what: Any, place: Path | None) -> None:
        """What became of something."""
        from evidence.operations.batchoutcome import Left

        kind = type(what).__name__.lower()
        self._counts[kind] += 1
        self._done += 1
        self._progress(self._done)
        key = what.key if isinstance(what, Left) else what.item.key
        if self._as_json:
            console.json_line(_document(kind, key, what, place))
        elif kind == "sealed":
            console.line(console.words("batch.sealed", item=key, archive=str(what.archive)))
        elif kind == "left":
            console.line(console.words("batch.left", item=key, reason=what.reason))
        elif kind in {"setaside", "failed"}:
            console.error(f"{_lead(kind, key, place)} {what.message}", what.hint)

    def problem(self, message: str, hint: str) -> None:
        """Something to look at."""
        console.warning(message, hint)

    def summary(self, _vault: "Vault") -> ExitCode:
        """Print the last line; the exit code."""
        self._progress.close()
        counts = {name: self._counts[name] for name in ("sealed", "already", "left", "setaside", "failed")}
        if self._as_json:
            console.json_line({"event": "summary", **counts})
        else:
            console.line(t("batch.summary", **counts))
        return ExitCode.QUARANTINED if counts["setaside"] or counts["failed"] else ExitCode.DONE


def _lead(kind: str, key: str, place: Path | None) -> str:
    if kind == "failed":
        return console.words("batch.failed", item=key)
    if place is None:
        return console.words("batch.not_quarantined_yet", item=key)
    return console.words("batch.quarantined", item=key, folder=str(place))


def _document(kind: str, key: str, what: Any, place: Path | None) -> dict[str, Any]:
    found: dict[str, Any] = {"event": kind, "item": key}
    for name in ("number", "archive_id", "sequence", "reason", "message", "hint"):
        if hasattr(what, name):
            found[name] = getattr(what, name)
    if hasattr(what, "archive"):
        found["archive"] = str(what.archive)
    if hasattr(what, "exit_code"):
        found["exit_code"] = int(what.exit_code)
    if place is not None:
        found["folder"] = str(place)
    return found
