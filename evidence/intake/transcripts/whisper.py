"""Whisper's JSON: segments with their times in seconds, and perhaps words with times of their own.

As https://github.com/openai/whisper writes it (whisper/utils.py ``WriteJSON``, whisper/transcribe.py,
whisper/timing.py ``add_word_timestamps``), and programs that took its form over: dumps of faster-whisper's
segments (https://github.com/SYSTRAN/faster-whisper, faster_whisper/transcribe.py, ``Segment`` and ``Word``),
WhisperX with ``speaker`` and ``score`` (https://github.com/m-bain/whisperX, whisperx/types.py; a word that it
couldn't align has no times), whisper-timestamped with ``confidence``, the server of whisper.cpp and OpenAI's
``verbose_json``.
"""

from collections.abc import Iterator
from typing import Any

from evidence.intake.transcripts.source import Source, Timed, parts_in_thousand
from evidence.model.transcript import Cue


def segments(documents: list[Any]) -> list[Any] | None:
    """The segments of documents of this form; None when they have another.

    A document with segments, a list of segments, or a segment behind the other.
    """
    match documents:
        case [{"segments": list(found)}]:
            return found
        case [list([{"start": _, "text": _}, *_] as found)]:
            return found
        case [{"start": _, "text": _}, *_]:
            return documents
    return None


def language(documents: list[Any]) -> Any:
    """The language that the document states, whatever stands there."""
    return documents[0].get("language") if isinstance(documents[0], dict) else None


def read(source: Source, found: list[Any]) -> Iterator[Cue]:
    """The segments in their order.

    Raises:
        FormatError: a segment without its times or text, or with times that can't be.
    """
    for number, segment in enumerate(found, 1):
        match segment:
            case {"start": start, "end": end, "text": str(text)}:
                edges = source.seconds(number, start), source.seconds(number, end)
            case _:
                raise source.wrong(number, "transcripts.no_segment")
        speaker = segment.get("speaker")
        yield source.cue(
            number,
            *edges,
            text,
            words=_words(source, number, segment.get("words")),
            speaker=speaker if isinstance(speaker, str) else "",
        )


def _words(source: Source, number: int, found: Any) -> Iterator[Timed]:
    for word in found if isinstance(found, list) else ():
        if not isinstance(word, dict):
            raise source.wrong(number, "transcripts.no_word")
        text = word.get("word", word.get("text"))
        if not isinstance(text, str):
            raise source.wrong(number, "transcripts.no_word")
        start, end = (_edge(source, number, word.get(name)) for name in ("start", "end"))
        said = (word.get(name) for name in ("probability", "score", "confidence"))
        yield Timed(text, start, end, parts_in_thousand(next((p for p in said if p is not None), None)))


def _edge(source: Source, number: int, value: Any) -> int | None:
    return None if value is None else source.seconds(number, value)
