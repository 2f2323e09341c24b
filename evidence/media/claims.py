"""What mutagen says about a recording: its length and its tags, as claims.

mutagen is right about tags and wrong about the length of telephone WAV (60 s of GSM read as 0.19 s), so
nothing rests on its figures. Everything it returns is untrusted and bounded here.
"""

import math
import struct
import zlib
from typing import Any, BinaryIO

from evidence.media.frames import MAX_INTEGER, MAX_NAME, MAX_TAGS, MAX_TEXT

_FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, ImportError, LookupError, MemoryError),
    *(OSError, RecursionError, TypeError, ValueError, struct.error, zlib.error),
)
"""What mutagen raises on hostile files beside its own MutagenError."""


def read(file: BinaryIO, container: str) -> tuple[dict[str, int | str], tuple[str, ...]]:
    """Length and tags as mutagen sees them.

    Args:
        file: the recording, at any position.
        container: what the frame arithmetic made of it, one of frames.CONTAINERS.

    Returns:
        claims (``mutagen_milliseconds``, and ``tag_NAME`` as given, at most MAX_TAGS of MAX_TEXT characters)
        and problems (``tags_unreadable``, ``tags_shortened``); nothing where mutagen doesn't know the format.
    """
    try:
        found = _open(file, container)
        if found is None:  # not the truth value: an untagged file is false
            return {}, ()
        tags, shortened = _tags(found.tags)
        length = _milliseconds(getattr(found.info, "length", None))
    except _FAULTS:
        return {}, ("tags_unreadable",)
    return length | tags, ("tags_shortened",) if shortened else ()


def _open(file: BinaryIO, container: str) -> Any:
    """The file as mutagen has it; None where it doesn't know the format or finds the header broken."""
    from mutagen import File, MutagenError  # noqa: PLC0415  costs 20 ms
    from mutagen.wave import WAVE  # noqa: PLC0415

    opened_by: Any = WAVE if container == "wav" else File
    file.seek(0)
    try:
        return opened_by(file)
    except MutagenError:
        return None


def _milliseconds(length: Any) -> dict[str, int | str]:
    if not isinstance(length, int | float) or not math.isfinite(length) or length < 0:
        return {}
    return {"mutagen_milliseconds": min(round(length * 1000), MAX_INTEGER)}


def _tags(tags: Any) -> tuple[dict[str, int | str], bool]:
    """The tags within their bounds, and whether anything was cut off for that."""
    found: dict[str, int | str] = {}
    shortened = False
    for name in tags.keys() if tags is not None else ():
        if len(found) == MAX_TAGS:
            return found, True
        key, text = f"tag_{ascii_name(str(name))}", _text(tags[name])
        shortened |= len(text) > MAX_TEXT or key in found
        found.setdefault(key, clean(text[:MAX_TEXT]))
    return found, shortened


def _text(value: Any) -> str:
    """One tag's value as text; of binary values (pictures) the size alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    if isinstance(value, list | tuple):
        return "\n".join(_text(item) for item in value[: MAX_TEXT + 1])
    for attribute in ("text", "data", "value"):
        if hasattr(value, attribute):
            return _text(getattr(value, attribute))
    return str(value)


def clean(text: str) -> str:
    """Text without lone surrogates, which no document may hold; each becomes a replacement character."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def ascii_name(name: str) -> str:
    """A tag's name in printable ASCII, all else and % percent-encoded; at most MAX_NAME characters."""
    return "".join(
        character
        if " " <= character <= "~" and character != "%"
        else "".join(f"%{byte:02X}" for byte in clean(character).encode())
        for character in name[:MAX_NAME]
    )[:MAX_NAME]
