"""Long sound is cut where it is quiet, and nothing of it is lost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.media.asr import pieces
from evidence.media.asr.pieces import LONGEST, RATE, Channel, Piece, Pieces

RNG = np.random.default_rng(6)
NOISE = RNG.integers(-3000, 3000, 2 * LONGEST + 12_345, dtype=np.int16)


def cut(sound: Channel, steps: list[int]) -> list[Piece]:
    taken, at = Pieces(), 0
    found: list[Piece] = []
    for step in steps:
        found += taken.feed(sound[at : at + step])
        at += step
    found += taken.feed(sound[at:])
    return [*found, *taken.finish(), *taken.finish()]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, NOISE.size), st.lists(st.integers(1, LONGEST), max_size=8))
def test_nothing_is_lost(size: int, steps: list[int]) -> None:
    sound = NOISE[:size]
    found = cut(sound, steps)
    assert sum(piece.samples.size for piece in found) == size
    at = 0
    for piece in found:
        assert piece.start == at
        assert np.array_equal(piece.samples, sound[at : at + piece.samples.size])
        assert 0 < piece.samples.size <= LONGEST
        at += piece.samples.size


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, LONGEST), max_size=5))
def test_the_cuts_depend_on_the_sound_alone(steps: list[int]) -> None:
    assert [piece.start for piece in cut(NOISE, steps)] == [piece.start for piece in cut(NOISE, [])]


def test_the_cut_is_in_the_pause() -> None:
    sound = NOISE.copy()
    pause = LONGEST - 20 * RATE
    sound[pause : pause + RATE // 2] = 0
    first, second, *_ = cut(sound, [])
    assert pause <= second.start <= pause + RATE // 2
    assert first.samples.size == second.start


def test_full_scale_is_not_quiet() -> None:
    """-32768 has no positive counterpart in 16 bits."""
    sound = np.full(LONGEST + 1, -32768, np.int16)
    sound[LONGEST - 10 * RATE :][:RATE] = 5
    assert LONGEST - 10 * RATE <= cut(sound, [])[1].start <= LONGEST - 9 * RATE


def test_a_piece_holds_several_windows() -> None:
    assert pieces.LONGEST >= 5 * 30 * RATE
