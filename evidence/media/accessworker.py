"""The process that makes a listening copy of a recording: all of it decoded, and encoded as FLAC.

Its parent is evidence.media.access; requests and answers go as evidence.media.link says. A request holds
``hint``, one of headerless.HEADERLESS or empty, ``rate``, samples a second of the copy, and ``channels``,
how many it has. Answers are pieces ``{"at", "data"}`` of the copy (base64, and where they belong in it: the
encoder writes its header anew at its end), last ``{"channels", "problems"}``, those that were decoded.
"""

import base64
import io
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from evidence.media import link
from evidence.media.decode import Block, Sound

PIECE = 128 * 1024
"""Bytes of one answer, at most: base64 of them fits into a line (shapes.LIMIT)."""
LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0")
"""Channels as FLAC knows them; from six on one of them is for low notes alone, which players leave out."""
_MOST_WAITING = 1 << 24
"""Samples of a channel that wait for another's, at most."""


class _Pieces(io.RawIOBase):
    """What is written goes out as answers; the encoder may go back."""

    def __init__(self, send: link.Send) -> None:
        super().__init__()
        self._send = send
        self._at = self._end = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        for begin in range(0, len(view), PIECE):
            piece = view[begin : begin + PIECE]
            self._send({"at": self._at, "data": base64.b64encode(piece).decode("ascii")})
            self._at += len(piece)
        self._end = max(self._end, self._at)
        return len(view)


class _Encoder:
    """Takes samples of all channels together. Nothing in the copy depends on when or by what it was made."""

    def __init__(self, send: link.Send, rate: int, channels: int) -> None:
        import av  # noqa: PLC0415  only in this process

        self._frame = av.AudioFrame
        self._rate, self._layout = rate, LAYOUTS[channels - 1]
        self._container = av.open(_Pieces(send), "w", format="flac", options={"fflags": "+bitexact"})
        self._stream = self._container.add_stream("flac", rate=rate, layout=self._layout, format="s16")
        self._stream.codec_context.flags |= av.codec.context.Flags.bitexact
        self._at = 0

    def take(self, samples: NDArray[np.int16]) -> None:
        """Add samples, (n, channels)."""
        if samples.size:
            packed = np.ascontiguousarray(samples).reshape(1, -1)
            frame = self._frame.from_ndarray(packed, format="s16", layout=self._layout)
            frame.sample_rate, frame.pts, frame.time_base = self._rate, self._at, Fraction(1, self._rate)
            self._at += samples.shape[0]
            self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write the end."""
        self._container.mux(self._stream.encode(None))
        self._container.close()


class _Meeting:
    """Samples of channels that come at their own pace, given out as soon as all have them."""

    def __init__(self, channels: int) -> None:
        self._waiting: list[list[NDArray[np.int16]]] = [[] for _ in range(channels)]
        self._counts = [0] * channels

    def add(self, block: Block) -> None:
        """Keep a block. MemoryError when one channel is too far ahead of another."""
        for number, samples in enumerate(block.samples[: len(self._waiting) - block.channel], block.channel):
            self._waiting[number].append(samples)
            self._counts[number] += samples.size
            if self._counts[number] > _MOST_WAITING:
                raise MemoryError

    def take(self, *, to_the_end: bool = False) -> NDArray[np.int16]:
        """What all channels have, (n, channels); to the end of the longest, the others silent, at the end."""
        count = max(self._counts) if to_the_end else min(self._counts)
        taken = np.zeros((count, len(self._waiting)), np.int16)
        for number, pieces in enumerate(self._waiting):
            joined = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
            taken[: joined.size, number] = joined[:count]
            self._waiting[number] = [joined[count:]]
            self._counts[number] = max(0, joined.size - count)
        return taken


def answer(request: link.Request, file: BinaryIO, send: link.Send) -> dict[str, Any]:
    """Everything there is to say to one request."""
    sound = Sound(file, request["size"], request["hint"], rate=request["rate"])
    meeting = _Meeting(request["channels"])
    encoder = _Encoder(send, request["rate"], request["channels"])
    try:
        for block in sound.blocks():
            meeting.add(block)
            encoder.take(meeting.take())
        encoder.take(meeting.take(to_the_end=True))
        encoder.finish()
    except MemoryError:
        return {"channels": sound.channels, "problems": ["out_of_memory"]}
    return {"channels": sound.channels, "problems": sound.problems}


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    link.serve(answer)
