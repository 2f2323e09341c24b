"""The announcement, prepared: which of its pieces can be looked for, and its spectra."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.spectra import RATE, Floats, flattened

WINDOW = RATE // 2
"""Samples around a piece's middle that are compared."""
_PIECE = RATE // 4
_MOST_PIECES = 240
"""Longer announcements than a minute are cut into longer pieces, of which the middles are compared."""
_MOST_SEARCHED = 12
_QUIET = 0.25
"""Of the announcement's loudness: pieces below are its pauses."""
_REPEATS = 0.6
"""Correlation of a window with itself 5 to 250 ms later. Flat speech has 0.1 to 0.3, synthetic voices up
to 0.46; tones, chords and clicks have nearly 1 and fit anywhere."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An announcement as it was registered.

    Attributes:
        id: its version in the notice register.
        samples: mono, 8 kHz, int16 or float32 in [-1, 1].
        clause_start_ms: where its key clause begins.
        clause_end_ms: where that ends.
    """

    id: str
    samples: NDArray[Any]
    clause_start_ms: int
    clause_end_ms: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech of the announcement, in samples.

    Attributes:
        start: where it begins.
        end: where it ends.
        window: where the samples around its middle begin that are compared.
        clause: how many of its samples belong to the key clause.
    """

    start: int
    end: int
    window: int
    clause: int


class Announcement:
    """What searching needs of a reference.

    Attributes:
        size: its samples.
        flat: itself, flat.
        bands: its bands.
        pieces: those that can be looked for, in order.
        clauses: how many samples of each belong to the key clause.
        searched: those of them that are looked for everywhere; the others only near candidates.
    """

    def __init__(self, reference: Reference) -> None:
        sound = as_floats(reference.samples)
        self.id = reference.id
        self.size = sound.size
        self.flat, self.bands = flattened(sound)
        clause = (reference.clause_start_ms * RATE // 1000, reference.clause_end_ms * RATE // 1000)
        self.pieces = tuple(_pieces(sound, self.flat, clause))
        self.clauses = np.array([piece.clause for piece in self.pieces], np.int64)
        self.searched = _some(self.pieces)

    def window(self, piece: Piece) -> Floats:
        """The flat sound of a piece's window."""
        return self.flat[piece.window : piece.window + WINDOW]

    @cached_property
    def windows(self) -> Floats:
        """The flat sound of the searched pieces' windows, each of power 1 altogether."""
        rows = np.stack([self.window(piece) for piece in self.searched])
        return normalised(rows)


def as_floats(samples: NDArray[Any]) -> Floats:
    """Samples as float32 in [-1, 1]; int16 is scaled."""
    if samples.dtype == np.int16:
        return samples.astype(np.float32) / np.float32(32768)
    return samples.astype(np.float32, copy=False)


def normalised(rows: Floats) -> Floats:
    """Each row with a sum of squares of 1, or of 0 where it was 0."""
    power = np.sqrt((rows.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    of_power_1: Floats = (rows / np.maximum(power, 1e-9)).astype(np.float32)
    return of_power_1


def _pieces(sound: Floats, flat: Floats, clause: tuple[int, int]) -> list[Piece]:
    made = _cut(sound.size, clause)
    power = [float((sound[piece.start : piece.end].astype(np.float64) ** 2).mean()) for piece in made]
    return [
        piece
        for piece, loud in zip(made, power, strict=True)
        if loud > _QUIET**2 * _loudness(power) and _is_distinct(flat[piece.window : piece.window + WINDOW])
    ]


def _cut(size: int, clause: tuple[int, int]) -> list[Piece]:
    """Pieces of what is before the clause, of the clause and of what is behind it.

    Their windows stay on their side, or the clause would be heard where the announcement ends before it.
    """
    length = max(_PIECE, -(-size // _MOST_PIECES))
    borders = [0, *(min(max(0, border), size) for border in clause), size]
    made = []
    for start, end in pairwise(borders):
        room = (start, end) if end - start >= WINDOW else (0, size)
        for begin in range(start, end - _PIECE // 2, length):
            until = min(begin + length, end)
            window = min(max(room[0], (begin + until - WINDOW) // 2), room[1] - WINDOW)
            made.append(
                Piece(begin, until, window, until - begin if start == borders[1] and end == borders[2] else 0)
            )
    return made if size >= WINDOW else []


def _loudness(power: Sequence[float]) -> float:
    """Mean power of the louder half."""
    louder = sorted(power)[len(power) // 2 :]
    return sum(louder) / len(louder)


def _is_distinct(window: Floats) -> bool:
    """Whether a window fits at one place only, because it doesn't repeat itself."""
    power = np.abs(np.fft.rfft(window.astype(np.float64), 4 * WINDOW)) ** 2
    lags = np.fft.irfft(power)[: WINDOW // 2 + 1]
    overlap = WINDOW - np.arange(lags.size)
    likeness = np.abs(lags) * WINDOW / overlap
    return bool(lags[0] > 1e-6 and likeness[RATE // 200 :].max() < _REPEATS * lags[0])


def _some(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """At most so many, evenly over all of them; every second one where that is enough, as windows overlap."""
    count = min(_MOST_SEARCHED, -(-len(pieces) // 2))
    if not count:
        return ()
    chosen = np.linspace(0, len(pieces) - 1, count).round().astype(int)
    return tuple(pieces[int(place)] for place in chosen)
