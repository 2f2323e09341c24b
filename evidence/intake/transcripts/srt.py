"""SubRip subtitles (``.srt``).

The form has no standard. It is read as the Library of Congress describes it
(https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml) and as programs write it: Whisper
(https://github.com/openai/whisper, whisper/utils.py, ``WriteSRT``), whisper.cpp
(https://github.com/ggml-org/whisper.cpp, examples/cli/cli.cpp, ``output_srt``), WhisperX and
vosk-transcriber. Common deviations are taken, too: a point instead of the comma, no numbers, no hours, more
than 99 hours, positions behind the times, tags.
"""

import re
from collections.abc import Iterator

from evidence.intake.cuetext import ARROW
from evidence.intake.positions import MAX_MS
from evidence.intake.transcripts.clocks import timing
from evidence.intake.transcripts.source import Source
from evidence.model.transcript import Cue

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*")


def read(source: Source, lines: list[str]) -> Iterator[Cue]:
    """The cues of the file; an empty line within a cue doesn't end it, the next times do.

    Raises:
        FormatError: text before the first times, or times that can't be read.
    """
    at = 0
    times = (0, 0)
    text: list[str] = []
    for number, line in enumerate(lines, 1):
        if ARROW not in line:
            text.append(line)
            continue
        yield from _cue(source, at, times, text, is_followed=True)
        at, times, text = number, _times(source, number, line), []
    yield from _cue(source, at, times, text, is_followed=False)


def _times(source: Source, number: int, line: str) -> tuple[int, int]:
    found = timing(line)
    if found is None:
        raise source.wrong(number, "transcripts.no_timing", line)
    if max(found) > MAX_MS:
        raise source.wrong(number, "transcripts.late", line)
    return found


def _cue(
    source: Source, at: int, times: tuple[int, int], text: list[str], *, is_followed: bool
) -> Iterator[Cue]:
    """The cue whose times stand in line ``at``; none before the first one.

    The number that stands directly above the next times belongs to these.
    """
    if is_followed and text and _NUMBER.fullmatch(text[-1]):
        text = text[:-1]
    if at:
        yield source.cue(at, *times, _TAG.sub("", "\n".join(text)).strip())
        return
    for number, line in enumerate(text, 1):
        if line.strip() and not _NUMBER.fullmatch(line):
            raise source.wrong(number, "transcripts.no_times", line)
