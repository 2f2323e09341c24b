"""Facts about a recording, as far as they were determined without decoding it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordingTrack:
    """An audio track after the first of a recording; fields as in RecordingFacts."""

    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the bytes of a recording are, and what its header and tags only claim.

    Attributes:
        container: ``wav``, ``mp3``, ``ogg``, ``mp4``, ``raw`` (no header at all) … or ``unknown``.
        codec: ``pcm_s16le``, ``mulaw``, ``gsm``, ``mp3``, ``opus`` … of the first track, or ``unknown``.
        sample_rate: samples a second and channel; None when unknown.
        channels: number of channels; None when unknown.
        samples: samples a channel that are really present; None when unknown.
        method: how ``samples`` was found: ``frames`` (arithmetic over the bytes present), ``packets``
            (packets told apart, each by its own bytes, not decoded), ``timestamps`` (not counted: the
            container's time stamps) or ``unknown``.
        claims: what header and tags say (untrusted text and integers, e.g. ``header_samples``).
        problems: codes such as ``header_length_differs``, ``truncated``, ``empty``, ``unreadable``,
            ``crashed``, ``timeout``.
        tracks: the audio tracks after the first, which the fields above describe.
    """

    container: str = "unknown"
    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None
    method: str = "unknown"
    claims: Mapping[str, int | str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    tracks: tuple[RecordingTrack, ...] = ()

    @property
    def milliseconds(self) -> int | None:
        """The duration in milliseconds, rounded down; None when it is unknown."""
        if self.samples is None or not self.sample_rate:
            return None
        return self.samples * 1000 // self.sample_rate

    @property
    def all_channels(self) -> int | None:
        """The channels of all tracks, numbered on from track to track; None when not all are known."""
        counts = [self.channels, *(track.channels for track in self.tracks)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None
