"""Lines of the vault's log of hot keys, read (evidence.vault.hotkeys writes them)."""

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence import strict
from evidence.errors import StoreError
from evidence.intake.hotkeys.event import MAX_BYTES, Event
from evidence.messages import t
from evidence.text import visible
from evidence.vault.layout import Layout
from evidence.vault.regular import NotRegularError, open_regular

LONGEST = 4 * MAX_BYTES
"""Bytes of the longest line that is read."""

_NAME = re.compile(r"hotkeys-([0-9]{4}-[0-9]{2}-[0-9]{2})\.jsonl", re.ASCII)


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log.

    Attributes:
        file: name of the log's file.
        line: its number there, from 1.
        event: what was told; None where the line can't be read.
        received: when it came, RFC 3339 text by this machine's clock.
        source: where it was read from, if from a file: its name and line; untrusted.
    """

    file: str
    line: int
    event: Event | None
    received: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """What it is called: ``hotkeys-2026-11-05:17``."""
        return f"{self.file.removesuffix('.jsonl')}:{self.line}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A line as it lies in a file: how many bytes it has, and whether it is ended."""

    logged: Logged
    size: int
    is_ended: bool


def files(folder: Path) -> list[Path]:
    """The files of the log, the oldest first."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names are all that is wanted
    except FileNotFoundError:
        return []
    return [folder / name for name in names if _NAME.fullmatch(name)]


def logged(layout: Layout, since: dt.datetime) -> Iterator[Logged]:
    """The lines of the log from the day of a time on, in their order; not one that is being written.

    Raises:
        StoreError: the file system refuses.
    """
    try:
        for path in files(layout.hotkeys):
            if path.name >= file_of(since):
                with open_regular(path) as file:
                    for piece in pieces(file, path.name, 0):
                        if piece.is_ended or piece.logged.event is not None:
                            yield piece.logged
    except (OSError, NotRegularError) as error:
        reason, shown = reason_of(error), visible(str(layout.hotkeys))
        message = t("live.log_unreadable", folder=shown, reason=reason)
        raise StoreError(message, t("live.log_unreadable_hint")) from error


def file_of(time: dt.datetime) -> str:
    """The name of the file of the day on which a time is."""
    return f"hotkeys-{time.astimezone(dt.UTC):%Y-%m-%d}.jsonl"


def pieces(file: BinaryIO, name: str, lines: int) -> Iterator[Piece]:
    """The lines of a file from where it stands; what is too long to be one is only measured."""
    while data := file.readline(LONGEST):
        lines += 1
        size, is_long = len(data), False
        while not data.endswith(b"\n") and (more := file.readline(LONGEST)):
            size, is_long, data = size + len(more), True, more
        found = Logged(name, lines, None) if is_long else _parsed(name, lines, data)
        yield Piece(found, size, data.endswith(b"\n"))


def _parsed(name: str, line: int, data: bytes) -> Logged:
    try:
        document = strict.json_document(data.rstrip(b"\n"), LONGEST)
        event = Event.from_log(document)
        received, source = document["received"], document.get("source", "")
        if not event.id or not isinstance(received, str) or not isinstance(source, str):
            raise ValueError("incomplete")  # noqa: TRY301  told like every other
        strict.timestamp(received)
    except (ValueError, KeyError):
        return Logged(name, line, None)
    return Logged(name, line, event, received, source)


def reason_of(error: Exception) -> str:
    """What the system complains about."""
    return getattr(error, "strerror", None) or str(error)
