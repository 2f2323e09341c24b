"""Where in a recording the sound to be decoded stands: by our own arithmetic if it can tell, else in packets.

Of WAV, AIFF, AU and sound without a header the decoder gets exactly the bytes that the arithmetic counted,
and no demuxer of FFmpeg's sees them. FFmpeg believes a header: it finds no sound where a recorder never
filled in a size of 0, and may find another chunk than the one that was counted. So places in the decoded
sound are places in what the facts about the recording count.
"""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from evidence.media import aiff, asf, au, headerless, matroska, mp4, riff, sniff
from evidence.media.counting import Stretch
from evidence.media.inside import Inside
from evidence.media.section import read_at
from evidence.media.waveformat import PACKETS
from evidence.media.worker import BEHIND_TAG, DEMUXERS

_STRETCHES: dict[str, Callable[[BinaryIO, int], Stretch | None]] = {
    "wav": riff.stretch,
    "aiff": aiff.stretch,
    "au": au.stretch,
    "ilbc": headerless.ilbc_stretch,
}
_TELLING: dict[str, Callable[[BinaryIO, int], Inside]] = {
    "mp4": mp4.read,
    "matroska": matroska.read,
    "asf": asf.read,
}
"""Containers that may say that their sound is encrypted; what was decoded of it would be noise."""


class Blocks(NamedTuple):
    """Sound of one coding from a byte on.

    Attributes:
        container: one of frames.CONTAINERS.
        stretch: which coding, and where.
    """

    container: str
    stretch: Stretch


class Packets(NamedTuple):
    """Sound in packets that a demuxer tells apart: FFmpeg's name of it, and the part of the file it gets."""

    demuxer: str
    start: int
    size: int


def source(file: BinaryIO, size: int, hint: str) -> Blocks | Packets | None:
    """Where the sound stands in the first ``size`` bytes of a file.

    Args:
        file: the recording.
        size: how many of its bytes count.
        hint: what its name says, one of headerless.HEADERLESS or empty.

    Returns:
        None where there is no sound that could be decoded.

    Raises:
        OSError: the file can't be read.
    """
    kind = sniff.kind(file, size, strong_only=bool(hint)) if size else "unknown"
    if kind == "unknown" and size and hint in headerless.HEADERLESS:
        return _blocks("raw", headerless.stretch(file, size, hint))
    if kind in _STRETCHES:
        stretch = _STRETCHES[kind](file, size)
        if stretch is not None and stretch.layout.codec in PACKETS:
            return _inside(file, stretch)
        return _blocks(kind, stretch)
    return _packets(file, size, kind) if kind in DEMUXERS else None


def _blocks(container: str, stretch: Stretch | None) -> Blocks | None:
    if stretch is None or stretch.layout.problem or stretch.layout.codec == "unknown":
        return None
    return Blocks(container, stretch)


def _inside(file: BinaryIO, stretch: Stretch) -> Packets | None:
    """Packets that stand in a WAV file as they would in a file of their own."""
    demuxer = riff.demuxer_of(file, stretch.start, stretch.size)
    return None if demuxer is None else Packets(demuxer, stretch.start, stretch.size)


def _packets(file: BinaryIO, size: int, kind: str) -> Packets | None:
    start = sniff.after_id3(read_at(file, 0, 10, size)) if kind in BEHIND_TAG else 0
    said = _TELLING[kind](file, size) if kind in _TELLING else Inside()
    left = size - start - said.rest
    return None if said.encrypted or left <= 0 else Packets(DEMUXERS[kind], start, left)
