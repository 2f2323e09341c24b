"""Numbers of incidents whose number nobody gave: made of what they are called."""

import re

from evidence.digests import sha256_hex
from evidence.model import names

_LONGEST = 64
_DIGITS = 8
_OTHER = re.compile(r"[^A-Za-z0-9._-]+")


def derive(text: str) -> str:
    """A number that incident.v1 allows, the text itself where it is one.

    Where characters are lost or the text is too long, digits of its SHA-256 make it different from others.

    Args:
        text: untrusted, as of evidence.model.names.
    """
    kept = _OTHER.sub("_", text)
    if kept == text and kept.strip(".") and len(kept) <= _LONGEST:
        return kept
    try:
        raw = names.to_bytes(text)
    except ValueError:
        raw = text.encode("utf-8", "surrogatepass")
    stem = kept[: _LONGEST - _DIGITS - 1].strip("._-") or "call"
    return f"{stem}-{sha256_hex(raw)[:_DIGITS]}"
