"""Places, channels and times that can't be right, wherever in the documents they stand."""

import datetime as dt
from collections.abc import Iterator, Sequence

from evidence.intake import place, times
from evidence.intake.folder import IncidentFolder
from evidence.intake.gap import Gap, clock
from evidence.model.recording import RecordingFacts

SLACK_MS = 500
"""How far beyond the end of its recording a place may lie: players round."""

CLOCK_SLACK = dt.timedelta(seconds=60)
"""How far the clocks of PBX and sealing machine may differ before a time is called one in the future."""


def after_end(code: str, where: str, at: int, name: str, recording: RecordingFacts) -> Iterator[Gap]:
    """A place behind the end of its recording."""
    length = recording.milliseconds
    if length is not None and at > length + SLACK_MS:
        params = {"at": clock(at), "file": place.key(name), "length": clock(length)}
        yield Gap(code, {"where": where, **params})


def channel(
    folder: IncidentFolder, where: str, channel: int | str | None, name: str, recording: RecordingFacts
) -> Iterator[Gap]:
    """A channel beyond those of the bytes; a name stands for its place in the call's ``channels``."""
    number = folder.incident.numbered(name, channel)
    if isinstance(number, int) and recording.all_channels is not None and number >= recording.all_channels:
        shown = place.key(str(channel))
        there = recording.all_channels
        yield Gap("channel", {"where": where, "channel": shown, "file": place.key(name), "there": there})


def future(text: str, now: dt.datetime, document: str, path: Sequence[str | int]) -> Iterator[Gap]:
    """A time that hasn't come yet."""
    if text and times.parse(text) > now + CLOCK_SLACK:
        yield Gap("future", {"document": document, "where": place.words(path), "text": place.key(text)})
