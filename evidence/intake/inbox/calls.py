"""Recordings that tables of call records name (``[inbox.NAME]`` of kind csv)."""

import datetime as dt
import glob
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import EvidenceError, FormatError, StateError
from evidence.intake import files
from evidence.intake.inbox import records, rules, sources, statements, table
from evidence.intake.inbox.below import Folders
from evidence.intake.inbox.model import CALL, Item, Row, Rows, fingerprint
from evidence.intake.inbox.moments import Moment
from evidence.intake.inbox.rules import InboxMapping
from evidence.intake.inbox.settling import Watch, name_of
from evidence.intake.inbox.table import RowProblem
from evidence.intake.inbox.telling import Finds, RowFinds
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

Handled = Callable[[str], bool]
"""Whether the item of that key was sealed before, so that its recording needn't be here any more."""

Values = Mapping[str, str]
_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Table:
    """One table, and what was found in it.

    Attributes:
        file: where it is.
        header: its first record, when that names the columns.
        columns: its columns.
        problems: of its rows.
        waiting: rows whose recordings may still come.
        is_torn: whether its last record is still being written.
    """

    file: Path
    header: Row | None
    columns: table.Columns
    problems: RowFinds = field(default_factory=RowFinds)
    waiting: int = 0
    is_torn: bool = False


@dataclass(slots=True)
class Found:
    """A recording that rows name and that is there."""

    status: os.stat_result
    rows: list[tuple[Table, Row]]


