"""Markers as Audacity's labels: ``start TAB end TAB text``, seconds with six decimals."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.intake.markerexport.texts import end_of, labelled


def write(markers: Sequence[Mapping[str, Any]]) -> bytes:
    """A line for each marker of one recording; both ends of a point are the same."""
    return "".join(map(_line, markers)).encode("utf-8")


def _line(marker: Mapping[str, Any]) -> str:
    start, end = marker["start_ms"], end_of(marker)
    return f"{_seconds(start)}\t{_seconds(start if end is None else end)}\t{labelled(marker)}\n"


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000}.{milliseconds % 1000:03}000"
