"""What containers say of themselves, read before a demuxer sees them: encryption, length, edit lists.

The readers (mp4, matroska, asf, streams) look at a bounded number of parts and believe no size; what they
can't follow they leave out.
"""

from collections.abc import Mapping
from typing import NamedTuple

MAX_PARTS = 2000


class Edit(NamedTuple):
    """The part of a track that an MP4 file wants played, in seconds: where it begins, and how long it is."""

    start: float
    length: float


class Inside(NamedTuple):
    """What a container says.

    Attributes:
        encrypted: whether its sound is said to be encrypted.
        milliseconds: how long it is said to be; None when it doesn't say.
        samples: how many samples a channel its first track is said to have; None when it doesn't say.
        edits: for tracks of MP4 with an edit list, by track id, what is to be played; None for a list of
            more than one part.
        cut: whether it announces more bytes than there are.
        ended: whether the mark that closes it is there; True for containers without one.
        damaged: whether parts of it have a wrong checksum, or none where one begins.
        ambiguous: whether what can stand in it once stands there again.
        contradictory: whether a later part states another coding than the first.
        rest: bytes of another file that stands behind it.
    """

    encrypted: bool = False
    milliseconds: int | None = None
    samples: int | None = None
    edits: Mapping[int, Edit | None] = {}
    cut: bool = False
    ended: bool = True
    damaged: bool = False
    ambiguous: bool = False
    contradictory: bool = False
    rest: int = 0
