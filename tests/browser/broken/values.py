"""JSON documents with one place changed, and JSON texts that are nobody's canonical form."""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Path = tuple[str | int, ...]

VALUES: tuple[Any, ...] = (
    None,
    0,
    -1,
    2**53 - 1,
    "",
    "x",
    "\u202e",
    "AA==",
    "AB==",
    "2026-02-30T00:00:00.000Z",
    "2026-02-28T23:59:60.000Z",
    "0000-01-01T00:00:00.000Z",
    "E2",
    "E9",
    "f" * 64,
    "00000000-0000-4000-8000-000000000001",
    [],
    {},
)


def places(value: Any, *path: str | int) -> Iterator[Path]:
    """The path of every value inside a document; of long lists the first values'."""
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    )
    for key, item in inner:
        yield (*path, key)
        yield from places(item, *path, key)


def changed(document: Any) -> Iterator[tuple[str, Any]]:
    """The document with each value exchanged, gone, or twice, each with a name that says what was done."""
    for path in places(document):
        name = "/".join(map(str, path))
        for number, value in enumerate(VALUES):
            yield (
                f"{name} #{number}",
                _at(document, path, partial(_put, value)),
            )
        yield f"{name} gone", _at(document, path, lambda holder, key: holder.pop(key))
        yield f"{name} more", _at(document, path, _more)


def _put(value: Any, holder: Any, key: Any) -> None:
    holder[key] = value


def _more(holder: Any, key: Any) -> None:
    old = holder[key]
    match old:
        case bool():
            holder[key] = not old
        case int():
            holder[key] = old + 1
        case str() | list():
            holder[key] = old * 2
        case dict():
            old["extra"] = 1
        case _:
            holder[key] = 1


def _at(document: Any, path: Path, do: Callable[[Any, Any], Any]) -> Any:
    made = copy.deepcopy(document)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    do(holder, path[-1])
    return made


def texts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A canonical document written otherwise: each MUST be refused, or is a document of its own."""
    yield "space behind", data + b" "
    yield "line feed behind", data + b"\n"
    yield "byte order mark", b"\xef\xbb\xbf" + data
    yield "space inside", data.replace(b":", b": ", 1)
    yield "key twice", data[:-1] + b"," + data[1:]
    yield "unsorted", b'{"zz":1,' + data[1:]
    yield "later key", data[:-1] + b',"zz":1}'
    yield "key that isn't ASCII", data[:-1] + ',"є":1}'.encode()
    yield "escaped letter", data.replace(b'"', b'"\\u0061', 1)
    yield "float", data[:-1] + b',"zz":1.0}'
    yield "exponent", data[:-1] + b',"zz":1e2}'
    yield "minus zero", data[:-1] + b',"zz":-0}'
    yield "leading zero", data[:-1] + b',"zz":01}'
    yield "large number", data[:-1] + b',"zz":9007199254740992}'
    yield "huge number", data[:-1] + b',"zz":' + b"9" * 5000 + b"}"
    yield "largest number", data[:-1] + b',"zz":-9007199254740991}'
    yield "not a number", data[:-1] + b',"zz":NaN}'
    yield "lone surrogate", data[:-1] + b',"zz":"\\ud800"}'
    yield "half a character", data[:-1] + b',"zz":"\xed\xa0\x80"}'
    yield "pair of surrogates escaped", data[:-1] + b',"zz":"\\ud83d\\ude00"}'
    yield "not UTF-8", data[:-1] + b',"zz":"\xff"}'
    yield "overlong", data[:-1] + b',"zz":"\xc0\xaf"}'
    yield "control character", data[:-1] + b',"zz":"\x01"}'
    yield "escaped in capitals", data[:-1] + b',"zz":"\\u001F"}'
    yield "escaped as it should be", data[:-1] + b',"zz":"\\u001f\\b\\t\x7f/"}'
    yield "escaped solidus", data[:-1] + b',"zz":"\\/"}'
    yield "prototype", data[:-1] + b',"zz":{"__proto__":{"a":1},"constructor":1,"toString":2}}'
    for depth in (14, 15, 16, 5000):
        yield f"{depth} deep", data[:-1] + b',"zz":' + b"[" * depth + b"]" * depth + b"}"
        yield f"{depth} deep with a number", data[:-1] + b',"zz":' + b"[" * depth + b"1" + b"]" * depth + b"}"
    yield "nothing", b""
    yield "a list", b"[]"
    yield "null", b"null"
    yield "cut", data[:-1]
    yield "two", data + data
    yield "NUL behind", data + b"\0"
