"""Files brought into an incident's folder: copied, synced, read back from the disk; sources are only read."""

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evidence.digests import sha256_and_crc32
from evidence.entropy import new_uuid
from evidence.errors import EvidenceError, FormatError, StateError, StoreError, UsageError
from evidence.intake import files, roles
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.messages import t
from evidence.model import names
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault.copying import ReadBack, copy_range, pieces
from evidence.vault.filesystem import require_room

RESERVED = {INCIDENT, MARKERS, *roles.NO_EXHIBITS}
_SHOWN = 300
_TEMPORARY = ".adding-"
_LEFT = re.compile(
    r"\.adding-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\.(incident|markers|suggestions)\.json\.new"
)
"""Names of what a killed process leaves behind, and of nothing else."""


@dataclass(frozen=True, slots=True)
class Added:
    """One file as it was brought in.

    Attributes:
        name: its name in the folder (evidence.model.names).
        source: where it was copied from, absolute.
        size: bytes that were copied.
        is_growing: whether somebody was still writing to the source: only its first ``size`` bytes are here.
        is_old: whether the same bytes were there under that name already.
    """

    name: str
    source: Path
    size: int
    is_growing: bool = False
    is_old: bool = False


def check_source(source: Path, name: str) -> None:
    """Refuse what can't be brought in under a name, before anything is made.

    Raises:
        UsageError: there is no such file, or the program keeps that name for itself.
        FormatError: it is a link, a folder, a pipe or a device.
    """
    shown = visible(name)
    if name in RESERVED or roles.is_litter(name) or len(names.to_bytes(name)) > 240:
        raise UsageError(t("incidents.reserved", file=shown), t("incidents.reserved_hint"))
    try:
        mode = source.lstat().st_mode
    except OSError as error:
        if files.is_nowhere(error):
            path = visible(str(source)[:_SHOWN])
            raise UsageError(t("incidents.no_file", file=path), t("incidents.no_file_hint")) from error
        raise files.unreadable(str(source), error) from error
    if not stat.S_ISREG(mode):
        kind = "link" if stat.S_ISLNK(mode) else "folder" if stat.S_ISDIR(mode) else "special"
        path = visible(str(source))
        raise FormatError(t(f"incidents.source_{kind}", file=path), t(f"incidents.source_{kind}_hint"))


def sweep(folder: Path, seams: Seams) -> None:
    """Remove what killed processes left behind; nobody else may be changing the folder now.

    Raises:
        StoreError: the file system refuses.
    """
    try:
        for left in [path for path in folder.iterdir() if _LEFT.fullmatch(path.name)]:
            seams.durable.remove(left)
    except OSError as error:
        raise files.unwritable(folder, error) from error


def add_file(folder: Path, source: Path, name: str, seams: Seams, progress: Callable[[int], None]) -> Added:
    """Copy a file into a folder under a name; its time of modification is kept.

    Raises:
        UsageError, FormatError: as check_source.
        StateError: another file stands there under that name, or the source was changed meanwhile.
        StoreError: the file system refuses, or the copy reads back as something else.
    """
    check_source(source, name)
    with files.open_file(source.parent, names.from_bytes(os.fsencode(source.name))) as opened:
        before = os.fstat(opened.fileno())
        size = before.st_size
        target = folder / os.fsdecode(names.to_bytes(name))
        temporary = folder / f"{_TEMPORARY}{new_uuid(seams.entropy)}"
        try:
            require_room(folder, size)
            digest = _copy(opened.fileno(), before, source, temporary, seams)
            progress(size)
            if _read_back(temporary, size) != digest:
                raise _differs(opened.fileno(), before, source)
            progress(size)
            is_growing = _settled(opened.fileno(), before, digest, source)
            os.utime(temporary, ns=(before.st_atime_ns, before.st_mtime_ns))
            is_old = not _publish(temporary, target, digest, seams)
        except OSError as error:
            raise files.unwritable(folder, error) from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return Added(name, source.absolute(), size, is_growing, is_old)


def _copy(source: int, before: os.stat_result, path: Path, temporary: Path, seams: Seams) -> bytes:
    """Copy and sync; returns the digest of the source."""
    with seams.durable.create(temporary) as out:
        if copy_range(source, out.fileno(), before.st_size, 0) != before.st_size:
            raise files.changed(path.name)
        seams.durable.sync(out)
    return _digest(source, before.st_size)


def _read_back(copy: Path, size: int) -> bytes:
    with ReadBack(copy) as disk:
        return sha256_and_crc32(disk.pieces(size), size)[0]


def _differs(source: int, before: os.stat_result, path: Path) -> EvidenceError:
    """Why a copy isn't what its source is: one that was changed meanwhile, else the disk."""
    return (
        StoreError(t("vault.read_back"), t("vault.read_back_hint"))
        if _stamp(os.fstat(source)) == _stamp(before)
        else files.changed(path.name)
    )


def _digest(source: int, size: int) -> bytes:
    return sha256_and_crc32(pieces(source, size), size)[0]


def _settled(source: int, before: os.stat_result, digest: bytes, path: Path) -> bool:
    """Whether the source has only grown since; any other change refuses the copy."""
    after = os.fstat(source)
    if _stamp(after) == _stamp(before):
        return False
    if after.st_size < before.st_size or _digest(source, before.st_size) != digest:
        raise files.changed(path.name)
    return after.st_size > before.st_size


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _publish(temporary: Path, target: Path, digest: bytes, seams: Seams) -> bool:
    """Give the copy its name; False when the same bytes stand there already."""
    try:
        seams.durable.link(temporary, target)
    except FileExistsError as error:
        if _is_same(target, digest):
            return False
        shown = visible(target.name)
        raise StateError(t("incidents.exists", file=shown), t("incidents.exists_hint")) from error
    seams.durable.sync_directory(target.parent)
    return True


def _is_same(target: Path, digest: bytes) -> bool:
    with (
        suppress(EvidenceError),
        files.open_file(target.parent, names.from_bytes(os.fsencode(target.name))) as found,
    ):
        status = os.fstat(found.fileno())
        return stat.S_ISREG(status.st_mode) and _digest(found.fileno(), status.st_size) == digest
    return False
