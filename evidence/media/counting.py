"""From bytes of sound to samples, for formats that are made of blocks of one size."""

from collections.abc import Collection, Mapping
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


class Stretch(NamedTuple):
    """Where sound of one coding stands in a file: from which byte on, and how many bytes."""

    layout: Layout
    start: int
    size: int


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
        is_partial = layout.codec != "g726" and sound % layout.block_bytes != 0
        problems += length_problems(layout.sample_rate, samples, claims, problems, is_partial=is_partial)
    return Frames(
        container,
        layout.codec,
        layout.sample_rate or None,
        layout.channels or None,
        samples,
        {name: min(claim, MAX_INTEGER) for name, claim in claims.items()},
        tuple(dict.fromkeys(problems)),
    )


def length_problems(
    sample_rate: int, samples: int, claims: Mapping[str, int], known: Collection[str], *, is_partial: bool
) -> list[str]:
    """What is odd about a length; a rest of a frame is no news where the recording broke off.

    Args:
        sample_rate: samples a second.
        samples: samples a channel that are there.
        claims: what the header says.
        known: problems that were noted before.
        is_partial: whether the last unit is cut off.
    """
    found = []
    if any(differs(claim, samples, sample_rate) for claim in claims.values()):
        found.append("header_length_differs")
    if not samples:
        found.append("empty")
    if is_partial and not {"truncated", "unfinished_header"} & set(known):
        found.append("partial_frame")
    return found
