"""Signed checkpoints outside the register's database: files in second places, and cosigned ones."""

import errno
import os
import stat
from pathlib import Path

from evidence.register.checkpoint import MAX_NOTE
from evidence.vault.layout import Layout

SUFFIX = ".checkpoint"


def read(path: Path) -> bytes:
    """The note in a file, cut behind MAX_NOTE; a device or a pipe is refused, and never waited for.

    Raises:
        OSError: it can't be read, or isn't a regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        return file.read(MAX_NOTE + 1)


def cosigned_path(layout: Layout, size: int) -> Path:
    """Where the cosigned checkpoint of that size is kept; names sort by size."""
    return layout.cosigned / f"{size:016d}{SUFFIX}"


def cosigned(layout: Layout) -> list[bytes]:
    """The checkpoints that witnesses cosigned, the newest last; at most the NEWEST of them."""
    if not layout.cosigned.is_dir():
        return []
    return [read(path) for path in sorted(layout.cosigned.glob(f"*{SUFFIX}"))[-NEWEST:]]


NEWEST = 100
"""Cosigned checkpoints that are looked into."""
