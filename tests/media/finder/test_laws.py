"""What holds for any sound."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.media.finder import Finder
from evidence.model.noticesearch import RESULTS, Match
from tests.media.finder.synthetic import NOTICE, Sound, found, reference, silence, syllables

CALL = np.concatenate([syllables(21, 5), NOTICE, syllables(22, 4)])


def in_pieces(call: Sound, cuts: list[int]) -> Match:
    finder = Finder([reference(NOTICE)], 0)
    for start, end in pairwise([0, *sorted(cuts), call.size]):
        finder.feed(call[start:end])
    return finder.finish()[0]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, CALL.size), max_size=12))
def test_it_does_not_matter_in_which_pieces_sound_comes(cuts: list[int]) -> None:
    assert in_pieces(CALL, cuts) == in_pieces(CALL, [])


def test_single_samples_are_pieces_too() -> None:
    call = CALL[40_000 - 500 : 40_000 + 32_500]
    finder = Finder([reference(NOTICE)], 0)
    for start in range(0, call.size, 3):
        finder.feed(call[start : start + 3])
    assert finder.finish() == [in_pieces(call, [])]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 60_000))
def test_silence_before_moves_the_place_and_nothing_else(samples: int) -> None:
    plain = found(CALL, reference(NOTICE))
    moved = found(np.concatenate([silence(samples / 8000), CALL]), reference(NOTICE))
    assert plain.at_ms is not None
    assert moved.result == plain.result
    assert moved.at_ms == pytest.approx(plain.at_ms + samples / 8, abs=1)
    assert moved.coverage == plain.coverage


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["float32", "int16"]),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9000), st.floats(-1, 1, width=32)), max_size=5),
)
def test_any_sound_gives_a_match_that_a_record_can_hold(
    kind: str, parts: list[tuple[int, int, float]]
) -> None:
    made = [_part(form, size, height) for form, size, height in parts]
    sound = np.concatenate([np.zeros(0), *made])
    call = sound.astype(np.float32) if kind == "float32" else np.round(sound * 32767).astype(np.int16)
    match = found(call, reference(NOTICE))
    assert match.result in RESULTS
    assert Match.from_document(match.to_document()) == match
    scores = [match.coverage, match.clause_coverage, match.correlation, match.similarity]
    assert all(0 <= score <= 1000 for score in scores)
    assert all(isinstance(number, int) for number in [*scores, match.speed_ppm, match.at_ms or 0])


def _part(form: int, size: int, height: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    time = np.arange(size)
    if form == 0:
        return np.full(size, height)
    if form < 4:
        return height * np.sin(time * form * form / 3)
    if form < 6:
        return height * np.sign(np.sin(time / form))
    if form < 8:
        return height * NOTICE[:size].astype(np.float64)
    return height * np.clip(np.random.default_rng(form).standard_normal(size), -1, 1)
