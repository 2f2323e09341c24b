"""Markers where nothing is heard: the wrong channel, or the wrong place."""

from collections.abc import Iterator, Sequence

from evidence.errors import EvidenceError
from evidence.intake import place
from evidence.intake.folder import IncidentFolder, open_exhibit
from evidence.intake.gap import Gap, clock
from evidence.intake.plan import FolderFile
from evidence.model.markers import Marker
from evidence.model.noticesearch import Waveform
from evidence.operations.searching import Searcher

_AROUND_MS = 500
"""How far before and behind a marker is listened, too: people and players round."""

_BEHIND = 2
"""Seconds behind the last marker up to which a recording is decoded."""

_SILENT = 3
"""Peak of what counts as silence, of 255: -38 dB of full scale, above the noise of any telephone codec."""

_HEARD = 16
"""Peak of what is heard, of 255: -24 dB of full scale."""


def silent_markers(folder: IncidentFolder, searcher: Searcher) -> Iterator[Gap]:
    """The standing markers in whose channel nothing is heard; recordings that can't be decoded lead to none.

    A marker whose channel isn't said is taken for one of any channel.

    Args:
        folder: with its documents.
        searcher: draws the recordings.
    """
    for file in folder.files:
        marked = [
            (number, marker)
            for number, marker in enumerate(folder.markers, 1)
            if marker.recording == file.name and marker.withdrawn is None
        ]
        drawn = _drawn(folder, file, max(m.last_ms for _, m in marked), searcher) if marked else None
        if drawn is not None:
            yield from _silent(folder, file, marked, drawn)


def _drawn(folder: IncidentFolder, file: FolderFile, last_ms: int, searcher: Searcher) -> Waveform | None:
    try:
        with open_exhibit(folder, file) as source:
            seconds = last_ms // 1000 + _BEHIND
            found = searcher.search(source, file.size, file.name, (), seconds)
    except EvidenceError:  # told when the file is read to be sealed
        return None
    return None if found.problems else found.waveform


def _silent(
    folder: IncidentFolder, file: FolderFile, marked: Sequence[tuple[int, Marker]], drawn: Waveform
) -> Iterator[Gap]:
    for number, marker in marked:
        peaks = [_peak(channel, marker, drawn.column_ms) for channel in drawn.channels]
        if None in peaks:
            continue
        loud = [peak or 0 for peak in peaks]
        said = folder.incident.numbered(file.name, marker.channel)
        values: dict[str, str | int] = {
            "n": number,
            "at": clock(marker.start_ms),
            "file": place.key(file.name),
        }
        if max(loud) <= _SILENT:
            yield Gap("marker_in_silence", values)
        elif isinstance(said, int) and said < len(loud) and loud[said] <= _SILENT and max(loud) >= _HEARD:
            other = loud.index(max(loud))
            yield Gap("marker_silent_channel", {**values, "channel": said, "other": other})


def _peak(channel: bytes, marker: Marker, column_ms: int) -> int | None:
    """How loud it is around a marker; None when it lies behind what was decoded."""
    first = max(0, marker.start_ms - _AROUND_MS) // column_ms
    columns = channel[first : (marker.last_ms + _AROUND_MS) // column_ms + 1]
    return max(columns) if columns else None
