"""What the elements of Matroska and WebM say (RFC 9559)."""

import math
import struct
from typing import BinaryIO

from evidence.media.frames import MAX_INTEGER
from evidence.media.inside import MAX_PARTS, Inside
from evidence.media.section import read_at

_EBML = bytes.fromhex("1a45dfa3")
_SEGMENT, _INFO, _TRACKS, _ENTRY = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
_ENCODINGS, _ENCODING, _ENCRYPTION = 0x6D80, 0x6240, 0x5035
_CLUSTER, _SCALE, _DURATION = 0x1F43B675, 0x2AD7B1, 0x4489
_MASTERS = {_SEGMENT, _INFO, _TRACKS, _ENTRY, _ENCODINGS, _ENCODING}


def read(file: BinaryIO, size: int) -> Inside:
    """Elements up to the first cluster; masters are entered by going on behind their header."""
    encrypted, cut, scale, duration = False, False, 1_000_000, 0.0
    at = rest = 0
    for _ in range(MAX_PARTS):
        name, length, head = _element(read_at(file, at, 12, size))
        if not head or name == _CLUSTER:
            break
        encrypted |= name == _ENCRYPTION
        cut |= name == _SEGMENT and length is not None and at + head + length > size
        if name == _SEGMENT and length is not None and not rest:
            rest = _behind(file, at + head + length, size)
        data = read_at(file, at + head, min(length or 0, 8), size)
        if name == _SCALE:
            scale = int.from_bytes(data, "big")
        elif name == _DURATION and len(data) in {4, 8}:
            duration = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
        at += head + (0 if name in _MASTERS else length or 0)
    milliseconds = duration * scale / 1e6
    known = math.isfinite(milliseconds) and milliseconds > 0
    return Inside(encrypted, min(int(milliseconds), MAX_INTEGER) if known else None, cut=cut, rest=rest)


def _behind(file: BinaryIO, end: int, size: int) -> int:
    """Bytes behind a segment, if another file begins there: FFmpeg would go on into it."""
    return size - end if read_at(file, end, 4, size) == _EBML else 0


def _element(data: bytes) -> tuple[int, int | None, int]:
    """Id, length (None when unknown) and header bytes of an EBML element; 0 bytes when there is none."""
    if not data or data[0] < 0x10:
        return 0, None, 0
    wide = 9 - data[0].bit_length()
    rest = data[wide:]
    if not rest or not rest[0]:
        return 0, None, 0
    long = 9 - rest[0].bit_length()
    if len(rest) < long:
        return 0, None, 0
    length = int.from_bytes(rest[:long], "big") & ((1 << 7 * long) - 1)
    unknown = length == (1 << 7 * long) - 1
    return int.from_bytes(data[:wide], "big"), None if unknown else length, wide + long
