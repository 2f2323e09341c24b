"""What worker processes do for a batch: read an incident and write its body, and read bodies back.

Workers hold no key and open no register; what they are handed and what they return is picklable, so that
they may be threads, processes, or machines that share the storage of recordings and staging.
"""

import atexit
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence import messages
from evidence.container.zipformat import Member
from evidence.errors import ChangedError, EvidenceError, ExitCode, StoreError
from evidence.intake import files
from evidence.intake.folder import IncidentFolder
from evidence.intake.inbox import reading
from evidence.intake.inbox.model import Item, Unsettled
from evidence.media.probe import MediaProcess
from evidence.media.search import SearchProcess
from evidence.model.receipt import ReceiptEvidence
from evidence.model.recording import RecordingFacts
from evidence.operations.batchoutcome import State
from evidence.operations.batchresult import FormatCost, total
from evidence.operations.body import BodyWriter, Purpose, Unsigned
from evidence.operations.noticework import NoticeWork
from evidence.operations.originals import state_of
from evidence.operations.readback import read_back
from evidence.operations.seams import Seams
from evidence.operations.searching import NO_SEARCH, Search


@dataclass(frozen=True, slots=True)
class Task:
    """One body to write.

    Attributes:
        item: what the inbox holds.
        claim: id of the attempt.
        staged: absolute path of the file to make.
        purpose: what the archive is made for.
        receipts: those of recordings of these lengths, oldest first.
        search: the versions of the notice, and how recordings are searched for them.
    """

    item: Item
    claim: str
    staged: Path
    purpose: Purpose
    receipts: tuple[ReceiptEvidence, ...] = ()
    search: Search = NO_SEARCH


@dataclass(frozen=True, slots=True)
class Written:
    """A body that was written, not signed and not durable yet.

    Attributes:
        number: the incident's number.
        uid: UUID by which it is sealed once.
        folder: where it was read.
        is_virtual: whether its incident.json was made in memory, of its recordings and what lies beside them.
        state: the originals as they were before they were read.
        body: what was written.
        brought: name and digest of the exhibits that the incident brought, without what the vault added.
        costs: what examining its recordings cost.
    """

    number: str
    uid: str
    folder: str
    is_virtual: bool
    state: State
    body: Unsigned
    brought: tuple[tuple[str, bytes], ...]
    costs: tuple[FormatCost, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An incident that can't be sealed as it is now.

    Attributes:
        message: why, in the user's language.
        hint: what to do.
        exit_code: of the error's class.
        is_unreadable: whether the file system refused; the incident may be right.
        is_moving: whether somebody was still writing to it.
    """

    message: str
    hint: str
    exit_code: ExitCode
    is_unreadable: bool = False
    is_moving: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A body to read back once it is durable."""

    staged: Path
    members: tuple[Member, ...]
    digests: Mapping[str, bytes]


_media: list[MediaProcess] = []
_search: list[SearchProcess] = []


def write_bodies(tasks: Sequence[Task], language: str, seams: Seams | None = None) -> list[Written | Refused]:
    """Write the bodies of some incidents, in their order.

    Args:
        tasks: what to write.
        language: of the words in refusals.
        seams: of this process; None in a worker, which has its own.

    Raises:
        OSError: staging can't be written; nobody's incident is to blame.
    """
    messages.set_language(language)
    return [_write(task, seams or Seams()) for task in tasks]


def read_back_bodies(checks: Sequence[Check], language: str) -> int:
    """Compare durable bodies with what was to be written; returns their number.

    Raises:
        StoreError: one differs: the disk can't be trusted.
    """
    messages.set_language(language)
    for check in checks:
        read_back(check.staged, check.members, check.digests, lambda _count: None)
    return len(checks)


def refusal(error: EvidenceError) -> Refused:
    """What stands in the way of sealing an incident."""
    return Refused(
        error.message,
        error.hint,
        error.exit_code,
        is_unreadable=isinstance(error, StoreError),
        is_moving=isinstance(error, ChangedError | Unsettled),
    )


def _write(task: Task, seams: Seams) -> Written | Refused:
    costs = _Costs()
    try:
        state, folder = _read(task, seams)
        with seams.durable.create(task.staged) as out:
            notices = NoticeWork(folder, task.search, _searcher(), seams.clock())
            writer = BodyWriter(
                out, notices, lambda _count: None, takes_growing=False, receipts=task.receipts
            )
            body = writer.write(task.purpose, costs.probe, seams.entropy)
    except EvidenceError as error:
        task.staged.unlink(missing_ok=True)
        return refusal(error)
    except FileNotFoundError as error:
        task.staged.unlink(missing_ok=True)
        if error.filename == str(task.staged):
            raise
        return refusal(files.changed(task.item.key))
    return Written(
        number=folder.incident.number,
        uid=writer.uid,
        folder=str(folder.path),
        is_virtual=folder.is_virtual,
        state=state,
        body=body,
        brought=notices.brought(body.exhibits),
        costs=costs.found(),
    )


def _read(task: Task, seams: Seams) -> tuple[State, IncidentFolder]:
    """An incident, and its files as they were before it was read.

    Raises:
        EvidenceError: it can't be sealed as it is, or the file system refuses to read it.
    """
    try:
        return state_of(task.item.originals), reading.read(task.item, seams.entropy)
    except FileNotFoundError as error:
        raise files.changed(task.item.key) from error
    except OSError as error:  # somebody else's incident isn't to blame
        raise files.unreadable(task.item.key, error) from error


class _Costs:
    """Examines recordings and remembers, by format, what that cost the media process."""

    def __init__(self) -> None:
        self._by_format: dict[str, list[FormatCost]] = defaultdict(list)

    def probe(self, file: BinaryIO, size: int, name: str) -> RecordingFacts:
        """The facts of a recording."""
        media = _media_process()
        facts = media.probe_file(file, size, name)
        spent = _meter.spent(media)
        name = f"{facts.container}/{facts.codec}"
        self._by_format[name].append(FormatCost(name, 1, facts.milliseconds or 0, spent * 1000))
        return facts

    def found(self) -> tuple[FormatCost, ...]:
        """The costs of each format."""
        return tuple(total(costs) for costs in self._by_format.values())


def _media_process() -> MediaProcess:
    """This worker's media process, which lives as long as the worker."""
    if not _media:
        _media.append(MediaProcess())
        atexit.register(_media[0].close)
    return _media[0]


def _searcher() -> SearchProcess:
    """What searches recordings for this worker; its process lives as long as one incident is searched."""
    if not _search:
        _search.append(SearchProcess())
        atexit.register(_search[0].close)
    return _search[0]


class _Meter:
    """CPU time of the media process from one recording to the next; it does nothing between them."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._descriptor = -1
        self._before = 0.0

    def spent(self, media: MediaProcess) -> float:
        """Seconds since it was asked last; since the process began, for a new one. 0 where nobody tells."""
        if media.process_id != self._pid:
            self._open(media.process_id)
        try:
            now = int(os.pread(self._descriptor, 100, 0).split()[0]) / 1e9
        except OSError:  # not on this system, or it has ended meanwhile
            return 0.0
        spent, self._before = now - self._before, now
        return max(spent, 0.0)

    def _open(self, pid: int | None) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._pid, self._before, self._descriptor = pid, 0.0, -1
        with suppress(OSError):
            self._descriptor = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)


_meter = _Meter()
