"""The process that decodes a few seconds of a recording, so that a person can listen to them.

Its parent is evidence.media.excerpt; requests and answers go as evidence.media.link says. A request holds
``hint``, one of headerless.HEADERLESS or empty, and ``start`` and ``end`` in milliseconds. Answers are pieces
``{"channel", "pcm"}`` (16-bit little-endian samples in base64, of each channel in order), last
``{"channels", "problems"}``.
"""

import base64
from typing import Any, BinaryIO

from evidence.media import link
from evidence.media.decode import Sound
from evidence.media.resample import RATE

PIECE = 32 * 1024
"""Samples of one answer, at most: base64 of them fits into a line (shapes.LIMIT)."""


def answer(request: link.Request, file: BinaryIO, send: link.Send) -> dict[str, Any]:
    """Everything there is to say to one request."""
    first, last = (request[name] * RATE // 1000 for name in ("start", "end"))
    sound = Sound(file, request["size"], request["hint"], max(1, -(-request["end"] // 1000)))
    heard: dict[int, int] = {}
    try:
        for block in sound.blocks():
            for number, samples in enumerate(block.samples, block.channel):
                begin = heard.get(number, 0)
                heard[number] = begin + samples.size
                _tell(number, samples[max(0, first - begin) : max(0, last - begin)], send)
    except MemoryError:
        return {"channels": len(heard), "problems": ["out_of_memory"]}
    return {"channels": sound.channels, "problems": sound.problems}


def _tell(channel: int, samples: Any, send: link.Send) -> None:
    for begin in range(0, samples.size, PIECE):
        data = samples[begin : begin + PIECE].astype("<i2").tobytes()
        send({"channel": channel, "pcm": base64.b64encode(data).decode("ascii")})


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    link.serve(answer)
