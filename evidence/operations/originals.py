"""Originals once their archive is published and durable: kept, moved or deleted (law 1: never before).

What was added or changed after it was read was not archived, and is never touched.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from evidence.intake.roles import UID_FILE
from evidence.operations.batchoutcome import State
from evidence.vault.durable import Durable
from evidence.vault.moving import move_into


def state_of(originals: Iterable[Path]) -> State:
    """The files of originals as they are now; a folder's own ``incident.uid`` isn't one of its originals.

    Raises:
        OSError: one can't be looked at.
    """
    return tuple(sorted(_states(originals)))


def _states(originals: Iterable[Path]) -> Iterator[tuple[str, int, int, int]]:
    for path in originals:
        status = path.lstat()
        if not path.is_dir() or path.is_symlink():
            yield str(path), status.st_size, status.st_mtime_ns, status.st_ino
            continue
        with os.scandir(path) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                if entry.name != UID_FILE:
                    yield entry.path, found.st_size, found.st_mtime_ns, found.st_ino


def move(originals: Iterable[Path], state: State, target: Path, durable: Durable) -> bool:
    """Move originals into a folder, which is made; False, and nothing is moved, if they were changed.

    Raises:
        OSError: the file system refuses; every original is where it was or in the folder, whole.
    """
    paths = tuple(originals)
    if not _is_unchanged(paths, state):
        return False
    for path in paths:
        move_into(durable, path, target)
    return True


def delete(originals: Iterable[Path], state: State, durable: Durable) -> bool:
    """Delete originals; False, and nothing is deleted, if they were changed since they were archived.

    Raises:
        OSError: the file system refuses.
    """
    paths = tuple(originals)
    if not _is_unchanged(paths, state):
        return False
    for name, _size, _time, _inode in state:
        durable.remove(Path(name))
    for path in paths:
        if path.is_dir():
            durable.remove(path / UID_FILE)
            path.rmdir()
    return True


def _is_unchanged(originals: tuple[Path, ...], state: State) -> bool:
    try:
        return state_of(originals) == state
    except FileNotFoundError:
        return False
