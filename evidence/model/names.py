"""File names of the incident folder: any bytes, kept exactly (FORMAT.md, "Documents").

In the program a name is text in which bytes that aren't UTF-8 are lone surrogates (PEP 383); in a document
such a name is ``{"name_base64": …}``. The file system's own encoding plays no part.
"""

import base64
from typing import Any

from evidence import strict

NAME_BASE64 = "name_base64"


def from_bytes(raw: bytes) -> str:
    """The name whose bytes these are. ``to_bytes(from_bytes(x)) == x``."""
    return raw.decode("utf-8", "surrogateescape")


def to_bytes(name: str) -> bytes:
    """The bytes of a name, as the file system holds them.

    Raises:
        ValueError: text that no file name can be (a surrogate that stands for no byte).
    """
    return name.encode("utf-8", "surrogateescape")


def to_document(name: str) -> str | dict[str, str]:
    """A name as it stands in a document. ``from_document(to_document(x)) == x``."""
    raw = to_bytes(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {NAME_BASE64: base64.b64encode(raw).decode("ascii")}


def from_document(value: Any) -> str:
    """The name that stands in a document whose schema holds.

    Raises:
        ValueError: ``name_base64`` isn't canonical base64.
    """
    if isinstance(value, str):
        return value
    return from_bytes(strict.base64_bytes(value[NAME_BASE64]))
