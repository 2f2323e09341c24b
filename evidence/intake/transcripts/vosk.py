"""The JSON of vosk: utterances with their words, times in seconds.

As https://github.com/alphacep/vosk-api makes it (src/recognizer.cc, ``MbrResult`` and ``NbestResult``;
src/vosk_api.h, ``vosk_recognizer_set_words``): ``{"result": [{"conf", "start", "end", "word"}], "text"}``, or
``alternatives`` of them, of which the first is the best. Programs that call it write the answers one behind
the other, in a list, or line by line, with ``partial`` answers between them, which the next whole one
repeats. The program ``vosk-transcriber`` writes ``monologues`` with ``terms``.
"""

from collections.abc import Iterator
from typing import Any

from evidence.intake.transcripts.source import Source, Timed, parts_in_thousand
from evidence.model.transcript import Cue

_FIELDS = {"result": list, "text": str, "partial": str, "alternatives": list}


def utterances(documents: list[Any]) -> list[Any] | None:
    """The answers in documents of this form; None when they have another."""
    match documents:
        case [{"monologues": list(found)}]:
            return found
        case [list(found)]:
            pass
        case _:
            found = documents
    return found if found and all(map(_is_answer, found)) else None


def _is_answer(item: Any) -> bool:
    return isinstance(item, dict) and any(isinstance(item.get(name), kind) for name, kind in _FIELDS.items())


def read(source: Source, found: list[Any]) -> Iterator[Cue]:
    """The utterances in their order; those without words are passed over.

    Raises:
        FormatError: text without times, or times that can't be.
    """
    for number, utterance in enumerate(found, 1):
        if isinstance(utterance, dict) and isinstance(utterance.get("alternatives"), list):
            utterance = next(iter(utterance["alternatives"]), {})  # noqa: PLW2901
        if not isinstance(utterance, dict):
            raise source.wrong(number, "transcripts.no_segment")
        words = list(_words(source, number, utterance.get("result", utterance.get("terms"))))
        text = utterance.get("text", " ".join(word.text for word in words))
        if not isinstance(text, str):
            raise source.wrong(number, "transcripts.no_segment")
        if not words and text.strip():
            raise source.wrong(number, "transcripts.no_word_times", text)
        if words:
            end = max(word.end_ms or 0 for word in words)
            yield source.cue(number, words[0].start_ms or 0, end, text, words=words)


def _words(source: Source, number: int, found: Any) -> Iterator[Timed]:
    for word in found if isinstance(found, list) else ():
        text = word.get("word", word.get("text")) if isinstance(word, dict) else None
        if not isinstance(text, str):
            raise source.wrong(number, "transcripts.no_word")
        start, end = (source.seconds(number, word.get(name)) for name in ("start", "end"))
        yield Timed(text, start, end, parts_in_thousand(word.get("conf", word.get("confidence"))))
