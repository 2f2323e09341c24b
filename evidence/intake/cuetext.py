"""What readers of WebVTT share: the blocks of a file, and the text of a cue."""

import html
import re
from collections.abc import Iterator

ARROW = "-->"

_SIGNATURE = re.compile(r"WEBVTT(?:[ \t].*)?")
_PASSED_OVER = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_TAG = re.compile(r"<[^>]*(?:>|\Z)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t\n]([^<>]*)>")
_ENDLESS = re.compile(r"&#[xX]?[0-9A-Fa-f]{9,};?")


def is_signature(line: str) -> bool:
    """Whether a first line is that of a WebVTT file."""
    return _SIGNATURE.fullmatch(line) is not None


def is_passed_over(line: str) -> bool:
    """Whether the first line of a block makes it a comment, a style or a region."""
    return _PASSED_OVER.fullmatch(line) is not None


def blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The blocks behind the header, each with the number of its first line."""
    block: list[str] = []
    header = True
    for number, line in enumerate([*lines[1:], ""], 2):
        if header and (not line or ARROW in line):
            header = False
        if line and not header:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def speaker(text: str) -> str:
    """The voice of a cue (``<v Name>``); empty where it has none, or several."""
    names = {plain(name) for name in _VOICE.findall(text)}
    return names.pop() if len(names) == 1 else ""


def plain(text: str) -> str:
    """The words of a cue without tags, as one line; a reference to a character that can't be is U+FFFD."""
    words = html.unescape(_ENDLESS.sub("\ufffd", _TAG.sub("", text)))
    return " ".join(line.strip() for line in words.split("\n") if line.strip())
