"""Reads what can be read of a register database, however damaged, old or foreign it is.

A database is copied with its write-ahead log before it is opened, since opening one may change it.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.crypto import notes
from evidence.errors import EvidenceError
from evidence.register import checkpoint, entries
from evidence.register.merkle import Frontier, leaf_hash
from evidence.vault import heads
from evidence.vault.claims import Claim
from evidence.vault.durable import OWNER_DIRECTORY
from evidence.vault.register_store import RegisterStore


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a register database holds, as far as it could be read. Nothing is authenticated.

    Attributes:
        entries: the bytes of its entries, by their place.
        checkpoints: its signed notes, by their size.
        claims: its journal.
    """

    entries: dict[int, bytes] = field(default_factory=dict)
    checkpoints: dict[int, bytes] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)


def read(database: Path, scratch: Path) -> Salvaged:
    """What stands in a database file, which may be broken; an empty result where it isn't one.

    Args:
        database: the file; its write-ahead log is looked for beside it. Neither is changed.
        scratch: a folder to be made for a copy; removed afterwards.

    Raises:
        OSError: the file can't be read.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=OWNER_DIRECTORY)
    try:
        copy = scratch / "copy.sqlite"
        shutil.copyfile(database, copy)
        log = database.with_name(f"{database.name}-wal")
        if log.is_file():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        return _read(copy)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def is_sound(store: RegisterStore) -> bool:
    """Whether all of a register is as its own newest signed checkpoint says: entries, tree, journal."""
    try:
        if store.rows("PRAGMA integrity_check(1)") != [("ok",)]:
            return False
        frontier, last = Frontier(), None
        for sequence, data in enumerate(store.documents()):
            entry = entries.parse(data)
            completed = frontier.append(leaf_hash(data))
            if (entry.sequence, entry.previous) != (sequence, last):
                return False
            if any(store.node(level, position) != value for level, position, value in completed):
                return False
            last = completed[0][2]
        note = store.checkpoint()
        head = heads.authentic(note, store.register_key(), store.origin())
        store.rows("SELECT * FROM claims")
    except (EvidenceError, ValueError):
        return False
    return head is not None and (head.size, head.root) == (frontier.size, frontier.root())


def _read(copy: Path) -> Salvaged:
    found = Salvaged()
    try:
        with closing(sqlite3.connect(copy)) as connection:
            for key, document in _rows(connection, "sequence, document", "entries", "sequence"):
                if (
                    isinstance(key, int)
                    and isinstance(document, bytes)
                    and len(document) <= entries.MAX_ENTRY
                ):
                    found.entries[key] = document
            for key, note in _rows(connection, "size, note", "checkpoints", "size"):
                if isinstance(key, int) and isinstance(note, bytes) and _size(note) == key:
                    found.checkpoints[key] = note
            for row in _rows(connection, "*", "claims", "uid"):
                with suppress(TypeError):
                    found.claims.append(Claim(*row))
    except (sqlite3.Error, ValueError):
        return found
    return found


def _rows(connection: sqlite3.Connection, columns: str, table: str, order: str) -> Iterator[Any]:
    """The rows from the beginning up to where the file is broken, then from the end down to there."""
    for direction in ("ASC", "DESC"):
        try:
            cursor = connection.execute(f"SELECT {columns} FROM {table} ORDER BY {order} {direction}")  # noqa: S608  our own words
            yield from cursor
        except (sqlite3.Error, ValueError):
            continue
        return


def _size(note: bytes) -> int:
    try:
        return checkpoint.parse(notes.parse(note).text).size
    except ValueError:
        return -1
