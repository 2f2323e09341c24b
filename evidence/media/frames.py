"""What a format reader finds in a recording, and the codes for what is odd about it."""

from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple, Protocol

MAX_INTEGER = 2**53 - 1
"""No claim is written larger than the documents of the format can hold."""
MAX_TAGS = 32
MAX_TEXT = 500
MAX_NAME = 64
"""Bounds of what is kept of a recording's tags: how many, and characters of a value and of a name."""

CODECS = (
    "pcm_u8",
    "pcm_s16le",
    "pcm_s24le",
    "pcm_s32le",
    "pcm_f32le",
    "pcm_f64le",
    "mulaw",
    "alaw",
    "gsm",
    "unknown",
)
CONTAINERS = ("wav", "unknown")

PROBLEMS = (
    "header_length_differs",
    "truncated",
    "unfinished_header",
    "empty",
    "partial_frame",
    "trailing_bytes",
    "ambiguous_chunks",
    "too_many_chunks",
    "no_format",
    "contradictory_format",
    "unsupported_codec",
    "no_data",
    "tags_unreadable",
    "tags_shortened",
    "not_regular_file",
    "unreadable",
    "crashed",
    "timeout",
    "not_started",
)
"""Every code that RecordingFacts.problems may hold; each has a message ``media.problem_<code>``."""


class Frames(NamedTuple):
    """The result of a format reader.

    Attributes:
        container: one of CONTAINERS.
        codec: one of CODECS.
        sample_rate: samples a second and channel; None when unknown.
        channels: number of channels; None when unknown.
        samples: samples a channel in the bytes present; None when unknown.
        claims: what the header says (``header_samples``, ``fact_samples``, ``format_tag``) and the count of
            ``trailing_bytes``; integers from 0 to MAX_INTEGER.
        problems: some of PROBLEMS.
    """

    container: str = "unknown"
    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None
    claims: Mapping[str, int] = {}
    problems: tuple[str, ...] = ()

    def to_message(self) -> dict[str, Any]:
        """The JSON object that goes from the media process to its parent."""
        return self._asdict()


class FormatReader(Protocol):
    """Reads one container format from the first ``size`` bytes of a file; keeps no state."""

    def __call__(self, file: BinaryIO, size: int) -> Frames:
        """The frames present; ValueError when the file isn't of this format at all, OSError from the file."""
