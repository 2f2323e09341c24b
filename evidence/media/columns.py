"""Peaks of sound at its own sample rate, in columns that grow longer with the recording.

Peaks of a recording resampled for speech would lack what lies above 4 kHz, and overshoot where it is cut off.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.media.resample import Interleaver, Samples
from evidence.model.waveform import MOST_COLUMNS, Drawing

ALGORITHM = "evidence_waveform_1"
FINEST_MS = 10
_PER_SECOND = 1000 // FINEST_MS
_MOST = 1 << 15
"""Columns that are kept of a channel; of a recording that has more of them, each two become one."""
_LONGEST_COLUMN_MS = 604_800_000
"""The schema's."""

Bytes = NDArray[np.uint8]


class Columns:
    """The peaks of one channel.

    Attributes:
        level: how often the length of its columns was doubled.
    """

    def __init__(self) -> None:
        """All silent."""
        self.level = 0
        self._peaks = np.zeros(_MOST, np.uint8)

    def put(self, first: int, peaks: Bytes) -> None:
        """Take in peaks of the finest columns from number ``first`` on; a column may come in parts."""
        self.coarsen(max(0, (first + peaks.size - 1).bit_length() - _MOST.bit_length() + 1))
        together = 1 << self.level
        padded = np.pad(peaks, (first % together, -(first + peaks.size) % together))
        place = first // together
        there = self._peaks[place : place + padded.size // together]
        np.maximum(there, padded.reshape(-1, together).max(1), out=there)

    def coarsen(self, level: int) -> None:
        """Double the length of the columns until they were doubled so often."""
        while self.level < level:
            self._peaks = np.concatenate(
                [self._peaks.reshape(-1, 2).max(1), np.zeros(_MOST // 2, np.uint8)], dtype=np.uint8
            )
            self.level += 1

    def first(self, count: int, together: int) -> bytes:
        """The first columns, so many always made one."""
        padded = np.zeros(-(-count // together) * together, np.uint8)
        padded[:count] = self._peaks[:count]
        return bytes(padded.reshape(-1, together).max(1))


class TrackPeaks:
    """The peaks of one track while it is decoded."""

    def __init__(self, channels: int, room: int) -> None:
        """Nothing was heard yet.

        Args:
            channels: how many the container says there are; 0 when it doesn't, and then the first sound does.
            room: how many are drawn at most.
        """
        self._channels = [Columns() for _ in range(min(channels, room))]
        self._room = room
        self._interleaver = Interleaver()
        self._rate = 0
        self._position = 0

    def hear(self, batch: Any) -> None:
        """Go on with PyAV's frame of any format."""
        self._go_over_to(batch.sample_rate)
        for part in self._interleaver.samples(batch):
            self._take(part)

    def skip(self, seconds: float, rate: int) -> None:
        """Go on with silence; the sound behind it has that rate."""
        self._go_over_to(rate)
        self._position += round(seconds * rate)

    def _go_over_to(self, rate: int) -> None:
        """Count samples of another length from here on."""
        if self._rate not in {0, rate}:
            self._position = round(self._position * rate / self._rate)
        self._rate = rate

    def _take(self, samples: Samples) -> None:
        if not self._channels:
            self._channels = [Columns() for _ in range(min(len(samples), self._room))]
        count = samples.shape[1]
        if not count:
            return
        first = self._position * _PER_SECOND // self._rate
        last = (self._position + count - 1) * _PER_SECOND // self._rate
        numbers = np.arange(first + 1, last + 1, dtype=np.int64)
        begins = -(-numbers * self._rate // _PER_SECOND) - self._position
        bounds = np.concatenate([[0], begins])
        for columns, channel in zip(self._channels, samples, strict=False):
            columns.put(first, _loudness(channel, bounds))
        self._position += count

    @property
    def count(self) -> int:
        """How many of the finest columns there are."""
        return -(-self._position * _PER_SECOND // self._rate) if self._rate else 0

    @property
    def channels(self) -> list[Columns]:
        """All channels that are drawn."""
        return self._channels


def _loudness(samples: NDArray[np.int16], bounds: NDArray[np.int64]) -> Bytes:
    """The peak from each bound to the next, 255 for full scale."""
    highest = np.maximum.reduceat(samples, bounds).astype(np.int32)
    lowest = np.minimum.reduceat(samples, bounds).astype(np.int32)
    return ((np.maximum(highest, -lowest) * 255 + 16384) // 32768).astype(np.uint8)


def drawing(tracks: list[TrackPeaks]) -> Drawing:
    """All channels of all tracks in columns of one length, at most MOST_COLUMNS; empty without sound."""
    finest = max((track.count for track in tracks), default=0)
    channels = [columns for track in tracks for columns in track.channels]
    if not finest or not channels:
        return Drawing()
    level = max(0, (finest - 1).bit_length() - _MOST.bit_length() + 1)
    for columns in channels:
        columns.coarsen(level)
    count = -(-finest // (1 << level))
    together = -(-count // MOST_COLUMNS)
    column_ms = FINEST_MS * together << level
    if column_ms > _LONGEST_COLUMN_MS:
        return Drawing(problems=("too_long",))
    return Drawing(ALGORITHM, column_ms, tuple(columns.first(count, together) for columns in channels))
