"""What containers say of themselves, read before a demuxer sees them: encryption, length, edit lists.

Each reader looks at a bounded number of parts and believes no size; what it can't follow it leaves out.
"""

import math
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from evidence.media.frames import MAX_INTEGER
from evidence.media.mpegaudio import announced_samples, mpeg_frame
from evidence.media.section import read_at

MAX_PARTS = 2000
_MAX_DEPTH = 8


class Edit(NamedTuple):
    """The part of a track that an MP4 file wants played, in seconds: where it begins, and how long it is."""

    start: float
    length: float


class Inside(NamedTuple):
    """What a container says.

    Attributes:
        encrypted: whether its sound is said to be encrypted.
        milliseconds: how long it is said to be; None when it doesn't say.
        samples: how many samples a channel its first track is said to have; None when it doesn't say.
        edits: for tracks of MP4 with an edit list, by track id, what is to be played; None for a list of
            more than one part.
        cut: whether it announces more bytes than there are.
        ended: whether the mark that closes it is there; True for containers without one.
    """

    encrypted: bool = False
    milliseconds: int | None = None
    samples: int | None = None
    edits: Mapping[int, Edit | None] = {}
    cut: bool = False
    ended: bool = True


def read(file: BinaryIO, size: int, demuxer: str) -> Inside:
    """What a file says that FFmpeg's demuxer of that name reads; nothing where it is not worth reading."""
    reader = _READERS.get(demuxer)
    return Inside() if reader is None else reader(file, size)


# MP4 (ISO/IEC 14496-12)


class _Box(NamedTuple):
    name: bytes
    start: int
    end: int


_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"}


def _boxes(
    file: BinaryIO, start: int, end: int, size: int, budget: list[int], depth: int = 0
) -> Iterator[_Box]:
    """The boxes between two offsets and those inside them, parents first; ``end`` may lie behind ``size``."""
    while start + 8 <= min(end, size) and budget[0] > 0:
        budget[0] -= 1
        header = read_at(file, start, 16, size)
        length, name, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1 and len(header) == 16:
            length, head = int.from_bytes(header[8:], "big"), 16
        elif length == 0:
            length = end - start
        if length < head:
            return
        box = _Box(name, start + head, start + length)
        yield box
        if name in _PARENTS and depth < _MAX_DEPTH:
            yield from _boxes(file, box.start, min(box.end, end), size, budget, depth + 1)
        start += length


def _mp4(file: BinaryIO, size: int) -> Inside:
    encrypted, cut, milliseconds = False, False, None
    scale, track = 0, 0
    edits: dict[int, Edit | None] = {}
    lists: dict[int, bytes] = {}
    scales: dict[int, int] = {}
    for box in _boxes(file, 0, size, size, [MAX_PARTS]):
        data = read_at(file, box.start, 64, size)
        cut |= box.end > size
        if box.name == b"mvhd":
            scale, ticks = _scale_and_length(data)
            milliseconds = ticks * 1000 // scale if scale and ticks else None
        elif box.name == b"tkhd":
            track = _field(data, 20 if data[:1] == b"\1" else 12)
        elif box.name == b"mdhd":
            scales[track] = _scale_and_length(data)[0]
        elif box.name == b"elst":
            lists[track] = data
        elif box.name == b"stsd":
            encrypted |= data[12:16] in {b"enca", b"encv", b"drms"}
    for number, data in lists.items():
        if scale and scales.get(number):
            edits[number] = _edit(data, scale, scales[number])
    return Inside(encrypted, _bounded(milliseconds), None, edits, cut)


