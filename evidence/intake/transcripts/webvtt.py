"""WebVTT (https://www.w3.org/TR/webvtt1/), as a transcript.

Voices (``<v Name>``) are speakers, and times within a cue (``<00:00:01.000>``) are those of its words.
Comments, styles, regions, cue ids and settings are passed over.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from evidence.intake import cuetext
from evidence.intake.cuetext import ARROW
from evidence.intake.positions import MAX_MS
from evidence.intake.transcripts.clocks import time, timing
from evidence.intake.transcripts.source import MAX_TEXT, Source, Timed
from evidence.model.transcript import Cue

_LANGUAGE = re.compile(r"Language:[ \t]*([A-Za-z0-9-]{2,35})[ \t]*")
_HEADER_LINES = 20
_TIME_TAG = re.compile(r"<([0-9][0-9:.]{4,20})>")


def language(lines: list[str]) -> str:
    """The language that the header states; empty when it states none."""
    for line in lines[1:_HEADER_LINES]:
        if not line or ARROW in line:
            break
        found = _LANGUAGE.fullmatch(line)
        if found:
            return found[1]
    return ""


def read(source: Source, lines: list[str]) -> Iterator[Cue]:
    """The cues of the file.

    Raises:
        FormatError: no signature, a block without times, or times that can't be read.
    """
    if not cuetext.is_signature(lines[0]):
        raise source.wrong(1, "transcripts.no_webvtt", lines[0])
    for first, block in cuetext.blocks(lines):
        at = next((place for place, line in enumerate(block) if ARROW in line), None)
        if at is None and cuetext.is_passed_over(block[0]):
            continue
        if at is None or at > 1:  # 1 when it has an id
            raise source.wrong(first, "transcripts.no_times", block[0])
        yield _cue(source, first + at, block[at:])


def _cue(source: Source, at: int, block: list[str]) -> Cue:
    found = timing(block[0])
    if found is None:
        raise source.wrong(at, "transcripts.no_timing", block[0])
    if max(found) > MAX_MS:
        raise source.wrong(at, "transcripts.late", block[0])
    for number, line in enumerate(block[1:], at + 1):
        if ARROW in line:
            raise source.wrong(number, "transcripts.no_blank_line", line)
    text = "\n".join(block[1:])
    if len(text) > 16 * MAX_TEXT:
        raise source.wrong(at, "transcripts.text_too_long", text, limit=MAX_TEXT)
    words, speaker = _words(text, *found), cuetext.speaker(text)
    return source.cue(at, *found, cuetext.plain(text), words=words, speaker=speaker)


def _words(text: str, start_ms: int, end_ms: int) -> list[Timed]:
    """Words between the times within a cue; none where there are none, or where they go backwards."""
    pieces = _TIME_TAG.split(text)
    stated = [time(piece) for piece in pieces[1::2]]
    edges = [start_ms, *(edge for edge in stated if edge is not None), end_ms]
    if len(pieces) == 1 or None in stated or any(a > b for a, b in pairwise(edges)):
        return []
    found: list[Timed] = []
    for piece, (start, end) in zip(pieces[::2], pairwise(edges), strict=True):
        found += [Timed(word, start, end) for word in cuetext.plain(piece).split()]
    return found
