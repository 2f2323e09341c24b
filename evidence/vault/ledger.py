"""What earlier batches made of the things in inboxes, so that a night doesn't read again what is kept there.

A convenience only: who removes the file makes the next batch read everything once more, and find out from the
register what is sealed. It counts only beside the register it was written beside: one from another vault, or
newer than a register that was restored, would pass over recordings that nobody has sealed. Names of files
stand in it as digests only, but for originals that are being moved or deleted just now.
"""

import sqlite3
from collections.abc import Callable, Iterable
from os import fsencode
from pathlib import Path
from typing import Any

from evidence.digests import sha256
from evidence.errors import StoreError
from evidence.messages import t

_TABLES = {
    "seen": """CREATE TABLE seen (key BLOB PRIMARY KEY, fingerprint TEXT NOT NULL, outcome TEXT NOT NULL)
            STRICT, WITHOUT ROWID""",
    "pending": "CREATE TABLE pending (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT",
    "aside": """CREATE TABLE aside (digest BLOB PRIMARY KEY, key BLOB NOT NULL, fingerprint TEXT NOT NULL)
            STRICT, WITHOUT ROWID""",
    "beside": "CREATE TABLE beside (register TEXT NOT NULL, size INTEGER NOT NULL, root BLOB) STRICT",
}
SEALED, QUARANTINED = "sealed", "quarantined"
_BUSY_SECONDS = 5


class Ledger:
    """The ledger of one vault. Only one batch at a time has it open.

    Raises:
        StoreError: it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        if path.is_symlink() or (path.exists() and not path.is_file()):  # it may be anybody's
            raise StoreError(t("batch.ledger", reason=t("batch.no_file")), t("batch.ledger_hint"))
        try:
            self._connection = _opened(path)
        except sqlite3.OperationalError as error:
            raise _failed(error) from error
        except sqlite3.DatabaseError:  # not our database any more: only time is lost
            self._connection = _anew(path)

    def close(self) -> None:
        """Keep what was put down, and let go."""
        try:
            self.save()
        finally:
            self._connection.close()

    def follow(self, register: str, size: int, root: Callable[[int], bytes]) -> None:
        """Note the register it stands beside; forget everything that was noted beside another one.

        Args:
            register: verifier key of the vault's register.
            size: how many entries that has.
            root: gives the register's root at a size up to that.

        Raises:
            StoreError: the disk refuses, or the register can't be read.
        """
        rows = self._rows("SELECT register, size, root FROM beside")
        found = rows[0] if len(rows) == 1 else None
        if found is None or found[0] != register or not 0 < found[1] <= size or found[2] != root(found[1]):
            self._rows("DELETE FROM seen")
            self._rows("DELETE FROM pending")
            self._rows("DELETE FROM aside")
        self._rows("DELETE FROM beside")
        self._rows("INSERT INTO beside VALUES (?, ?, ?)", register, size, root(size))

    def save(self) -> None:
        """Keep what was put down.

        Raises:
            StoreError: the disk refuses.
        """
        try:
            self._connection.commit()
        except sqlite3.Error as error:
            raise _failed(error) from error

    def outcome(self, inbox: Path, key: str, fingerprint: str) -> str:
        """``sealed``, ``quarantined``, or empty where nobody has seen it as it is now."""
        found = self._rows(
            "SELECT outcome FROM seen WHERE key = ? AND fingerprint = ?", _digest(inbox, key), fingerprint
        )
        return str(found[0][0]) if found else ""

    def is_sealed(self, inbox: Path, key: str) -> bool:
        """Whether something of that key was sealed, whatever it looks like now."""
        return self._rows("SELECT outcome FROM seen WHERE key = ?", _digest(inbox, key)) == [(SEALED,)]

    def put(self, inbox: Path, key: str, fingerprint: str, outcome: str) -> None:
        """Put down what became of something; kept with the next ``save``."""
        self._rows("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", _digest(inbox, key), fingerprint, outcome)

    def forget(self, inbox: Path, key: str) -> None:
        """Let the next batch look at something again."""
        self._rows("DELETE FROM seen WHERE key = ?", _digest(inbox, key))

    def begin(self, pending: Iterable[str]) -> None:
        """Keep what is about to be done with originals, until ``end``.

        Raises:
            StoreError: the disk refuses.
        """
        for each in pending:
            self._rows("INSERT INTO pending (what) VALUES (?)", each)
        self.save()

    def pending(self) -> list[str]:
        """What was begun and isn't known to be done."""
        return [str(row[0]) for row in self._rows("SELECT what FROM pending ORDER BY id")]

    def end(self) -> None:
        """Everything that was begun is done."""
        self._rows("DELETE FROM pending")
        self.save()

    def begin_aside(self, digest: bytes, inbox: Path, key: str, fingerprint: str) -> None:
        """Keep that this very reason.json was written by us: what it names may be fetched.

        Raises:
            StoreError: the disk refuses.
        """
        values = (digest, _digest(inbox, key), fingerprint)
        self._rows("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", *values)
        self.save()

    def put_aside(self, digest: bytes) -> None:
        """Keep that what such a reason.json is about was brought into quarantine.

        Raises:
            StoreError: the disk refuses.
        """
        self._rows(
            "INSERT OR REPLACE INTO seen SELECT key, fingerprint, ? FROM aside WHERE digest = ?",
            QUARANTINED,
            digest,
        )
        self.save()

    def end_aside(self) -> None:
        """Everything that was begun to be set aside is in its place."""
        self._rows("DELETE FROM aside")
        self.save()

    def is_begun_aside(self, digest: bytes) -> bool:
        """Whether a reason.json with that digest was written by us."""
        return bool(self._rows("SELECT 1 FROM aside WHERE digest = ?", digest))

    def _rows(self, statement: str, *values: str | int | bytes) -> list[Any]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _failed(error) from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        connection.execute("PRAGMA secure_delete = 1")
        _require_whole(connection)
        for name, statement in _TABLES.items():
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
                connection.execute(statement)
        connection.commit()
        path.chmod(0o600)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_whole(connection: sqlite3.Connection) -> None:
    """Refuse a damaged database, and one whose tables aren't ours.

    Raises:
        sqlite3.Error: it is.
    """
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
    if any(_TABLES.get(name) != sql for name, sql in found.items()):
        raise sqlite3.DatabaseError("other tables")
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise sqlite3.DatabaseError("damaged")


def _anew(path: Path) -> sqlite3.Connection:
    """An empty ledger; a journal of the old one must not be played into it."""
    for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    try:
        return _opened(path)
    except sqlite3.Error as error:
        raise _failed(error) from error


def _digest(inbox: Path, key: str) -> bytes:
    return sha256(b"%s\0%s" % (fsencode(inbox), key.encode("utf-8", "surrogateescape")))


def _failed(error: Exception) -> StoreError:
    return StoreError(t("batch.ledger", reason=str(error)), t("batch.ledger_hint"))
