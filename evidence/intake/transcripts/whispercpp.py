"""The JSON of whisper.cpp: segments with their offsets in milliseconds, and perhaps tokens with theirs.

As https://github.com/ggml-org/whisper.cpp writes it (examples/cli/cli.cpp, ``output_json``; ``-oj``, and
``-ojf`` with tokens). A token is a piece of a word, even a part of a letter, so that the bytes of a file
needn't be UTF-8; one that begins a word begins with a space, and those in brackets (``[_BEG_]``,
``[_TT_150]``) aren't words.
"""

import re
from collections.abc import Iterator
from typing import Any

from evidence.intake.transcripts.source import Source, Timed, parts_in_thousand
from evidence.model.transcript import Cue

_SPECIAL = re.compile(r"\[_[A-Z]+_(?:[0-9]+\]?)?\]?")


def segments(documents: list[Any]) -> list[Any] | None:
    """The segments of a document of this form; None when it has another."""
    match documents:
        case [{"transcription": list(found)}]:
            return found
    return None


def language(documents: list[Any]) -> Any:
    """The language that was heard, or that was asked for, whatever stands there."""
    match documents:
        case [{"result": {"language": found}}]:
            return found
    return None


def made_by(documents: list[Any]) -> str:
    """Program and model; untrusted."""
    match documents:
        case [{"params": {"model": str(model)}}]:
            return f"whisper.cpp, {model}"
    return "whisper.cpp"


def read(source: Source, found: list[Any]) -> Iterator[Cue]:
    """The segments in their order.

    Raises:
        FormatError: a segment without its times or text, or with times that can't be.
    """
    for number, segment in enumerate(found, 1):
        match segment:
            case {"offsets": {"from": start, "to": end}, "text": str(text)}:
                edges = source.milliseconds(number, start), source.milliseconds(number, end)
            case _:
                raise source.wrong(number, "transcripts.no_segment")
        speaker = segment.get("speaker")
        yield source.cue(
            number,
            *edges,
            _whole(text),
            words=_words(source, number, segment.get("tokens")),
            speaker=_whole(speaker) if isinstance(speaker, str) else "",
        )


def _words(source: Source, number: int, tokens: Any) -> Iterator[Timed]:
    """The words of tokens: the text of all of them, from the first one's start to the last one's end."""
    pieces: list[Timed] = []
    for token in tokens if isinstance(tokens, list) else ():
        piece = _piece(source, number, token)
        if _SPECIAL.fullmatch(piece.text):
            continue
        if pieces and piece.text.startswith(" "):
            yield _joined(pieces)
            pieces = []
        pieces.append(piece)
    if pieces:
        yield _joined(pieces)


def _piece(source: Source, number: int, token: Any) -> Timed:
    match token:
        case {"text": str(text), "offsets": {"from": start, "to": end}}:
            edges = source.milliseconds(number, start), source.milliseconds(number, end)
            return Timed(text, *edges, parts_in_thousand(token.get("p")))
        case {"text": str(text)}:
            return Timed(text, None, None, parts_in_thousand(token.get("p")))
    raise source.wrong(number, "transcripts.no_word")


def _joined(pieces: list[Timed]) -> Timed:
    """A word; it is as probable as the least probable of its pieces."""
    said = [piece.probability for piece in pieces if piece.probability is not None]
    text = _whole("".join(piece.text for piece in pieces))
    return Timed(text, pieces[0].start_ms, pieces[-1].end_ms, min(said, default=None))


def _whole(text: str) -> str:
    """Text whose letters were cut between tokens, put together again."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # a surrogate that the document itself has
        return text
