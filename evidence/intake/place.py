"""Where in a document something stands, in words: ``calls, 1st call, started``."""

from collections.abc import Sequence

from evidence.messages import language, t
from evidence.text import visible

_ITEMS = {
    "calls": "intake.at_call",
    "channels": "intake.at_channel",
    "exhibits": "intake.at_exhibit",
    "markers": "intake.at_marker",
    "measures": "intake.at_measure",
    "acquisitions": "intake.at_acquisition",
}
_LONGEST = 100
_DEEPEST = 8
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def words(path: Sequence[str | int]) -> str:
    """A place in words, as visible text of bounded length; empty for the document itself.

    Args:
        path: keys (untrusted) and positions from 0, from the outside inwards.
    """
    parts: list[str] = []
    before: str | int = ""
    for part in path[:_DEEPEST]:
        if isinstance(part, int):
            name = _ITEMS.get(str(before), "intake.at_item")
            parts.append(t(name, nth=_nth(part + 1)))
        else:
            parts.append(key(part))
        before = part
    return ", ".join(parts)


def key(name: str) -> str:
    """A key as visible text of bounded length."""
    return visible(name) if len(name) <= _LONGEST else f"{visible(name[:_LONGEST])}…"


def of_pointer(pointer: str) -> str:
    """The words for a JSON pointer that holds known keys and positions only."""
    parts = pointer.strip("/").split("/") if pointer.strip("/") else []
    return words([int(part) if part.isdecimal() else part for part in parts])


def _nth(number: int) -> str:
    if language() != "en":
        return str(number)
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{_ENDINGS.get(number % 10, 'th')}"
