"""Speech recognition by a confined process of its own, seen from its parent, which only opens files."""

import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import BinaryIO, NamedTuple

from evidence.media import child, supervised
from evidence.media.asr.answers import Answer, Progress
from evidence.media.asr.modelfolder import ModelFolder
from evidence.media.headerless import hint_of
from evidence.media.supervised import Answers, SupervisedProcess, Unusable
from evidence.model.recognition import Recognition
from evidence.text import visible

_NEEDED = ("av", "numpy", "faster_whisper", "ctranslate2", "onnxruntime", "tokenizers")
_MODULES = ("faster_whisper", "ctranslate2", "onnxruntime", "tokenizers", "tqdm")
_GIB = 1 << 30
_LEAST_MEMORY = _GIB
"""Bytes of address space that the libraries take with the smallest model."""
_MOST_THREADS = 4
"""More hardly help, and results may depend on how many there are."""


class Limits(NamedTuple):
    """What recognition may take.

    Attributes:
        memory: bytes of address space, never less than 1 GiB; None for what the size of the model asks for.
        seconds: by the clock, for one recording.
        silence: seconds without a word from the process, after which it counts as hanging.
        threads: None for as many as there are processors, and four at most.
    """

    memory: int | None = None
    seconds: float = 24 * 3600.0
    silence: float = 900.0
    threads: int | None = None


_LIMITS = Limits()


class RecognisingProcess(SupervisedProcess):
    """Recognises speech in a confined child. Whatever happens to the child, a Recognition is returned."""

    def __init__(
        self, model: ModelFolder, limits: Limits = _LIMITS, command: Sequence[str] | None = None
    ) -> None:
        """Start nothing yet.

        Args:
            model: the model.
            limits: what it may take.
            command: another child than evidence.media.asr.worker (tests).
        """
        self._threads = limits.threads or min(_MOST_THREADS, os.cpu_count() or 1)
        settings = {
            "folder": str(model.path),
            "files": [str(file) for file in model.files],
            "memory": max(_LEAST_MEMORY, limits.memory or 3 * _GIB + 4 * model.size),
            "threads": self._threads,
        }
        given = command or child.worker_command("asr.worker", json.dumps(settings), _MODULES)
        super().__init__(given, "asr.worker")
        self._limits = limits
        self._made_by = made_by(model)
        self._is_loaded = False

    def transcribe(
        self,
        file: BinaryIO | int,
        size: int | None,
        name: str,
        *,
        language: str = "",
        channels: Sequence[int] = (),
        progress: Progress | None = None,
    ) -> Recognition:
        """Recognise what is said in an open recording.

        Args:
            file: a file object with a descriptor, or the descriptor; opened for reading only. Its position
                stays as it is.
            size: how many bytes count, where the file may be growing; all of them if None.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
            language: Whisper's code of the language; empty to let the model tell it for each channel.
            channels: numbers of those that are listened to, from 0; all of them if empty.
            progress: told how many seconds of the recording are done, and how many there are.
        """
        if not is_installed():
            return _failed("no_asr")
        try:
            with supervised.handed_over(file, size) as (descriptor, count):
                request: child.Request = {
                    "size": count,
                    "seconds": self._limits.seconds * self._threads,
                    "hint": hint_of(name),
                    "language": language,
                    "wanted": sum(1 << channel for channel in set(channels)),
                }
                return self._guarded(request, descriptor, progress)
        except Unusable:
            return _failed("unreadable")

    def _guarded(self, request: child.Request, descriptor: int, progress: Progress | None) -> Recognition:
        """The transcripts, or why there are none; ends the child unless it answered well."""
        answer = Answer(self._number + 1, self._made_by, progress)
        finished = False
        try:
            asked = self._ask(request, descriptor, supervised.deadline_in(self._limits.seconds))
            found = answer.read(self._lines(asked))
            finished = True
        except (EOFError, OSError, ValueError) as error:
            problem = self._problem(error, "crashed")
            is_gone = isinstance(error, EOFError) and problem == "crashed"
            was_loading = is_gone and not self._is_loaded and not answer.is_surveyed
            found = _failed("model_unusable" if was_loading else problem)
        finally:
            self._is_loaded = True
            if not finished:  # interrupted, too: what is still to come answers no later request
                self.close()
        return found

    def close(self) -> None:
        """End the child; a later request starts another."""
        self._is_loaded = False
        super().close()

    def _lines(self, asked: Answers) -> Iterator[bytes]:
        while True:
            yield asked.next(self._limits.silence)


def is_installed() -> bool:
    """Whether the extra that recognises speech is there."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def made_by(model: ModelFolder) -> str:
    """Program and model, as transcripts name them."""
    try:
        version = metadata.version("faster-whisper")
    except metadata.PackageNotFoundError:
        version = "?"
    return f"faster-whisper {version}, {visible(model.name)}, sha256 {model.sha256[:12]}"


def _failed(problem: str) -> Recognition:
    return Recognition(problems=(problem,))
