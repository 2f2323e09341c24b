"""Processes measured with what they cost, interleaved with their reference so that both see the same machine."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost: CPU and wall time in seconds, peak memory of its largest process in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        work: what was done.
        figure: the measured ratio or amount.
        limit: what it must not exceed.
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
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


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
