"""A part of an open file as a file of its own."""

import io
from typing import Any, BinaryIO


class Positioned(io.RawIOBase):
    """A file to read only, of ``size`` bytes, with a position of its own.

    Attributes:
        refusal: what a position before the beginning raises.
    """

    refusal: type[Exception] = ValueError

    def __init__(self, size: int) -> None:
        """Stand at the first byte."""
        super().__init__()
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; raises ``refusal`` before the beginning."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise self.refusal("a position before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position


class Section(Positioned):
    """Reads ``size`` bytes of a file from ``start`` on; the file stays open when this is closed."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        """Begin at the part's first byte; the part may reach beyond the end of the file."""
        super().__init__(max(0, size))
        self._file = file
        self._start = start

    def read(self, size: int = -1, /) -> bytes:
        """Up to that many bytes, to the end of the part."""
        left = max(0, self._size - self._position)
        count = left if size < 0 else min(size, left)
        self._file.seek(self._start + self._position)
        data = self._file.read(count) if count else b""
        self._position += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, up to the end of the part."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def read_at(file: BinaryIO, offset: int, count: int, size: int) -> bytes:
    """Up to ``count`` bytes from an offset, none of them beyond ``size``."""
    if count <= 0 or offset >= size:
        return b""
    file.seek(offset)
    return file.read(min(count, size - offset))