class Calls:
    """The calls of one mapping in one inbox.

    Args:
        inbox: the inbox in which its recordings are.
        mapping: how its tables are read; checked.
        zone: IANA zone of local times.
        watch: judges files.
        now: aware.
    """

    def __init__(self, inbox: Path, mapping: InboxMapping, zone: str, watch: Watch, now: dt.datetime) -> None:
        self._inbox = inbox
        self._mapping = mapping
        self._zone = zone
        self._watch = watch
        self._now = now
        self._directory = inbox / mapping.directory
        below = os.path.relpath(self._directory, inbox)
        self._prefix = "" if below == "." else f"{below}/"
        self._pattern = table.Pattern(mapping, self._directory)
        self._folders = Folders(self._directory)
        self._is_inbox = os.path.realpath(self._directory) == os.path.realpath(inbox)
        self._found: dict[str, Found] = {}
        self.claimed: set[str] = set()
        """Recordings directly in the inbox that rows name, also rows that don't count."""

    def scan(self, finds: Finds, handled: Handled) -> bool:
        """Read all tables and tell of their recordings; returns whether all could be read."""
        name = visible(self._mapping.name)
        found = tables(self._inbox, self._mapping)
        if not found:
            finds.alarm(name, StateError(t("inbox.no_table", name=name), t("inbox.no_table_hint", name=name)))
        is_whole = bool(found)
        for file in found:
            try:
                self._read(file, finds, handled)
            except EvidenceError as error:
                finds.alarm(f"{self._mapping.name}: {name_of(file)}", error)
                is_whole = False
        for path, call in self._found.items():
            self._judge(path, call, finds)
        return is_whole

    def _read(self, file: Path, finds: Finds, handled: Handled) -> None:
        shown = visible(name_of(file))
        with files.open_file(file.parent, name_of(file)) as opened:
            try:
                if records.is_wide(opened):
                    raise FormatError(t("inbox.wide", file=shown), t("inbox.wide_hint", file=shown))
                is_growing = self._watch.is_young(os.fstat(opened.fileno()))
                given = records.records(opened, is_growing=is_growing)
                header = next(given, None) if self._mapping.header else None
                if self._mapping.header and (header is None or header.problem == "torn"):
                    return  # nothing in it yet
                columns = table.columns(self._mapping, header.data if header else None)
                read = Table(file, header.placed() if header else None, columns)
                for record in given:
                    self._record(record, read, handled)
            except OSError as error:
                raise files.unreadable(name_of(file), error) from error
        key = f"{self._mapping.name}: {name_of(file)}"
        read.problems.tell(finds, key)
        if read.waiting:
            finds.leave(key, "waits_rows", read.waiting)
        if read.is_torn:
            finds.leave(key, "torn")

    def _record(self, record: records.Record, read: Table, handled: Handled) -> None:
        if record.problem == "torn":
            read.is_torn = True
            return
        try:
            if record.problem:
                raise RowProblem(record.problem)  # noqa: TRY301  told like every other
            values = table.read(self._mapping, read.columns, record.data)
            is_counted = table.counts(self._mapping, values)
            if not is_counted and not self._is_inbox:
                return
            path = self._pattern.path(values)
            if self._is_inbox and "/" not in path:
                self.claimed.add(names.from_bytes(os.fsencode(path)))
            if path and is_counted:
                self._place(path, values, record, read, handled)
        except RowProblem as problem:
            read.problems.add(str(problem), record.line)

    def _place(
        self, path: str, values: Values, record: records.Record, read: Table, handled: Handled
    ) -> None:
        if path in self._found:
            self._found[path].rows.append((read, record.placed()))
            return
        status = self._folders.status(path)
        if status is None and (self._mapping.missing == rules.IGNORE or handled(self._key(path))):
            return
        moment = self._moment(values)
        if self._mapping.since and _day(moment) < self._mapping.since:
            return
        if status is None:
            self._miss(moment, record, read)
        elif not stat.S_ISREG(status.st_mode):
            raise RowProblem("kind")
        else:
            self._found[path] = Found(status, [(read, record.placed())])
            if not _is_encoded(record.data, self._mapping.encoding) and not handled(self._key(path)):
                raise RowProblem("encoding")

    def _moment(self, values: Values) -> Moment:
        def said(name: str) -> str:
            return values.get(self._mapping.source(name), "")

        try:
            return statements.begun(self._mapping, said, self._zone)
        except ValueError as error:
            raise RowProblem("time") from error

    def _miss(self, moment: Moment, record: records.Record, read: Table) -> None:
        age = self._now - moment.latest if moment.latest else _DAY * 10_000
        if -_DAY < age < dt.timedelta(hours=self._mapping.missing_hours):
            read.waiting += 1
        else:
            read.problems.add("missing", record.line)

    def _key(self, path: str) -> str:
        return names.from_bytes(os.fsencode(f"{self._prefix}{path}"))

    def _judge(self, path: str, call: Found, finds: Finds) -> None:
        recording = self._directory / path
        key = self._key(path)
        try:
            code = self._watch.unsettled(recording.parent, name_of(recording), call.status)
        except FormatError:  # replaced just now
            code = "writing"
        except EvidenceError as error:
            finds.alarm(key, error)
            return
        if code:
            finds.leave(key, code)
        else:
            finds.ready(self._item(key, recording, call))

    def _item(self, key: str, recording: Path, call: Found) -> Item:
        seen = sources.seen(recording, call.status)
        by_table: dict[Path, tuple[Table, list[Row]]] = {}
        for read, row in call.rows:
            by_table.setdefault(read.file, (read, []))[1].append(row)
        rows = tuple(Rows(file, read.header, tuple(found)) for file, (read, found) in by_table.items())
        digests = (row.digest for _, row in call.rows)
        listed = [(names.to_bytes(key), seen.size, seen.mtime_ns, seen.inode, seen.ctime_ns)]
        return Item(
            kind=CALL,
            key=key,
            inbox=self._inbox,
            originals=(recording,),
            sizes=(seen.size,),
            fingerprint=fingerprint(listed, CALL.encode(), *digests),
            since_ns=seen.mtime_ns,
            zone=self._zone,
            recordings=(seen,),
            mapping=self._mapping,
            rows=rows,
        )


def tables(inbox: Path, mapping: InboxMapping) -> list[Path]:
    """The files that the mapping's patterns find, each once; relative patterns begin in the inbox."""
    found: dict[str, None] = {}
    for pattern in mapping.files:
        whole = pattern if pattern.startswith("/") else f"{glob.escape(str(inbox))}/{pattern}"
        found |= dict.fromkeys(sorted(glob.glob(whole)))  # noqa: PTH207  Path refuses absolute patterns
    return [Path(path) for path in found]


def applies(inbox: Path, mapping: InboxMapping) -> bool:
    """Whether a mapping's recordings are in this inbox."""
    if mapping.kind != "csv":
        return False
    return _is_inside(inbox / mapping.directory, inbox)


def _is_inside(path: Path, folder: Path) -> bool:
    real, home = os.path.realpath(path), os.path.realpath(folder)
    return real == home or real.startswith(f"{home.rstrip('/')}/")


def _day(moment: Moment) -> str:
    return moment.text[:10] if moment.text or not moment.latest else moment.latest.date().isoformat()


def _is_encoded(data: bytes, encoding: str) -> bool:
    if data.isascii():
        return True
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
