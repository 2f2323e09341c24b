"""Transcripts of recordings, made by a speech recogniser with a model that the user brings."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from evidence.errors import ChangedError, EvidenceError, FormatError, StateError, StoreError, UsageError
from evidence.intake.folder import IncidentFolder, open_exhibit
from evidence.intake.plan import FolderFile
from evidence.media.asr import modelfolder, process
from evidence.media.asr.process import Limits, RecognisingProcess
from evidence.messages import t
from evidence.model.recognition import FATAL, Recognition
from evidence.text import visible

Progress = Callable[[float, float], None]
"""Told how many seconds of a recording are done, and how many there are."""
_LIMITS = Limits()
_FOLDER_ERRORS: dict[str, type[EvidenceError]] = {"no_folder": UsageError, "unreadable": StoreError}
_ERRORS: dict[str, type[EvidenceError]] = {
    "no_asr": UsageError,
    "language_unknown": UsageError,
    "unreadable": StoreError,
    "not_decodable": FormatError,
    "no_sound": FormatError,
    "model_unusable": FormatError,
}
"""What the problems of a recording are raised as; those that aren't here as StateError."""


class Transcriber:
    """Transcribes recordings with one model. A context manager; not for several threads at once."""

    def __init__(self, model: Path, limits: Limits = _LIMITS) -> None:
        """Look at the model, and read its weights once for their digest; start nothing yet.

        Args:
            model: its folder.
            limits: what a recording may take.

        Raises:
            UsageError: the extra asr isn't installed, or there is no such folder.
            FormatError: the folder lacks files, or holds what can't be a model.
            StoreError: it can't be read.
        """
        require_asr(is_installed=process.is_installed())
        self._model = _looked_at(model)
        self._process = RecognisingProcess(self._model, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close()

    @property
    def made_by(self) -> str:
        """Program and model, as the transcripts name them; visible text."""
        return process.made_by(self._model)

    def transcribe(
        self,
        file: BinaryIO,
        name: str,
        *,
        language: str = "",
        channels: Sequence[int] = (),
        progress: Progress | None = None,
    ) -> Recognition:
        """Transcribe an open recording.

        Args:
            file: opened for reading.
            name: the file's name; its ending tells what sound without a header is. Untrusted.
            language: BCP 47 tag of the language spoken, of which the first part counts; empty to let the
                model tell it, for each channel by itself.
            channels: numbers of the channels to be transcribed, from 0; all of them if empty.
            progress: told how far it is.

        Returns:
            What was heard. ``problems`` holds what couldn't be listened to (recognition.PARTIAL; each has a
            message ``asr.problem_<code>``).

        Raises:
            UsageError: the model doesn't know the language, or there is no such channel.
            FormatError: the recording can't be decoded, or the model can't be used.
            StateError: it took too much time or memory, or crashed; or the model's files changed meanwhile.
            StoreError: the recording can't be read.
        """
        size = os.fstat(file.fileno()).st_size
        code = language.partition("-")[0].lower()
        found = self._process.transcribe(
            file, size, name, language=code, channels=channels, progress=progress
        )
        fatal = [problem for problem in found.problems if problem in FATAL and not found.transcripts]
        if fatal:
            raise _failed(name, fatal[0], found, language)
        if not self._model.is_unchanged():
            raise ChangedError(t("asr.model_changed"), t("asr.model_changed_hint"))
        absent = [channel for channel in channels if channel >= found.channels]
        if absent:
            message = t("asr.no_channel", n=found.channels, channel=absent[0])
            raise UsageError(message, t("asr.no_channel_hint"))
        return found


def transcribe(
    folder: IncidentFolder,
    file: FolderFile,
    model: Path,
    *,
    language: str = "",
    channels: Sequence[int] = (),
    progress: Progress | None = None,
    limits: Limits = _LIMITS,
) -> Recognition:
    """Transcribe one recording of an incident; for several recordings a Transcriber loads the model once.

    Args:
        folder: the incident, as it was read.
        file: one of its recordings.
        model: the model's folder.
        language: as of Transcriber.transcribe, as are ``channels`` and ``progress``.
        channels: see there.
        progress: see there.
        limits: what the recording may take.

    Raises:
        UsageError, FormatError, StateError, StoreError: as of Transcriber and its method; also when the
            recording can't be opened any more.
    """
    with Transcriber(model, limits) as transcriber, open_exhibit(folder, file) as opened:
        return transcriber.transcribe(
            opened, file.name, language=language, channels=channels, progress=progress
        )


def require_asr(*, is_installed: bool) -> None:
    """Refuse to transcribe without what recognises speech.

    Raises:
        UsageError: the extra isn't installed.
    """
    if not is_installed:
        raise UsageError(t("asr.problem_no_asr"), t("asr.hint_no_asr"))


def words(problem: str) -> str:
    """What one of recognition.PARTIAL means, in the user's language."""
    return t(f"asr.problem_{problem}")


def _looked_at(model: Path) -> modelfolder.ModelFolder:
    try:
        return modelfolder.look(model)
    except modelfolder.UnusableFolder as error:
        kind = _FOLDER_ERRORS.get(error.code, FormatError)
        files = visible(", ".join(error.files))
        raise kind(t(f"asr.folder_{error.code}", files=files), t("asr.folder_hint")) from error


def _failed(name: str, problem: str, found: Recognition, language: str) -> EvidenceError:
    if problem == "language_unknown":
        reason = t("asr.problem_language_unknown", language=visible(language))
    elif found.detail:
        reason = t("asr.problem_model_unusable_detail", detail=visible(found.detail))
    else:
        reason = t(f"asr.problem_{problem}")
    message = t("asr.failed", name=visible(name), reason=reason)
    return _ERRORS.get(problem, StateError)(message, t(f"asr.hint_{problem}"))