def _field(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _scale_and_length(data: bytes) -> tuple[int, int]:
    """Time scale and length of ``mvhd`` and ``mdhd``; 0 for a length nobody knew."""
    if data[:1] == b"\1":
        length = _field(data, 24, 8)
        return _field(data, 20), 0 if length == 2**64 - 1 else length
    length = _field(data, 16)
    return _field(data, 12), 0 if length == 2**32 - 1 else length


def _edit(data: bytes, movie_scale: int, track_scale: int) -> Edit | None:
    """The one part of an edit list that plays sound; leading parts that play nothing are delays."""
    wide, count, at = data[:1] == b"\1", _field(data, 4), 8
    step = 8 if wide else 4
    found = []
    for _ in range(min(count, 2)):
        length, start = _field(data, at, step), _field(data, at + step, step)
        at += 2 * step + 4
        if start < 1 << (8 * step - 1):
            found.append(Edit(start / track_scale, length / movie_scale))
    return found[0] if len(found) == 1 and count <= 2 else None


# Matroska (RFC 9559)

_SEGMENT, _INFO, _TRACKS, _ENTRY = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
_ENCODINGS, _ENCODING, _ENCRYPTION = 0x6D80, 0x6240, 0x5035
_CLUSTER, _SCALE, _DURATION = 0x1F43B675, 0x2AD7B1, 0x4489
_MASTERS = {_SEGMENT, _INFO, _TRACKS, _ENTRY, _ENCODINGS, _ENCODING}


def _matroska(file: BinaryIO, size: int) -> Inside:
    """Elements up to the first cluster; masters are entered by going on behind their header."""
    encrypted, cut, scale, duration = False, False, 1_000_000, 0.0
    at = 0
    for _ in range(MAX_PARTS):
        name, length, head = _element(read_at(file, at, 12, size))
        if not head or name == _CLUSTER:
            break
        encrypted |= name == _ENCRYPTION
        cut |= name == _SEGMENT and length is not None and at + head + length > size
        data = read_at(file, at + head, min(length or 0, 8), size)
        if name == _SCALE:
            scale = int.from_bytes(data, "big")
        elif name == _DURATION and len(data) in {4, 8}:
            duration = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
        at += head + (0 if name in _MASTERS else length or 0)
    known = math.isfinite(duration) and duration > 0
    return Inside(encrypted, _bounded(int(duration * scale / 1e6)) if known else None, cut=cut)


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


# ASF

_HEADER_OBJECT = 30
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ENCRYPTIONS = {
    bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a29 2226174cb935dae07ee9289c"),
    bytes.fromhex("33850543 8169e6499b74ad12cb86d58c"),
}


def _asf(file: BinaryIO, size: int) -> Inside:
    """The objects inside the header object."""
    end = min(size, int.from_bytes(read_at(file, 16, 8, size), "little"))
    encrypted, cut, milliseconds = False, False, None
    at = _HEADER_OBJECT
    for _ in range(MAX_PARTS):
        header = read_at(file, at, 24, end)
        length = int.from_bytes(header[16:], "little")
        if len(header) < 24 or length < 24:
            break
        encrypted |= header[:16] in _ENCRYPTIONS
        if header[:16] == _PROPERTIES:
            data = read_at(file, at + 24, 80, end)
            if len(data) == 80 and not data[64] & 1:
                total, play, preroll = data[16:24], data[40:48], data[56:64]
                cut = int.from_bytes(total, "little") > size
                said = int.from_bytes(play, "little") // 10_000 - int.from_bytes(preroll, "little")
                milliseconds = max(0, said)
        at += length
    return Inside(encrypted, _bounded(milliseconds), cut=cut)


# Ogg (RFC 3533), FLAC, MP3

_LAST_PAGE = 27 + 255 + 255 * 255


def _ogg(file: BinaryIO, size: int) -> Inside:
    """Whether the last page is whole and says that it is the last."""
    tail = read_at(file, max(0, size - _LAST_PAGE), _LAST_PAGE, size)
    page = tail[tail.rfind(b"OggS") :]
    if page[:4] != b"OggS" or len(page) < 27:
        return Inside(ended=False)
    sizes = page[27 : 27 + page[26]]
    whole = len(page) >= 27 + page[26] + sum(sizes)
    return Inside(cut=not whole, ended=bool(page[5] & 4))


def _flac(file: BinaryIO, size: int) -> Inside:
    """STREAMINFO (RFC 9639 section 8.2); 0 samples mean that nobody knew."""
    data = read_at(file, 0, 42, size)
    if len(data) < 42 or data[4] & 0x7F:
        return Inside()
    return Inside(samples=int.from_bytes(data[18:26], "big") & (1 << 36) - 1 or None)


def _mp3(file: BinaryIO, size: int) -> Inside:
    data = read_at(file, 0, 1024, size)
    return Inside(samples=announced_samples(data) if mpeg_frame(data) else None)


def _bounded(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else min(milliseconds, MAX_INTEGER)


_READERS: dict[str, Callable[[BinaryIO, int], Inside]] = {
    "mov": _mp4,
    "matroska": _matroska,
    "asf": _asf,
    "flac": _flac,
    "mp3": _mp3,
    "ogg": _ogg,
}
