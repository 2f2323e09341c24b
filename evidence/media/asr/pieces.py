"""One channel's sound cut into pieces, so that memory doesn't grow with a recording's length.

Whisper's own windows are 30 seconds long; a piece holds several of them, and ends where it is quiet.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second, as Whisper wants them."""
LONGEST = 300 * RATE
"""Samples of the longest piece."""
_LAST = 60 * RATE
"""The part of it, at its end, in which the quietest place is looked for."""
_FRAME = RATE // 100
_QUIET = 30
"""Frames of a place that has to be quiet: a pause between words."""
Channel = NDArray[np.int16]


class Piece(NamedTuple):
    """A part of a channel.

    Attributes:
        start: number of its first sample.
        samples: (n,) samples of 16 bits.
    """

    start: int
    samples: Channel


class Pieces:
    """Takes a channel's samples and gives out pieces that follow each other without a gap.

    Attributes:
        length: how many samples were taken so far.
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self.length = 0
        self._start = 0
        self._held: list[Channel] = []

    def feed(self, samples: Channel) -> Iterator[Piece]:
        """Add samples."""
        self._held.append(samples)
        self.length += samples.size
        while self.length - self._start > LONGEST:
            whole = np.concatenate(self._held)
            end = LONGEST - _LAST + _quietest(whole[LONGEST - _LAST : LONGEST])
            piece = Piece(self._start, whole[:end])
            self._held = [whole[end:]]
            self._start += end
            yield piece

    def finish(self) -> Iterator[Piece]:
        """The last piece, unless nothing is left."""
        if self.length > self._start:
            yield Piece(self._start, np.concatenate(self._held))
            self._start, self._held = self.length, []


def _quietest(samples: Channel) -> int:
    """The middle of the quietest place; of equal ones the first."""
    loudness = np.abs(samples[: samples.size // _FRAME * _FRAME].astype(np.int32)).reshape(-1, _FRAME).sum(1)
    total = np.concatenate([[0], np.cumsum(loudness, dtype=np.int64)])
    return (int(np.argmin(total[_QUIET:] - total[:-_QUIET])) + _QUIET // 2) * _FRAME
