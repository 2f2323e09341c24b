"""A night's incidents, two workers."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import inputs
from tests.benchmarks.measure import (
    NO_GOAL,
    Bench,
    Cost,
    Row,
    interleaved,
    middle,
    ratio,
    run,
    shell,
    watched,
)

WORKERS = 2


def rows(bench: Bench) -> Iterator[Row]:
    """Recordings of the usual length with sidecars, and many small ones, against SAFE of the same files.

    Of 2,000 recordings of 2.4 MB, twice 4.8 GB are on the disk at a time.
    """
    yield from _night(bench, bench.amount(2000, 4), 2_400_000, 0.75)
    yield from _night(bench, bench.amount(10_000, 8), 100_000, 1.0)


def command(inbox: Path, vault: Path) -> list[str]:
    """Seal an inbox without analysing its recordings."""
    return [*drawing(inbox, vault), "--no-waveform"]


def drawing(inbox: Path, vault: Path) -> list[str]:
    """Seal an inbox and draw its recordings, as by default."""
    return [*inputs.EVIDENCE, "batch", str(inbox), "--vault", str(vault), f"--workers={WORKERS}"]


def _night(bench: Bench, count: int, size: int, limit: float) -> Iterator[Row]:
    inbox = inputs.drops(bench.work / "inbox", count, size)
    vault, copy = bench.work / "vault", bench.work / "copy"

    def reset() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        inputs.new_vault(vault)
        os.sync()

    def ours() -> Cost:
        return watched(command(inbox, vault))

    digest = "xargs -0 openssl dgst -sha256 >/dev/null"
    script = f"cp -r '{inbox}' '{copy}'; sync; find '{inbox}' '{copy}' -type f -print0 | {digest}"
    mine, theirs = interleaved(ours, shell(script), bench.amount(3, 1), reset)
    reset()
    start = run(command(_empty(bench.work), vault))
    name = f"batch {count} x {size / 1e6:g} MB"
    for what in ("wall", "cpu"):
        detail = f"{middle(mine, what):.2f} s against {middle(theirs, what):.2f} s"
        title = f"{name}, {what.replace('cpu', 'CPU')} / SAFE"
        yield Row(title, ratio(mine, theirs, what), limit if what == "wall" else NO_GOAL, "x", detail)
    beyond = (middle(mine, "cpu") - start.cpu - middle(theirs, "cpu")) / count * 1000
    yield Row(f"{name}, CPU an archive beyond SAFE", beyond, 3.1, "ms", "")
    drawn = watched(drawing(inbox, vault))
    more = (drawn.cpu - middle(mine, "cpu")) / count * 1000
    detail = f"{drawn.wall:.2f} s wall in place of {middle(mine, 'wall'):.2f} s"
    yield Row(f"{name}, CPU to draw a recording", more, NO_GOAL, "ms", detail)
    together = max(cost.together for cost in (*mine, drawn))
    yield Row(f"{name}, memory of all processes", together, (WORKERS + 1) * 96 + WORKERS * 200, "MiB", "PSS")
    shutil.rmtree(inbox)
    shutil.rmtree(vault)


def _empty(work: Path) -> Path:
    (work / "empty").mkdir(exist_ok=True)
    return work / "empty"
