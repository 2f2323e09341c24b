"""What the header objects of ASF (WMA) say."""

from typing import BinaryIO

from evidence.media.frames import MAX_INTEGER
from evidence.media.inside import MAX_PARTS, Inside
from evidence.media.section import read_at

_HEADER_OBJECT = 30
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ENCRYPTIONS = {
    bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a29 2226174cb935dae07ee9289c"),
    bytes.fromhex("33850543 8169e6499b74ad12cb86d58c"),
}


def read(file: BinaryIO, size: int) -> Inside:
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
                milliseconds = min(max(0, said), MAX_INTEGER)
        at += length
    return Inside(encrypted, milliseconds, cut=cut)
