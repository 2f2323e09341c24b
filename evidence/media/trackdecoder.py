"""One track while its packets are decoded."""

import errno
from collections.abc import Iterator
from typing import Any

import numpy as np

from evidence.media.columns import TrackPeaks
from evidence.media.resample import NOTHING, RATE, Resampler, Samples

_SHORTEST_GAP = 0.1
_LONGEST_GAP = 600.0
"""Seconds by which time stamps can be ahead of the sound: less is rounding, more isn't believed."""
_SILENCE = 8
"""Seconds of silence that are given out at once."""


class TrackDecoder:
    """Turns packets of one track into samples.

    Attributes:
        first: number of its first channel.
        channels: how many are given out; 0 while that isn't known.
        produced: samples a channel given out so far.
        is_cut: whether there was more sound than was asked for; no more is decoded then, unless it is drawn.
        is_damaged: whether something couldn't be decoded.
        has_more_channels: whether not all are given out.
        peaks: of all its sound, where it is drawn.
    """

    def __init__(
        self,
        decoder: Any,
        first: int,
        channels: int,
        room: int,
        limit: int | None,
        *,
        rate: int = RATE,
        draws: bool = False,
    ) -> None:
        """Decode nothing yet.

        Args:
            decoder: PyAV's; None where there is none for the codec.
            first: number of the first channel.
            channels: how many the container says there are; 0 when it doesn't, and then the first frame does.
            room: how many are given out at most.
            limit: samples a channel to be given out at most; no limit if None.
            rate: samples a second that are given out.
            draws: whether peaks of all of it are wanted, at its own rate and behind the limit, too.
        """
        self.first = first
        self.channels = min(channels, room)
        self.produced = 0
        self.is_cut = False
        self.peaks = TrackPeaks(channels, room) if draws else None
        self.is_damaged = decoder is None
        self.has_more_channels = channels > room
        self._decoder = decoder
        self._room = room
        self._limit = limit
        self._rate = rate
        self._resampler = Resampler(rate, self.peaks.hear if self.peaks else None)
        self._tick = self._start = 0.0
        self._seconds = 0.0
        if limit == 0:
            self.cut()

    def set_times(self, tick: float, start: float) -> None:
        """Make time stamps count: seconds of their unit, and what they show at the recording's beginning."""
        self._tick, self._start = tick, start

    def cut(self) -> None:
        """Give out no more sound; where it is drawn, there come empty blocks in its place."""
        self.is_cut = self._resampler.is_muted = True

    @property
    def is_done(self) -> bool:
        """Whether no more is to be decoded."""
        return self.is_cut and self.peaks is None

    @property
    def has_sound(self) -> bool:
        """Whether any was decoded."""
        return bool(self.produced or (self.peaks and self.peaks.count))

    def take(self, packet: Any) -> Iterator[Samples]:
        """Decode a packet, None for the decoder's own rest. MemoryError when there is no more memory."""
        import av  # noqa: PLC0415  only in the process that decodes

        if self._decoder is None or self.is_done:
            return
        try:
            for frame in self._decoder.decode(packet):
                yield from self._silence_before(frame)
                self._seconds += frame.samples / max(1, frame.sample_rate)
                yield from self._fitting(self._resampler.take(frame))
        except (av.FFmpegError, ValueError) as error:
            if getattr(error, "errno", None) == errno.ENOMEM:
                raise MemoryError from error
            self.is_damaged = True

    def finish(self) -> Iterator[Samples]:
        """What decoder and resampler still hold back."""
        yield from self.take(None)
        yield from self._fitting(self._resampler.finish())

    def _silence_before(self, frame: Any) -> Iterator[Samples]:
        """Silence where the time stamps say that there is no sound."""
        if not self._tick or frame.pts is None:
            return
        gap = frame.pts * self._tick - self._start - self._seconds
        if not _SHORTEST_GAP < gap <= _LONGEST_GAP:
            return
        yield from self._fitting(self._resampler.finish())
        self._seconds += gap
        if self.peaks is not None:
            self.peaks.skip(gap, frame.sample_rate)
        channels, left = self.channels or frame.layout.nb_channels, round(gap * self._rate)
        most = _SILENCE * self._rate
        while left > 0 and not self.is_cut:
            yield from self._fitting(iter([np.zeros((channels, min(left, most)), np.int16)]))
            left -= most

    def _fitting(self, pieces: Iterator[Samples]) -> Iterator[Samples]:
        """The samples within the limit, always of as many channels; one that ends early falls silent."""
        for piece in pieces:
            if self.is_done:
                return
            if self.is_cut:
                yield NOTHING
                continue
            samples = self._same_channels(piece)
            if self._limit is not None and self.produced + samples.shape[1] > self._limit:
                self.cut()
                samples = samples[:, : self._limit - self.produced]
            self.produced += samples.shape[1]
            yield samples

    def _same_channels(self, samples: Samples) -> Samples:
        there, count = samples.shape
        if not self.channels:
            self.channels = min(there, self._room)
            self.has_more_channels = there > self._room
        if there < self.channels:
            return np.vstack([samples, np.zeros((self.channels - there, count), np.int16)])
        return samples[: self.channels]
