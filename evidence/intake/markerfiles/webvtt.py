"""WebVTT files (W3C): each cue is a draft.

Where a player would pass over what it doesn't understand, this reader refuses: nothing that somebody marked
may get lost without a word.
"""

import re
from collections.abc import Iterator

from evidence.intake import cuetext
from evidence.intake.cuetext import ARROW
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import Draft, lines_of, position, wrong

_TIME = r"((?:[0-9]{1,4}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")
_POINT = re.compile(r"[0-9]{1,6} point")


def read(file: str, text: str, own: OwnClasses) -> Iterator[Draft]:
    """The cues of the file; the lines of a cue are joined by a space, tags left out and entities read.

    Ids and settings aren't kept; a voice is the speaker. A class at the beginning of the text
    (evidence.intake.markerfiles.classes) isn't part of the words. A cue whose ends are the same is a point,
    and so is one with an id like ``3 point``: WebVTT knows no points.

    Raises:
        FormatError: no signature, a block that is no cue, or a cue without its times.
    """
    lines = lines_of(text)
    if not cuetext.is_signature(lines[0]):
        raise wrong(file, 1, "markerfiles.no_webvtt", lines[0])
    for first, block in cuetext.blocks(lines):
        if cuetext.is_passed_over(block[0]):
            _refuse_arrows(file, first, block)
        else:
            yield _cue(file, first, block, own)


def _refuse_arrows(file: str, first: int, lines: list[str]) -> None:
    for number, line in enumerate(lines, first):
        if ARROW in line:
            raise wrong(file, number, "markerfiles.no_blank_line", line)


def _cue(file: str, first: int, block: list[str], own: OwnClasses) -> Draft:
    at = next((place for place, line in enumerate(block[:2]) if ARROW in line), None)  # 1 when it has an id
    if at is None:
        raise wrong(file, first, "markerfiles.no_cue", block[0])
    _refuse_arrows(file, first + at + 1, block[at + 1 :])
    found = _TIMING.fullmatch(block[at])
    if found is None:
        raise wrong(file, first + at, "markerfiles.no_timing", block[at])
    start_ms, end_ms = (position(file, first + at, edge) for edge in found.groups())
    text = "\n".join(block[at + 1 :])
    marker_class, words = classes.split(cuetext.plain(text), own)
    is_point = end_ms == start_ms or (at == 1 and _POINT.fullmatch(block[0]) is not None)
    end = None if is_point else end_ms
    speaker = cuetext.speaker(text)
    return Draft(first + at, start_ms, end, words, marker_class=marker_class, speaker=speaker)
