"""Waveforms as SVG, one path a channel, from recorded peaks; the exhibit itself counts, not its picture."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Record = Mapping[str, Any]
COLUMNS = 480
"""Columns that are drawn at most; of more, neighbours are drawn as their greatest."""

_HEIGHT = 100
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_TICKS = 9
"""Marks on the axis at most."""


@dataclass(frozen=True, slots=True)
class Wave:
    """What is drawn of a recording.

    Attributes:
        milliseconds: how much of it.
        channels: for each channel a byte a column, its peak, 0 to 255; empty where nothing is known.
        is_search: whether the drawing comes from the search for the notice, which may cover a part.
    """

    milliseconds: int
    channels: tuple[bytes, ...] = ()
    is_search: bool = False


def chosen(waveform: Record | None, search: Record | None, length: int | None, last: int) -> Wave:
    """The best drawing that the records have of a recording.

    Args:
        waveform: its record of the kind ``waveform``, if there is one.
        search: its record of the kind ``notice_search``.
        length: of the recording in milliseconds; None when it isn't known.
        last: where the last thing that is to be shown ends, in milliseconds.

    Returns:
        The waveform, else that of the search, else a bare time line.
    """
    for found, is_search in ((waveform, False), ((search or {}).get("waveform"), True)):
        channels = tuple(base64.b64decode(each) for each in found["channels"]) if found else ()
        if found and any(channels):
            drawn = int(found["column_ms"]) * max(map(len, channels))
            whole = max(drawn, last) if length is None else max(length, last)
            return Wave(max(whole, 1), tuple(_stretched(c, drawn, whole) for c in channels), is_search)
    return Wave(max(length or 0, last, 1))


def _stretched(peaks: bytes, drawn: int, whole: int) -> bytes:
    """The peaks with silence for what isn't drawn, so that all of them cover ``whole`` milliseconds."""
    if drawn <= whole or not peaks:
        columns = len(peaks) * whole // drawn if drawn else 0
        return peaks.ljust(min(columns, _most(len(peaks))), b"\0")
    return peaks[: max(1, len(peaks) * whole // drawn)]


def _most(columns: int) -> int:
    return max(columns, 1) * 64


def path(peaks: bytes) -> str:
    """An SVG of a channel, as wide as the template makes it; empty without peaks."""
    if not peaks:
        return ""
    heights = _fewer(peaks)
    upper = [f"{x} {50 - peak * 48 // 255}" for x, peak in enumerate(heights)]
    lower = [f"{x} {50 + peak * 48 // 255}" for x, peak in enumerate(heights)]
    points = "L".join([*upper, f"{len(heights)} 50", *reversed(lower)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(heights)}" height="{_HEIGHT}" '
        f'viewBox="0 0 {len(heights)} {_HEIGHT}" preserveAspectRatio="none">'
        f'<path d="M{points}Z" fill="#41566b" stroke="#41566b" stroke-width="0.6"/></svg>'
    )


def _fewer(peaks: bytes) -> Sequence[int]:
    """At most COLUMNS of them."""
    if len(peaks) <= COLUMNS:
        return peaks
    edges = [len(peaks) * place // COLUMNS for place in range(COLUMNS + 1)]
    return [max(peaks[start:end]) for start, end in pairwise(edges)]


def ticks(milliseconds: int) -> list[tuple[int, str]]:
    """Marks of a time axis: where each is in parts in ten thousand, and its text."""
    seconds = milliseconds / 1000
    step = next((step for step in _STEPS if seconds / step <= _TICKS), _STEPS[-1])
    count = min(int(seconds // step), _TICKS * 8)
    return [(place * step * 10_000_000 // milliseconds, _clock(place * step)) for place in range(count + 1)]


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def share(at: int, milliseconds: int) -> int:
    """A place in parts in ten thousand of the whole, within it."""
    return min(max(at * 10_000 // milliseconds, 0), 10_000)
