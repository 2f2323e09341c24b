"""Locks between processes of one machine; the kernel drops them when their owner dies."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from evidence.clock import Clock, system_clock
from evidence.errors import StateError
from evidence.messages import t
from evidence.vault import holder

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


@contextmanager
def tried(path: Path) -> Iterator[bool]:
    """Hold the lock if nobody else does; yields whether it is held."""
    descriptor = _acquire(path, None)
    try:
        yield descriptor is not None
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


class NamedLock:
    """A lock that one process of a vault holds, and whose file tells who that is.

    A context manager; it never waits. The file stays when the lock is released, empty. Who holds the lock is
    decided by the kernel, never by the file's text: a dead owner's text hinders nobody. Its descriptor isn't
    handed to programs that are started meanwhile; processes made by plain ``fork`` share it and must not
    outlive their parent.

    Args:
        path: the lock file, e.g. ``layout.batch_lock``.
        command: the command of the program that holds it, as it is typed.
        clock: tells since when.
    """

    def __init__(self, path: Path, command: str, clock: Clock = system_clock) -> None:
        self._path = path
        self._command = command
        self._clock = clock
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StateError: somebody holds it; says who.
            OSError: the file can't be opened, e.g. since it is another account's.
        """
        require_posix()
        while True:
            descriptor = _open_any(self._path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found = holder.parse(os.pread(descriptor, holder.LIMIT, 0))
                os.close(descriptor)
                raise self._refusal(found) from None
            except BaseException:
                os.close(descriptor)
                raise
            if _is_current(descriptor, self._path):
                break
            os.close(descriptor)  # the file was removed meanwhile: a lock on it means nothing
        self._descriptor = descriptor
        self._write(holder.this_process(self._command, self._clock()).to_bytes())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            self._write(b"")
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, data: bytes) -> None:
        """Tell who holds the lock; where the file can't be written, the lock holds all the same."""
        assert self._descriptor is not None  # noqa: S101  only called while it is held
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, data, 0)

    def _refusal(self, found: holder.Holder | None) -> StateError:
        hint = t("ops.locked_hint")
        if found is None:
            return StateError(t("ops.locked_unknown", command=self._command), hint)
        message = t(
            "ops.locked",
            command=found.command,
            account=found.account,
            pid=found.pid,
            host=found.host,
            since=f"{found.since:%Y-%m-%d %H:%M:%S} UTC",
        )
        return StateError(message, hint)


def _open_any(path: Path) -> int:
    """A descriptor of a lock file, a regular one; for reading alone where it can't be written."""
    flags = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
    try:
        descriptor = os.open(path, flags | os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise
        descriptor = os.open(path, flags | os.O_RDONLY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return descriptor
