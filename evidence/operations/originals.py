"""Originals once their archive is published and durable: kept, moved or deleted (law 1: never before).

What is to be done is noted in the ledger first and crossed out afterwards, so that an interrupted batch is
finished by the next one. What was added or changed after it was read was not archived, and is never
touched.
"""

import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.intake.roles import UID_FILE
from evidence.operations.batchoutcome import State, StateRow
from evidence.vault.durable import Durable
from evidence.vault.moving import is_copy, look, move_to, remove_seen


@dataclass(frozen=True, slots=True)
class Disposal:
    """What is to become of the originals of one incident.

    Attributes:
        originals: files, or one folder.
        state: the files as they were when they were read.
        targets: where each is moved to; empty: they are deleted.
    """

    originals: tuple[Path, ...]
    state: State
    targets: tuple[Path, ...]

    def to_text(self) -> str:
        """As it stands in the ledger. ``Disposal.of(x.to_text()) == x``."""
        return json.dumps([list(map(str, self.originals)), self.state, list(map(str, self.targets))])

    @classmethod
    def of(cls, text: str) -> "Disposal":
        """What stands in the ledger.

        Raises:
            ValueError: it isn't what ``to_text`` makes; nothing may be done by it.
        """
        try:
            found = json.loads(text)
        except RecursionError as error:
            raise ValueError("too deep") from error
        if not isinstance(found, list) or len(found) != len(("originals", "state", "targets")):
            raise ValueError("not a disposal")
        originals, state, targets = found
        paths, places = _paths(originals), _paths(targets)
        if not isinstance(state, list) or len(places) not in {0, len(paths)}:
            raise ValueError("not a disposal")
        return cls(paths, tuple(_row(row, paths) for row in state), places)


def moved(originals: Sequence[Path], state: State, folder: Path, taken: set[Path]) -> Disposal:
    """Move originals into a folder, under names that nobody has.

    Args:
        originals: files, or one folder.
        state: the files as they were when they were read.
        folder: where to.
        taken: paths that others are about to be moved to; those chosen here are added.
    """
    targets = []
    for path in originals:
        target, further = folder / path.name, 2
        while target in taken or os.path.lexists(target):
            target = folder / str(further) / path.name  # a longer name might be too long
            further += 1
        taken.add(target)
        targets.append(target)
    return Disposal(tuple(originals), state, tuple(targets))


def state_of(originals: Iterable[Path]) -> State:
    """The files of originals as they are now; a folder's own ``incident.uid`` isn't one of its originals.

    Raises:
        OSError: one can't be looked at.
    """
    return tuple(sorted(_states(originals)))


def is_unchanged(what: Disposal) -> bool:
    """Whether originals are what was archived."""
    try:
        return state_of(what.originals) == what.state
    except OSError:
        return False


def carry_out(what: Disposal, durable: Durable) -> None:
    """Move or delete originals, also those of which an interrupted run has left some.

    A file that isn't what was archived any more stays where it is, and so does the folder that holds it.

    Raises:
        OSError: the file system refuses; every original is where it was, or where it was to go, whole.
    """
    known, homes = set(what.state), {os.path.dirname(row[0]) for row in what.state}  # noqa: PTH120  bytes kept
    for number, path in enumerate(what.originals):
        if not os.path.lexists(path) or not known.issuperset(_states([path])):
            continue
        if path.is_dir() and not path.is_symlink() and str(path) not in homes:
            continue  # nothing of it was archived
        if what.targets:
            _move(durable, path, what.targets[number], known)
        else:
            _remove(durable, path, known)


def _move(durable: Durable, path: Path, target: Path, known: set[StateRow]) -> None:
    if not os.path.lexists(target):
        move_to(durable, path, target)
    elif is_copy(path, target):  # an interrupted run has copied it to another disk
        _remove(durable, path, known)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _remove(durable: Durable, path: Path, known: set[StateRow]) -> None:
    """Remove what was archived, and the uid that sealing wrote beside it; what came just now stays."""
    seen = {Path(row[0]): row[1:] for row in known}
    uid = path / UID_FILE
    if path.is_dir() and not path.is_symlink() and os.path.lexists(uid):
        seen[uid] = look(uid.lstat())
    remove_seen(durable, path, seen)


def _states(originals: Iterable[Path]) -> Iterator[StateRow]:
    for path in originals:
        status = path.lstat()
        if not path.is_dir() or path.is_symlink():
            yield str(path), *look(status)
            continue
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name != UID_FILE:
                    yield entry.path, *look(entry.stat(follow_symlinks=False))


def _paths(found: object) -> tuple[Path, ...]:
    """Absolute paths without detours.

    Raises:
        ValueError: anything else.
    """
    if not isinstance(found, list):
        raise ValueError("not a list")  # noqa: TRY004  one kind of mistake for one kind of text
    for path in found:
        if not isinstance(path, str) or "\0" in path or os.path.normpath(path) != path or path[:1] != "/":
            raise ValueError("not a path")
    return tuple(map(Path, found))


def _row(found: object, originals: Sequence[Path]) -> StateRow:
    """A row of a state that is about one of those originals.

    Raises:
        ValueError: anything else.
    """
    if not isinstance(found, list) or [type(value) for value in found] != [str, int, int, int, int]:
        raise ValueError("not a file's state")
    path, size, mtime_ns, ctime_ns, inode = found
    if not {Path(path), Path(path).parent}.intersection(originals):
        raise ValueError("not an original's state")
    return path, size, mtime_ns, ctime_ns, inode
