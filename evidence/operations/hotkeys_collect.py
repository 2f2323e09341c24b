"""Hot-key events from a file or standard input, put into the vault's log as they come."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence.clock import Clock
from evidence.errors import FormatError, StoreError, UsageError
from evidence.intake import files
from evidence.intake.hotkeys.event import Unusable, unusable
from evidence.intake.hotkeys.reading import Line, Reader
from evidence.messages import t
from evidence.text import visible
from evidence.vault.hotkeys import Arriving, HotkeyLog, Noted
from evidence.vault.regular import NotRegularError, open_regular

_PIECE = 65536
_PAUSE = 0.25
_LONGEST_SOURCE = 300

Pieces = Iterable[bytes | None]
"""What a source holds, piece by piece; None: it ends here, and what follows begins anew."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some lines.

    Attributes:
        noted: the events, in their order.
        problems: lines that couldn't be used, with their numbers.
    """

    noted: list[Noted]
    problems: list[tuple[int, Unusable]]


def of_file(path: Path) -> Iterator[bytes | None]:
    """A file, once.

    Raises:
        UsageError, FormatError: there is none, or it is no file.
        StoreError: it can't be read.
    """
    try:
        with _opened(path) as file:
            yield from _rest(file)
    except OSError as error:
        raise files.unreadable(str(path), error) from error
    yield None


def of_stream(descriptor: int) -> Iterator[bytes | None]:
    """A stream until its end, each piece as soon as it comes."""
    while data := os.read(descriptor, _PIECE):
        yield data
    yield None


def followed(path: Path, pause: Callable[[float], None]) -> Iterator[bytes | None]:
    """A file that grows, for ever; one that takes its place, or its shortened self, begins anew.

    Raises:
        UsageError, FormatError, StoreError: as of_file; that it is missing for a while is none.
    """
    opened = _opened(path)
    while True:
        try:
            with opened as file:
                yield from _growing(file, path, pause)
        except OSError as error:
            raise files.unreadable(str(path), error) from error
        yield None
        while not os.path.lexists(path):
            pause(_PAUSE)
        opened = _opened(path)


def collect(pieces: Pieces, reader: Reader, log: HotkeyLog, name: str, clock: Clock) -> Iterator[Batch]:
    """Put events into the log; those of a piece are durable before the next one is read.

    Args:
        pieces: the source.
        reader: reads its lines.
        log: the vault's log.
        name: what the source is called; untrusted, empty for none.
        clock: the host's clock.

    Raises:
        StoreError: the log can't be written.
    """
    for piece in pieces:
        lines = reader.end() if piece is None else reader.feed(piece)
        if lines:
            yield _noted(lines, log, name, clock)


def _noted(lines: list[Line], log: HotkeyLog, name: str, clock: Clock) -> Batch:
    problems = [(line.number, line.problem) for line in lines if line.problem is not None]
    events = [(line.number, line.event) for line in lines if line.event is not None]
    arriving = [Arriving(event, source_of(name, number)) for number, event in events]
    noted = log.append(arriving, clock()) if arriving else []
    for (number, _event), item in zip(events, noted, strict=True):
        if not item.is_same:
            problems.append((number, unusable("other_event", name=item.name)))
    return Batch([item for item in noted if item.is_same], sorted(problems, key=lambda item: item[0]))


def source_of(name: str, line: int) -> str:
    """File and line as a marker names them."""
    return f"{visible(name)}:{line}"[-_LONGEST_SOURCE:] if name else ""


def _opened(path: Path) -> BinaryIO:
    shown = visible(str(path))
    try:
        return open_regular(path)
    except NotRegularError as error:
        raise FormatError(t("live.not_regular", file=shown), t("live.not_regular_hint")) from error
    except OSError as error:
        if files.is_nowhere(error):
            raise UsageError(t("incidents.no_file", file=shown), t("incidents.no_file_hint")) from error
        raise files.unreadable(str(path), error) from error


def _rest(file: BinaryIO) -> Iterator[bytes]:
    while data := os.read(file.fileno(), _PIECE):
        yield data


def _growing(file: BinaryIO, path: Path, pause: Callable[[float], None]) -> Iterator[bytes]:
    """What a file holds and gets, until another one stands in its place or it is shortened."""
    while True:
        yield from _rest(file)
        is_other, is_short = _is_other(file, path), _is_short(file)
        if is_other:
            yield from _rest(file)  # what was written until it was replaced
        if is_other or is_short:
            return
        pause(_PAUSE)


def _is_other(file: BinaryIO, path: Path) -> bool:
    try:
        return not os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return True


def _is_short(file: BinaryIO) -> bool:
    return os.fstat(file.fileno()).st_size < os.lseek(file.fileno(), 0, os.SEEK_CUR)


__all__ = ["Batch", "StoreError", "collect", "followed", "of_file", "of_stream", "source_of"]
