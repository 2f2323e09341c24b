"""What earlier batches made of the things in inboxes, so that a night doesn't read again what is kept there.

A convenience only: who removes the file makes the next batch read everything once more, and find out from the
register what is sealed. Names of files stand in it as digests only, but for originals that are being moved or
deleted just now.
"""

import sqlite3
from collections.abc import Iterable
from os import fsencode
from pathlib import Path

from evidence.digests import sha256
from evidence.errors import StoreError
from evidence.messages import t

_TABLE = """CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, fingerprint TEXT NOT NULL,
            outcome TEXT NOT NULL) STRICT, WITHOUT ROWID"""
SEALED, QUARANTINED = "sealed", "quarantined"


_PENDING = "CREATE TABLE IF NOT EXISTS pending (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT"


class Ledger:
    """The ledger of one vault. Only one batch at a time has it open.

    Raises:
        StoreError: it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = _opened(path)
        except sqlite3.OperationalError as error:
            raise _failed(error) from error
        except sqlite3.DatabaseError:  # not a database any more: only time is lost
            path.unlink()
            self._connection = _opened(path)

    def close(self) -> None:
        """Keep what was put down, and let go."""
        self.save()
        self._connection.close()

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
        found = self._connection.execute(
            "SELECT outcome FROM seen WHERE key = ? AND fingerprint = ?", (_digest(inbox, key), fingerprint)
        ).fetchone()
        return str(found[0]) if found else ""

    def is_sealed(self, inbox: Path, key: str) -> bool:
        """Whether something of that key was sealed, whatever it looks like now."""
        found = self._connection.execute("SELECT outcome FROM seen WHERE key = ?", (_digest(inbox, key),))
        return bool(found.fetchone() == (SEALED,))

    def put(self, inbox: Path, key: str, fingerprint: str, outcome: str) -> None:
        """Put down what became of something; kept with the next ``save``."""
        try:
            self._connection.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (_digest(inbox, key), fingerprint, outcome)
            )
        except sqlite3.Error as error:
            raise _failed(error) from error

    def forget(self, inbox: Path, key: str) -> None:
        """Let the next batch look at something again."""
        self._connection.execute("DELETE FROM seen WHERE key = ?", (_digest(inbox, key),))

    def begin(self, pending: Iterable[str]) -> None:
        """Keep what is about to be done with originals, until ``end``.

        Raises:
            StoreError: the disk refuses.
        """
        try:
            self._connection.executemany(
                "INSERT INTO pending (what) VALUES (?)", ((each,) for each in pending)
            )
        except sqlite3.Error as error:
            raise _failed(error) from error
        self.save()

    def pending(self) -> list[str]:
        """What was begun and isn't known to be done."""
        return [str(row[0]) for row in self._connection.execute("SELECT what FROM pending ORDER BY id")]

    def end(self) -> None:
        """Everything that was begun is done."""
        self._connection.execute("DELETE FROM pending")
        self.save()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA secure_delete = 1")
        connection.execute(_TABLE)
        connection.execute(_PENDING)
        path.chmod(0o600)
    except BaseException:
        connection.close()
        raise
    return connection


def _digest(inbox: Path, key: str) -> bytes:
    return sha256(b"%s\0%s" % (fsencode(inbox), key.encode("utf-8", "surrogateescape")))


def _failed(error: sqlite3.Error) -> StoreError:
    return StoreError(t("batch.ledger", reason=str(error)), t("batch.ledger_hint"))
