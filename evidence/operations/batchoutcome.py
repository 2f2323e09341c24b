"""What became of each thing that a batch found in an inbox."""

from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import ExitCode
from evidence.intake.inbox.model import Item
from evidence.operations.batchresult import FormatCost

StateRow = tuple[str, int, int, int, int]
"""Path of a file, and its length, time of change, time of its inode's change, and inode (moving.look)."""
State = tuple[StateRow, ...]
"""The files that an incident was read from, as they were then."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """It was sealed.

    Attributes:
        item: what it was.
        state: its files as they were read.
        number: the incident's number.
        archive: the published archive.
        archive_id: its UUID.
        sequence: its place in the register.
        size: bytes of its exhibits.
        costs: what examining its recordings cost.
        is_pending: whether a time stamp belongs to it and is still to come.
        grades: of each of its recordings, how strongly something shows that the notice was played.
        undrawn: how many of its recordings' waveforms had no room.
        lacks_report: whether a report belongs into it and could not be made.
    """

    item: Item
    state: State
    number: str
    archive: Path
    archive_id: str
    sequence: int
    size: int
    costs: tuple[FormatCost, ...] = field(repr=False)
    is_pending: bool = False
    grades: tuple[str, ...] = ()
    undrawn: int = 0
    lacks_report: bool = False


@dataclass(frozen=True, slots=True)
class Already:
    """It had been sealed before, and is as it was then."""

    item: Item
    state: State
    number: str
    sequence: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """It can't be sealed as it is and belongs into quarantine; attributes as in bodytask.Refused."""

    item: Item
    message: str
    hint: str
    exit_code: ExitCode


@dataclass(frozen=True, slots=True)
class Left:
    """It is left for the next run: somebody is still busy with it."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It couldn't be read, or its archive couldn't be placed now; it stays, and a person must look."""

    item: Item
    message: str
    hint: str
    exit_code: ExitCode


Outcome = Sealed | Already | SetAside | Left | Failed
