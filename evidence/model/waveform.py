"""A recording drawn when it was sealed: how loud it is from moment to moment (FORMAT.md, "Waveform")."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from evidence import strict

KIND = "waveform"
"""Of its record."""

MOST_COLUMNS = 3000
"""Columns of a channel, at most: as many bytes as the schema's longest text holds in base64."""

PROBLEMS = (
    "no_media",
    "not_started",
    "unreadable",
    "not_decodable",
    "no_sound",
    "damaged",
    "too_many_channels",
    "too_long",
    "out_of_memory",
    "crashed",
    "timeout",
)
"""Every code that Drawing.problems may hold; each has a message ``media.drawing_problem_<code>``."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How loud a recording is, in columns of one length from its beginning.

    Attributes:
        algorithm: name and version of the method; empty when nothing could be drawn.
        column_ms: length of a column; the last one may be shorter. 0 when nothing could be drawn.
        channels: for each channel a byte a column: the peak in it, 0 (silence) to 255 (full scale).
        problems: some of PROBLEMS: what kept from drawing (all of) it; empty for most.
    """

    algorithm: str = ""
    column_ms: int = 0
    channels: tuple[bytes, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns each channel has."""
        return len(self.channels[0]) if self.channels else 0

    @property
    def characters(self) -> int:
        """How long the channels are as text."""
        return len(self.channels) * 4 * -(-self.columns // 3)

    def within(self, most: int) -> Self:
        """The same in longer columns, at most ``most``; each has the highest peak of those it joins."""
        together = -(-self.columns // most)
        if together <= 1:
            return self
        channels = tuple(_merged(channel, together) for channel in self.channels)
        return replace(self, column_ms=together * self.column_ms, channels=channels)

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind, id and exhibit. ``from_document(to_document(x)) == x``."""
        return {
            "algorithm": self.algorithm,
            "column_ms": self.column_ms,
            "channels": [base64.b64encode(channel).decode("ascii") for channel in self.channels],
            "problems": list(self.problems),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The drawing in the fields of a record that the schema accepts.

        Raises:
            ValueError: base64 that isn't canonical.
        """
        return cls(
            algorithm=document["algorithm"],
            column_ms=document["column_ms"],
            channels=tuple(strict.base64_bytes(channel) for channel in document["channels"]),
            problems=tuple(document["problems"]),
        )


def _merged(channel: bytes, together: int) -> bytes:
    return bytes(max(channel[at : at + together]) for at in range(0, len(channel), together))
