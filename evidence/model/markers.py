"""markers.json as it was read (schemas/markers.v1.schema.json). A marker is an allegation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from evidence.model import names

WAS = ("start_ms", "end_ms", "channel", "class", "words", "language", "confidence", "note")
"""What a correction may change, by the names in the document."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One asserted place in one recording.

    Attributes:
        recording: name of the file (evidence.model.names).
        start_ms: where it begins, milliseconds from the beginning of the recording.
        asserted_at: RFC 3339 text.
        marker_class: ``insult``, ``threat`` … (``class`` in the document).
        end_ms: where it ends; None for a point.
        channel: its number from 0, or its name in ``channels`` of the call; None when not said.
        source: file and line it was imported from, or empty.
        class_names: names of a class that isn't one of the seven, by language; empty for these.
        confidence: ``certain``, ``probable``, ``possible``; empty when not said.
        reviewed_by: who confirms it; empty when nobody did.
        reviewed_at: when, RFC 3339 text.
        withdrawn: who took it back, when and why; None while it holds.
        pressed: how the place of a hot key was reckoned; None for other markers.
        suggestion: what a program had suggested; None for other markers.
        corrections: what was changed later, the oldest first.
    """

    recording: str
    start_ms: int
    marker_class: str
    asserted_by: str
    asserted_at: str
    how: str
    end_ms: int | None = None
    channel: int | str | None = None
    words: str = ""
    language: str = ""
    note: str = ""
    source: str = ""
    class_names: Mapping[str, str] = field(default_factory=dict)
    confidence: str = ""
    reviewed_by: str = ""
    reviewed_at: str = ""
    withdrawn: Mapping[str, Any] | None = None
    pressed: Mapping[str, Any] | None = None
    suggestion: Mapping[str, Any] | None = None
    corrections: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The marker of a part of a document that the schema markers.v1 accepts.

        Raises:
            ValueError: a ``name_base64`` isn't canonical base64.
        """
        rest = {key: value for key, value in document.items() if key not in {"recording", "class"}}
        return cls(
            recording=names.from_document(document["recording"]), marker_class=document["class"], **rest
        )

    @property
    def document_name(self) -> str | dict[str, str]:
        """The recording as it stands in a document."""
        return names.to_document(self.recording)

    @property
    def last_ms(self) -> int:
        """The last millisecond that it speaks of."""
        return self.start_ms if self.end_ms is None else self.end_ms


def place_of_press(at: dt.datetime, offset_ms: int, call_started: dt.datetime) -> int:
    """Where in a recording a hot key was pressed: milliseconds from its beginning; below zero: before it.

    Args:
        at: time of the event by the clock that recorded it; aware.
        offset_ms: how far that clock was ahead of the one that timed the call's beginning.
        call_started: when the recording began; aware.
    """
    return (_whole(at) - _whole(call_started)) // dt.timedelta(milliseconds=1) - offset_ms


def _whole(time: dt.datetime) -> dt.datetime:
    """A time as records hold it: what is finer than a millisecond is cut off."""
    return time - dt.timedelta(microseconds=time.microsecond % 1000)
