"""FFmpeg's demuxers (by PyAV), opened so that they do nothing but tell packets apart.

Precautions against what FFmpeg would do by itself:

1. The demuxer is named, never found by probing: playlists, ``concat`` or SDP can't be reached.
2. No protocol and no further file can be opened, so that references lead nowhere.
3. No decoder is opened to learn what the tracks are.
4. It reads 64 KiB at most to learn that. Memory and time are limited by the process.
"""

import struct
import zlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, NoReturn, cast

from evidence.media.section import Section

MAX_ERRORS = 16
"""So often a demuxer may find its way again behind a damaged place."""
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RecursionError),
    *(TypeError, ValueError, struct.error, zlib.error),
)
"""What Python code around a demuxer may raise on hostile files, beside FFmpegError."""
_OPTIONS = {
    "codec_whitelist": "none",
    "protocol_whitelist": "none",
    "probesize": "65536",
    "fpsprobesize": "0",
    "max_streams": "64",
}
_BUFFER = 128 * 1024


def opened(section: Section, demuxer: str, options: Mapping[str, str]) -> AbstractContextManager[Any]:
    """PyAV's container for a part of a file.

    Args:
        section: the part.
        demuxer: FFmpeg's name of the format.
        options: further ones of that demuxer.

    Raises:
        av.FFmpegError, and any of FAULTS: the file isn't of that format, or damaged.
    """
    import av  # noqa: PLC0415  only where it is needed; costs 60 ms

    container: AbstractContextManager[Any] = av.open(
        cast("BinaryIO", section),
        format=demuxer,
        options={**_OPTIONS, **options},
        io_open=_refuse,
        metadata_errors="replace",
        buffer_size=_BUFFER,
    )
    return container


def _refuse(*_: object) -> NoReturn:
    raise OSError("a recording refers to another file")
