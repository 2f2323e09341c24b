"""Markers as WebVTT (https://www.w3.org/TR/webvtt1/), for players.

The channel is the voice. WebVTT knows no points: one is shown for a second, and its cue's id says ``point``.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.intake.markerexport.texts import end_of, labelled, speaker
from evidence.intake.positions import MAX_MS

_SHOWN_MS = 1000


def write(markers: Sequence[Mapping[str, Any]]) -> bytes:
    """A cue for each marker of one recording."""
    cues = (_cue(number, marker) for number, marker in enumerate(markers, 1))
    return "\n".join(["WEBVTT\n", *cues]).encode("utf-8")


def _cue(number: int, marker: Mapping[str, Any]) -> str:
    start, end = marker["start_ms"], end_of(marker)
    name = str(number) if end is not None else f"{number} point"
    until = min(start + _SHOWN_MS, MAX_MS) if end is None else end
    voice = speaker(marker)
    text = _escaped(labelled(marker))
    spoken = f"<v {_escaped(voice)}>{text}</v>" if voice else text
    return f"{name}\n{_clock(start)} --> {_clock(until)}\n{spoken}\n"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
