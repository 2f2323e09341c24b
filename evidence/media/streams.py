"""What the beginning or the end of Ogg, FLAC and MP3 says."""

import zlib
from typing import BinaryIO

from evidence.media.inside import Inside
from evidence.media.mpegaudio import announced_samples, mpeg_frame
from evidence.media.section import read_at

_BEGINS = 2
_SPEAKING_FOR_PACKETS = (b"Speex   ", b"\1vorbis", b"OpusHead")
"""Headers without which packets mean nothing; frames of FLAC say themselves what they are."""
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_LAST_PAGE = 27 + 255 + 255 * 255


def ogg(file: BinaryIO, size: int) -> Inside:
    """Whether the last page is whole and says that it is the last."""
    damaged, changes = _pages(file, size)
    tail = read_at(file, max(0, size - _LAST_PAGE), _LAST_PAGE, size)
    page = tail[tail.rfind(b"OggS") :]
    if page[:4] != b"OggS" or len(page) < 27:
        return Inside(ended=False, damaged=damaged, contradictory=changes)
    sizes = page[27 : 27 + page[26]]
    whole = len(page) >= 27 + page[26] + sum(sizes)
    return Inside(cut=not whole, ended=bool(page[5] & 4), damaged=damaged and whole, contradictory=changes)


def _pages(file: BinaryIO, size: int) -> tuple[bool, bool]:
    """Whether a page isn't what was written, by its checksum, and whether a later link has another header.

    See RFC 3533 section 6. FFmpeg leaves such a page out, and reads a later link by the first one's header.
    """
    at, headers, begun, changes = 0, set[bytes](), False, False
    while at < size:
        page = read_at(file, at, 27 + 255, size)
        if page[:4] != b"OggS" or len(page) < 27:
            return True, changes
        length = 27 + page[26] + sum(page[27 : 27 + page[26]])
        page = read_at(file, at, length, size)
        if _checksum(page[:22] + bytes(4) + page[26:]) != int.from_bytes(page[22:26], "little"):
            return True, changes
        header = page[27 + page[26] :]
        if not page[5] & _BEGINS:
            begun = True
        elif not begun:
            headers.add(header)
        else:
            changes |= header.startswith(_SPEAKING_FOR_PACKETS) and header not in headers
        at += length
    return False, changes


def _checksum(data: bytes) -> int:
    """The CRC of Ogg: the one of zlib with all bits the other way round, begun and ended with zeros."""
    turned = zlib.crc32(data.translate(_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(turned.to_bytes(4, "little").translate(_TURNED), "big")


def flac(file: BinaryIO, size: int) -> Inside:
    """STREAMINFO (RFC 9639 section 8.2); 0 samples mean that nobody knew."""
    data = read_at(file, 0, 42, size)
    if len(data) < 42 or data[4] & 0x7F:
        return Inside()
    return Inside(samples=int.from_bytes(data[18:26], "big") & (1 << 36) - 1 or None)


def mp3(file: BinaryIO, size: int) -> Inside:
    """What a first frame that holds no sound announces."""
    data = read_at(file, 0, 1024, size)
    return Inside(samples=announced_samples(data) if mpeg_frame(data) else None)
