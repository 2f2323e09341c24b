"""Files and folders moved without a moment in which they are nowhere, from one disk to another, too."""

import errno
import filecmp
import os
import shutil
from pathlib import Path

from evidence.vault.copying import copy_range
from evidence.vault.durable import Durable


def move_to(durable: Durable, source: Path, target: Path) -> None:
    """Move a file or a folder of files; what is there already is never replaced.

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
        copy_into(durable, source, target.parent, target.name)
        remove(durable, source)
    durable.sync_directory(target.parent)
    durable.sync_directory(source.parent)


def copy_into(durable: Durable, source: Path, folder: Path, name: str) -> Path:
    """Copy a file or a folder of files into a folder, durable and compared with the source.

    Raises:
        OSError: the file system refuses, or the copy differs.
    """
    target = folder / name
    temporary = folder / f".{name}.copying"
    _discard(temporary)
    if source.is_dir() and not source.is_symlink():
        durable.make_directory(temporary)
        for path in sorted(source.iterdir()):
            _copy_file(durable, path, temporary / path.name)
        durable.sync_directory(temporary)
    else:
        _copy_file(durable, source, temporary)
    _rename(temporary, target)
    durable.sync_directory(folder)
    return target


def make_folders(durable: Durable, folder: Path) -> None:
    """Make a folder and its parents, as far as they aren't there."""
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            durable.make_directory(path)


def _copy_file(durable: Durable, source: Path, target: Path) -> None:
    if source.is_symlink() or not source.is_file():
        raise OSError(errno.EINVAL, "neither a regular file nor a folder of such files", str(source))
    with source.open("rb") as original, durable.create(target) as copy:
        size = os.fstat(original.fileno()).st_size
        copy_range(original.fileno(), copy.fileno(), size, 0)
        status = os.fstat(original.fileno())
        os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        durable.sync(copy)
    if not filecmp.cmp(source, target, shallow=False):
        raise OSError(errno.EIO, "the copy differs from its original", str(source))


def _rename(source: Path, target: Path) -> None:
    """Rename what nobody else names at the same time; the caller holds the batch's lock."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def remove(durable: Durable, path: Path) -> None:
    """Remove a file or a folder of files."""
    if path.is_dir() and not path.is_symlink():
        for file in path.iterdir():
            durable.remove(file)
        path.rmdir()
    else:
        durable.remove(path)


def _discard(path: Path) -> None:
    """Forget a copy that was never finished."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
