"""Locks between processes of one machine; the kernel drops them when their owner dies."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.errors import StateError
from evidence.messages import t

try:
    import fcntl
except ImportError:  # Windows: archives are verified there, not made
    fcntl = None  # type: ignore[assignment]


def require_posix() -> None:
    """Refuse where there are no such locks.

    Raises:
        StateError: on Windows.
    """
    if fcntl is None:
        raise StateError(t("vault.windows"), t("vault.windows_hint"))


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_current(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _acquire(path: Path, on_wait: Callable[[], None] | None) -> int | None:
    """A locked descriptor; None when ``on_wait`` is None and somebody else holds the lock."""
    while True:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is None:
                os.close(descriptor)
                return None
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_current(descriptor, path):
            return descriptor
        os.close(descriptor)


@contextmanager
def held(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock, waiting for it; ``on_wait`` is called once before waiting."""
    descriptor = _acquire(path, on_wait)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock now; the lock file is neither made nor changed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except PermissionError:  # another account's: it is not ours to call it dead
        return True
    except (OSError, ValueError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


class OwnedLock:
    """A lock file that exists while somebody works on one thing, and is removed afterwards.

    ``take(wait)`` returns whether the lock is held now; ``release`` removes the file and lets go.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self, on_wait: Callable[[], None] | None = None) -> bool:
        """Take the lock; without ``on_wait`` return False at once when somebody else holds it."""
        self._descriptor = _acquire(self._path, on_wait)
        return self._descriptor is not None

    def release(self) -> None:
        """Remove the lock file and let go; others that wait for it take a fresh one."""
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None
