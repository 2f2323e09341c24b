"""The waveforms in an archive, drawn beside what else is known of the recordings."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.cli import console, waveform
from evidence.cli.console import line
from evidence.cli.fields import field
from evidence.cli.terminal import columns
from evidence.messages import fits, t
from evidence.model.waveform import KIND, Drawing
from evidence.text import visible
from evidence.verify.noticewording import short

Record = Mapping[str, Any]

_WIDEST, _NARROWEST = 240, 30
_NAME = 16


def drawings(by_kind: Mapping[str, Sequence[Record]]) -> dict[str, Drawing]:
    """The waveforms in verified records, by the exhibits they are of."""
    return {record["exhibit"]: Drawing.from_document(record) for record in by_kind.get(KIND, ())}


def print_drawing(drawing: Drawing, names: Sequence[str], indent: str = "  ") -> None:
    """Draw a recording.

    Args:
        drawing: of the whole recording.
        names: who is said to be heard in which channel; untrusted, may be fewer.
        indent: before each row.
    """
    method = t("show.waveform_columns", algorithm=visible(drawing.algorithm), ms=drawing.column_ms)
    field(t("show.waveform"), method, indent)
    for problem in drawing.problems:
        key = f"media.drawing_problem_{problem}"
        field(t("show.problem"), t(key) if fits(key) else visible(problem), f"{indent}  ")
    width = room(indent)
    levels = waveform.style().levels
    for number, peaks in enumerate(drawing.channels):
        name = f"{number} {short(names[number], _NAME)}" if number < len(names) else str(number)
        line(indent, t("noticesearch.channel", channel=name))
        console.exact((indent + waveform.loudness(peaks, width, levels)).rstrip())
    console.exact(indent + waveform.axis(drawing.column_ms * drawing.columns, width))


def room(before: str, least: int = _NARROWEST) -> int:
    """Columns of a drawing behind what stands before it in its row; at least so many."""
    return max(min(columns(), _WIDEST) - len(before), least)
