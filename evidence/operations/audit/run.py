"""`evidence audit`: the order of its steps, which is what keeps it from false alarms.

Heads are read before the register, the register before the archives, the clock after the register: whatever
is sealed meanwhile is then only ahead of what was read, never behind. The register is read in one snapshot.
Nothing is written but the memory of which archives were read, and what is put in second places at the end.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from evidence.errors import ExitCode
from evidence.findings import Finding
from evidence.operations.audit import (
    calls,
    certificates,
    custody,
    formers,
    heads,
    places,
    reading,
    register,
    times,
    upkeep,
)
from evidence.operations.audit.calls import Names
from evidence.operations.audit.findings import EXIT, Grade, grade
from evidence.operations.audit.formers import Formers
from evidence.operations.audit.presence import Presence
from evidence.operations.audit.reading import Reader
from evidence.operations.audit.register import Walked
from evidence.operations.audit.stamps import Stamps
from evidence.operations.problem import Problem
from evidence.operations.seams import Seams
from evidence.operations.second_place import put
from evidence.register import entries
from evidence.vault.audit_store import AuditStore
from evidence.vault.reading import RegisterReader
from evidence.vault.vault import Vault

WARN_DAYS = 60

SecondPlace = Callable[[Vault, Seams], Sequence[Problem]]
"""Puts the newest checkpoint in the second places; gives what went wrong, place by place."""


class Events(Protocol):
    """What an audit tells while it works."""

    def found(self, finding: Finding) -> None:
        """Something was found."""

    def step(self, name: str, total: int) -> None:
        """The next step begins: ``register``, ``archives`` or ``reading``; with the bytes there are, or 0."""

    def progress(self, count: int) -> None:
        """That many bytes more were checked."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is audited.

    Attributes:
        of: everything is read in full in that many runs; 1 for all in this one.
        cdr: a PBX's list of calls.
        warn: how long before a certificate ends it is told.
    """

    of: int = 1
    cdr: Path | None = None
    warn: dt.timedelta = dt.timedelta(days=WARN_DAYS)


@dataclass(slots=True)
class Audited:
    """The whole answer.

    Attributes:
        entries: entries of the register.
        archives: files of archives that were found.
        read: how many of them were read in full.
        size: bytes that were read in full.
        counts: how many findings there were of each grade.
        memory: why the memory of this audit couldn't be kept; empty when it could.
    """

    entries: int = 0
    archives: int = 0
    read: int = 0
    size: int = 0
    counts: Counter[Grade] = field(default_factory=Counter)
    memory: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """That of the gravest finding."""
        return next((EXIT[each] for each in Grade if self.counts[each]), ExitCode.DONE)


def audit(
    vault: Vault,
    reader: RegisterReader,
    request: Request,
    seams: Seams,
    events: Events,
    *,
    second_place: SecondPlace = put,
) -> Audited:
    """Audit a vault that is open for reading.

    Raises:
        FormatError: the list of calls isn't one.
        UsageError: the vault's time zone isn't known, which the list of calls needs.
        StoreError: the register's database can't be read, or there is no room to work.
        OSError: the list of calls, or the folder of archives, can't be read.
    """
    with (
        AuditStore.opened(vault.layout.audit_memory) as store,
        formers.opened(vault, reader, seams.durable) as known,
    ):
        return _Audit(vault, reader, request, seams, events, store, known).run(second_place)


@dataclass(slots=True)
class _Audit:
    vault: Vault
    reader: RegisterReader
    request: Request
    seams: Seams
    events: Events
    store: AuditStore
    formers: Formers
    answer: Audited = field(default_factory=Audited)
    stamps: Stamps = field(init=False)
    files: Reader = field(init=False)

    def run(self, second_place: SecondPlace) -> Audited:
        names = self._names()
        seen = heads.read(self.vault)
        walked = self._walk()
        now = self.seams.clock()
        largest = max(walked.size, walked.signed)
        walked.signed = heads.check(self.vault, seen, largest, whole=walked.whole, found=self._found)
        in_order = not self.answer.counts[Grade.FAILED]
        self.files = Reader(self.vault, self.seams, self._found, walked.whole, progress=self.events.progress)
        self._look(names, walked)
        self._read(now)
        self._missing(walked)
        self._state(walked, now)
        if self.request.cdr is not None and names is not None:
            overdue = now - self._overdue
            calls.check(self.request.cdr, self.vault.config.time_zone, names, overdue, self._found)
        if in_order:  # the head of a register that was rolled back must not take the place of a newer one
            self._put(second_place)
        self.answer.read, self.answer.size = self.files.files, self.files.size
        self.answer.memory = self.store.problem
        return self.answer

    def _put(self, second_place: SecondPlace) -> None:
        """Put the checkpoint in its second places; a vault that can only be read has no lock for that."""
        try:
            problems = second_place(self.vault, self.seams)
        except OSError as error:
            problems = (Problem(str(error.filename), error.strerror or str(error)),)
        for problem in problems:
            code = "SECOND_PLACE_CONTRADICTS" if problem.is_alarm else "SECOND_PLACE"
            self._found(Finding(code, problem.place, {"problem": problem.message}))

    @property
    def _overdue(self) -> dt.timedelta:
        return dt.timedelta(hours=self.vault.config.batch.overdue_hours)

    def _found(self, finding: Finding) -> None:
        self.answer.counts[grade(finding)] += 1
        self.events.found(finding)

    def _names(self) -> Names | None:
        """What collects the names of recordings; only where a list of calls is to be compared with them."""
        if self.request.cdr is None:
            return None
        since = calls.earliest(self.request.cdr, self.vault.config.time_zone)
        return Names(self.store, self.seams.entropy(32), since)

    def _walk(self) -> Walked:
        self.events.step("register", self.vault.layout.register.stat().st_size)
        with self.reader.snapshot(), self.store.adding():
            walked = register.walk(self.reader, self.store, self._found, self.events.progress)
            for claim in self.reader.unfinished():
                # an archive whose body isn't in staging any more was published meanwhile, or is lost
                if claim.sequence is not None and self.vault.layout.staged(claim.claim).is_file():
                    self.store.mark_unfinished(claim.sequence)
            self.stamps = Stamps.of(self.reader, self.formers)
        self.store.index()
        self.answer.entries = walked.size
        return walked

    def _look(self, names: Names | None, walked: Walked) -> None:
        self.events.step("archives", 0)
        Presence(self.vault, self.store, self.stamps, names, self.files, walked, self._found).look_at_all(
            self.events.progress
        )
        self.answer.archives = self.store.present()[0]

    def _read(self, now: dt.datetime) -> None:
        """Files of one archive are told apart first; then those whose turn it is are read in full."""
        reading.doubles(self.store, self.files, self._found)
        self.events.step("reading", reading.share(self.store, self.request.of, now))
        reading.read_chosen(self.store, self.files, now)
        for file in self.store.files("misplaced != '' AND sequence >= 0 AND state != 2"):
            self._found(Finding("ARCHIVE_MISPLACED", _text(file.path), {"expected": file.misplaced}))

    def _missing(self, walked: Walked) -> None:
        """Entries whose archives are gone, unless they were voided since the register was read."""
        for sequence, document, _leaf in self.reader.stored(walked.size):
            with suppress(ValueError):  # told when the register is read the next time
                register.take_void(self.store, sequence, entries.parse(document))
        for expected in self.store.missing():
            if expected.sequence in walked.broken:
                continue
            number = places.number_of(self.vault.layout, expected.archive_id)
            values: dict[str, str | int] = {
                "sequence": expected.sequence,
                "archive_id": expected.archive_id,
                "day": expected.claimed[:10],
                "number": number or "?",
            }
            self._found(Finding("ARCHIVE_MISSING", expected.archive_id, values))

    def _state(self, walked: Walked, now: dt.datetime) -> None:
        """What is overdue, what ends soon, what was left lying."""
        times.check(walked.newest, now, self._overdue, self._found)
        self.stamps.report(now, self._overdue, self.request.warn, self._found)
        certificates.check(self.vault, now, self.request.warn, self._found)
        if walked.whole:  # else nobody knows what the records should be
            custody.check(self.vault, self.store, self._found)
            upkeep.copies(self.vault, self.reader, self._found)
        upkeep.seals(self.vault, self.reader, self._found)
        upkeep.receipts(self.vault, now, self._overdue, self._found)
        upkeep.quarantine(self.vault, self._found)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
