"""Originals once their archive is published and durable: kept, moved or deleted (law 1: never before).

What is to be done is noted in the ledger first and crossed out afterwards, so that an interrupted batch is
finished by the next one. What was added or changed after it was read was not archived, and is never
touched.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.intake.roles import UID_FILE
from evidence.operations.batchoutcome import State
from evidence.vault.durable import Durable
from evidence.vault.moving import move_to, remove


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
        """What stands in the ledger."""
        originals, state, targets = json.loads(text)
        rows = tuple((str(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in state)
        return cls(tuple(map(Path, originals)), rows, tuple(map(Path, targets)))


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
            target = folder / f"{further}-{path.name}"
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
    known = set(what.state)
    for number, path in enumerate(what.originals):
        if not os.path.lexists(path) or not known.issuperset(_states([path])):
            continue
        if what.targets and not os.path.lexists(what.targets[number]):
            move_to(durable, path, what.targets[number])
        else:  # to be deleted; or an interrupted run has copied it to another disk
            remove(durable, path)


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
