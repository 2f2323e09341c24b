"""The strict reading of what the media process answers: it has read hostile bytes, so it isn't trusted.

Every function raises ValueError for anything but a plausible answer to the request of that number.
"""

import re
from typing import Any

from evidence import strict
from evidence.media import shapes
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

_FRAME_KEYS = {"n", *Frames._fields}
_TAG = re.compile(rf"tag_[ -~]{{0,{MAX_NAME}}}", re.ASCII)


def ready(line: bytes) -> None:
    """Check the first line, by which the process says that it works."""
    if strict.json_document(line, shapes.LIMIT) != {"ready": True}:
        raise ValueError("the media process isn't ready")


def frames(line: bytes, number: int) -> Frames:
    """The first answer: what the arithmetic or the counting of packets found."""
    answer = shapes.answer(line, number, _FRAME_KEYS)
    container = shapes.one_of(answer["container"], CONTAINERS)
    first = _track({name: answer[name] for name in Track._fields})
    claims = shapes.an_object(answer["claims"])
    if not set(CLAIMS).issuperset(claims):
        raise ValueError("an unknown claim")
    numbers = {name: shapes.integer(value, 0, strict.MAX_INTEGER) for name, value in claims.items()}
    method = shapes.one_of(answer["method"], METHODS)
    return Frames(
        container,
        *first,
        numbers,
        shapes.problems(answer["problems"], PROBLEMS),
        method,
        _tracks(answer["tracks"]),
    )


def _tracks(value: Any) -> tuple[Track, ...]:
    if not isinstance(value, list) or len(value) >= MAX_TRACKS:
        raise ValueError("not the tracks")
    return tuple(_track(track) for track in value)


def _track(value: Any) -> Track:
    answer = shapes.an_object(value)
    if set(answer) != set(Track._fields):
        raise ValueError("not a track")
    codec = shapes.one_of(answer["codec"], CODECS)
    rate = shapes.integer_or_none(answer["sample_rate"], 1, 2**32 - 1)
    channels = shapes.integer_or_none(answer["channels"], 1, 2**16 - 1)
    samples = shapes.integer_or_none(answer["samples"], 0, strict.MAX_INTEGER)
    if samples is not None and (codec == "unknown" or rate is None or channels is None):
        raise ValueError("samples of an unknown format")
    return Track(codec, rate, channels, samples)


def claims(line: bytes, number: int) -> tuple[dict[str, int | str], tuple[str, ...]]:
    """The second answer: mutagen's claims, and problems."""
    answer = shapes.answer(line, number, {"n", "claims", "problems"})
    said = shapes.an_object(answer["claims"])
    if len(said) > MAX_TAGS + 1:
        raise ValueError("too many claims")
    checked = {name: _claim(name, value) for name, value in said.items()}
    return checked, shapes.problems(answer["problems"], PROBLEMS)


def _claim(name: str, value: Any) -> int | str:
    if name == "mutagen_milliseconds":
        return shapes.integer(value, 0, strict.MAX_INTEGER)
    if not _TAG.fullmatch(name) or not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError("not a claim")
    return value
