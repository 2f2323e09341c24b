"""What can't be right about the markers of an incident, or is missing in them. Withdrawn ones don't count."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from evidence.intake import place
from evidence.intake.documents import MARKERS
from evidence.intake.folder import IncidentFolder
from evidence.intake.gap import Gap, clock
from evidence.intake.placegaps import after_end, channel, future
from evidence.model.markers import Marker
from evidence.model.recording import RecordingFacts

_LISTED = 20
_WORDLESS = frozenset({"malicious_call"})
"""Classes of what needs no words to be one."""

Numbered = tuple[int, Marker]
"""A marker with its number from 1."""


def gaps(folder: IncidentFolder, facts: Mapping[str, RecordingFacts], now: dt.datetime) -> Iterator[Gap]:
    """The gaps, those of single markers first.

    Args:
        folder: as read_folder read it.
        facts: those of its recordings, by name; what is unknown of a recording leads to no gap.
        now: the time by the sealing machine's clock; aware.
    """
    standing = [(n, marker) for n, marker in enumerate(folder.markers, 1) if marker.withdrawn is None]
    for number, marker in standing:
        yield from future(marker.asserted_at, now, MARKERS, ("markers", number - 1, "asserted_at"))
        recording = facts.get(marker.recording)
        if recording is not None:
            yield from _placed(folder, number - 1, marker, recording)
    yield from _wordless(standing)
    yield from _doubles(folder, standing)


def _placed(folder: IncidentFolder, index: int, marker: Marker, recording: RecordingFacts) -> Iterator[Gap]:
    where = place.words(("markers", index))
    yield from after_end("marker_after_end", where, marker.last_ms, marker.recording, recording)
    where = f"{MARKERS}, {place.words(('markers', index, 'channel'))}"
    yield from channel(folder, where, marker.channel, marker.recording, recording)


def _wordless(standing: Sequence[Numbered]) -> Iterator[Gap]:
    """Markers that don't say what was said."""
    found = [n for n, m in standing if not m.words.strip() and m.marker_class not in _WORDLESS]
    if found:
        yield Gap("no_words", {"list": listed(found), "first": found[0]})


def _doubles(folder: IncidentFolder, standing: Sequence[Numbered]) -> Iterator[Gap]:
    """Neighbours of one class that overlap in one channel; one of each pair is probably a double."""
    last: dict[tuple[str, str], Numbered] = {}
    for number, marker in sorted(standing, key=lambda each: (each[1].start_ms, each[0])):
        key = (marker.recording, marker.marker_class)
        earlier = last.get(key)
        if earlier is not None and _overlap(folder, earlier[1], marker) and _agree(earlier[1], marker):
            values: dict[str, str | int] = {"one": earlier[0], "other": number, "at": clock(marker.start_ms)}
            yield Gap("markers_overlap", {**values, "file": place.key(marker.recording)})
        if earlier is None or marker.last_ms >= earlier[1].last_ms:
            last[key] = (number, marker)


def _overlap(folder: IncidentFolder, earlier: Marker, later: Marker) -> bool:
    """Whether they share more than an edge, or are the same point; a channel that isn't said can be any."""
    numbers = [folder.incident.numbered(m.recording, m.channel) for m in (earlier, later)]
    if None not in (earlier.channel, later.channel) and numbers[0] != numbers[1]:
        return False
    return later.start_ms < earlier.last_ms or later.start_ms == earlier.start_ms


def _agree(one: Marker, other: Marker) -> bool:
    """Whether they may speak of the same words: one has none, or has those of the other within its own."""
    first, second = sorted((" ".join(m.words.casefold().split()) for m in (one, other)), key=len)
    return first in second


def listed(numbers: Sequence[int]) -> str:
    """Numbers in words, no more than fit a line or two."""
    shown = ", ".join(map(str, numbers[:_LISTED]))
    return shown if len(numbers) <= _LISTED else f"{shown} …"
