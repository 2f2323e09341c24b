"""Frame arithmetic for AU files (``.snd``): a header of at least 24 bytes, then sound to the end."""

import struct
from typing import BinaryIO

from evidence.media.counting import Layout, Stretch, counted
from evidence.media.frames import Frames
from evidence.media.section import read_at

_UNKNOWN_SIZE = 0xFFFFFFFF
_WIDTHS = {
    1: ("mulaw", 1),
    2: ("pcm_s8", 1),
    3: ("pcm_s16be", 2),
    4: ("pcm_s24be", 3),
    5: ("pcm_s32be", 4),
    6: ("pcm_f32be", 4),
    7: ("pcm_f64be", 8),
    27: ("alaw", 1),
}
_ADPCM = {23: ("g726", 1, 2), 24: ("g722", 1, 2), 25: ("g726", 3, 8), 26: ("g726", 5, 8)}
"""Encodings of one channel: codec, bytes of a block, samples in it."""


def frames(file: BinaryIO, size: int) -> Frames:
    """The sound in the first ``size`` bytes of an AU file (a FormatReader).

    Raises:
        ValueError: not such a file.
        OSError: the file can't be read.
    """
    header = read_at(file, 0, 24, size)
    if header[:4] != b".snd":
        raise ValueError("not an AU file")
    if len(header) < 24:
        return Frames("au", problems=("no_format",))
    start, length, encoding, rate, channels = struct.unpack_from(">IIIII", header, 4)
    layout = _layout(encoding, rate, channels)
    if start < 24 or start > size:
        return Frames("au", problems=("no_data",))
    problems, claims, present = [], {}, size - start
    if length == _UNKNOWN_SIZE:
        length = present  # the format's own way to say: to the end
    elif length == 0 and present:
        problems.append("unfinished_header")
        length = present
    elif layout.block_bytes:
        claims["header_samples"] = length // layout.block_bytes * layout.block_samples
    if length > present:
        problems.append("truncated")
    if layout.problem == "unsupported_codec":
        claims = {"format_tag": encoding}
    found = counted("au", layout, min(length, present), claims, problems)
    return found.followed_by(present - length)


def stretch(file: BinaryIO, size: int) -> Stretch | None:
    """Where the sound stands; None when the header ends too early or lies. Raises as ``frames``."""
    header = read_at(file, 0, 24, size)
    if header[:4] != b".snd":
        raise ValueError("not an AU file")
    if len(header) < 24:
        return None
    start, length, *form = struct.unpack_from(">IIIII", header, 4)
    if start < 24 or start > size:
        return None
    return Stretch(_layout(*form), start, min(length or size, size - start))


def _layout(encoding: int, rate: int, channels: int) -> Layout:
    codec, width, samples = "unknown", 0, 1
    if encoding in _WIDTHS:
        codec, width = _WIDTHS[encoding][0], _WIDTHS[encoding][1] * channels
    elif encoding in _ADPCM:
        codec, width, samples = _ADPCM[encoding]
    problem = "unsupported_codec" if codec == "unknown" else ""
    if not rate or not 0 < channels <= 65535 or (encoding in _ADPCM and channels != 1):
        problem = "contradictory_format"
        channels = min(channels, 65535)
    if codec == "g722" and rate in {8000, 16000}:
        rate = 16000  # what is said is the clock of its bytes (RFC 3551 section 4.5.2) or of its samples
    return Layout(codec, rate, channels, 0 if problem else width, samples, problem)
