"""What a speech recogniser made of a recording: a transcript for each channel."""

from dataclasses import dataclass

from evidence.model.transcript import Transcript

FATAL = (
    "no_asr",
    "not_started",
    "unreadable",
    "not_decodable",
    "no_sound",
    "model_unusable",
    "language_unknown",
    "out_of_memory",
    "crashed",
    "timeout",
)
"""Codes of what leaves no transcript."""
PARTIAL = ("damaged", "too_many_channels")
"""Codes of what leaves one that lacks something."""
PROBLEMS = (*FATAL, *PARTIAL)
"""Every code that Recognition.problems may hold; each has a message ``asr.problem_<code>``."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was heard in a recording.

    Attributes:
        transcripts: the number of each channel that was listened to, from 0, and what was said in it; a
            channel that holds exactly what one before it does is left out. One in which nobody speaks has no
            cues.
        channels: how many channels the recording has.
        length_ms: the length of its longest channel, milliseconds.
        is_whole: whether all of its sound could be decoded.
        problems: codes of PROBLEMS.
        detail: the recogniser's own words about a model that it can't use, in English; untrusted, mostly
            empty.
    """

    transcripts: tuple[tuple[int, Transcript], ...] = ()
    channels: int = 0
    length_ms: int = 0
    is_whole: bool = False
    problems: tuple[str, ...] = ()
    detail: str = ""
