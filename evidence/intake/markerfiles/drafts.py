"""What all marker files are read into, how much of it, and how a mistake in them is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.errors import FormatError, UsageError
from evidence.intake import positions
from evidence.messages import t
from evidence.text import visible

MAX_DRAFTS = 2000
"""Most markers of one file, as in schemas/markers.v1.schema.json."""

MAX_BYTES = 4 * 1024 * 1024
"""Longest marker file that is read, in bytes."""

MAX_WORDS = 4000
"""Most characters of the words or the note of one marker."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """One marker as its file tells it; texts are untrusted, and empty where the file says nothing.

    Attributes:
        line: where it begins: number of the line, in JSON of the marker, from 1.
        start_ms: where it begins, milliseconds from the beginning of the recording.
        end_ms: where it ends, not before its start; None for a point.
        words: the words.
        recording: name of the recording's file (evidence.model.names).
        channel: its number from 0, or its name; None when not said.
        marker_class: code of the class: ``insult``, ``threat`` …
        asserted_by: who asserts it.
        asserted_at: when, RFC 3339 text.
        how: ``hot_key``, ``listened``, ``transcript_confirmed`` or ``other``.
        language: BCP 47 tag of the words' language.
        note: anything else.
        speaker: who is heard, as the file names them: perhaps the name of a channel, or ``channel 1``.
        media: name of the recording's file as the file links it, which may be that of a copy.
        more: further fields of the marker, as they stand in its document (schemas/markers.v1.schema.json).
        is_whole: whether ``more`` is all of the marker, since its file is a document of ours.
    """

    line: int
    start_ms: int
    end_ms: int | None
    words: str
    recording: str = ""
    channel: int | str | None = None
    marker_class: str = ""
    asserted_by: str = ""
    asserted_at: str = ""
    how: str = ""
    language: str = ""
    note: str = ""
    speaker: str = ""
    media: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False


def shown(text: str) -> str:
    """Untrusted text fit for a message: visible, and cut to 40 characters of it."""
    return visible(text) if len(text) <= _SHOWN else f"{visible(text[:_SHOWN])}…"


def wrong(file: str, line: int, reason: str, text: str = "", **values: str | int) -> FormatError:
    """What to raise for a line that can't be read.

    Args:
        file: name of the file; untrusted.
        line: from 1.
        reason: name of the message; its hint is named ``…_hint``.
        text: what stands there; untrusted.
        values: further values of the message, fit to be shown.
    """
    said = t(reason, text=shown(text), **values)
    return FormatError(
        t("markerfiles.at_line", file=shown(file), line=line, reason=said), t(f"{reason}_hint", **values)
    )


def position(file: str, line: int, text: str) -> int:
    """The position that stands in a line (evidence.intake.positions).

    Raises:
        FormatError: it is none.
    """
    try:
        return positions.parse(text)
    except UsageError as error:
        raise passed_on(file, line, error) from error


def passed_on(file: str, line: int, error: UsageError) -> FormatError:
    """What to raise for a value that another reader refuses: the same, with its line."""
    return FormatError(
        t("markerfiles.at_line", file=shown(file), line=line, reason=error.message), error.hint
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends; LF, CRLF and CR end a line, nothing else does."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
