"""The vault's log of hot keys: an event a line of JSON, in a file for each day (UTC) on which they came.

Whatever ``append`` returned of is durable. Several processes may add at once: each holds a lock and looks at
what the others have added. An event that comes again under its id isn't added again, as long as it comes
within KNOWN_DAYS. A line that a crash has cut off is ended where it is, never removed.
"""

import datetime as dt
import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from evidence import strict
from evidence.errors import StoreError
from evidence.intake.hotkeys.event import Event
from evidence.messages import t
from evidence.text import visible
from evidence.vault import locks
from evidence.vault.durable import Durable
from evidence.vault.hotkeylines import Logged, file_of, files, pieces, reason_of
from evidence.vault.layout import Layout
from evidence.vault.regular import NotRegularError, open_regular

KNOWN_DAYS = 31
"""For how many days an event is known by its id."""

MOST = 64 * 1024 * 1024
"""Bytes of one day that are taken in; more is no agent's doing."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """An event that has come.

    Attributes:
        event: the event; it has an id.
        source: as of Logged.
    """

    event: Event
    source: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """An event that is in the log.

    Attributes:
        name: as of Logged.
        is_new: whether it was added now.
        is_same: whether what was told before under its id is the same.
    """

    name: str
    is_new: bool
    is_same: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one file: its whole lines, their bytes, and how many more lie behind them."""

    lines: int = 0
    size: int = 0
    tail: int = 0


@dataclass(slots=True)
class HotkeyLog:
    """Adds to the log of one vault; threads may share it.

    Args:
        layout: the vault's paths.
        durable: the file system.
    """

    layout: Layout
    durable: Durable
    _files: dict[str, _Known] = field(default_factory=dict)
    _ids: dict[bytes, tuple[str, bytes]] = field(default_factory=dict)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def append(self, arriving: Sequence[Arriving], now: dt.datetime) -> list[Noted]:
        """Add events that aren't there yet; all of them are durable afterwards.

        Args:
            arriving: the events.
            now: when they came; aware.

        Raises:
            StoreError: the file system refuses; none of them was added.
        """
        try:
            with self._mutex:
                make_folder(self.layout, self.durable)
                with locks.held(self.layout.hotkeys_lock):
                    return self._appended(arriving, now)
        except (OSError, NotRegularError) as error:
            raise _unwritable(self.layout.hotkeys, error) from error

    def _appended(self, arriving: Sequence[Arriving], now: dt.datetime) -> list[Noted]:
        name = file_of(now)
        self._catch_up(now)
        known = self._files.get(name, _Known())
        noted: list[Noted] = []
        added: dict[bytes, tuple[str, bytes]] = {}
        lines = known.lines + bool(known.tail)
        data = bytearray(b"\n" if known.tail else b"")
        for item in arriving:
            key, digest = _key(item.event.id), _digest(item.event)
            there = self._ids.get(key) or added.get(key)
            if there is None:
                lines += 1
                data += _line(item, now)
                added[key] = there = (Logged(name, lines, None).name, digest)
                noted.append(Noted(there[0], is_new=True))
            else:
                noted.append(Noted(there[0], is_new=False, is_same=there[1] == digest))
        if added:
            size = known.size + known.tail
            self._write(name, size, bytes(data))
            self._files[name] = _Known(lines, size + len(data))
            self._ids |= added
        return noted

    def _write(self, name: str, size: int, data: bytes) -> None:
        """Add lines to a file of that size, whole and durable, or leave it as it is."""
        path = self.layout.hotkeys / name
        if size + len(data) > MOST:
            raise StoreError(t("live.log_full", file=name, limit=MOST), t("live.log_full_hint"))
        is_there = os.path.lexists(path)
        with self.durable.reopen(path, size) if is_there else self.durable.create(path) as file:
            try:
                # unbuffered, so that nothing can follow when this fails
                written = 0
                while written < len(data):
                    written += os.pwrite(file.fileno(), data[written:], size + written)
                self.durable.sync(file)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file.fileno(), size)
                raise
        if not size:
            self.durable.sync_directory(self.layout.hotkeys)

    def _catch_up(self, now: dt.datetime) -> None:
        """Learn the ids of lines that aren't known yet; files of days that are over don't grow any more."""
        first, yesterday = (file_of(now - dt.timedelta(days=days)) for days in (KNOWN_DAYS, 1))
        there = files(self.layout.hotkeys)
        for gone in self._files.keys() - {path.name for path in there}:
            del self._files[gone]
        for path in there:
            if path.name >= yesterday or (path.name >= first and path.name not in self._files):
                self._learn(path)

    def _learn(self, path: Path) -> None:
        known = self._files.get(path.name, _Known())
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size == known.size + known.tail:
                return
            if size < known.size:  # somebody has erased a part of it
                known = _Known()
            file.seek(known.size)
            for piece in pieces(file, path.name, known.lines):
                found = piece.logged
                if found.event is not None:
                    self._ids.setdefault(_key(found.event.id), (found.name, _digest(found.event)))
                if piece.is_ended:
                    known = _Known(found.line, known.size + piece.size)
                else:
                    known = _Known(known.lines, known.size, piece.size)
        self._files[path.name] = known


def make_folder(layout: Layout, durable: Durable) -> None:
    """Make the log's folder where there is none, private to the vault's owner.

    Raises:
        OSError: the file system refuses.
    """
    if not layout.hotkeys.is_dir():
        with suppress(FileExistsError):  # made by another process just now
            durable.make_directory(layout.hotkeys)


def _line(item: Arriving, now: dt.datetime) -> bytes:
    document = {"received": strict.format_timestamp(now), **item.event.to_document()}
    if item.source:
        document["source"] = item.source
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _key(event_id: str) -> bytes:
    return sha256(event_id.encode("utf-8")).digest()[:16]


def _digest(event: Event) -> bytes:
    return bytes.fromhex(event.digest()[:32])


def _unwritable(folder: Path, error: Exception) -> StoreError:
    message = t("live.log_unwritable", folder=visible(str(folder)), reason=reason_of(error))
    return StoreError(message, t("live.log_unwritable_hint"))
