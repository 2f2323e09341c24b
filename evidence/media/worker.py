"""The media process: gets open recordings, answers what they are. Its parent is evidence.media.child.

Requests and answers are lines of JSON. A request ``{"n", "size", "seconds"}`` comes with the recording's
descriptor (as ancillary data on the UNIX socket that is descriptor 0; on Windows as ``"handle"`` through a
pipe). Two answers follow, each with the request's ``n``: first the frames, then mutagen's claims, so that
what the arithmetic found survives a crash in the larger parser. The first line of all is ``{"ready": true}``.

Names, paths and environment of the recording's owner never reach this process. End of input ends it.
"""

import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.media import confine, riff
from evidence.media.frames import FormatReader, Frames

FORMATS: tuple[FormatReader, ...] = (riff.frames,)
"""The formats whose frames can be counted, in the order in which they are tried."""

_REQUEST_BYTES = 4096


class Window(io.RawIOBase):
    """The first bytes of an open file, read only, with a position of its own.

    A descriptor that came from another process shares its position with it, so this one never moves it
    where the system can read without.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        """Take over a descriptor, which ``close`` closes; ``size`` bytes can be read."""
        super().__init__()
        self._descriptor = descriptor
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; before the beginning is an OSError."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a position before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, up to the end of the window."""
        view = memoryview(buffer).cast("B")
        count = min(len(view), max(0, self._size - self._position))
        data = self._pread(count) if count else b""
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _pread(self, count: int) -> bytes:
        if sys.platform == "win32":
            os.lseek(self._descriptor, self._position, os.SEEK_SET)
            return os.read(self._descriptor, count)
        return os.pread(self._descriptor, count, self._position)

    def close(self) -> None:
        """Close the descriptor."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def answers(file: BinaryIO, size: int) -> Iterator[dict[str, Any]]:
    """The two answers about a recording: its frames, then its claims."""
    try:
        found = _frames(file, size)
        yield found.to_message()
        from evidence.media import claims  # noqa: PLC0415  mutagen only on first need

        said, problems = claims.read(file, found.container)
    except OSError:
        yield Frames(problems=("unreadable",)).to_message()
        return
    yield {"claims": said, "problems": problems}


def _frames(file: BinaryIO, size: int) -> Frames:
    if not size:
        return Frames(problems=("empty",))
    for reader in FORMATS:
        try:
            return reader(file, size)
        except ValueError:
            continue
    return Frames()
