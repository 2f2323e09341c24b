"""Stand-ins for the vault's Durable: they count, kill, fail, or remember what a power cut would leave."""

import errno
import os
import random
import signal
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from evidence.vault.durable import Durable


class Stepping(Durable):
    """Calls ``before`` ahead of every durable step."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def before(self, step: str) -> None:
        """One more step begins."""
        self.steps.append(step)

    def make_directory(self, path: Path) -> None:
        self.before(f"make_directory {path.name}")
        super().make_directory(path)

    def create(self, path: Path) -> BinaryIO:
        self.before(f"create {path.suffix or path.name}")
        return super().create(path)

    def reopen(self, path: Path, length: int) -> BinaryIO:
        self.before("reopen")
        return super().reopen(path, length)

    def sync(self, file: BinaryIO) -> None:
        self.before("sync")
        super().sync(file)

    def sync_all(self, paths: Sequence[Path]) -> None:
        self.before("sync_all")
        super().sync_all(paths)

    def sync_directory(self, path: Path) -> None:
        self.before(f"sync_directory {path.name}")
        super().sync_directory(path)

    def link(self, source: Path, target: Path) -> None:
        self.before("link")
        super().link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self.before(f"replace {target.name}")
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self.before(f"remove {path.suffix or path.name}")
        super().remove(path)

    def commit(self, commit: Callable[[], None]) -> None:
        self.before("commit")
        super().commit(commit)


class Killing(Stepping):
    """Kills its own process with SIGKILL ahead of step number ``at`` (from 1)."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def before(self, step: str) -> None:
        super().before(step)
        if len(self.steps) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class Full(Stepping):
    """From step number ``at`` (from 1) on, everything that needs room fails: the disk is full."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def before(self, step: str) -> None:
        super().before(step)
        if len(self.steps) >= self._at and step.split(maxsplit=1)[0] in {
            "create",
            "sync",
            "sync_all",
            "link",
            "replace",
        }:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if len(self.steps) >= self._at and step == "commit":
            raise sqlite3.OperationalError("database or disk is full")


class PowerCut(Stepping):
    """Remembers, ahead of each step, what the disk would hold if the power went and unsynced data were lost.

    A file holds what it held at its last ``sync``; a folder lists what it listed at its last
    ``sync_directory``. Of the register's database, its file and its write-ahead log are what they were when the
    last COMMIT returned: SQLite itself has to find the committed state in them. (What SQLite writes and syncs
    is watched in test_database_power.py.)
    """

    def __init__(self, root: Path, database: Path) -> None:
        super().__init__()
        self._root = root
        self._database = database
        self._contents: dict[int, bytes] = {}
        self._names: dict[Path, dict[str, int]] = {}
        for folder in (root, *(p for p in root.rglob("*") if p.is_dir())):
            self._remember_folder(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self._contents[path.stat().st_ino] = path.read_bytes()
        self._register = self._database_files()
        self.cuts: list[dict[Path, bytes | None]] = []

    def _database_files(self) -> dict[str, bytes]:
        """The database and its log as they stand in the file system now; the rest is made anew by SQLite."""
        names = (self._database.name, f"{self._database.name}-wal")
        paths = (self._database.with_name(name) for name in names)
        return {path.name: path.read_bytes() for path in paths if path.exists()}

    def _remember_folder(self, folder: Path) -> None:
        self._names[folder] = _listing(folder)

    def _is_database(self, folder: Path, name: str) -> bool:
        return folder == self._database.parent and name.startswith(self._database.name)

    def before(self, step: str) -> None:
        super().before(step)
        self.cut()

    def cut(self) -> None:
        """Remember the disk as it would be now."""
        left: dict[Path, bytes | None] = {}
        for folder, listing in self._names.items():
            left[folder.relative_to(self._root)] = None
            for name, inode in listing.items():
                if not self._is_database(folder, name):
                    left[folder.relative_to(self._root) / name] = self._contents.get(inode, b"")
        for name, data in self._register.items():
            left[self._database.relative_to(self._root).with_name(name)] = data
        self.cuts.append(left)

    def create(self, path: Path) -> BinaryIO:
        file = super().create(path)
        self._contents[os.fstat(file.fileno()).st_ino] = b""  # a number may have been another file's
        return file

    def make_directory(self, path: Path) -> None:
        super().make_directory(path)
        self._remember_folder(path)

    def sync(self, file: BinaryIO) -> None:
        super().sync(file)
        position = file.tell()
        file.seek(0)
        self._contents[os.fstat(file.fileno()).st_ino] = file.read()
        file.seek(position)

    def sync_all(self, paths: Sequence[Path]) -> None:
        super().sync_all(paths)
        for path in paths:
            self._contents[path.stat().st_ino] = path.read_bytes()

    def sync_directory(self, path: Path) -> None:
        super().sync_directory(path)
        self._remember_folder(path)

    def commit(self, commit: Callable[[], None]) -> None:
        super().commit(commit)
        self._register = self._database_files()

    def restore(self, cut: dict[Path, bytes | None], target: Path) -> Path:
        """Lay a remembered disk out in a folder."""
        for path, data in cut.items():
            if data is None:
                (target / path).mkdir(parents=True, exist_ok=True)
        for path, data in cut.items():
            if data is not None:
                (target / path).write_bytes(data)
        return target


class Reordered(PowerCut):
    """The same, but a random part of what wasn't synced did reach the disk, in whatever order.

    Each name that was added, changed or removed since its folder was synced, and each file's unsynced data,
    arrives whole, in part, as zeros, or not at all, independently of all others; so does what was written
    to the database's log after the last COMMIT.
    """

    def __init__(self, root: Path, database: Path, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  reproducible
        super().__init__(root, database)

    def cut(self) -> None:
        super().cut()
        left = self.cuts[-1]
        for folder, synced in self._names.items():
            if not folder.is_dir():
                continue
            current = _listing(folder)
            for name in sorted(synced.keys() | current.keys()):
                if self._is_database(folder, name):
                    continue
                inode = self._random.choice([synced.get(name), current.get(name)])
                path = folder.relative_to(self._root) / name
                left.pop(path, None)
                if inode is not None:
                    written = (folder / name).read_bytes() if current.get(name) == inode else None
                    left[path] = self._arrived(self._contents.get(inode, b""), written)
        self._cut_log(left)

    def _arrived(self, synced: bytes, written: bytes | None) -> bytes:
        if written is None or written == synced:
            return synced
        sectors = self._random.randint(0, len(written) // 512)
        torn = written[: sectors * 512]
        return self._random.choice([synced, written, torn, torn.ljust(len(written), b"\0")])

    def _cut_log(self, left: dict[Path, bytes | None]) -> None:
        name = f"{self._database.name}-wal"
        synced, written = self._register.get(name, b""), self._database_files().get(name, b"")
        if written.startswith(synced):
            tail = self._arrived(b"", written[len(synced) :] or self._random.randbytes(4096))
            left[self._database.relative_to(self._root).with_name(name)] = synced + tail


def _listing(folder: Path) -> dict[str, int]:
    return {p.name: p.stat().st_ino for p in folder.iterdir() if p.is_file()}
