"""What a recording is and how long it lasts, without trusting its bytes.

The parent opens the file and never parses it; a child process (evidence.media.worker) does, confined as
evidence.media.confine says. A child taken over by a hostile recording could answer wrongly for that one and
those after it: facts are findings about a recording, never a reason to seal or not to seal.
"""

import os
from collections.abc import Sequence
from typing import BinaryIO

from evidence.media import answers, supervised
from evidence.media.frames import Frames
from evidence.media.headerless import hint_of
from evidence.media.supervised import SupervisedProcess, Unusable
from evidence.model.recording import RecordingFacts, RecordingTrack

TIMEOUT = 20.0
"""Seconds by the clock after which the child is killed and the recording has the problem ``timeout``."""


class MediaProcess(SupervisedProcess):
    """Examines recordings in a confined child. Whatever happens to the child, facts are returned."""

    def __init__(self, timeout: float = TIMEOUT, command: Sequence[str] | None = None) -> None:
        """Start nothing yet.

        Args:
            timeout: seconds a recording may take, the child's start included.
            command: another child than evidence.media.worker (tests).
        """
        super().__init__(command, "worker")
        self._timeout = timeout

    def probe(self, path: "str | os.PathLike[str]") -> RecordingFacts:
        """The facts about a file; a symbolic link, pipe or device is ``not_regular_file`` and isn't read."""
        try:
            with supervised.opened(path) as descriptor:
                return self.probe_file(descriptor, name=os.fspath(path))
        except Unusable as error:
            return _failed(error.code)

    def probe_file(self, file: BinaryIO | int, size: int | None = None, name: str = "") -> RecordingFacts:
        """The facts about an open file, from its first byte on.

        Args:
            file: a file object with a descriptor, or the descriptor; opened for reading only. Its position
                stays as it is.
            size: how many bytes count, where the file may be growing; all of them if None.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
        """
        try:
            with supervised.handed_over(file, size) as (descriptor, count):
                return self._asked(descriptor, count, hint_of(name))
        except Unusable as error:
            return _failed(error.code)

    def _asked(self, descriptor: int, size: int, hint: str) -> RecordingFacts:
        """The child's two answers as facts; ends the child unless it gave both of them well."""
        found, problem, finished = Frames(), "", False
        said: dict[str, int | str] = {}
        more: tuple[str, ...] = ()
        try:
            deadline = supervised.deadline_in(self._timeout)
            asked = self._ask({"size": size, "seconds": self._timeout, "hint": hint}, descriptor, deadline)
            found = answers.frames(asked.next(), asked.number)
            said, more = answers.claims(asked.next(), asked.number)
            finished = True
        except (EOFError, OSError, ValueError) as error:
            problem = self._problem(error, "unreadable")
        finally:
            if not finished:  # interrupted, too: what is still to come answers no later request
                self.close()
        return _facts(found, said, (*found.problems, *more, *((problem,) if problem else ())))


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
