"""Processes measured with what they cost, interleaved with their reference so that both see the same machine."""

import math
import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

NO_GOAL = math.inf
_EVERY = 0.05
"""Seconds between two looks at the memory of a command's processes."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and how much is measured.

    Attributes:
        work: a folder on the disk to measure.
        quick: little of everything, to see that it works; the figures mean nothing.
        environments: where programs that ours is compared with are, or are put; below ``work`` if None.
    """

    work: Path
    quick: bool = False
    environments: Path | None = None

    def amount(self, whole: int, little: int) -> int:
        """How much of something."""
        return little if self.quick else whole


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost.

    Attributes:
        cpu: seconds of CPU, its children's included once they ended.
        wall: seconds by the clock.
        peak: memory (RSS) of its largest process, MiB.
        together: memory of all its processes at once, MiB; what they share is counted once (PSS). 0: not watched.
    """

    cpu: float
    wall: float
    peak: float
    together: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        work: what was done.
        figure: the measured ratio or amount.
        limit: the goal, NO_GOAL where there is none; more than twice of it is a failure.
        unit: ``x`` for ratios, else the unit.
        detail: the absolute values behind it.
    """

    work: str
    figure: float
    limit: float
    unit: str
    detail: str


def run(command: Sequence[str]) -> Cost:
    """Run one command that must succeed."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _cost(process, begin, command)


def watched(command: Sequence[str]) -> Cost:
    """Run one command that must succeed, and look at the memory of all its processes meanwhile."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    ended = threading.Event()
    found = [0.0]

    def look() -> None:
        while not ended.wait(_EVERY):
            found.append(_memory(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        cost = _cost(process, begin, command)
    finally:
        ended.set()
        watcher.join()
    return Cost(cost.cpu, cost.wall, cost.peak, max(found))


def _cost(process: "subprocess.Popen[bytes]", begin: float, command: Sequence[str]) -> Cost:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _memory(session: int) -> float:
    """MiB of all processes of a session."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            if int(path.read_text(errors="replace").rpartition(") ")[2].split()[3]) == session:
                rollup = path.with_name("smaps_rollup").read_text().partition("Pss:")[2]
                total += int(rollup.split(maxsplit=1)[0])
    return total / 1024


def shell(script: str) -> Callable[[], Cost]:
    """A reference written as a shell script; children count."""

    def measured() -> Cost:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        subprocess.run(["bash", "-ec", script], check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(cpu, wall, 0.0)

    return measured


def interleaved(
    ours: Callable[[], Cost],
    reference: Callable[[], Cost],
    rounds: int,
    reset: Callable[[], None] = lambda: None,
) -> tuple[list[Cost], list[Cost]]:
    """Both, in turn; the first round only warms up."""
    mine, theirs = [], []
    for _ in range(rounds + 1):
        reset()
        theirs.append(reference())
        reset()
        mine.append(ours())
    return mine[1:], theirs[1:]


def ratio(mine: Sequence[Cost], theirs: Sequence[Cost], what: str) -> float:
    """The median of the rounds' ratios of ``cpu`` or ``wall``."""
    return float(median(getattr(a, what) / getattr(b, what) for a, b in zip(mine, theirs, strict=True)))


def middle(costs: Sequence[Cost], what: str) -> float:
    """The median of one value."""
    return float(median(getattr(cost, what) for cost in costs))
