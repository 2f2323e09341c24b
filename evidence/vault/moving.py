"""Files and folders moved without a moment in which they are nowhere, from one disk to another, too."""

import errno
import filecmp
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from evidence.vault.copying import copy_range
from evidence.vault.durable import Durable

_DEEPEST = 32

Look = tuple[int, int, int, int]
"""Length, time of change, time of the inode's change and inode of a file."""


def look(status: os.stat_result) -> Look:
    """What shows that a file was written to or replaced, even by one of the same length and time."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def move_to(durable: Durable, source: Path, target: Path) -> None:
    """Move a file or a folder; what is there already is never replaced.

    Args:
        durable: the file system.
        source: what to move.
        target: its new path; folders above it are made if need be.

    Raises:
        OSError: the file system refuses; the source is whole where it was, or whole at its new path.
    """
    make_folders(durable, target.parent)
    try:
        _rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        seen = dict(_looks(source))
        copy_into(durable, source, target.parent, target.name)
        remove_seen(durable, source, seen)
    durable.sync_directory(target.parent)
    durable.sync_directory(source.parent)


def copy_into(durable: Durable, source: Path, folder: Path, name: str) -> Path:
    """Copy a file or a folder into a folder, durable and compared with the source; links stay links.

    Raises:
        OSError: the file system refuses, the copy differs, or there is a pipe, socket or device.
    """
    target = folder / name
    # The name has nothing of the target's: that may be as long as a name can be.
    temporary = folder / f".{sha256(os.fsencode(name)).hexdigest()[:16]}.copying"
    _discard(temporary)
    try:
        _copy(durable, source, temporary, _DEEPEST)
        _rename(temporary, target)
    except BaseException:
        with suppress(OSError):
            _discard(temporary)
        raise
    durable.sync_directory(folder)
    return target


def make_folders(durable: Durable, folder: Path) -> None:
    """Make a folder and its parents, as far as they aren't there."""
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            durable.make_directory(path)


def is_copy(source: Path, copy: Path) -> bool:
    """Whether everything of a source is in a copy, byte for byte.

    Raises:
        OSError: one can't be read.
    """
    if source.is_symlink() or copy.is_symlink():
        return source.is_symlink() and copy.is_symlink() and source.readlink() == copy.readlink()
    if source.is_dir():
        return copy.is_dir() and all(is_copy(path, copy / path.name) for path in source.iterdir())
    return source.is_file() and copy.is_file() and _is_same(source, copy)


def remove_seen(durable: Durable, path: Path, seen: dict[Path, Look]) -> None:
    """Remove a file or a folder, but nothing that came or was written to since it was looked at.

    Args:
        durable: the file system.
        path: what to remove.
        seen: how each file looked.

    Raises:
        OSError: something isn't as it was seen, or the file system refuses; that and its folders stay.
    """
    present = list(_looks(path))
    removed = [file for file, now in present if seen.get(file) == now]
    for file in removed:
        durable.remove(file)
    if len(removed) < len(present):
        raise OSError(errno.EBUSY, "changed meanwhile", str(path))
    for folder in _folders(path):
        folder.rmdir()


def remove(durable: Durable, path: Path) -> None:
    """Remove a file or a folder as it is now.

    Raises:
        OSError: something in it changes meanwhile, or the file system refuses.
    """
    remove_seen(durable, path, dict(_looks(path)))


def _copy(durable: Durable, source: Path, target: Path, depth: int) -> None:
    mode = source.lstat().st_mode
    if stat.S_ISLNK(mode):
        target.symlink_to(source.readlink())
    elif stat.S_ISDIR(mode) and depth:
        durable.make_directory(target)
        for path in sorted(source.iterdir()):
            _copy(durable, path, target / path.name, depth - 1)
        durable.sync_directory(target)
    else:
        _copy_file(durable, source, target)


def _copy_file(durable: Durable, source: Path, target: Path) -> None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(source, flags), "rb") as original:
        status = os.fstat(original.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "a pipe, a socket, a device, or folders too deep", str(source))
        with durable.create(target) as copy:
            copy_range(original.fileno(), copy.fileno(), status.st_size, 0)
            os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            durable.sync(copy)
    if not _is_same(source, target):
        raise OSError(errno.EIO, "the copy differs from its original", str(source))


def _is_same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes, whatever was found out earlier about files that look alike."""
    filecmp.clear_cache()
    return filecmp.cmp(one, other, shallow=False)


def _rename(source: Path, target: Path) -> None:
    """Rename what nobody else names at the same time; the caller holds the batch's lock."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def _looks(path: Path) -> Iterable[tuple[Path, Look]]:
    """Every file at or below a path, links as links, and how it looks."""
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        yield path, look(status)
        return
    for inside in path.iterdir():
        yield from _looks(inside)


def _folders(path: Path) -> Iterable[Path]:
    """A folder and those in it, the innermost first; nothing for a file."""
    if path.is_dir() and not path.is_symlink():
        for inside in path.iterdir():
            yield from _folders(inside)
        yield path


def _discard(path: Path) -> None:
    """Forget a copy that was never finished."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
