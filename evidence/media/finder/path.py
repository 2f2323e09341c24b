"""Each piece of an announcement looked for by itself, along a path of delays that seldom jumps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.reference import Announcement
from evidence.media.finder.spectra import Floats
from evidence.media.finder.speed import REACH, at_speed, curves, spectra_of

BIN = 20
"""Samples of delay that count as one place: 2.5 ms."""
_JUMP = 0.06
"""What a jump of the delay costs, in correlation: a packet that comes late or not at all makes one."""


@dataclass(frozen=True, slots=True)
class Traced:
    """How each piece was found.

    Attributes:
        scores: correlation of each piece's window, 0 to 1.
        lags: samples by which each is later than expected.
    """

    scores: Floats
    lags: NDArray[np.int64]


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
    return Traced(scores.astype(np.float32), lags.astype(np.int64))


def cheapest(peaks: Floats) -> NDArray[np.int64]:
    """The bin of each row on the path whose values, less what its jumps cost, sum up to most."""
    count, width = peaks.shape
    came = np.zeros((count, width), np.int64)
    total = peaks[0].astype(np.float64)
    places = np.arange(width)
    for row in range(1, count):
        padded = np.pad(total, 1, constant_values=-np.inf)
        near = np.stack([padded[1:-1], padded[:-2], padded[2:]])
        choice = near.argmax(axis=0)
        best, origin = near[choice, places], places + np.array([0, -1, 1])[choice]
        top = int(total.argmax())
        jumps = total[top] - _JUMP > best
        came[row] = np.where(jumps, top, origin)
        total = np.where(jumps, total[top] - _JUMP, best) + peaks[row]
    path = np.zeros(count, np.int64)
    path[-1] = int(total.argmax())
    for row in range(count - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path
