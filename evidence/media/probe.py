"""What a recording is and how long it lasts, without trusting its bytes.

The parent opens the file and never parses it; a child process (evidence.media.worker) does, confined as
evidence.media.confine says. A child taken over by a hostile recording could answer wrongly for that one and
those after it: facts are findings about a recording, never a reason to seal or not to seal.
"""

import errno
import os
import stat
import time
from collections.abc import Sequence
from types import TracebackType
from typing import BinaryIO, Self

from evidence.media import answers, child
from evidence.media.frames import Frames
from evidence.media.headerless import hint_of
from evidence.model.recording import RecordingFacts, RecordingTrack

TIMEOUT = 20.0
"""Seconds by the clock after which the child is killed and the recording has the problem ``timeout``."""

_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _OPEN |= getattr(os, _flag, 0)


class MediaProcess:
    """One confined child for many recordings; started when first needed, and again after each crash or hang.

    A context manager; not for several threads at once. Whatever happens to the child, facts are returned.
    """

    def __init__(self, timeout: float = TIMEOUT, command: Sequence[str] | None = None) -> None:
        """Start nothing yet.

        Args:
            timeout: seconds a recording may take, the child's start included.
            command: another child than evidence.media.worker (tests).
        """
        self._timeout = timeout
        self._command = command
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

        OSError when there is no process to be had; the next probe then tries again.
        """
        if self._child is not None and not self._child.alive():
            self.close()
        if self._child is None:
            self._child = child.start(self._command or child.worker_command())

    def close(self) -> None:
        """End the child; a later probe starts another."""
        if self._child is not None:
            self._child.end()
        self._child, self._ready = None, False

    @property
    def process_id(self) -> int | None:
        """The running child's process id; None before the first recording and after a crash."""
        return None if self._child is None else self._child.process.pid

    def probe(self, path: "str | os.PathLike[str]") -> RecordingFacts:
        """The facts about a file; a symbolic link, pipe or device is ``not_regular_file`` and isn't read."""
        try:
            descriptor = os.open(path, _OPEN)
        except OSError as error:
            return _failed(
                "not_regular_file"
                if error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO}
                else "unreadable"
            )
        try:
            return self.probe_file(descriptor, name=os.fspath(path))
        finally:
            os.close(descriptor)

    def probe_file(self, file: BinaryIO | int, size: int | None = None, name: str = "") -> RecordingFacts:
        """The facts about an open file, from its first byte on.

        Args:
            file: a file object with a descriptor, or the descriptor; opened for reading only. Its position
                stays as it is.
            size: how many bytes count, where the file may be growing; all of them if None.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
        """
        descriptor = file if isinstance(file, int) else file.fileno()
        try:
            state = os.fstat(descriptor)
            position = os.lseek(descriptor, 0, os.SEEK_CUR) if stat.S_ISREG(state.st_mode) else 0
        except OSError:
            return _failed("unreadable")
        if not stat.S_ISREG(state.st_mode):
            return _failed("not_regular_file")
        try:
            count = state.st_size if size is None else min(size, state.st_size)
            return self._asked(descriptor, count, hint_of(name))
        finally:
            os.lseek(descriptor, position, os.SEEK_SET)  # the child shares it

    def _asked(self, descriptor: int, size: int, hint: str) -> RecordingFacts:
        """The child's two answers as facts; ends the child unless it gave both of them well."""
        deadline = time.monotonic() + self._timeout
        found, problem, finished = Frames(), "", False
        said: dict[str, int | str] = {}
        more: tuple[str, ...] = ()
        try:
            running = self._running(deadline)
            self._number += 1
            request: dict[str, int | float | str] = {
                "n": self._number,
                "size": size,
                "seconds": self._timeout,
                "hint": hint,
            }
            running.ask(request, descriptor)
            found = answers.frames(running.answer(deadline, answers.LIMIT), self._number)
            said, more = answers.claims(running.answer(deadline, answers.LIMIT), self._number)
            finished = True
        except TimeoutError:
            problem = "timeout"
        except (EOFError, OSError):
            problem = "timeout" if self._child and self._child.ran_out_of_time() else "crashed"
        except ValueError:
            problem = "unreadable"
        finally:
            if problem and not self._ready:
                problem = "not_started"
            if not finished:  # interrupted, too: what is still to come answers no later request
                self.close()
        return _facts(found, said, (*found.problems, *more, *((problem,) if problem else ())))

    def _running(self, deadline: float) -> child.Child:
        """The child, ready for a request."""
        self.start()
        assert self._child is not None  # noqa: S101  start saw to it
        if not self._ready:
            answers.ready(self._child.answer(deadline, answers.LIMIT))
            self._ready = True
        return self._child


def _facts(found: Frames, said: dict[str, int | str], problems: tuple[str, ...]) -> RecordingFacts:
    return RecordingFacts(
        container=found.container,
        codec=found.codec,
        sample_rate=found.sample_rate,
        channels=found.channels,
        samples=found.samples,
        method="unknown" if found.samples is None else found.method,
        tracks=tuple(RecordingTrack(*track) for track in found.tracks),
        claims={**found.claims, **said},
        problems=tuple(dict.fromkeys(problems)),
    )


def _failed(problem: str) -> RecordingFacts:
    return RecordingFacts(problems=(problem,))
