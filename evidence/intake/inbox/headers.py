"""Whether a recording's header was finished by its recorder; a few bytes are read, nothing is decoded.

Recorders write a header first, with no length or a very large one, and put the length in when the call ends.
"""

import os
from collections.abc import Callable

_MOST = 64
_UNKNOWN = 0xFFFFFFFF


def is_unfinished(descriptor: int, size: int) -> bool:
    """Whether the header promises more than there is, or nothing yet; other formats don't tell.

    Args:
        descriptor: the open recording.
        size: its length in bytes.
    """
    if size == 0:
        return True
    head = os.pread(descriptor, 64, 0)
    for marks, at, judge in _JUDGES:
        if head[at : at + 4] in marks:
            return judge(descriptor, head, size)
    return False


def _wav(descriptor: int, head: bytes, size: int) -> bool:
    if head[8:12] != b"WAVE":
        return False
    at, large = 12, 0
    for _ in range(_MOST):
        chunk = head[at : at + 24] if at + 24 <= len(head) else os.pread(descriptor, 24, at)
        if len(chunk) < 8:
            return True  # no sound yet
        length = int.from_bytes(chunk[4:8], "little")
        if chunk[:4] == b"ds64":
            large = int.from_bytes(chunk[16:24], "little")
        if chunk[:4] == b"data":
            length = large if large and length == _UNKNOWN else length
            return length in {0, _UNKNOWN} or at + 8 + length > size
        at += 8 + length + length % 2
    return False


def _au(_descriptor: int, head: bytes, size: int) -> bool:
    start, length = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    return length in {0, _UNKNOWN} or start + length > size


def _aiff(_descriptor: int, head: bytes, size: int) -> bool:
    length = int.from_bytes(head[4:8], "big")
    return head[8:12] in {b"AIFF", b"AIFC"} and (length == 0 or 8 + length > size)


def _flac(_descriptor: int, head: bytes, _size: int) -> bool:
    return int.from_bytes(head[18:26], "big") & 0xFFFFFFFFF == 0  # RFC 9639 section 8.2: total samples


def _mp4(descriptor: int, _head: bytes, size: int) -> bool:
    """The index (moov) is written last; of a box that reaches beyond the end, more is coming."""
    at = 0
    has_index = False
    for _ in range(_MOST):
        box = os.pread(descriptor, 16, at)
        if len(box) < 8:
            return not has_index
        length = int.from_bytes(box[:4], "big")
        if length == 1:
            length = int.from_bytes(box[8:16], "big")
        has_index = has_index or box[4:8] == b"moov"
        if length == 0:
            return not has_index
        at += max(length, 8)
        if at > size:
            return True
    return False


_JUDGES: tuple[tuple[set[bytes], int, Callable[[int, bytes, int], bool]], ...] = (
    ({b"RIFF", b"RF64", b"BW64"}, 0, _wav),
    ({b".snd"}, 0, _au),
    ({b"FORM"}, 0, _aiff),
    ({b"fLaC"}, 0, _flac),
    ({b"ftyp"}, 4, _mp4),
)
