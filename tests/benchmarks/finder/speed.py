"""What a search costs, against one pass of transforms over the same samples."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from evidence.media.finder import RATE, Finder
from tests.benchmarks.finder.announcements import announcements, conversation, other_prompts
from tests.benchmarks.finder.sounds import Sound
from tests.benchmarks.measure import Bench, Row

_BLOCK = 1 << 16
"""Samples of one transform of the pass."""
_FED = 1 << 16
"""Samples fed at a time."""


def rows(bench: Bench) -> Iterator[Row]:
    """Five and sixty minutes, and the memory of ten."""
    announcement = announcements(bench.amount(6, 1))[1]
    piece = _speech(bench.amount(300, 10))

    def search(minutes: int) -> None:
        finder = Finder([announcement.reference()], 0)
        for _ in range(minutes // 5):
            for start in range(0, piece.size, _FED):
                finder.feed(piece[start : start + _FED])
        finder.finish()

    for minutes, limit in ((5, 1.0), (60, 8.0)):
        passed = min(_seconds(partial(_pass, piece)) for _ in range(3)) * minutes / 5
        spent = min(_seconds(partial(search, minutes)) for _ in range(3 if minutes == 5 else 1))
        detail = f"{spent / passed:.0f} times one numpy.fft.rfft pass over float32 in blocks of 2**16 samples"
        yield Row(f"search {minutes} minutes, CPU", spent, limit, "s", detail)
    tracemalloc.start()
    search(10)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    yield Row("search 10 minutes, memory", peak, 60.0, "MiB", "the finder's own, at most at once")


def _speech(seconds: int) -> Sound:
    rng = np.random.default_rng(41)
    half = other_prompts("ru", "", seconds // 2, rng)
    return np.concatenate([half, conversation(77, seconds - half.size // RATE)])


def _pass(sound: Sound) -> None:
    for start in range(0, sound.size - _BLOCK + 1, _BLOCK):
        np.fft.rfft(sound[start : start + _BLOCK])


def _seconds(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return max(time.process_time() - before, 1e-6)
