"""What a report costs beyond starting Python and importing what it needs."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from tests.benchmarks.measure import NO_GOAL, Bench, Row

_SCRIPT = """
import sys, time
import segno, typst
from evidence.reporting import pdf
from tests.reporting import archives
found = archives.{archive}
begin, wall = time.process_time(), time.perf_counter()
made = pdf.{make}(found, "uk")
print((time.process_time() - begin) * 1000, (time.perf_counter() - wall) * 1000, len(made))
"""
_WORK = (
    ("report of a call with 12 markers, from recorded peaks", "long(1, 12)", "report_pdf", 150.0),
    ("page for a statement about it", "long(1, 12)", "short_pdf", 150.0),
    ("report of 20 recordings with 300 markers", "long(20, 300)", "report_pdf", NO_GOAL),
)


def rows(bench: Bench) -> Iterator[Row]:
    """Each in a process of its own: typst keeps what it has set for the next time."""
    for work, archive, make, limit in _WORK:
        told = [_made(archive, make) for _ in range(bench.amount(7, 1))]
        cpu, wall, size = (median(values) for values in zip(*told, strict=True))
        yield Row(f"{work}, CPU", cpu, limit, "ms", f"{wall:.0f} ms by the clock, {size / 1000:.0f} kB")


def _made(archive: str, make: str) -> tuple[float, float, float]:
    script = _SCRIPT.format(archive=archive, make=make)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    cpu, wall, size = map(float, done.stdout.split())
    return cpu, wall, size
