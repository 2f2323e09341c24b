"""What a search for the recording notice found in a recording's sound (FORMAT.md, "Notice search").

Scores are parts in a thousand, so that records hold no fractions.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from evidence import strict

FOUND = "found"
PARTIAL = "partial"
SIMILAR = "similar"
NOT_DETECTED = "not_detected"
RESULTS = (FOUND, PARTIAL, SIMILAR, NOT_DETECTED)
"""From the strongest to the weakest. NOT_DETECTED never says that nothing was played."""

MOST_SEGMENTS = 1200
"""Segments of one match, at most."""

MOST_CHANNELS = 8
"""Channels that are searched and drawn; of more, the first ones."""
MOST_COLUMNS = 600
"""Columns of a waveform, at most."""

PROBLEMS = (
    "no_media",
    "not_started",
    "unreadable",
    "not_decodable",
    "no_sound",
    "damaged",
    "too_many_channels",
    "announcement_unreadable",
    "out_of_memory",
    "crashed",
    "timeout",
)
"""Every code that NoticeSearch.problems may hold; each has a message ``media.search_problem_<code>``."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the announcement, looked for by itself.

    Attributes:
        start_ms: where it begins in the announcement.
        end_ms: where it ends there.
        score: how well it was found at its place, 0 to 1000.
        lag_ms: how much later (or earlier) than the place of the whole it was found.
        is_heard: whether it counts as heard.
    """

    start_ms: int
    end_ms: int
    score: int
    lag_ms: int
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Match:
    """The best place of one version of the notice in one channel.

    Attributes:
        version: id of the version in the notice register.
        channel: number of the channel, from 0, over all tracks.
        result: one of RESULTS.
        at_ms: where the announcement's beginning lies in the recording; below zero when the recording begins
            later than the announcement; None when nothing was detected.
        coverage: share of the announcement's speech that was heard, 0 to 1000.
        clause_coverage: share of the key clause's speech that was heard, 0 to 1000.
        correlation: of the sound with the announcement at that place, 0 to 1000.
        similarity: of their spectra there, 0 to 1000.
        speed_ppm: how much faster than the announcement it runs, in parts in a million.
        segments: what was looked for, in order.
    """

    version: str
    channel: int
    result: str
    at_ms: int | None = None
    coverage: int = 0
    clause_coverage: int = 0
    correlation: int = 0
    similarity: int = 0
    speed_ppm: int = 0
    segments: tuple[Segment, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """As a record has it. ``from_document(to_document(x)) == x``."""
        place = {} if self.at_ms is None else {"at_ms": self.at_ms}
        return {
            "version": self.version,
            "channel": self.channel,
            "result": self.result,
            **place,
            **{name: getattr(self, name) for name in _NUMBERS},
            "segments": [[s.start_ms, s.end_ms, s.score, s.lag_ms, int(s.is_heard)] for s in self.segments],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The match in a part of a document that the schema accepts."""
        segments = tuple(
            Segment(start, end, score, lag, bool(heard))
            for start, end, score, lag, heard in document["segments"]
        )
        return cls(**{**document, "segments": segments})


_NUMBERS = ("coverage", "clause_coverage", "correlation", "similarity", "speed_ppm")


@dataclass(frozen=True, slots=True)
class Waveform:
    """How loud the searched part is, for drawing.

    Attributes:
        column_ms: length of a column.
        channels: for each channel a byte a column: the peak of the samples in it, 0 (silence) to 255 (full).
    """

    column_ms: int
    channels: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class NoticeSearch:
    """One recording, searched.

    Attributes:
        algorithm: name and version of the method.
        searched_ms: how much of the recording was searched, from its beginning.
        is_whole: whether that was all of it.
        channels: how many channels were searched.
        matches: one for each version and channel, versions in the order in which they were added.
        waveform: of the searched part; None when nothing was decoded.
        problems: some of PROBLEMS: what kept from searching (all of) it; empty for most.
    """

    algorithm: str = ""
    searched_ms: int = 0
    is_whole: bool = False
    channels: int = 0
    matches: tuple[Match, ...] = ()
    waveform: Waveform | None = None
    problems: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind, id and exhibit. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {
            "algorithm": self.algorithm,
            "searched_ms": self.searched_ms,
            "is_whole": self.is_whole,
            "channels": self.channels,
            "matches": [match.to_document() for match in self.matches],
            "problems": list(self.problems),
        }
        if self.waveform is not None:
            peaks = [base64.b64encode(channel).decode("ascii") for channel in self.waveform.channels]
            document["waveform"] = {"column_ms": self.waveform.column_ms, "channels": peaks}
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The search in the fields of a record that the schema accepts.

        Raises:
            ValueError: base64 that isn't canonical.
        """
        drawn = document.get("waveform")
        peaks = tuple(strict.base64_bytes(channel) for channel in drawn["channels"]) if drawn else ()
        return cls(
            algorithm=document["algorithm"],
            searched_ms=document["searched_ms"],
            is_whole=document["is_whole"],
            channels=document["channels"],
            matches=tuple(Match.from_document(match) for match in document["matches"]),
            waveform=Waveform(drawn["column_ms"], peaks) if drawn else None,
            problems=tuple(document["problems"]),
        )
