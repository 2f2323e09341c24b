"""Percent-encoded names of files (RFC 3986 section 2.1), as other programs' files hold them."""

import re

from evidence.model import names

_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


def encode(name: str) -> str:
    """A name (evidence.model.names) as one segment of a relative address."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in names.to_bytes(name))


def decode(text: str) -> str:
    """The name that an address ends in. ``decode(encode(x)) == x``."""
    last = re.split(r"[/\\]", text)[-1]
    raw = _ENCODED.sub(lambda found: bytes.fromhex(found[1].decode()), last.encode("utf-8", "replace"))
    return names.from_bytes(raw)
