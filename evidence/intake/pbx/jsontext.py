"""JSON of other programs: bounded, without duplicate keys, numbers as they are written."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST = 8 * 1024 * 1024
"""Bytes of the longest document that is read."""

_SPACE = re.compile(r"[ \t\r\n]*")


class Refused(ValueError):
    """A document that isn't read; its text is the code of the problem."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("json_twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str)
"""Numbers become texts: they are claims, however large they are."""


def text_of(data: bytes) -> str:
    """The text of a document.

    Raises:
        Refused: ``json_long``, ``wide`` or ``json_encoding``.
    """
    if len(data) > MOST:
        raise Refused("json_long")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Refused("wide")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("json_encoding") from error


def value_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends.

    Raises:
        Refused: ``json``, ``json_depth`` or ``json_twice``.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise Refused("json_depth") from error
    except json.JSONDecodeError as error:
        raise Refused("json") from error
    return value, end


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of an array, or one of several documents.

    Attributes:
        value: what it is.
        line: where it begins, from 1.
        last_line: where it ends.
        text: how it is written.
    """

    value: Any
    line: int
    last_line: int
    text: str


def entries(text: str) -> Iterator[Entry]:
    """The members of an array, or documents that stand one behind the other.

    They are made one by one: of an array of a million calls only one is in memory.

    Raises:
        Refused: as value_at; what came before was given.
    """
    place = _skip(text, 0)
    is_array = text.startswith("[", place)
    place = _skip(text, place + is_array)
    line, counted = 1, 0
    while place < len(text) and not (is_array and text.startswith("]", place)):
        line, counted = line + text.count("\n", counted, place), place
        value, end = value_at(text, place)
        last = line + text.count("\n", place, end)
        yield Entry(value, line, last, text[place:end])
        place = _skip(text, end)
        if is_array and text.startswith(",", place):
            place = _skip(text, place + 1)
        elif is_array and not text.startswith("]", place):
            raise Refused("json")


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def at(value: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; None when there is nothing."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and len(key) < 8 and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def words(value: Any) -> str:
    """A text or a number as text; empty for anything else. What no document may hold is made visible."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
