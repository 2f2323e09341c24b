"""faster-whisper with one model; imported only in the process that recognises speech.

The same sound, model, version, number of threads and kind of processor give the same words: there is a beam
of fixed width and no sampling, so none of the rising temperatures with which Whisper tries again when it
isn't satisfied. No window is told what was heard in the one before, which keeps one mistake from being
repeated until the end. Everything is computed by the processor in whole numbers of 8 bits, which takes a
quarter of the memory.

Each stretch of speech, as the library's own detector of voices finds them, is listened to by itself. The
library would rather put them together without the silence between; it then takes the same words said twice,
minutes apart, for one sentence, and leaves out short words that follow a long one.
"""

import os
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from evidence.media.asr.pieces import RATE, Channel, Piece

_BEAM = 5
_COMPUTE = "int8"
_FULL_SCALE = 32768
Heard = dict[str, Any]
"""A cue as it goes to the parent: start, end, text, words (text, start, end, probability)."""


def _library() -> Any:
    """faster_whisper, without what it could download with: any attempt fails before a socket is made."""
    sys.modules.setdefault("huggingface_hub", types.ModuleType("huggingface_hub"))
    os.environ.setdefault("HOME", os.sep)  # or onnxruntime asks the system's name service for it
    import faster_whisper  # noqa: PLC0415  only after the process is confined
    import onnxruntime  # noqa: PLC0415  as above

    onnxruntime.disable_telemetry_events()
    return faster_whisper


class Engine:
    """A loaded model.

    Attributes:
        languages: Whisper's codes of the languages that it knows.
    """

    def __init__(self, folder: str, threads: int) -> None:
        """Load the model that a folder holds.

        Raises:
            MemoryError: it is larger than the process may become.
            Exception: of any kind, when it is none.
        """
        library = _library()
        self._vad = library.vad
        self._model = library.WhisperModel(
            folder,
            device="cpu",
            compute_type=_COMPUTE,
            cpu_threads=threads,
            num_workers=1,
            local_files_only=True,
        )
        self.languages = frozenset(self._model.supported_languages)

    def listen(self, piece: Piece, language: str) -> tuple[str, Iterator[Heard]]:
        """Recognise what is said in a piece of a channel.

        Args:
            piece: the sound.
            language: its language, of ``languages``; empty to let the model tell it by the first words.

        Returns:
            The language, empty where nobody speaks, and what is heard, recognised while one goes through it.
        """
        sound = _floats(piece.samples)
        speech = self._vad.get_speech_timestamps(sound, self._vad.VadOptions())
        if not speech:
            return "", iter(())
        segments, about = self._model.transcribe(
            sound,
            language=language or None,
            beam_size=_BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            clip_timestamps=[each[bound] / RATE for each in speech for bound in ("start", "end")],
        )
        return about.language, self._heard(segments, piece)

    @staticmethod
    def _heard(segments: Any, piece: Piece) -> Iterator[Heard]:
        first = piece.start * 1000 // RATE
        last = (piece.start + piece.samples.size) * 1000 // RATE
        for segment in segments:
            text = " ".join(segment.text.split())
            if text:
                words = [_word(word, first, last) for word in segment.words or () if word.word.strip()]
                start, end = _times(segment, first, last)
                yield {"start": start, "end": end, "text": text, "words": words}


def _floats(samples: Channel) -> Any:
    return samples.astype(np.float32) / _FULL_SCALE


def _word(word: Any, first: int, last: int) -> list[Any]:
    probability = min(1000, max(0, round(float(word.probability) * 1000)))
    return [" ".join(word.word.split()), *_times(word, first, last), probability]


def _times(of: Any, first: int, last: int) -> tuple[int, int]:
    """Start and end in milliseconds of the recording, never outside the piece."""
    start = min(last, max(first, first + round(float(of.start) * 1000)))
    return start, min(last, max(start, first + round(float(of.end) * 1000)))
