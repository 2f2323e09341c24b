"""Strict parsers for hostile text: exactly one way to write each value (FORMAT.md, "Documents").

Every function raises ValueError with a short English reason; callers turn it into a finding or an error.
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


def base64_bytes(text: str) -> bytes:
    """Standard padded base64 (RFC 4648 section 4) in its only canonical form."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data).decode("ascii") != text:
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
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key twice in one object")
    return found


def _integer(text: str) -> int:
    if len(text) > len(str(-MAX_INTEGER)) or abs(int(text)) > MAX_INTEGER:
        raise ValueError("an integer beyond 2**53-1")
    return int(text)


def _no_float(_text: str) -> Any:
    raise ValueError("a number that isn't an integer")


def check(value: Any, depth: int = 1) -> None:
    """Refuse what no document of the format may hold (see json_document)."""
    if depth > MAX_DEPTH or (depth == MAX_DEPTH and value and isinstance(value, dict | list)):
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    inner: Iterable[Any] = (value,)
    match value:
        case dict():
            if not all(map(str.isascii, value)):
                raise ValueError("a key that isn't ASCII")
            inner = value.values()
        case list():
            inner = value
    for item in inner:
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            check(item, depth + 1)
        elif isinstance(item, float):
            _no_float("")
        elif isinstance(item, int) and abs(item) > MAX_INTEGER:
            raise ValueError("an integer beyond 2**53-1")


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("a lone surrogate") from error


def json_document(data: bytes, limit: int) -> Any:
    """JSON (RFC 8259, UTF-8 without BOM) as the format allows it.

    No duplicate or non-ASCII keys, no floats, integers within ±(2**53-1), no lone surrogates, at most
    16 levels deep, at most ``limit`` bytes.
    """
    if len(data) > limit:
        raise ValueError(f"longer than {limit} bytes")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_DEPTH}") from error
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from error
    check(value)
    return value
