"""What a scan of an inbox tells; all of it can be pickled."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evidence.errors import EvidenceError, StateError
from evidence.intake.inbox.rules import InboxMapping

FOLDER = "folder"
DROP = "drop"
CALL = "call"


class Unsettled(StateError):
    """What an item is made of has changed since the scan: it is left for the next run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the scan saw it.

    Attributes:
        path: where it is.
        size: its length in bytes.
        mtime_ns: when it was changed last, in nanoseconds since 1970 UTC.
        inode: its number in the file system.
        ctime_ns: when its inode was changed last: nobody can set that, so a recorder that writes another
            recording of the same length and time under the same name is noticed.
    """

    path: Path
    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a CSV file.

    Attributes:
        offset: where it begins, in bytes.
        length: in bytes, with its line end.
        line: number of its first line, from 1.
        digest: SHA-256 of its bytes.
    """

    offset: int
    length: int
    line: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of a CSV file that belong to one recording.

    Attributes:
        file: the CSV file.
        header: its first record, when that names the columns.
        rows: the records, in the file's order.
    """

    file: Path
    header: Row | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One incident to be.

    Attributes:
        kind: FOLDER (it has an incident.json), DROP (recordings, perhaps with a sidecar) or CALL (a recording
            that a CSV file names).
        key: its name relative to the inbox (evidence.model.names, parts parted by ``/``); untrusted.
        inbox: the inbox.
        originals: the files, or the one folder, that belong to it alone.
        sizes: lengths of its recordings in bytes.
        fingerprint: changes when anything changes that it is read from.
        since_ns: when its oldest recording was changed last, in nanoseconds since 1970 UTC.
        zone: IANA zone in which its local times are meant; empty when nobody said.
        recordings: of a DROP or CALL.
        sidecar: of a DROP.
        mapping: how sidecar or rows are read; None for incident.v1.
        rows: of a CALL, by CSV file.
    """

    kind: str
    key: str
    inbox: Path
    originals: tuple[Path, ...]
    sizes: tuple[int, ...]
    fingerprint: str
    since_ns: int
    zone: str = ""
    recordings: tuple[Seen, ...] = ()
    sidecar: Seen | None = None
    mapping: InboxMapping | None = None
    rows: tuple[Rows, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all its recordings."""
        return sum(self.sizes)


@dataclass(frozen=True, slots=True)
class Left:
    """What isn't ready and is left for the next run.

    Attributes:
        key: as of an Item, or the name of a mapping.
        code: ``writing``, ``open``, ``unfinished``, ``temporary``, ``empty``, ``waits_sidecar``,
            ``waits_recording``, ``waits_row``, ``waits_rows`` or ``torn``.
        words: the reason in the user's language, without the key.
    """

    key: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Bad:
    """What can't be sealed as it is: it belongs into quarantine whole."""

    item: Item
    error: EvidenceError


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a person must look at, though no file may be set aside for it; told by every scan until mended.

    Attributes:
        key: name of a mapping, or what it is about relative to the inbox; untrusted.
        error: what is wrong and what to do; nothing about persons stands in it.
    """

    key: str
    error: EvidenceError


@dataclass(frozen=True, slots=True)
class Scan:
    """What lies in an inbox.

    Attributes:
        items: ready to be sealed, the oldest first.
        left: for the next run.
        bad: for quarantine.
        alarms: for a person.
    """

    items: tuple[Item, ...]
    left: tuple[Left, ...]
    bad: tuple[Bad, ...]
    alarms: tuple[Alarm, ...]


def fingerprint(files: Iterable[tuple[bytes, int, int, int, int]], *further: bytes) -> str:
    """A digest over names, lengths, inodes and both times of change of files, and over further digests."""
    digest = hashlib.sha256()
    for name, size, mtime_ns, inode, ctime_ns in files:
        digest.update(b"%d:%s,%d,%d,%d,%d;" % (len(name), name, size, mtime_ns, inode, ctime_ns))
    for value in further:
        digest.update(b"%d:%s;" % (len(value), value))
    return digest.hexdigest()
