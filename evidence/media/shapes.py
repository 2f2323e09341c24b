"""Shapes of what a media process answers, read strictly: it has read hostile bytes, so it isn't trusted.

Every function raises ValueError for anything else.
"""

from collections.abc import Collection
from typing import Any

from evidence import strict

LIMIT = 256 * 1024
"""Bytes of the longest answer: all tags at full length, and some room."""


def answer(line: bytes, number: int, keys: set[str]) -> dict[str, Any]:
    """The object of these keys in a line, if it answers the request of that number."""
    found = an_object(strict.json_document(line, LIMIT))
    if set(found) != keys or integer(found["n"], 0, strict.MAX_INTEGER) != number:
        raise ValueError("not the answer to the request")
    return found


def an_object(value: Any) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  hostile data, not a wrong call
    return value


def a_list(value: Any, most: int) -> list[Any]:
    """A list of no more than so many items."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("not a list of that length")
    return value


def one_of(value: Any, names: tuple[str, ...]) -> str:
    """One of these names."""
    if not isinstance(value, str) or value not in names:
        raise ValueError("an unknown name")
    return value


def problems(value: Any, known: Collection[str]) -> tuple[str, ...]:
    """Some of the known codes, none of them twice."""
    if not isinstance(value, list) or not all(isinstance(code, str) and code in known for code in value):
        raise ValueError("an unknown problem")
    if len(set(value)) != len(value):
        raise ValueError("the same problem twice")
    return tuple(value)


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004  hostile data, not a wrong call
    return value


def integer(value: Any, low: int, high: int) -> int:
    """An integer from ``low`` to ``high``."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError("not an integer in its range")
    return value


def integer_or_none(value: Any, low: int, high: int) -> int | None:
    """The same, or null."""
    return None if value is None else integer(value, low, high)
