"""The register in SQLite: entries, tree nodes and checkpoints, and the journal of claims beside them.

It holds neutral ids, times and salted digests only: no name, number, path or word of a person
(FORMAT.md, "What the register may hold"). Rows are only ever added to entries, nodes and checkpoints.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evidence.errors import StateError, StoreError
from evidence.messages import t
from evidence.model.entry import Entry
from evidence.register import entries, merkle
from evidence.vault.durable import Durable
from evidence.vault.filesystem import network_type

_SCHEMA = """
CREATE TABLE entries (sequence INTEGER PRIMARY KEY, document BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TABLE nodes (level INTEGER, position INTEGER, hash BLOB NOT NULL,
                    PRIMARY KEY (level, position)) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;
CREATE TABLE claims (uid TEXT PRIMARY KEY, claim TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
                     state TEXT NOT NULL, archive_id TEXT NOT NULL, cites TEXT, body_length INTEGER,
                     identity BLOB, signature_sha256 BLOB, members BLOB,
                     sequence INTEGER) STRICT;
"""
_VERSION = 2
_TO_VERSION_2 = (
    "ALTER TABLE claims ADD COLUMN expects INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE claims ADD COLUMN tokens INTEGER",
    "CREATE INDEX waiting ON claims (sequence) WHERE expects = 1 AND tokens = 0",
)
"""What version 1, that of 0.1.0, lacks: the choice of evidence, and which archives wait for a token."""
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
_BUSY_SECONDS = 120


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.as_uri()}?mode=rw"  # never makes an empty register where one is missing
    connection = sqlite3.connect(uri, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)
    try:
        _set_pragmas(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_pragmas(connection: sqlite3.Connection) -> None:
    """Set each and read it back, since SQLite ignores what it can't do."""
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        if connection.execute(f"PRAGMA {name}").fetchone()[0] != value:
            raise StoreError(t("vault.pragma", name=name), t("vault.pragma_hint"))


class RegisterStore:
    """An open register store; one process may hold it while others do, too."""

    def __init__(self, path: Path, durable: Durable) -> None:
        kind = network_type(path.parent)
        if kind:
            raise StateError(t("vault.network_file_system", kind=kind), t("vault.network_file_system_hint"))
        self._durable = durable
        self._entry_0: Entry | None = None
        self._path = path
        try:
            self._file = path.stat().st_ino
            self.connection = _connect(path)
        except OSError as error:
            raise unreadable(error.strerror or str(error)) from error
        except sqlite3.Error as error:
            raise _store_error(error) from error
        try:
            self._migrate()
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def create(cls, path: Path, durable: Durable) -> "RegisterStore":
        """A new, empty store with owner-only mode."""
        durable.create(path).close()
        store = cls(path, durable)
        store.connection.executescript(f"{_SCHEMA}{';'.join(_TO_VERSION_2)};PRAGMA user_version = {_VERSION}")
        durable.sync_directory(path.parent)
        return store

    def _migrate(self) -> None:
        """Bring a database of an older version up to date, whole or not at all."""
        version = self._one("PRAGMA user_version")
        if version > _VERSION:
            raise StateError(t("vault.newer"), t("vault.newer_hint"))
        if version != 1:  # an empty one is being made
            return
        with self.transaction() as connection:
            if self._one("PRAGMA user_version") == 1:  # not done by another process meanwhile
                for statement in _TO_VERSION_2:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")

    def close(self) -> None:
        """Let go of the database; what was committed stays."""
        self.connection.close()

    def require_current(self) -> None:
        """Refuse to go on with a database that was meanwhile replaced by a recovered one.

        Raises:
            StateError: another file has its name now.
        """
        try:
            is_current = self._path.stat().st_ino == self._file
        except OSError:
            is_current = False
        if not is_current:
            raise StateError(t("vault.register_replaced"), t("vault.fenced_hint"))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed durably at the end, rolled back on any error."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self._durable.commit(self.connection.commit)
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _store_error(error) from error

    # -- reading

    def size(self) -> int:
        """The number of entries."""
        return int(self._one("SELECT coalesce(max(sequence) + 1, 0) FROM entries"))

    def entry(self, sequence: int) -> bytes:
        """The bytes of one entry."""
        return bytes(self._one("SELECT document FROM entries WHERE sequence = ?", sequence))

    def documents(self, start: int = 0) -> Iterator[bytes]:
        """The bytes of all entries, from 0 or a later one on."""
        statement = "SELECT document FROM entries WHERE sequence >= ? ORDER BY sequence"
        try:
            for (document,) in self.connection.execute(statement, (start,)):
                yield bytes(document)
        except sqlite3.Error as error:
            raise _store_error(error) from error

    def register_key(self) -> str:
        """The verifier key in entry 0."""
        return self._created().text("register_key")

    def origin(self) -> str:
        """The register's name in entry 0."""
        return self._created().origin

    def continued(self) -> Entry | None:
        """The entry that says which register this one continues; None where it continues none."""
        found = self.rows("SELECT document FROM entries WHERE sequence = 1")
        try:
            entry = entries.parse(bytes(found[0][0])) if found else None
        except ValueError:
            return None
        return entry if entry is not None and entry.type == entries.CONTINUES else None

    def _created(self) -> Entry:
        if self._entry_0 is None:
            try:
                self._entry_0 = entries.parse(self.entry(0))
            except ValueError as error:
                raise _damaged() from error
        return self._entry_0

    def leaf(self, sequence: int) -> bytes:
        """The leaf hash of one entry."""
        return bytes(self._one("SELECT leaf FROM entries WHERE sequence = ?", sequence))

    def node(self, level: int, position: int) -> bytes:
        """The hash of the perfect subtree number ``position`` of 2**level leaves (RFC 6962)."""
        if level == 0:
            return self.leaf(position)
        return bytes(self._one("SELECT hash FROM nodes WHERE level = ? AND position = ?", level, position))

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` entries."""
        return merkle.Frontier.at(size, self.node).root()

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint."""
        return bytes(self._one("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1"))

    def note(self, size: int) -> bytes:
        """The signed checkpoint of that size."""
        return bytes(self._one("SELECT note FROM checkpoints WHERE size = ?", size))

    def rows(self, statement: str, *values: str | int | bytes) -> list[Any]:
        """The rows that a statement finds.

        Raises:
            StoreError: the database failed.
        """
        try:
            return self.connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise _store_error(error) from error

    def checkpoint_over(self, sequence: int) -> tuple[int, bytes]:
        """Size and signed note of the checkpoint with which an entry was committed."""
        found = self.rows("SELECT size, note FROM checkpoints WHERE size > ? ORDER BY size LIMIT 1", sequence)
        if not found:
            raise _damaged()
        return int(found[0][0]), bytes(found[0][1])

    def _one(self, statement: str, *values: int) -> Any:
        found = self.rows(statement, *values)
        if not found:
            raise _damaged()
        return found[0][0]

    def appender(self) -> "Appender":
        """What adds entries, inside a transaction."""
        return Appender(self)


class Appender:
    """Adds entries to the register inside one transaction, and the checkpoint that closes them.

    Attributes:
        size: the number of entries so far.
        last: leaf hash of the last entry; empty in a register without entries.
    """

    def __init__(self, store: RegisterStore) -> None:
        self._store = store
        self.size = store.size()
        self._frontier = merkle.Frontier.at(self.size, store.node)
        self.last = store.leaf(self.size - 1) if self.size else b""

    def append(self, document: bytes) -> None:
        """Add one entry and the tree nodes it completes."""
        (_, _, leaf), *completed = self._frontier.append(merkle.leaf_hash(document))
        execute = self._store.connection.execute
        execute("INSERT INTO entries VALUES (?, ?, ?)", (self.size, document, leaf))
        for node in completed:
            execute("INSERT INTO nodes VALUES (?, ?, ?)", node)
        self.size, self.last = self.size + 1, leaf

    def root(self) -> bytes:
        """The root over all entries so far."""
        return self._frontier.root()

    def close(self, note: bytes) -> None:
        """Keep the signed checkpoint of the register as it is now; there is never a second one of a size."""
        self._store.connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (self.size, note))

    def restore(self, note: bytes) -> None:
        """Keep a checkpoint that was signed over the register as it is now, unless one is kept."""
        self._store.connection.execute("INSERT OR IGNORE INTO checkpoints VALUES (?, ?)", (self.size, note))


def _damaged() -> StoreError:
    return StoreError(t("vault.register_damaged"), t("vault.register_damaged_hint"))


def unreadable(reason: str) -> StoreError:
    """What to raise where there is no register that could be read."""
    return StoreError(t("vault.register_unreadable", reason=reason), t("vault.rollback_hint"))


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_ERROR}


def _store_error(error: sqlite3.Error) -> StoreError:
    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _DAMAGED:
        return unreadable(str(error))
    return StoreError(t("vault.sqlite", reason=str(error)), t("vault.sqlite_hint"))
