"""JSON of other programs: one document or several behind each other, read within bounds.

Unlike our own documents (evidence.strict) they hold floats, and even NaN, which Python's ``json`` writes.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from evidence.intake.transcripts.source import Source

MAX_OBJECTS = 1_000_000
"""Most objects and lists of one file: what each of them takes in memory is far more than its two bytes."""

MAX_VALUES = 6_000_000
"""Most values of one file."""

Fields = dict[str, Any]

_SPACE = re.compile(r"\s*")
_LONGEST_INTEGER = 20
_KNOWN = frozenset(
    {
        *("alternatives", "conf", "confidence", "end", "from", "language", "model", "monologues", "offsets"),
        *("p", "params", "partial", "probability", "result", "score", "segments", "speaker", "start"),
        *("terms", "text", "to", "tokens", "transcription", "word", "words"),
    }
)


def documents(source: Source, data: bytes, text: str) -> list[Any]:
    """The documents of a file; of objects only the fields that some reader knows are kept.

    Args:
        source: the file.
        data: its bytes.
        text: the same as text.

    Raises:
        FormatError: no JSON, a field twice in one object, nested too deeply, or more than fits in memory.
    """
    if data.count(b"{") + data.count(b"[") > MAX_OBJECTS or data.count(b",") > MAX_VALUES:
        raise source.refused("transcripts.too_large")
    decoder = json.JSONDecoder(object_pairs_hook=_pairs(source), parse_int=_integer, strict=False)
    found: list[Any] = []
    at = _space(text, 0)
    while at < len(text):
        try:
            document, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            line = error.lineno
            raise source.refused("transcripts.no_json", line=line, column=error.colno) from error
        except RecursionError as error:
            raise source.refused("transcripts.too_deep") from error
        found.append(document)
        at = _space(text, at)
    return found


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _pairs(source: Source) -> Callable[[list[tuple[str, Any]]], Fields]:
    def kept(pairs: list[tuple[str, Any]]) -> Fields:
        if len(dict(pairs)) != len(pairs):
            raise source.refused("transcripts.field_twice")
        return {key: value for key, value in pairs if key in _KNOWN}

    return kept


def _integer(text: str) -> int | float:
    """The number; one that is too long to be worth reading is beyond everything that a reader takes."""
    if len(text) <= _LONGEST_INTEGER:
        return int(text)
    return -math.inf if text.startswith("-") else math.inf
