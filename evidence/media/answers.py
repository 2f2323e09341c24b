"""The strict reading of what the media process answers: it has read hostile bytes, so it isn't trusted.

Every function raises ValueError for anything but a plausible answer to the request of that number.
"""

import re
from typing import Any

from evidence import strict
from evidence.media.frames import (
    CLAIMS,
    CODECS,
    CONTAINERS,
    MAX_NAME,
    MAX_TAGS,
    MAX_TEXT,
    MAX_TRACKS,
    METHODS,
    PROBLEMS,
    Frames,
    Track,
)

LIMIT = 256 * 1024
"""Bytes of the longest answer: all tags at full length, and some room."""

_FRAME_KEYS = {"n", *Frames._fields}
_TAG = re.compile(rf"tag_[ -~]{{0,{MAX_NAME}}}", re.ASCII)


def ready(line: bytes) -> None:
    """Check the first line, by which the process says that it works."""
    if strict.json_document(line, LIMIT) != {"ready": True}:
        raise ValueError("the media process isn't ready")


def frames(line: bytes, number: int) -> Frames:
    """The first answer: what the arithmetic or the counting of packets found."""
    answer = _object(line, number, _FRAME_KEYS)
    container = _one_of(answer["container"], CONTAINERS)
    first = _track({name: answer[name] for name in Track._fields})
    claims = _checked(answer["claims"])
    if not set(CLAIMS).issuperset(claims):
        raise ValueError("an unknown claim")
    numbers = {name: _integer(value, 0, strict.MAX_INTEGER) for name, value in claims.items()}
    method = _one_of(answer["method"], METHODS)
    return Frames(
        container, *first, numbers, _problems(answer["problems"]), method, _tracks(answer["tracks"])
    )


def _tracks(value: Any) -> tuple[Track, ...]:
    if not isinstance(value, list) or len(value) >= MAX_TRACKS:
        raise ValueError("not the tracks")
    return tuple(_track(track) for track in value)


def _track(value: Any) -> Track:
    answer = _checked(value)
    if set(answer) != set(Track._fields):
        raise ValueError("not a track")
    codec = _one_of(answer["codec"], CODECS)
    rate = _integer_or_none(answer["sample_rate"], 1, 2**32 - 1)
    channels = _integer_or_none(answer["channels"], 1, 2**16 - 1)
    samples = _integer_or_none(answer["samples"], 0, strict.MAX_INTEGER)
    if samples is not None and (codec == "unknown" or rate is None or channels is None):
        raise ValueError("samples of an unknown format")
    return Track(codec, rate, channels, samples)


def _one_of(value: Any, names: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in names:
        raise ValueError("an unknown name")
    return value


def claims(line: bytes, number: int) -> tuple[dict[str, int | str], tuple[str, ...]]:
    """The second answer: mutagen's claims, and problems."""
    answer = _object(line, number, {"n", "claims", "problems"})
    said = _checked(answer["claims"])
    if len(said) > MAX_TAGS + 1:
        raise ValueError("too many claims")
    checked = {name: _claim(name, value) for name, value in said.items()}
    return checked, _problems(answer["problems"])


def _object(line: bytes, number: int, keys: set[str]) -> dict[str, Any]:
    answer = _checked(strict.json_document(line, LIMIT))
    if set(answer) != keys or _integer(answer["n"], 0, strict.MAX_INTEGER) != number:
        raise ValueError("not the answer to the request")
    return answer


def _checked(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  hostile data, not a wrong call
    return value


def _claim(name: str, value: Any) -> int | str:
    if name == "mutagen_milliseconds":
        return _integer(value, 0, strict.MAX_INTEGER)
    if not _TAG.fullmatch(name) or not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError("not a claim")
    return value


def _problems(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) and code in PROBLEMS for code in value):
        raise ValueError("an unknown problem")
    if len(set(value)) != len(value):
        raise ValueError("the same problem twice")
    return tuple(value)


def _integer(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError("not an integer in its range")
    return value


def _integer_or_none(value: Any, low: int, high: int) -> int | None:
    return None if value is None else _integer(value, low, high)
