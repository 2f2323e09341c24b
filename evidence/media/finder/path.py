"""Each piece of an announcement looked for by itself, along a path of delays that seldom jumps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.candidates import NOISE
from evidence.media.finder.reference import Announcement
from evidence.media.finder.spectra import Floats
from evidence.media.finder.speed import REACH, at_speed, curves, spectra_of

BIN = 4
"""Samples of delay that count as one place: 0.5 ms."""
_PACKET = 40
"""Bins of a packet, 20 ms: what is lost or played twice shifts the rest by that."""
_MOST_PACKETS = 3
_JUMP = 0.06
"""What a shift by one packet costs, in correlation. Others would join syllables said anew."""
_SAME = 6
"""Bins within which two delays are the same although the speed isn't quite."""


def _steps() -> tuple[NDArray[np.int64], Floats]:
    """From how many bins away a path may come, and what that costs."""
    steps = [(side, 0.0) for side in (0, -1, 1)]
    for packets in range(1, _MOST_PACKETS + 1):
        steps += [
            (sign * packets * _PACKET + side, packets * _JUMP) for sign in (-1, 1) for side in (0, -1, 1)
        ]
    return np.array([step for step, _ in steps]), np.array([cost for _, cost in steps], np.float32)


_STEPS, _COSTS = _steps()
_FARTHEST = int(np.abs(_STEPS).max())


@dataclass(frozen=True, slots=True)
class Traced:
    """How each piece was found.

    Attributes:
        scores: correlation of each piece's window, 0 to 1.
        lags: samples by which each is later than expected.
        steady: whether it has the delay that most of what was found has.
    """

    scores: Floats
    lags: NDArray[np.int64]
    steady: NDArray[np.bool_]


def trace(flat: Floats, begin: int, speed: float, announcement: Announcement) -> Traced:
    """All pieces of an announcement that begins about there and runs at this speed."""
    pieces = announcement.pieces
    rows = np.stack([at_speed(announcement.flat, piece.window, speed) for piece in pieces])
    starts = [begin + round(piece.window / speed) for piece in pieces]
    found = np.abs(curves(flat, starts, spectra_of(rows)))[:, : 2 * REACH]
    bins = found.reshape(len(pieces), -1, BIN)
    peaks = bins.max(axis=2)
    path = cheapest(peaks)
    rows_of = np.arange(len(pieces))
    scores = peaks[rows_of, path]
    lags = path * BIN + bins[rows_of, path].argmax(axis=1) - REACH
    return Traced(scores, lags.astype(np.int64), steady(path, scores))


def steady(path: NDArray[np.int64], scores: Floats) -> NDArray[np.bool_]:
    """Which pieces have the delay of the stretch without jumps in which most was found."""
    stretches = np.cumsum(np.abs(np.diff(path, prepend=path[0])) > 1)
    found = np.bincount(stretches, np.maximum(scores - NOISE, 0))
    best = stretches == found.argmax()
    again = np.abs(path - np.median(path[best])) <= _SAME
    return np.asarray(best | again, np.bool_)


def cheapest(peaks: Floats) -> NDArray[np.int64]:
    """The bin of each row on the path whose values, less what its jumps cost, sum up to most."""
    count, width = peaks.shape
    came = np.zeros((count, width), np.int64)
    total = peaks[0]
    places = np.arange(width)
    sources = places + _STEPS[:, None]
    for row in range(1, count):
        padded = np.pad(total, _FARTHEST, constant_values=-np.inf)
        reached = padded[sources + _FARTHEST] - _COSTS[:, None]
        choice = reached.argmax(axis=0)
        came[row] = sources[choice, places]
        total = reached[choice, places] + peaks[row]
    path = np.zeros(count, np.int64)
    path[-1] = int(total.argmax())
    for row in range(count - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path
