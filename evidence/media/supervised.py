"""A confined process as its parent keeps it: started when first needed, again after each crash or hang."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

from evidence.media import answers, child, shapes

_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _OPEN |= getattr(os, _flag, 0)


Answer = TypeVar("Answer")


class Unusable(Exception):
    """A file that isn't handed over: ``code`` is ``not_regular_file`` or ``unreadable``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SupervisedProcess:
    """One confined child for many files. A context manager; not for several threads at once."""

    def __init__(self, command: Sequence[str] | None, module: str) -> None:
        """Start nothing yet.

        Args:
            command: what to start in the module's place (tests).
            module: see child.worker_command.
        """
        self._command = command
        self._module = module
        self._child: child.Child | None = None
        self._ready = False
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child unless it runs, so that it gets ready while the caller does other things.

        OSError when there is no process to be had; the next request then tries again.
        """
        if self._child is not None and not self._child.alive():
            self.close()
        if self._child is None:
            self._child = child.start(self._command or child.worker_command(self._module))

    def close(self) -> None:
        """End the child; a later request starts another."""
        if self._child is not None:
            self._child.end()
        self._child, self._ready = None, False

    @property
    def process_id(self) -> int | None:
        """The running child's process id; None before the first request and after a crash."""
        return None if self._child is None else self._child.process.pid

    def _ask(self, request: child.Request, descriptor: int, deadline: float) -> "Answers":
        """Hand a file over; what comes back is read from the result.

        Raises:
            TimeoutError, EOFError, OSError, ValueError: as ``Answers.next``.
        """
        self.start()
        assert self._child is not None  # noqa: S101  start saw to it
        if not self._ready:
            answers.ready(self._child.answer(deadline, shapes.LIMIT))
            self._ready = True
        self._number += 1
        self._child.ask({"n": self._number} | request, descriptor)
        return Answers(self._child, self._number, deadline)

    def _answered(
        self,
        request: child.Request,
        descriptor: int,
        seconds: float,
        read: Callable[["Answers"], Answer],
        failed: Callable[[str], Answer],
    ) -> Answer:
        """What the child answers within so many seconds; ends it unless it answered well.

        Args:
            request: what it is asked; it is told the seconds, too.
            descriptor: of the file that it is about.
            seconds: how long it may take.
            read: makes one of what the child says.
            failed: makes one of the code of what kept it from answering.
        """
        finished = False
        try:
            found = read(self._ask({**request, "seconds": seconds}, descriptor, deadline_in(seconds)))
            finished = True
        except (EOFError, OSError, ValueError) as error:
            found = failed(self._problem(error, "crashed"))
        finally:
            if not finished:  # interrupted, too: what is still to come answers no later request
                self.close()
        return found

    def _problem(self, error: Exception, nonsense: str) -> str:
        """The code of what kept the child from answering; ``nonsense`` for an answer that can't be one."""
        if not self._ready:
            return "not_started"
        if isinstance(error, TimeoutError):
            return "timeout"
        if isinstance(error, ValueError):
            return nonsense
        return "timeout" if self._child and self._child.ran_out_of_time() else "crashed"


class Answers:
    """What the child says to one request.

    Attributes:
        number: the request's.
    """

    def __init__(self, running: child.Child, number: int, deadline: float) -> None:
        """Wait until the deadline, as ``time.monotonic`` counts."""
        self.number = number
        self._child = running
        self._deadline = deadline

    def next(self, seconds: float | None = None) -> bytes:
        """The next line.

        Args:
            seconds: how long to wait for it at most, if not until the deadline.

        Raises:
            TimeoutError: none in time.
            EOFError: the process is gone.
            ValueError: it is too long.
        """
        until = self._deadline if seconds is None else min(self._deadline, deadline_in(seconds))
        return self._child.answer(until, shapes.LIMIT)


def deadline_in(seconds: float) -> float:
    """When so many seconds will have passed, as ``time.monotonic`` counts."""
    return time.monotonic() + seconds


@contextmanager
def opened(path: "str | os.PathLike[str]") -> Iterator[int]:
    """A descriptor of a file, for reading only; never of what a symbolic link leads to.

    Raises:
        Unusable: it can't be opened.
    """
    try:
        descriptor = os.open(path, _OPEN)
    except OSError as error:
        special = error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO}
        raise Unusable("not_regular_file" if special else "unreadable") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def handed_over(file: BinaryIO | int, size: int | None) -> Iterator[tuple[int, int]]:
    """Descriptor and size of an open file; its position, which the child shares, is put back at the end.

    Args:
        file: a file object with a descriptor, or the descriptor.
        size: how many bytes count at most; all of them if None.

    Raises:
        Unusable: a pipe, a device, or a file that can't be read.
    """
    descriptor = file if isinstance(file, int) else file.fileno()
    try:
        state = os.fstat(descriptor)
        position = os.lseek(descriptor, 0, os.SEEK_CUR) if stat.S_ISREG(state.st_mode) else 0
    except OSError as error:
        raise Unusable("unreadable") from error
    if not stat.S_ISREG(state.st_mode):
        raise Unusable("not_regular_file")
    try:
        yield descriptor, state.st_size if size is None else min(size, state.st_size)
    finally:
        os.lseek(descriptor, position, os.SEEK_SET)
