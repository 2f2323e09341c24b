"""One pass over the chunk headers of a WAV file (RIFF, RF64, BW64): where sound and format stand.

At most MAX_CHUNKS chunk headers are looked at, and of no chunk more than a few hundred bytes, so that no
file takes long.
"""

import struct
from typing import BinaryIO

MAX_CHUNKS = 1000
_FORMAT_BYTES = 40
_SIZES_BYTES = 28
_TABLE_ENTRIES = 28
_UNSET = 0xFFFFFFFF
_FILES = {b"RIFF", b"RF64", b"BW64", b"FORM"}
"""What begins another file, never a chunk inside one."""
_PLACEHOLDERS = (0x7FFFF000, 0x7FFFFFFF, 0x80000000)
"""What sox, arecord and others write as data size when they can't know it."""


class Chunks:
    """The chunks of a WAV file, as far as the arithmetic needs them.

    Attributes:
        format: the first bytes of the ``fmt`` chunk; None when there is none.
        sound: bytes of sound that are there; None when there is no ``data`` chunk.
        start: where they begin.
        declared: bytes of sound that the header announces.
        fact: samples a channel that the ``fact`` or ``ds64`` chunk announces; None when neither does.
        rest: bytes after the last chunk that belong to none.
        problems: codes in the order they were noted.
    """

    def __init__(self, file: BinaryIO, size: int, *, wide: bool) -> None:
        """Look at nothing yet.

        Args:
            file: the recording.
            size: how many of its bytes count.
            wide: whether it is RF64 or BW64 and may hold 64-bit sizes.
        """
        self.format: bytes | None = None
        self.sound: int | None = None
        self.start = 0
        self.declared = 0
        self.fact: int | None = None
        self.rest = 0
        self.problems: list[str] = []
        self._file = file
        self._size = size
        self._wide = wide
        self._budget = MAX_CHUNKS
        self._sizes: dict[bytes, int] = {}

    def walk(self) -> None:
        """Take all chunks, from behind the form type to the end of the file."""
        offset = 12
        while offset < self._size and (chunk := self._header(offset)) is not None:
            name, length = chunk
            start = offset + 8
            if name in _FILES:
                break
            if length == _UNSET:
                length = self._sizes.get(name, length)
            if name == b"data":
                length = self._take_sound(start, length)
            elif start + length > self._size:
                break
            else:
                self._take(name, start, length)
            offset = self._after(start + length, length)
        if self._budget <= 0:
            self._note("too_many_chunks")
        else:
            self.rest = max(0, self._size - offset)

    def _read(self, offset: int, count: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(max(0, min(count, self._size - offset)))

    def _header(self, offset: int) -> tuple[bytes, int] | None:
        """Name and written size of the chunk at an offset; None when none begins there."""
        if self._budget <= 0:
            return None
        self._budget -= 1
        header = self._read(offset, 8)
        if len(header) < 8 or not all(0x20 <= byte <= 0x7E for byte in header[:4]):
            return None
        return header[:4], int.from_bytes(header[4:], "little")

    def _after(self, end: int, length: int) -> int:
        """Where the next chunk begins: behind a padding byte, unless the writer forgot it."""
        if length % 2 == 0 or end >= self._size:
            return end
        if end + 1 < self._size and self._header(end + 1) is None and self._header(end) is not None:
            return end
        return end + 1

    def _take(self, name: bytes, start: int, length: int) -> None:
        if name == b"fmt ":
            if self.format is not None:
                self._note("ambiguous_chunks")
            else:
                self.format = self._read(start, min(length, _FORMAT_BYTES))
        elif name == b"fact" and length >= 4:
            self._take_fact(int.from_bytes(self._read(start, 4), "little"))
        elif name == b"ds64" and self._wide and not self._sizes:
            self._take_sizes(self._read(start, min(length, _SIZES_BYTES + 12 * _TABLE_ENTRIES)))

    def _take_fact(self, count: int) -> None:
        if self.fact is None and not (self._wide and count == _UNSET):
            self.fact = count

    def _take_sizes(self, data: bytes) -> None:
        """The 64-bit sizes of ``data`` and of a few others, and the sample count (EBU Tech 3306)."""
        if len(data) < _SIZES_BYTES:
            return
        _, sound, count, entries = struct.unpack_from("<QQQI", data)
        for index in range(min(entries, (len(data) - _SIZES_BYTES) // 12)):
            name, length = struct.unpack_from("<4sQ", data, _SIZES_BYTES + 12 * index)
            self._sizes.setdefault(name, length)
        self._sizes[b"data"] = sound
        if count:
            self.fact = count

    def _take_sound(self, start: int, length: int) -> int:
        """Note the sound; returns how many bytes of the file it takes."""
        present = self._size - start
        if self.sound is not None:
            self._note("ambiguous_chunks")
            return min(length, present)
        self.start, self.declared = start, length
        self.sound = self._present(start, length, present)
        return self.sound

    def _present(self, start: int, length: int, present: int) -> int:
        unset = length in {_UNSET, 2**64 - 1} or (length in _PLACEHOLDERS and length > present)
        if unset or (length == 0 and not self._only_chunks(start)):
            self._note("unfinished_header")
            return present
        if length > present:
            self._note("truncated")
        return min(length, present)

    def _only_chunks(self, offset: int) -> bool:
        """Whether everything from an offset to the end of the file reads as chunks."""
        while offset < self._size and (chunk := self._header(offset)) is not None:
            offset = self._after(offset + 8 + chunk[1], chunk[1])
        return offset == self._size

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
