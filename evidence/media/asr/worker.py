"""The process that recognises speech: gets recordings from evidence.media.asr.process, answers what is said.

It is given its model's folder when it starts, loads it after it has confined itself, and decodes recordings
itself. A request holds, beside what every request does (evidence.media.link): ``hint``, one of
headerless.HEADERLESS or empty; ``language``, Whisper's code or empty; ``wanted``, the channels as bits, 0 for
all. Answers are first ``{"length", "channels", "distinct"}``, milliseconds, their number and those of them
that are listened to; then, for each cue, ``{"channel", "cue"}``, and ``{"done"}``, milliseconds; last
``{"languages", "is_whole", "problems"}``, or ``{"problems", "detail"}`` instead of all that is still to come.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.media import confine, link
from evidence.media.asr.engine import Engine
from evidence.media.asr.pieces import RATE, Piece, Pieces
from evidence.media.decode import Sound

PACKAGES = ("faster_whisper", "ctranslate2", "ctranslate2.libs", "onnxruntime", "tokenizers", "tqdm")
"""What is imported, by folders."""
OPEN_FILES = 64
_DETAIL = 300
"""Characters of an error's text."""


class Refusal(Exception):
    """Why there is no transcript: a code of recognition.FATAL, and the library's words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Recogniser:
    """Answers requests; holds the model."""

    def __init__(self, folder: str, threads: int) -> None:
        """Load nothing yet."""
        self._folder, self._threads = folder, threads
        self._engine: Engine | None = None

    def answer(self, request: link.Request, file: BinaryIO, send: link.Send) -> dict[str, Any]:
        """Everything there is to say to one request."""
        try:
            engine = self._loaded()
            if request["language"] and request["language"] not in engine.languages:
                return _refused(Refusal("language_unknown"))
            return _Listening(engine, request, file).run(send)
        except MemoryError:
            return _refused(Refusal("out_of_memory"))
        except Refusal as refusal:
            return _refused(refusal)

    def _loaded(self) -> Engine:
        if self._engine is None:
            link.end_with_parent()
            try:
                self._engine = Engine(self._folder, self._threads)
            except Exception as error:  # a hostile model may fail in any way
                raise _reason(error) from error
        return self._engine


def _reason(error: Exception) -> Exception:
    """What a failure of the library's means; C++'s lack of memory arrives as text."""
    text = str(error)
    if isinstance(error, MemoryError) or "bad_alloc" in text or "failed to allocate" in text.lower():
        return MemoryError()
    return Refusal("model_unusable", text[:_DETAIL])


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"problems": [refusal.code], "detail": refusal.detail}


class _Channel:
    """One channel while it is decoded."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pieces = Pieces()
        self.language = ""
        self.done = 0


class _Listening:
    """One request: the sound is decoded twice, first to know its length and its channels."""

    def __init__(self, engine: Engine, request: link.Request, file: BinaryIO) -> None:
        self._engine = engine
        self._request = request
        self._file = file
        self._told = -1
        self._length = 0
        self._channels: dict[int, _Channel] = {}

    def run(self, send: link.Send) -> dict[str, Any]:
        """Tell of everything but the end, which is returned."""
        survey = self._sound()
        self._survey(survey, send)
        if self._channels:
            self._listen(self._sound(), send)
        return {
            "languages": [channel.language for channel in self._channels.values()],
            "is_whole": survey.is_whole,
            "problems": survey.problems,
        }

    def _sound(self) -> Sound:
        self._file.seek(0)
        return Sound(self._file, self._request["size"], self._request["hint"], rate=RATE)

    def _survey(self, sound: Sound, send: link.Send) -> None:
        """Find the channels that are to be listened to: those that were asked for and aren't alike."""
        lengths: dict[int, int] = {}
        marks: dict[int, Any] = {}
        for block in sound.blocks():
            for number, samples in enumerate(block.samples, block.channel):
                lengths[number] = lengths.get(number, 0) + samples.size
                marks.setdefault(number, hashlib.sha256()).update(samples.tobytes())
        self._length = max(lengths.values(), default=0)
        wanted = [
            number for number in sorted(marks) if not self._request["wanted"] or self._is_wanted(number)
        ]
        first = {marks[number].digest(): number for number in reversed(wanted)}
        self._channels = {number: _Channel(number) for number in sorted(first.values())}
        send({"length": self._ms(self._length), "channels": sound.channels, "distinct": [*self._channels]})

    def _is_wanted(self, number: int) -> bool:
        return bool(self._request["wanted"] >> number & 1)

    def _listen(self, sound: Sound, send: link.Send) -> None:
        for block in sound.blocks():
            for number, samples in enumerate(block.samples, block.channel):
                channel = self._channels.get(number)
                if channel is not None:
                    self._hear(channel, channel.pieces.feed(samples.copy()), send)
        for channel in self._channels.values():
            self._hear(channel, channel.pieces.finish(), send)

    def _hear(self, channel: _Channel, pieces: Iterator[Piece], send: link.Send) -> None:
        for piece in pieces:
            for cue in self._recognised(channel, piece):
                send({"channel": channel.number, "cue": cue})
                channel.done = max(channel.done, cue["end"] * RATE // 1000)
                self._tell(send)
            channel.done = piece.start + piece.samples.size
            self._tell(send)

    def _recognised(self, channel: _Channel, piece: Piece) -> Iterator[dict[str, Any]]:
        language = channel.language or self._request["language"]
        try:
            said, heard = self._engine.listen(piece, language)
            channel.language = said or channel.language
            yield from heard
        except Exception as error:  # a hostile model may fail in any way
            raise _reason(error) from error

    def _tell(self, send: link.Send) -> None:
        """Say how much is done, of all channels together."""
        total = sum(channel.done for channel in self._channels.values())
        done = min(self._ms(self._length), self._ms(total // len(self._channels)))
        if done > self._told:
            send({"done": done})
            self._told = done

    @staticmethod
    def _ms(samples: int) -> int:
        return samples * 1000 // RATE


def main(settings: str) -> None:
    """Confine this process, then answer until the parent closes the connection.

    Args:
        settings: JSON: ``folder`` of the model, its ``files``, ``memory`` and ``threads``.
    """
    given = json.loads(settings)
    needs = confine.Needs(given["memory"], OPEN_FILES, PACKAGES, tuple(given["files"]), has_threads=True)
    link.serve(Recogniser(given["folder"], given["threads"]).answer, needs)
