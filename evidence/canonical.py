"""RFC 8785 JSON, the one form of every document in an archive (FORMAT.md, "Documents")."""

from typing import Any

import rfc8785

from evidence import strict


def encode(document: Any) -> bytes:
    """The canonical bytes of a document. ``decode(encode(x), limit) == x``.

    Raises:
        ValueError: a value the format doesn't know (float, big integer, lone surrogate).
    """
    strict.check(document)
    return rfc8785.dumps(document)


def decode(data: bytes, limit: int) -> Any:
    """A document from its canonical bytes.

    Raises:
        ValueError: not JSON as the format allows it, or not its canonical form.
    """
    document = strict.json_document(data, limit)
    if rfc8785.dumps(document) != data:
        raise ValueError("not in canonical form (RFC 8785)")
    return document
