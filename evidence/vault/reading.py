"""The register store opened only to be looked at, also where nothing can be written.

It checks nothing by itself; `evidence audit` compares what it reads.
"""

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evidence.errors import StateError, StoreError
from evidence.messages import t
from evidence.vault.claims import Claim
from evidence.vault.durable import Durable
from evidence.vault.filesystem import network_type
from evidence.vault.register_store import RegisterStore

_BUSY_SECONDS = 120
_WITH_TOKENS = 2
"""The version of the database since which claims say what evidence was chosen for their archives."""
_DELIVERED = (
    "SELECT sequence FROM claims WHERE tokens = 2 AND state = 'published' AND sequence >= 0 ORDER BY sequence"
)


def _error(error: sqlite3.Error) -> StoreError:
    return StoreError(t("vault.sqlite", reason=str(error)), t("vault.sqlite_hint"))


def _open(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}", timeout=_BUSY_SECONDS, isolation_level=None, uri=True
    )
    try:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that can't write.

    Where SQLite may not make its own files beside the database (read-only media), the database alone is
    read, provided that everything committed stands in it.
    """
    try:
        return _open(path, "mode=ro")
    except sqlite3.OperationalError:
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            raise
        return _open(path, "mode=ro&immutable=1")


class RegisterReader(RegisterStore):
    """An open register store that is only read; others may write to it meanwhile."""

    def __init__(self, path: Path, durable: Durable) -> None:
        kind = network_type(path.parent)
        if kind:
            raise StateError(t("vault.network_file_system", kind=kind), t("vault.network_file_system_hint"))
        self._durable = durable
        self._entry_0 = None
        try:
            self.connection = _connect(path)
        except sqlite3.Error as error:
            raise _error(error) from error

    def require_current(self) -> None:
        """Accept a database that was replaced meanwhile: nothing is written on the strength of it."""

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that is read inside is the register as it stood at the first reading."""
        try:
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise _error(error) from error

    def stored(self, begin: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """Sequence, bytes and leaf hash of the entries from one place on, as they are stored."""
        yield from self._stream(
            "SELECT sequence, document, leaf FROM entries WHERE sequence >= ? ORDER BY sequence", begin
        )

    def newest_first(self) -> Iterator[bytes]:
        """The bytes of the entries, the newest first."""
        for (document,) in self._stream("SELECT document FROM entries ORDER BY sequence DESC"):
            yield bytes(document)

    def nodes_of(self, level: int) -> Iterator[tuple[int, bytes]]:
        """Position and hash of the tree nodes of one level, from the left, as they are stored."""
        yield from self._stream("SELECT position, hash FROM nodes WHERE level = ? ORDER BY position", level)

    def highest_level(self) -> int:
        """The highest level of which nodes are stored; 0 for none."""
        return int(self._one("SELECT coalesce(max(level), 0) FROM nodes"))

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Size and signed note of every checkpoint, the smallest first."""
        yield from self._stream("SELECT size, note FROM checkpoints ORDER BY size")

    def unfinished(self) -> list[Claim]:
        """Claims that are neither published nor void."""
        found = self.rows(
            "SELECT uid, claim, epoch, state, archive_id, cites, body_length, identity, signature_sha256, "
            "members, sequence FROM claims WHERE state NOT IN ('published', 'void') ORDER BY sequence"
        )
        return [Claim(*row) for row in found]

    def delivered(self) -> Sequence[int]:
        """Places of the archives beside which a sidecar was put, in order; 8 bytes each."""
        if self._one("PRAGMA user_version") < _WITH_TOKENS:
            return ()
        return array("q", (row[0] for row in self._stream(_DELIVERED)))

    def claimed(self, claim: str) -> tuple[str, str] | None:
        """The incident's uid and the state of the claim of that id, if there is one."""
        found = self.rows("SELECT uid, state FROM claims WHERE claim = ?", claim)
        return (found[0][0], found[0][1]) if found else None

    def _stream(self, statement: str, *values: int) -> Iterator[Any]:
        try:
            yield from self.connection.execute(statement, values)
        except sqlite3.Error as error:
            raise _error(error) from error
