"""Files that others may have put there: links are never followed, and opening never waits."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_SAFELY: int = os.O_RDONLY
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):
    _SAFELY |= getattr(os, _flag, 0)


class NotRegularError(ValueError):
    """A link, a folder, a pipe, a socket or a device stands where a file should."""


def open_regular(path: str | Path) -> BinaryIO:
    """A regular file, open for reading from its beginning.

    Raises:
        NotRegularError: it is something else.
        OSError: the file system refuses.
    """
    try:
        descriptor = os.open(path, _SAFELY)
    except OSError as error:
        # a link (to itself as well), or a socket or a device without a driver
        if error.errno == errno.ENXIO or (error.errno == errno.ELOOP and os.path.islink(path)):  # noqa: PTH114
            raise NotRegularError("not a regular file") from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularError("not a regular file")
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a small regular file.

    Raises:
        NotRegularError: it is something else.
        ValueError: it is longer than ``limit`` bytes.
        OSError: the file system refuses.
    """
    with open_regular(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"longer than {limit} bytes")
    return data
