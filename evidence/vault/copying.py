"""Bytes from file to file inside the kernel, and bytes read back from the disk itself, past the page cache.

Writing 1 GiB through a Python buffer costs several times what the kernel's own copy does; reading it back
through the page cache would only show what was meant to be written.
"""

import errno
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from evidence.digests import CHUNK

_CANNOT = {errno.EPERM, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_PIECE = 16 * 1024 * 1024
_BLOCK = 4096


def copy_range(source: int, target: int, size: int, offset: int) -> int:
    """Copy the first ``size`` bytes of one open file to an offset of another.

    Returns:
        how many bytes were copied: fewer than ``size`` when the source ends before.
    """
    done = 0
    while done < size:
        count = _copy(source, target, min(_PIECE, size - done), done, offset + done)
        if not count:
            break
        done += count
    return done


def _copy(source: int, target: int, size: int, start: int, offset: int) -> int:
    if hasattr(os, "copy_file_range"):
        try:
            return os.copy_file_range(source, target, size, start, offset)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
    data = os.pread(source, min(size, CHUNK), start)
    return os.pwrite(target, data, offset)


def pieces(descriptor: int, size: int, start: int = 0) -> Iterator[memoryview]:
    """``size`` bytes of an open file from ``start`` on: views of one buffer that the next overwrites."""
    view = memoryview(bytearray(min(CHUNK, size)))
    done = 0
    while done < size:
        count = os.preadv(descriptor, [view[: size - done]], start + done)
        if not count:
            return
        done += count
        yield view[:count]


class ReadBack:
    """Reads a synced file as the disk holds it; through the cache where a file system can't do without.

    A context manager; reads from the beginning on. Pieces are views of one buffer.
    """

    def __init__(self, path: Path) -> None:
        length = min(CHUNK, path.stat().st_size // _BLOCK * _BLOCK + _BLOCK)
        self._view = memoryview(mmap.mmap(-1, length))  # aligned to pages, as O_DIRECT asks
        self._ready = self._view[:0]
        self._position = 0
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECT", 0))
            self._fill()
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def pieces(self, size: int) -> Iterator[memoryview]:
        """The next ``size`` bytes; fewer when the file ends before."""
        while size:
            if not self._ready:
                self._fill()
            piece = self._ready[:size]
            if not piece:
                return
            self._ready = self._ready[len(piece) :]
            size -= len(piece)
            yield piece

    def _fill(self) -> None:
        count = os.preadv(self._descriptor, [self._view], self._position)
        self._position += count
        self._ready = self._view[:count]
