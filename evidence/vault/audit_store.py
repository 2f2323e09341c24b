"""What an audit keeps while it works, and from run to run (never in the register's database).

While it works: the register's sealed entries and the files that were found, in a private temporary database
that SQLite keeps on the disk when it grows and that is gone afterwards. From run to run: when each archive
was read in full the last time, in a file of its own (Layout.audit_memory); losing it costs the order only.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from evidence.errors import StoreError
from evidence.messages import t
from evidence.vault.durable import OWNER_FILE

UNREAD, GOOD, BAD = 0, 1, 2
"""States of a file: not read in full, read and fine, read and not fine."""

_SCRATCH = """
CREATE TABLE entries (sequence INTEGER PRIMARY KEY, leaf BLOB, archive_id TEXT, identity TEXT, claimed TEXT,
                      custody BLOB, voided INTEGER, unfinished INTEGER DEFAULT 0);
CREATE TABLE others (name TEXT, sequence INTEGER, custody BLOB);
CREATE TABLE files (path BLOB PRIMARY KEY, sequence INTEGER, size INTEGER, misplaced TEXT, state INTEGER);
CREATE TABLE last (archive_id TEXT PRIMARY KEY, at INTEGER, bad INTEGER) WITHOUT ROWID;
CREATE TABLE calls (digest BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX by_leaf ON entries (leaf);
CREATE INDEX by_archive ON entries (archive_id);
CREATE INDEX by_identity ON entries (identity);
"""
_UNREADABLE = {3, 5, 6, 8, 10, 13, 14}
"""SQLite's codes for a file that can't be used now: PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN."""

_MEMORY = """
CREATE TABLE IF NOT EXISTS memory.read (archive_id TEXT PRIMARY KEY, at INTEGER, bad INTEGER) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """A ``sealed`` entry of the register.

    Attributes:
        sequence: its place.
        archive_id: UUID of the archive.
        claimed: its claimed time, as it stands there.
        voided: place of the entry that took it out of force; None while it counts.
    """

    sequence: int
    archive_id: str
    claimed: str
    voided: int | None


@dataclass(frozen=True, slots=True)
class File:
    """An archive's file that was found.

    Attributes:
        path: below the folder of archives, as the file system's bytes.
        sequence: the entry it belongs to; None while that isn't known.
        misplaced: where it should stand, or empty.
        state: UNREAD, GOOD or BAD.
    """

    path: bytes
    sequence: int | None
    misplaced: str
    state: int


class AuditStore:
    """Entries, files and memory of one audit.

    Attributes:
        problem: why the memory can't be read or kept; empty when it can.
    """

    def __init__(self, memory: Path) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, uri=True)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -8192; {_SCRATCH}")
        self.problem = ""
        self._memory = memory
        self._recall()

    @classmethod
    @contextmanager
    def opened(cls, memory: Path) -> Iterator[Self]:
        """A store for one audit; everything but the memory is forgotten afterwards.

        Raises:
            StoreError: there is no room for the temporary database.
        """
        try:
            store = cls(memory)
            try:
                yield store
            finally:
                store._connection.close()
        except sqlite3.Error as error:
            raise StoreError(t("audit.scratch", reason=str(error)), t("audit.scratch_hint")) from error

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Adding many rows at once."""
        self.execute("BEGIN")
        yield
        self.execute("COMMIT")

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement on the temporary database."""
        return self._connection.execute(statement, values)

    # -- entries

    def add_entry(self, sequence: int, leaf: bytes, fields: tuple[str, str, str, bytes]) -> None:
        """Add a ``sealed`` entry: its archive's id and identity, its claimed time, its record's digest."""
        self.execute(
            "INSERT INTO entries (sequence, leaf, archive_id, identity, claimed, custody) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            sequence,
            leaf,
            *fields,
        )

    def add_notice(self, notice_id: str, custody: bytes) -> None:
        """Add a ``notice`` entry: the version's id and the digest of its document."""
        self.execute("INSERT INTO others (name, custody) VALUES (?, ?)", notice_id, custody)

    def add_void_record(self, sequence: int, custody: bytes) -> None:
        """Add the digest of the record that says why the entry at that place was voided."""
        self.execute("INSERT INTO others (sequence, custody) VALUES (?, ?)", sequence, custody)

    def records(self) -> Iterator[tuple[str, bytes]]:
        """Names and digests of custody records, without ending; a voided archive's own may have gone."""
        yield from self.execute(
            "SELECT archive_id, custody FROM entries WHERE voided IS NULL UNION ALL "
            "SELECT e.archive_id || '.void', o.custody FROM others o JOIN entries e USING (sequence)"
        )

    def notices(self) -> Iterator[tuple[str, bytes]]:
        """Ids and digests of versions of the recording notice."""
        yield from self.execute("SELECT name, custody FROM others WHERE name IS NOT NULL")

    def void(self, sequence: int, leaf: bytes, by: int) -> bool:
        """Take an entry out of force; the first void counts. Returns whether this was it."""
        cursor = self.execute(
            "UPDATE entries SET voided = ? WHERE sequence = ? AND leaf = ? AND voided IS NULL",
            by,
            sequence,
            leaf,
        )
        return cursor.rowcount == 1

    def mark_unfinished(self, sequence: int) -> None:
        """Note that the archive of an entry isn't published yet."""
        self.execute("UPDATE entries SET unfinished = 1 WHERE sequence = ?", sequence)

    def index(self) -> None:
        """Make what was added quick to find; called once."""
        for statement in filter(str.strip, _INDEXES.split(";")):
            self.execute(statement)

    def expected(self, field: str, value: bytes | str | int) -> Expected | None:
        """The entry with that ``leaf``, ``archive_id`` or ``identity``; one that counts first."""
        found = self.execute(
            f"SELECT sequence, archive_id, claimed, voided FROM entries WHERE {field} = ? "  # noqa: S608
            "ORDER BY voided IS NOT NULL, sequence LIMIT 1",
            value,
        ).fetchone()
        return Expected(*found) if found else None

    def doubled_entries(self) -> Iterator[tuple[int, int]]:
        """Places of two entries that count and are for one archive id or one identity."""
        for field in ("archive_id", "identity"):
            yield from self.execute(
                f"SELECT min(sequence), max(sequence) FROM entries WHERE voided IS NULL "  # noqa: S608
                f"GROUP BY {field} HAVING count(*) > 1"
            )

    def missing(self, day: str = "") -> Iterator[Expected]:
        """Entries that count, are published, and have no file; of one day, or all."""
        for row in self.execute(
            "SELECT sequence, archive_id, claimed, voided FROM entries e WHERE voided IS NULL "
            "AND NOT unfinished AND substr(claimed, 1, length(?)) = ? "
            "AND NOT EXISTS (SELECT 1 FROM files f WHERE f.sequence = e.sequence) ORDER BY sequence",
            day,
            day,
        ):
            yield Expected(*row)

    # -- files

    def index_files(self) -> None:
        """Make files quick to find by their entries; called once, when all are added."""
        self.execute("CREATE INDEX files_by_sequence ON files (sequence)")

    def add_file(self, path: bytes, sequence: int | None, size: int, misplaced: str) -> None:
        """Add a file of an archive."""
        self.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", path, sequence, size, misplaced, UNREAD
        )

    def attribute(self, path: bytes, sequence: int | None, state: int) -> None:
        """Say to which entry a file belongs, and what reading it told."""
        self.execute("UPDATE files SET sequence = ?, state = ? WHERE path = ?", sequence, state, path)

    def set_state(self, path: bytes, state: int) -> None:
        """Say what reading a file told."""
        self.execute("UPDATE files SET state = ? WHERE path = ?", state, path)

    def files(self, where: str, *values: int) -> list[File]:
        """The files of which that holds, in the order of their paths."""
        rows = self.execute(
            f"SELECT path, sequence, misplaced, state FROM files WHERE {where} ORDER BY path",  # noqa: S608
            *values,
        )
        return [File(*row) for row in rows]

    def doubled_files(self) -> list[int]:
        """Places of the entries to which several files belong."""
        rows = self.execute(
            "SELECT sequence FROM files WHERE sequence IS NOT NULL GROUP BY sequence HAVING count(*) > 1"
        )
        return [row[0] for row in rows]

    def present(self) -> tuple[int, int]:
        """How many files there are, and their bytes."""
        found = self.execute("SELECT count(*), coalesce(sum(size), 0) FROM files").fetchone()
        return int(found[0]), int(found[1])

    # -- which are read

    def choose(self, count: int, now: int) -> int:
        """Choose what is read in full: what was not fine the last time, and those longest not read.

        An archive that never was audited counts as read when it was sealed, since it was read back then; a
        time that lies ahead of the clock counts as never.

        Args:
            count: how many of each at most.
            now: seconds since 1970.

        Returns:
            their bytes.
        """
        self.execute("CREATE TABLE chosen (path BLOB PRIMARY KEY, rank INTEGER, size INTEGER)")
        due = (
            "INSERT OR IGNORE INTO chosen SELECT f.path, ?, f.size FROM files f JOIN entries e "
            "USING (sequence) LEFT JOIN last l USING (archive_id) "
            "WHERE f.state = 0 AND e.voided IS NULL AND coalesce(l.bad, 0) = ? "
            "ORDER BY CASE WHEN coalesce(l.at, unixepoch(e.claimed)) > ? THEN 0 "
            "ELSE coalesce(l.at, unixepoch(e.claimed), 0) END, sequence LIMIT ?"
        )
        self.execute(due, 0, 1, now, max(count, 1000))
        self.execute(due, 1, 0, now, count)
        return int(self.execute("SELECT coalesce(sum(size), 0) FROM chosen").fetchone()[0])

    def chosen(self) -> Iterator[tuple[bytes, int, str]]:
        """Path, entry's place and archive id of what is to be read, in the order of paths."""
        yield from self.execute(
            "SELECT path, sequence, archive_id FROM chosen JOIN files USING (path) "
            "JOIN entries USING (sequence) ORDER BY path"
        )

    # -- recordings and calls that archives hold

    def hold(self, digests: set[bytes]) -> None:
        """Remember digests of names and ids that an archive holds."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO calls VALUES (?)", [(digest,) for digest in digests]
        )

    def holds(self, digest: bytes) -> bool:
        """Whether an archive holds it."""
        return self.execute("SELECT 1 FROM calls WHERE digest = ?", digest).fetchone() is not None

    # -- memory

    def _recall(self) -> None:
        """Read the memory; one that isn't a memory is begun anew."""
        try:
            self._attach()
        except OSError as error:
            self._give_up(error.strerror or str(error))
        except sqlite3.Error as error:
            self._give_up(str(error))
            if error.sqlite_errorcode & 0xFF in _UNREADABLE:
                return
            with suppress(OSError, sqlite3.Error):
                self._memory.unlink()
                self._attach()

    def _attach(self) -> None:
        with suppress(FileExistsError):
            os.close(os.open(self._memory, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_FILE))
        self.execute("ATTACH DATABASE ? AS memory", self._memory.as_uri())
        self.execute("PRAGMA memory.synchronous = OFF")
        self.execute("PRAGMA memory.journal_mode = MEMORY")
        self.execute(_MEMORY)
        self.execute("INSERT OR REPLACE INTO last SELECT archive_id, at, bad FROM memory.read")
        self.problem = ""

    def _give_up(self, reason: str) -> None:
        self.problem = reason
        with suppress(sqlite3.Error):
            self.execute("DETACH DATABASE memory")

    def remember(self, archive_id: str, at: int, *, bad: bool) -> None:
        """Note that an archive was read in full, and whether it was not fine.

        Args:
            archive_id: its UUID.
            at: seconds since 1970.
            bad: it is read again the next time.
        """
        if self.problem:
            return
        try:
            self.execute("INSERT OR REPLACE INTO memory.read VALUES (?, ?, ?)", archive_id, at, bad)
        except sqlite3.Error as error:
            self._give_up(str(error))
