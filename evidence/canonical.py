"""RFC 8785 JSON, the one form of every document in an archive (FORMAT.md, "Documents").

The format allows ASCII keys, text, integers, true, false, null, lists and objects only; for these the
standard library's encoder with sorted keys and without white space writes exactly RFC 8785 (the tests
compare it with an implementation of the whole of RFC 8785).
"""

import json
from typing import Any

from evidence import strict

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def encode(document: Any) -> bytes:
    """The canonical bytes of a document. ``decode(encode(x), limit) == x``.

    Raises:
        ValueError: a value the format doesn't know (float, big integer, lone surrogate).
    """
    strict.check(document)
    return _written(document)


def decode(data: bytes, limit: int) -> Any:
    """A document from its canonical bytes.

    Raises:
        ValueError: not JSON as the format allows it, or not its canonical form.
    """
    document = strict.json_document(data, limit)
    if _written(document) != data:
        raise ValueError("not in canonical form (RFC 8785)")
    return document


def _written(document: Any) -> bytes:
    return _ENCODER.encode(document).encode("utf-8")
