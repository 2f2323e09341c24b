"""From a decoder's frames to blocks of one sample rate, 8,000 a second unless another is asked for."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Samples = NDArray[np.int16]
"""(channels, n) samples of 16 bits."""

NOTHING: Samples = np.zeros((0, 0), np.int16)
"""A block in place of one that isn't wanted."""

LOWEST_RATE, HIGHEST_RATE = 1000, 768_000
"""Sample rates below and above can't be of speech; the resampler would need memory without measure."""
_SECONDS = 8
"""Sound that is resampled at once: a frame of its own costs more to hand over than to resample."""
_MOST_VALUES = 1 << 20
"""Samples of all channels that are resampled at once, at most."""


class Resampler:
    """Takes frames of one format until another comes; what goes in comes out in order, some of it later.

    Samples stay 16 bits wide and interleaved until they are numpy's: PyAV reads past the end of frames of
    eight or more channels where each has a plane of its own.

    Attributes:
        is_muted: whether sound goes to the listener alone; an empty block is then given out in its place.
    """

    def __init__(self, rate: int = RATE, listener: Callable[[Any], None] | None = None) -> None:
        """Know no format yet.

        Args:
            rate: samples a second that are given out.
            listener: told all frames as they were decoded, many of them joined to one.
        """
        self.is_muted = False
        self._rate = rate
        self._listener = listener
        self._form: tuple[str, int, int] | None = None
        self._fifo: Any = None
        self._graph: Any = None
        self._batch = 0

    def take(self, frame: Any) -> Iterator[Samples]:
        """Add a frame.

        Raises:
            ValueError: its sample rate can't be.
            av.FFmpegError: it can't be resampled, as with more than 64 channels.
        """
        form = (frame.format.name, frame.layout.nb_channels, frame.sample_rate)
        if form != self._form:
            yield from self.finish()
            self._begin(form)
        frame.pts = None
        self._fifo.write(frame)
        while (batch := self._fifo.read(self._batch)) is not None:
            yield from self._resampled(batch)

    def finish(self) -> Iterator[Samples]:
        """All that is still in here; another format may follow."""
        if self._fifo is not None:
            rest = self._fifo.read()
            if rest is not None:
                yield from self._resampled(rest)
            if self._graph is not None and not self.is_muted:
                yield from map(_samples, self._graph.resample(None))
        self._form = self._fifo = self._graph = None

    def _begin(self, form: tuple[str, int, int]) -> None:
        import av  # noqa: PLC0415  only in the process that decodes

        sample_format, channels, rate = form
        if not LOWEST_RATE <= rate <= HIGHEST_RATE or channels < 1:
            raise ValueError("an impossible sample rate")
        self._form, self._fifo = form, av.AudioFifo()
        self._batch = min(_SECONDS * rate, _MOST_VALUES // channels)
        as_wanted = rate == self._rate and (
            sample_format == "s16" or (sample_format == "s16p" and channels == 1)
        )
        self._graph = None if as_wanted else av.AudioResampler(format="s16", rate=self._rate)

    def _resampled(self, batch: Any) -> Iterator[Samples]:
        batch.pts = None
        if self._listener is not None:
            self._listener(batch)
        if self.is_muted:
            yield NOTHING
            return
        yield from map(_samples, [batch] if self._graph is None else self._graph.resample(batch))


def _samples(frame: Any) -> Samples:
    count, channels = frame.samples, frame.layout.nb_channels
    interleaved = np.frombuffer(frame.planes[0], np.int16, count * channels)
    return np.ascontiguousarray(interleaved.reshape(count, channels).T)


class Interleaver:
    """Makes samples of 16 bits of frames of any format, at their own rate."""

    def __init__(self) -> None:
        """Know no format yet."""
        self._form: tuple[str, int, int] | None = None
        self._graph: Any = None

    def samples(self, frame: Any) -> Iterator[Samples]:
        """All samples of a frame; none is held back.

        Raises:
            av.FFmpegError: it has more channels than FFmpeg can convert.
        """
        name, channels = frame.format.name, frame.layout.nb_channels
        if name == "s16" or (name == "s16p" and channels == 1):
            yield _samples(frame)
            return
        if self._form != (name, channels, frame.sample_rate):
            import av  # noqa: PLC0415  only in the process that decodes

            self._graph = av.AudioResampler(format="s16", rate=frame.sample_rate)
            self._form = name, channels, frame.sample_rate
        yield from map(_samples, self._graph.resample(frame))
