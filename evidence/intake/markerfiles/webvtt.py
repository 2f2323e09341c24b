"""WebVTT files (W3C): each cue is a draft.

Where a player would pass over what it doesn't understand, this reader refuses: nothing that somebody marked
may get lost without a word.
"""

import re
from collections.abc import Iterator

from evidence.intake import cuetext
from evidence.intake.cuetext import ARROW
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.drafts import Draft, lines_of, position, wrong

_TIME = r"((?:[0-9]{1,4}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")


def read(file: str, text: str) -> Iterator[Draft]:
    """The cues of the file; the lines of a cue are joined by a space, tags left out and entities read.

    Ids, settings and speakers aren't kept. A class at the beginning of the text
    (evidence.intake.markerfiles.classes) isn't part of the words. A cue whose ends are the same is a point.

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
            yield _cue(file, first, block)


def _refuse_arrows(file: str, first: int, lines: list[str]) -> None:
    for number, line in enumerate(lines, first):
        if ARROW in line:
            raise wrong(file, number, "markerfiles.no_blank_line", line)


def _cue(file: str, first: int, block: list[str]) -> Draft:
    at = next((place for place, line in enumerate(block[:2]) if ARROW in line), None)  # 1 when it has an id
    if at is None:
        raise wrong(file, first, "markerfiles.no_cue", block[0])
    _refuse_arrows(file, first + at + 1, block[at + 1 :])
    found = _TIMING.fullmatch(block[at])
    if found is None:
        raise wrong(file, first + at, "markerfiles.no_timing", block[at])
    start_ms, end_ms = (position(file, first + at, edge) for edge in found.groups())
    marker_class, words = classes.split(cuetext.plain("\n".join(block[at + 1 :])))
    end = end_ms if end_ms != start_ms else None
    return Draft(first + at, start_ms, end, words, marker_class=marker_class)
