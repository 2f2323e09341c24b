r"""Lines of an Asterisk configuration file without their comments.

The rules are those of Asterisk's main/config.c: ``;`` begins a comment, ``\;`` is a semicolon, ``;--``
begins a comment that goes on over lines until ``--;``, and may be nested; ``;---`` is an ordinary comment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINE = 64 * 1024
"""Bytes of the longest line that is read; Asterisk itself skips longer ones than 8 KiB."""

_BOM = b"\xef\xbb\xbf"
_DEEPEST = 256


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        number: its place in the file, from 1.
        text: without comments and white space around it, not empty; None for one that is too long.
    """

    number: int
    text: str | None


def lines(data: bytes) -> Iterator[Line]:
    """The lines of a file that say something.

    Bytes that aren't UTF-8 come out as U+FFFD; every name that matters here is ASCII in practice.

    Args:
        data: the file's bytes; of any kind.
    """
    depth, number, start = 0, 0, len(_BOM) if data.startswith(_BOM) else 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        if end - start > MAX_LINE:
            yield Line(number, None)
        elif end > start:
            text, depth = without_comments(data[start:end].decode("utf-8", "replace"), depth)
            if said := text.strip():
                yield Line(number, said)
        start = end + 1


def without_comments(text: str, depth: int) -> tuple[str, int]:
    """A line without its comments.

    Args:
        text: the line.
        depth: how many comments of several lines are open before it.

    Returns:
        what remains, and how many such comments are open after it.
    """
    kept, start, place = [], 0, 0
    while (found := text.find(";", place)) >= 0:
        if found > place and text[found - 1] == "\\":
            if not depth:
                kept.append(text[start : found - 1])
            start = place = found
            place += 1
        elif text.startswith("--", found + 1) and not text.startswith("-", found + 3):
            if not depth:
                kept.append(text[start:found])
            depth, place = min(depth + 1, _DEEPEST), found + 3
        elif depth:
            place = found + 1
            if found - 2 >= 0 and text.startswith("--", found - 2):
                depth, start = depth - 1, place
        else:
            kept.append(text[start:found])
            return "".join(kept), 0
    if not depth:
        kept.append(text[start:])
    return "".join(kept), depth
