"""Whisper's table ``start TAB end TAB text``, times in whole milliseconds.

As https://github.com/openai/whisper writes it (whisper/utils.py, ``WriteTSV``): a header, then a segment
a line; tabs within the text are spaces.
"""

import re
from collections.abc import Iterator

from evidence.intake.positions import MAX_MS
from evidence.intake.transcripts.source import Source
from evidence.model.transcript import Cue

_HEADER = "start\tend\ttext"
_TIME = re.compile(r"[0-9]{1,12}")


def is_one(lines: list[str]) -> bool:
    """Whether the first line is the header of such a table."""
    return lines[0].strip() == _HEADER


def read(source: Source, lines: list[str]) -> Iterator[Cue]:
    """The rows of the table; empty lines are passed over.

    Raises:
        FormatError: another header, or a line without its times.
    """
    if not is_one(lines):
        raise source.wrong(1, "transcripts.no_header", lines[0])
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            start, _, rest = line.partition("\t")
            end, _, text = rest.partition("\t")
            start_ms, end_ms = (_time(source, number, edge) for edge in (start, end))
            yield source.cue(number, start_ms, end_ms, text)


def _time(source: Source, number: int, text: str) -> int:
    if _TIME.fullmatch(text) is None:
        raise source.wrong(number, "transcripts.no_milliseconds", text)
    if int(text) > MAX_MS:
        raise source.wrong(number, "transcripts.late", text)
    return int(text)
