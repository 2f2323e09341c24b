"""What a format reader finds in a recording, and the codes for what is odd about it."""

from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple, Protocol

MAX_INTEGER = 2**53 - 1
"""No claim is written larger than the documents of the format can hold."""
MAX_TAGS = 32
MAX_TEXT = 500
MAX_NAME = 64
"""Bounds of what is kept of a recording's tags: how many, and characters of a value and of a name."""
MAX_TRACKS = 32
"""Audio tracks that are told apart; of more, the first ones."""

CODECS = (
    "pcm_u8",
    "pcm_s8",
    "pcm_s16le",
    "pcm_s24le",
    "pcm_s32le",
    "pcm_f32le",
    "pcm_f64le",
    "pcm_s16be",
    "pcm_s24be",
    "pcm_s32be",
    "pcm_f32be",
    "pcm_f64be",
    "mulaw",
    "alaw",
    "gsm",
    "adpcm_ima",
    "adpcm_ms",
    "adpcm_vox",
    "g722",
    "g723_1",
    "g726",
    "g729",
    "ilbc",
    "siren7",
    "siren14",
    "mp3",
    "mp2",
    "aac",
    "alac",
    "flac",
    "opus",
    "vorbis",
    "speex",
    "amr_nb",
    "amr_wb",
    "wmav1",
    "wmav2",
    "wmapro",
    "wmavoice",
    "wmalossless",
    "unknown",
)
"""Each has a name in words, ``media.codec_<name>``."""
CONTAINERS = (
    "wav",
    "aiff",
    "au",
    "raw",
    "ilbc",
    "mp3",
    "adts",
    "flac",
    "ogg",
    "mp4",
    "amr",
    "asf",
    "matroska",
    "unknown",
)
METHODS = ("frames", "packets", "timestamps")
"""How samples are found: arithmetic over the bytes present; packets told apart without decoding them, each by
its own bytes; or, not counted, the container's time stamps. Each has words, ``show.method_<name>``."""
CLAIMS = (
    "header_samples",
    "fact_samples",
    "format_tag",
    "trailing_bytes",
    "container_milliseconds",
    "possible_padding",
)
"""Names of the integers that a format reader may note; each has words, ``show.claim_<name>``."""

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
    "damaged",
    "headerless",
    "not_what_its_name_says",
    "unknown_format",
    "not_audio",
    "encrypted",
    "has_video",
    "hidden_sound",
    "no_end_mark",
    "several_tracks",
    "analysis_not_installed",
    "tags_unreadable",
    "tags_shortened",
    "not_regular_file",
    "unreadable",
    "out_of_memory",
    "crashed",
    "timeout",
    "not_started",
)
"""Every code that RecordingFacts.problems may hold; each has a message ``media.problem_<code>``."""


class Track(NamedTuple):
    """A further audio track.

    Attributes:
        codec: one of CODECS.
        sample_rate: samples a second and channel; None when unknown.
        channels: number of channels; None when unknown.
        samples: samples a channel that are there; None when unknown.
    """

    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None


class Frames(NamedTuple):
    """The result of a format reader.

    Attributes:
        container: one of CONTAINERS.
        codec: one of CODECS.
        sample_rate: samples a second and channel; None when unknown.
        channels: number of channels; None when unknown.
        samples: samples a channel in the bytes present; None when unknown.
        claims: some of CLAIMS: what the header says (``header_samples``, ``fact_samples``, ``format_tag``,
            ``container_milliseconds``), the count of ``trailing_bytes``, and how many of the samples may be
            the codec's own padding (``possible_padding``); integers from 0 to MAX_INTEGER.
        problems: some of PROBLEMS.
        method: one of METHODS.
        tracks: the audio tracks after the first.
    """

    container: str = "unknown"
    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None
    claims: Mapping[str, int] = {}
    problems: tuple[str, ...] = ()
    method: str = "frames"
    tracks: tuple[Track, ...] = ()

    def followed_by(self, rest: int) -> "Frames":
        """The same, when so many bytes stand behind the sound that belong to nothing the format knows."""
        if rest <= 0:
            return self
        claims = {**self.claims, "trailing_bytes": min(rest, MAX_INTEGER)}
        return self._replace(claims=claims, problems=tuple(dict.fromkeys((*self.problems, "trailing_bytes"))))

    def to_message(self) -> dict[str, Any]:
        """The JSON object that goes from the media process to its parent."""
        return {**self._asdict(), "tracks": [track._asdict() for track in self.tracks]}


class FormatReader(Protocol):
    """Reads one container format from the first ``size`` bytes of a file; keeps no state."""

    def __call__(self, file: BinaryIO, size: int) -> Frames:
        """The frames present; ValueError when the file isn't of this format at all, OSError from the file."""


def differs(claimed: int, samples: int, rate: int) -> bool:
    """Whether a claimed length is more than half a second off the one that was counted."""
    return 2 * abs(claimed - samples) > rate
