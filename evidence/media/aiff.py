"""Frame arithmetic for AIFF and AIFF-C, whose chunks are big-endian and even-sized.

As for WAV: the duration comes from the bytes of the first ``SSND`` chunk that are there, and the number of
sample frames in ``COMM`` is a claim.
"""

import struct
from typing import BinaryIO, NamedTuple

from evidence.media.counting import Layout, Stretch, counted
from evidence.media.frames import Frames
from evidence.media.section import read_at

_MAX_CHUNKS = 1000
_FILES = {b"FORM", b"RIFF"}
"""What begins another file, never a chunk inside one."""
_LINEAR = {1: "pcm_s8", 2: "pcm_s16be", 3: "pcm_s24be", 4: "pcm_s32be"}
_BY_TYPE = {
    b"fl32": ("pcm_f32be", 4),
    b"fl64": ("pcm_f64be", 8),
    b"ulaw": ("mulaw", 1),
    b"alaw": ("alaw", 1),
    b"raw ": ("pcm_u8", 1),
    b"in24": ("pcm_s24be", 3),
    b"in32": ("pcm_s32be", 4),
}


class _Common(NamedTuple):
    """The ``COMM`` chunk: channels, sample frames, bits of a sample, rate, compression type."""

    channels: int
    frames: int
    bits: int
    rate: int
    kind: bytes


def frames(file: BinaryIO, size: int) -> Frames:
    """The sound in the first ``size`` bytes of an AIFF or AIFF-C file (a FormatReader).

    Raises:
        ValueError: not such a file.
        OSError: the file can't be read.
    """
    common, sound, rest, problems = _walk(file, size)
    if common is None:
        return Frames("aiff", problems=tuple(dict.fromkeys((*problems, "no_format"))))
    layout, claims = _layout(common), {}
    if layout.problem != "unsupported_codec":
        claims["header_samples"] = common.frames * layout.block_samples
    found = counted("aiff", layout, None if sound is None else sound[1], claims, problems)
    return found.followed_by(rest)


def stretch(file: BinaryIO, size: int) -> Stretch | None:
    """Where the sound stands; None when there is none or nothing says what it is. Raises as ``frames``."""
    common, sound, _, _ = _walk(file, size)
    return None if common is None or sound is None else Stretch(_layout(common), *sound)


def _walk(file: BinaryIO, size: int) -> tuple[_Common | None, tuple[int, int] | None, int, list[str]]:
    """The common chunk, start and bytes of the sound, bytes of another file behind it, and problems."""
    head = read_at(file, 0, 12, size)
    if head[:4] != b"FORM" or head[8:] not in {b"AIFF", b"AIFC"}:
        raise ValueError("not an AIFF file")
    common, sound = None, None
    problems: list[str] = []
    offset = 12
    for _ in range(_MAX_CHUNKS):
        header = read_at(file, offset, 8, size)
        if len(header) < 8:
            return common, sound, 0, problems
        name, length = header[:4], int.from_bytes(header[4:], "big")
        if name in _FILES:
            return common, sound, size - offset, problems
        if name == b"COMM" and common is None:
            common = _common(read_at(file, offset + 8, min(length, 64), size))
        elif name == b"SSND" and sound is None:
            sound = _sound(file, offset + 8, length, size, problems)
        elif name in {b"COMM", b"SSND"}:
            problems.append("ambiguous_chunks")
        offset += 8 + length + length % 2
    problems.append("too_many_chunks")
    return common, sound, 0, problems


def _sound(file: BinaryIO, start: int, length: int, size: int, problems: list[str]) -> tuple[int, int]:
    """Start and bytes of a chunk's sound: behind its two fields, and the offset that the first one says."""
    skipped = 8 + int.from_bytes(read_at(file, start, 4, size), "big")
    present = size - start
    if length == 0 and present > 8:
        problems.append("unfinished_header")
        length = present
    elif length > present:
        problems.append("truncated")
    return start + skipped, max(0, min(length, present) - skipped)


def _common(data: bytes) -> _Common | None:
    if len(data) < 18:
        return None
    channels, count, bits, exponent, mantissa = struct.unpack_from(">hIhHQ", data)
    return _Common(max(0, channels), count, bits, _whole(exponent, mantissa), data[18:22] or b"NONE")


def _whole(exponent: int, mantissa: int) -> int:
    """An 80-bit floating-point number, rounded down; 0 for what is no sample rate."""
    shift = 16383 + 63 - exponent
    return mantissa >> shift if 32 <= shift <= 63 else 0


def _layout(common: _Common) -> Layout:
    kind, channels = common.kind.lower(), common.channels
    codec, width, samples, width_bytes = "unknown", 0, 1, (common.bits + 7) // 8
    if kind in {b"none", b"twos"}:
        codec, width = _LINEAR.get(width_bytes, "unknown"), width_bytes * channels
    elif kind == b"sowt":
        names = {2: "pcm_s16le", 3: "pcm_s24le", 4: "pcm_s32le", 1: "pcm_s8"}
        codec, width = names.get(width_bytes, "unknown"), width_bytes * channels
    elif kind in _BY_TYPE:
        codec, width = _BY_TYPE[kind][0], _BY_TYPE[kind][1] * channels
    elif kind == b"gsm ":
        codec, width, samples = "gsm", 33, 160
    elif kind == b"ima4":
        codec, width, samples = "adpcm_ima", 34 * channels, 64
    problem = "unsupported_codec" if codec == "unknown" else ""
    if not channels or not common.rate or (codec == "gsm" and channels != 1):
        problem = "contradictory_format"
    return Layout(codec, common.rate, channels, 0 if problem else width, samples, problem)
