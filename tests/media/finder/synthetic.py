"""Sound that is like speech in what matters here: syllables of noise, each with a spectrum of its own."""

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder import RATE, Finder, Reference
from evidence.model.noticesearch import Match

Sound = NDArray[np.float32]


def syllables(seed: int, seconds: float) -> Sound:
    """Always the same for a seed; syllables of 80 to 240 ms, pauses of 20 to 100 ms."""
    rng = np.random.default_rng(seed)
    size = round(seconds * RATE)
    parts: list[NDArray[np.float64]] = []
    while sum(part.size for part in parts) < size:
        length = int(rng.integers(640, 1920))
        noise = np.convolve(rng.standard_normal(length), rng.standard_normal(6), "same")
        loud = rng.uniform(0.05, 0.15) / noise.std()
        parts += [loud * noise * np.hanning(length), np.zeros(int(rng.integers(160, 800)))]
    return np.concatenate(parts)[:size].astype(np.float32)


def silence(seconds: float) -> Sound:
    """Digital silence."""
    return np.zeros(round(seconds * RATE), np.float32)


def reference(sound: Sound, clause: tuple[int, int] = (2000, 4000)) -> Reference:
    """An announcement with a key clause from and to these milliseconds."""
    return Reference("n-1", sound, *clause)


def found(sound: NDArray[np.generic], *references: Reference) -> Match:
    """The match of the first reference."""
    finder = Finder(references, 0)
    finder.feed(sound)
    return finder.finish()[0]


NOTICE = syllables(1, 4)
"""The announcement of most tests; its second half is the key clause."""
