"""Strict parsers for hostile text: exactly one way to write each value (FORMAT.md, "Documents").

Every function raises ValueError with a short English reason; callers turn it into a finding or an error.
That of a document is a Refused, which also tells where in the document.
"""

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z", re.ASCII)
_LONGEST_PATH = 120
_CONTAINERS = (dict, list)
_NUMBERS = (int, float)


class Refused(ValueError):
    """A document that the format doesn't allow.

    Attributes:
        code: ``too_long``, ``encoding``, ``syntax``, ``depth``, ``twice``, ``number``, ``key`` (isn't ASCII)
            or ``surrogate``.
        path: where, from the outside inwards: keys (untrusted, possibly long) and positions from 0; empty
            when the place isn't known. Of a key that stands twice only the key is known.
    """

    def __init__(self, code: str, reason: str, *path: str | int) -> None:
        super().__init__(reason)
        self.code = code
        self.path: list[str | int] = list(path)

    def __str__(self) -> str:
        """The reason and, printable and cut to a bounded length, the place."""
        reason = super().__str__()
        if not self.path:
            return reason
        parts = (part if isinstance(part, int) else ascii(part[:_LONGEST_PATH])[1:-1] for part in self.path)
        return f"{reason}: /{'/'.join(map(str, parts))[:_LONGEST_PATH]}"


def decimal(text: str) -> int:
    """A decimal number from 0 to 2**53-1 without sign, leading zero, space or underscore."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_INTEGER:
        raise ValueError("not a plain decimal number")
    return int(text)


def hexadecimal(text: str, size: int) -> bytes:
    """Exactly ``size`` bytes written as lower-case hexadecimal digits."""
    if len(text) != 2 * size or not _HEX.fullmatch(text):
        raise ValueError(f"not {2 * size} lower-case hexadecimal digits")
    return bytes.fromhex(text)


def base64_bytes(text: str | bytes) -> bytes:
    """Standard padded base64 (RFC 4648 section 4) in its only canonical form; large ones better as bytes."""
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
        data = base64.b64decode(raw, validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data) != raw:
        raise ValueError("not canonical base64")
    return data


def timestamp(text: str) -> dt.datetime:
    """A time written ``YYYY-MM-DDThh:mm:ss.sssZ``; aware, in UTC."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("not a time of the form YYYY-MM-DDThh:mm:ss.sssZ")
    year, month, day, hour, minute, second, millisecond = map(int, found.groups())
    return dt.datetime(year, month, day, hour, minute, second, millisecond * 1000, dt.UTC)


def format_timestamp(time: dt.datetime) -> str:
    """The one way a time is written; the part below a millisecond is cut off."""
    utc = time.astimezone(dt.UTC)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        last = {key: place for place, (key, _) in enumerate(pairs)}
        twice = next(key for place, (key, _) in enumerate(pairs) if last[key] != place)
        raise Refused("twice", "the same key twice in one object", twice)
    return found


def _integer(text: str) -> int:
    """The number; of one that is too long to be worth reading, one that ``check`` refuses like it."""
    return MAX_INTEGER + 1 if len(text) > len(str(-MAX_INTEGER)) else int(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer)


def check(value: Any, depth: int = 1) -> None:
    """Refuse what no document of the format may hold (see json_document)."""
    if depth > MAX_DEPTH or (depth == MAX_DEPTH and value and isinstance(value, _CONTAINERS)):
        raise Refused("depth", f"nested deeper than {MAX_DEPTH}")
    inner: Iterable[Any] = (value,)
    match value:
        case dict():
            if not all(map(str.isascii, value)):
                raise Refused("key", "a key that isn't ASCII", next(k for k in value if not k.isascii()))
            inner = value.values()
        case list():
            inner = value
    item: Any = None
    try:
        for item in inner:
            if not (isinstance(item, str) and item.isascii()):
                _check_item(item, depth)
    except Refused as error:
        error.path[:0] = _place(value, item)
        raise


def _check_item(item: Any, depth: int) -> None:
    if isinstance(item, str):
        _check_text(item)
    elif isinstance(item, _CONTAINERS):
        check(item, depth + 1)
    elif isinstance(item, _NUMBERS):
        _check_number(item)


def _place(value: Any, item: Any) -> list[str | int]:
    """The key or position of the very object ``item``; the first one, as that is refused first."""
    keys = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [key for key, inner in keys if inner is item][:1]


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("surrogate", "a lone surrogate") from error


def _check_number(number: float | int) -> None:  # noqa: PYI041  they are told apart
    if not isinstance(number, int):
        raise Refused("number", "a number that isn't an integer")
    if abs(number) > MAX_INTEGER:
        raise Refused("number", "an integer beyond 2**53-1")


def json_document(data: bytes, limit: int) -> Any:
    """JSON (RFC 8259, UTF-8 without BOM) as the format allows it.

    No duplicate or non-ASCII keys, no floats, integers within ±(2**53-1), no lone surrogates, at most
    16 levels deep, at most ``limit`` bytes.

    Raises:
        Refused: it holds one of these; its cause is the UnicodeDecodeError or JSONDecodeError, if any.
    """
    if len(data) > limit:
        raise Refused("too_long", f"longer than {limit} bytes")
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except RecursionError as error:
        raise Refused("depth", f"nested deeper than {MAX_DEPTH}") from error
    except UnicodeDecodeError as error:
        raise Refused("encoding", "not UTF-8") from error
    except json.JSONDecodeError as error:
        reason = f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        raise Refused("syntax", reason) from error
    check(value)
    return value
