"""Untrusted text as it stands in exported files."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from evidence.text import visible

_KEPT = frozenset("\n\t\\")


def harmless(text: str) -> str:
    r"""Text in which control, direction and other unseen characters are written as ``\u{…}``.

    Line ends become LF; LF, tabs and spaces of any width stay.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c in _KEPT or unicodedata.category(c) == "Zs" else visible(c) for c in plain)


def one_line(text: str) -> str:
    """The same on one line, its words apart by one space."""
    return harmless(" ".join(text.split()))


def labelled(marker: Mapping[str, Any]) -> str:
    """Class and words of a marker on one line, ``insult: …``, as evidence.intake.markerfiles reads them."""
    words = one_line(marker.get("words", ""))
    return f"{marker['class']}: {words}" if words else str(marker["class"])


def speaker(marker: Mapping[str, Any]) -> str:
    """The channel of a marker as who speaks in it: its name, or ``channel 1``; empty when it isn't said."""
    channel = marker.get("channel", "")
    return one_line(channel) if isinstance(channel, str) else f"channel {channel}"


def end_of(marker: Mapping[str, Any]) -> int | None:
    """Where a marker ends, in milliseconds; None for a point, also for one that ends where it starts."""
    end: int | None = marker.get("end_ms")
    return None if end == marker["start_ms"] else end
