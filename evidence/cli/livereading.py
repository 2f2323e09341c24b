"""`evidence mark live --from`: events of a file or standard input, put into the vault's log."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.cli import console
from evidence.errors import ExitCode, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.intake.hotkeys.event import Unusable
    from evidence.intake.hotkeys.forms import Lines
    from evidence.operations.hotkeys_collect import Batch, Pieces
    from evidence.operations.seams import Seams
    from evidence.vault.config import Config

STANDARD_INPUT = "-"
_TOLD = 20
"""Lines that can't be used and are told one by one."""


class Problems:
    """Tells lines that can't be used: the first ones each, all of them in number.

    Args:
        name: what the source is called.
        is_log: whether what is told goes to a log, where nothing of the lines themselves may stand.
    """

    def __init__(self, name: str, *, is_log: bool = False) -> None:
        self._name = name
        self._is_log = is_log
        self._codes: set[str] = set()
        self.count = 0

    def tell(self, found: "Sequence[tuple[int, Unusable]]") -> None:
        """Tell some more."""
        for line, problem in found:
            self.count += 1
            if self.count <= _TOLD:
                hint = problem.hint if problem.code not in self._codes else ""
                self._codes.add(problem.code)
                message = console.words("live.bad_line", file=self._name, line=line)
                reason = t("live.unusable", code=problem.code) if self._is_log else problem.message
                console.warning(f"{message}: {reason}", hint)

    def end(self) -> None:
        """Say how many more there were."""
        if self.count > _TOLD:
            console.warning(t("live.bad_lines", n=self.count))


def name_of(source: str) -> str:
    """What a source is called in messages and markers."""
    from evidence.operations.prepare import name_of as name

    return t("live.standard_input") if source == STANDARD_INPUT else name(Path(source))


def pieces_of(source: str, seams: "Seams", *, is_followed: bool) -> "Pieces":
    """What a source holds, piece by piece.

    Raises:
        UsageError: there is no standard input.
    """
    from evidence.operations import hotkeys_collect

    if source != STANDARD_INPUT:
        path = Path(source)
        return hotkeys_collect.followed(path, seams.pause) if is_followed else hotkeys_collect.of_file(path)
    if sys.stdin is None:
        raise UsageError(t("live.no_input"), t("live.no_input_hint"))
    return hotkeys_collect.of_stream(sys.stdin.fileno())


def begins(given: dict[str, Any], config: "Config", zone: str) -> "Callable[[], Lines]":
    """Makes what reads lines.

    Raises:
        UsageError: an unknown zone.
    """
    from evidence.intake import calltimes
    from evidence.intake.hotkeys.forms import Lines

    chosen = calltimes.known_zone(given["zone"] or "") or zone or None
    return lambda: Lines(config.marker_classes, chosen, given["fold"])


def collect(source: str, given: dict[str, Any], vault: Path | None, *, as_json: bool) -> int:
    """Read a source to its end, or as long as it grows."""
    from evidence.entropy import new_uuid
    from evidence.intake.hotkeys.reading import Reader
    from evidence.operations import hotkeys_collect
    from evidence.operations.opening import settings_of
    from evidence.operations.seams import Seams
    from evidence.vault.hotkeys import HotkeyLog

    seams = Seams()
    layout, config = settings_of(vault, seams)
    is_live = given["follow"] and source == STANDARD_INPUT
    new_id = (lambda: new_uuid(seams.entropy)) if is_live else None
    reader = Reader(begins(given, config, config.time_zone), new_id)
    name, log = name_of(source), HotkeyLog(layout, seams.durable)
    problems, new, known = Problems(name, is_log=given["follow"]), 0, 0
    pieces = pieces_of(source, seams, is_followed=given["follow"])
    with suppress(*([KeyboardInterrupt] if given["follow"] else [])):
        for batch in hotkeys_collect.collect(pieces, reader, log, name, seams.clock):
            fresh = [noted for noted in batch.noted if noted.is_new]
            new, known = new + len(fresh), known + len(batch.noted) - len(fresh)
            problems.tell(batch.problems)
            _tell(batch, len(fresh), as_json=as_json)
    problems.end()
    if not as_json:
        console.line(t("live.collected", n=new))
        if known:
            console.note(t("live.known", n=known))
    return ExitCode.QUARANTINED if problems.count else ExitCode.DONE


def _tell(batch: "Batch", new: int, *, as_json: bool) -> None:
    """What became of some lines; nothing that names a person."""
    if as_json:
        wrong = [{"line": line, "error": problem.code} for line, problem in batch.problems]
        console.json_line({"noted": new, "known": len(batch.noted) - new, "problems": wrong})
        console.flush()
