"""From bytes of sound to samples, for formats that are made of blocks of one size."""

from collections.abc import Mapping
from typing import NamedTuple

from evidence.media.frames import MAX_INTEGER, Frames, differs


class Layout(NamedTuple):
    """How sound of one coding lies in a file.

    Attributes:
        codec: one of frames.CODECS.
        sample_rate: samples a second and channel; 0 when unknown.
        channels: number of channels; 0 when unknown.
        block_bytes: bytes of the smallest whole unit; 0 when it can't be counted.
        block_samples: samples a channel in it.
        problem: ``contradictory_format``, ``unsupported_codec`` or empty.
    """

    codec: str
    sample_rate: int
    channels: int
    block_bytes: int
    block_samples: int
    problem: str


def counted(
    container: str, layout: Layout, sound: int | None, claims: Mapping[str, int], problems: list[str]
) -> Frames:
    """What so many bytes of sound are.

    Args:
        container: where they stand.
        layout: how they lie there.
        sound: how many there are; None when the part that holds them is missing.
        claims: what the header says; lengths are compared with the count.
        problems: what was noted before.
    """
    problems = [*problems, *([layout.problem] if layout.problem else [])]
    samples = None
    if sound is None:
        problems.append("no_data")
    elif layout.block_bytes:
        whole = 1 if layout.codec == "g726" else layout.block_bytes  # G.726 is a stream of bits
        samples = sound // whole * whole * layout.block_samples // layout.block_bytes
        problems += _length_problems(layout, sound, samples, claims, problems)
    return Frames(
        container,
        layout.codec,
        layout.sample_rate or None,
        layout.channels or None,
        samples,
        {name: min(claim, MAX_INTEGER) for name, claim in claims.items()},
        tuple(dict.fromkeys(problems)),
    )


def _length_problems(
    layout: Layout, sound: int, samples: int, claims: Mapping[str, int], known: list[str]
) -> list[str]:
    found = []
    if any(differs(claim, samples, layout.sample_rate) for claim in claims.values()):
        found.append("header_length_differs")
    if not samples:
        found.append("empty")
    if (
        layout.codec != "g726"
        and sound % layout.block_bytes
        and not {"truncated", "unfinished_header"} & set(known)
    ):
        found.append("partial_frame")
    return found
