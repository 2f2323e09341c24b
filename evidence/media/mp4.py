"""What the boxes of MP4, M4A and 3GP say (ISO/IEC 14496-12)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from evidence.media.frames import MAX_INTEGER
from evidence.media.inside import MAX_PARTS, Edit, Inside
from evidence.media.section import read_at

_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"}
_ENCRYPTED = {b"enca", b"encv", b"drms"}
_BOX_BYTES = 64
"""As much of a box as is looked at."""


class _Box(NamedTuple):
    name: bytes
    start: int
    end: int


@dataclass
class _Boxes:
    """The boxes of a file as far as MAX_PARTS reach."""

    file: BinaryIO
    size: int
    left: int = MAX_PARTS

    def between(self, start: int, end: int, depth: int) -> Iterator[_Box]:
        """The boxes between two offsets and those inside them, parents first."""
        while start + 8 <= min(end, self.size) and self.left > 0:
            self.left -= 1
            header = read_at(self.file, start, 16, self.size)
            length, name, head = _field(header, 0), header[4:8], 8
            if length == 1 and len(header) == 16:
                length, head = _field(header, 8, 8), 16
            elif length == 0:
                length = end - start
            if length < head:
                return
            yield _Box(name, start + head, start + length)
            if name in _PARENTS and depth:
                yield from self.between(start + head, min(start + length, end), depth - 1)
            start += length


def read(file: BinaryIO, size: int) -> Inside:
    """Encryption, the movie's length, and each track's edit list."""
    encrypted, cut = False, False
    length = scale = movies = 0
    tracks: list[_Times] = []
    for box in _Boxes(file, size).between(0, size, 8):
        data = read_at(file, box.start, _BOX_BYTES, size)
        cut |= box.end > size
        movies += box.name == b"moov"
        if box.name == b"mvhd":
            scale, length = _scale_and_length(data)
        elif box.name == b"trak":
            tracks.append(_Times())
        elif box.name == b"stsd":
            encrypted |= data[12:16] in _ENCRYPTED
        elif tracks:
            tracks[-1].take(box.name, data)
    edits = {track.number: track.edit(scale) for track in tracks if track.lists and scale and track.scale}
    milliseconds = min(length * 1000 // scale, MAX_INTEGER) if scale and length else None
    return Inside(encrypted, milliseconds, edits=edits, cut=cut, ambiguous=movies > 1)


@dataclass
class _Times:
    """What the boxes of a track say of its times; they may stand in any order."""

    number: int = 0
    scale: int = 0
    lists: list[bytes] = field(default_factory=list)

    def take(self, name: bytes, data: bytes) -> None:
        """Note what a box says."""
        if name == b"tkhd":
            self.number = _field(data, 20 if data[:1] == b"\1" else 12)
        elif name == b"mdhd":
            self.scale = _scale_and_length(data)[0]
        elif name == b"elst":
            self.lists.append(data)

    def edit(self, movie_scale: int) -> Edit | None:
        """The one part that is to be played; None when there are several parts or lists."""
        return _edit(self.lists[0], movie_scale, self.scale) if len(self.lists) == 1 else None


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
