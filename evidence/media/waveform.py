"""Peaks of the sound, for drawing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evidence.media.resample import RATE
from evidence.model.noticesearch import MOST_COLUMNS, Waveform

_FINEST_MS = 10
_FINEST = RATE * _FINEST_MS // 1000


class Peaks:
    """The peaks of one channel, in the finest columns."""

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._columns = bytearray()
        self._rest = np.zeros(0, np.int16)

    def feed(self, samples: NDArray[np.int16]) -> None:
        """Go on with these samples."""
        joined = np.concatenate([self._rest, samples])
        whole = joined.size // _FINEST * _FINEST
        self._rest = joined[whole:]
        self._columns += _loudness(joined[:whole].reshape(-1, _FINEST))

    def finish(self) -> bytes:
        """A byte for each of the finest columns, 0 to 255; the last one may be short."""
        rest = _loudness(self._rest[np.newaxis]) if self._rest.size else b""
        return bytes(self._columns) + rest


def _loudness(columns: NDArray[np.int16]) -> bytes:
    """The peak of each row, 255 for full scale."""
    if not columns.size:
        return b""
    peaks = np.maximum(columns.max(1).astype(np.int32), -columns.min(1).astype(np.int32))
    return bytes(((peaks * 255 + 16384) // 32768).astype(np.uint8))


def waveform(channels: Sequence[bytes]) -> Waveform | None:
    """All channels in columns of one length, at most MOST_COLUMNS; None when there is no sound.

    Args:
        channels: what ``Peaks.finish`` gave for each; shorter ones are silent at their end.
    """
    longest = max(map(len, channels), default=0)
    if not longest:
        return None
    together = -(-longest // MOST_COLUMNS)
    padded = -(-longest // together) * together
    drawn = (
        np.frombuffer(channel.ljust(padded, b"\0"), np.uint8).reshape(-1, together).max(1)
        for channel in channels
    )
    return Waveform(together * _FINEST_MS, tuple(columns.tobytes() for columns in drawn))
