"""What is known about a terminal, and how text is laid out on it."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TextIO

from evidence.text import visible

Piece = tuple[str, str]
"""Text and its colour; an empty colour is the terminal's own."""

WIDEST = 120
"""Longest line in columns that still reads well."""

_USUAL = 80
_NARROWEST = 20
_HANGING = 4


def harmless(text: str) -> str:
    r"""One line of text with everything unprintable as ``\u{…}``; what ``visible`` made stays as it is."""
    if text.isprintable():
        return text
    return "\\".join(visible(piece) for piece in text.split("\\"))


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees what is written there, on a terminal that can more than print."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_colour(stream: TextIO | None) -> bool:
    """Whether to colour what goes there: a terminal that can, and nobody objects (NO_COLOR)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def columns(stream: TextIO | None = None) -> int:
    """Columns of the terminal behind a stream (stdout by default): COLUMNS, else its own, else 80."""
    wanted = os.environ.get("COLUMNS", "")
    found = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
    if not found:  # without shutil: slow to import
        with suppress(OSError, ValueError, AttributeError):
            found = os.get_terminal_size((stream or sys.__stdout__).fileno()).columns  # type: ignore[union-attr]
    return found or _USUAL


def rows(pieces: Sequence[Piece], width: int, hanging: int | None = None) -> Iterator[list[Piece]]:
    """A line broken at spaces into rows of that width; ``hanging`` indents all but the first.

    Without it they are indented by four more than the first.

    A word that is longer than a row stays whole: a path or a digest can then be copied from the terminal.
    """
    text = "".join(piece for piece, _colour in pieces)
    width = max(width, _NARROWEST)
    leading = len(text) - len(text.lstrip(" "))
    usual = min(leading + _HANGING, width // 2)
    hanging = usual if hanging is None or hanging > width * 3 // 5 else hanging
    for begin, end in _cuts(text, leading, width, width - hanging):
        indent = [(" " * hanging, "")] if begin else []
        yield indent + _between(pieces, begin, end)


def _cuts(text: str, leading: int, width: int, later: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each row in the text; spaces at a break belong to neither row."""
    begin, room, least = 0, width, leading
    if len(text) > width:
        text = text.rstrip(" ")
    while len(text) - begin > room:
        end = text.rfind(" ", least, begin + room + 1)
        if end < 0:
            end = text.find(" ", begin + room)
        rest = text[end:].lstrip(" ") if end >= 0 else ""
        if not rest:
            break
        yield begin, begin + len(text[begin:end].rstrip(" "))
        begin = least = len(text) - len(rest)
        room = later
    yield begin, len(text)


def _between(pieces: Sequence[Piece], begin: int, end: int) -> list[Piece]:
    found, place = [], 0
    for text, colour in pieces:
        cut = text[max(begin - place, 0) : max(end - place, 0)]
        if cut:
            found.append((cut, colour))
        place += len(text)
    return found
