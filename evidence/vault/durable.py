"""Every call that must survive a power cut goes through one object, so that tests can watch and cut it.

A file's data is durable after ``sync``; its name is durable after ``sync_directory`` of the folder it stands
in. A step that is not in this class is not relied upon after a crash.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

OWNER_FILE = 0o600
OWNER_DIRECTORY = 0o700
_WORTH_SYNCFS = 8


class Durable:
    """The file system, as the vault uses it. Paths are absolute; files are private to their owner."""

    def __init__(self) -> None:
        self._directories: dict[Path, int] = {}

    def make_directory(self, path: Path) -> None:
        """Make a folder with owner-only mode and make its name durable."""
        path.mkdir(mode=OWNER_DIRECTORY)
        self.sync_directory(path.parent)

    def create(self, path: Path) -> BinaryIO:
        """Create a file that must not exist yet, open for reading and writing."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_FILE)
        return os.fdopen(descriptor, "w+b")

    def reopen(self, path: Path, length: int) -> BinaryIO:
        """Open an existing file cut to ``length`` bytes, positioned at its end."""
        file = path.open("r+b")
        file.truncate(length)
        file.seek(length)
        return file

    def sync(self, file: BinaryIO) -> None:
        """Make a file's data durable."""
        file.flush()
        os.fsync(file.fileno())

    def sync_all(self, paths: Sequence[Path]) -> None:
        """Make the data of files of one file system durable, whoever wrote it; many files at once.

        Linux does that with one call for the whole file system (syncfs), which reports what went wrong with
        any of them since the last call; elsewhere, and for a few files, each is synced.
        """
        if len(paths) >= _WORTH_SYNCFS and self._sync_file_system(paths[0].parent):
            return
        for path in paths:
            with path.open("r+b") as file:
                os.fsync(file.fileno())

    def sync_directory(self, path: Path) -> None:
        """Make the names in a folder durable; the folder stays open, since the next sync comes soon."""
        self._open_directory(path)
        os.fsync(self._directories[path])

    def _sync_file_system(self, folder: Path) -> bool:
        """Whether everything that was written to a file system is durable now."""
        if sys.platform != "linux":
            return False
        import ctypes  # noqa: PLC0415  not needed for single seals

        self._open_directory(folder)
        syncfs = getattr(ctypes.CDLL(None), "syncfs", None)
        return syncfs is not None and syncfs(self._directories[folder]) == 0

    def _open_directory(self, path: Path) -> None:
        if path not in self._directories:
            self._directories[path] = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name without overwriting; FileExistsError if the name is taken."""
        os.link(source, target, follow_symlinks=False)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another one, atomically."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a name; nothing happens when it doesn't exist."""
        path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the folders."""
        for descriptor in self._directories.values():
            os.close(descriptor)
        self._directories.clear()

    def commit(self, commit: Callable[[], None]) -> None:
        """Run the register store's COMMIT."""
        commit()


def write_new(durable: Durable, path: Path, data: bytes) -> None:
    """Write a small file that must not exist yet; its data and its name are durable afterwards."""
    with durable.create(path) as file:
        file.write(data)
        durable.sync(file)
    durable.sync_directory(path.parent)


def save(durable: Durable, path: Path, data: bytes) -> None:
    """Replace a small file as a whole: after a crash it is the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    durable.remove(temporary)
    try:
        with durable.create(temporary) as file:
            file.write(data)
            durable.sync(file)
        durable.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            durable.remove(temporary)
        raise
    durable.sync_directory(path.parent)
