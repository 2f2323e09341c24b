"""Facts about a recording, as far as they were determined without decoding it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the bytes of a recording are, and what its header and tags only claim.

    Attributes:
        container: ``wav`` or ``unknown``.
        codec: ``pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le mulaw alaw gsm …`` or ``unknown``.
        sample_rate: samples a second and channel; None when unknown.
        channels: number of channels; None when unknown.
        samples: samples a channel that are really present; None when unknown.
        method: how ``samples`` was found: ``frames`` (arithmetic over the bytes present) or ``unknown``.
        claims: what header and tags say (untrusted text and integers, e.g. ``header_samples``).
        problems: codes such as ``header_length_differs``, ``truncated``, ``empty``, ``unreadable``,
            ``crashed``, ``timeout``.
    """

    container: str = "unknown"
    codec: str = "unknown"
    sample_rate: int | None = None
    channels: int | None = None
    samples: int | None = None
    method: str = "unknown"
    claims: Mapping[str, int | str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def milliseconds(self) -> int | None:
        """The duration in milliseconds, rounded down; None when it is unknown."""
        if self.samples is None or not self.sample_rate:
            return None
        return self.samples * 1000 // self.sample_rate
