"""The path of delays against all paths, tried one by one."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.media.finder import path


def best_of_all(peaks: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> float:
    """The most any path makes: steps of one bin are free, whole packets of 40 bins cost 0.06 each, others can't be."""
    best = -1.0
    for places in product(range(peaks.shape[1]), repeat=peaks.shape[0]):
        total = float(sum(peaks[row, place] for row, place in enumerate(places)))
        for before, after in pairwise(places):
            packets = round(abs(after - before) / 40)
            if abs(abs(after - before) - 40 * packets) > 1 or packets > 3:
                total = -1.0
                break
            total -= 0.06 * packets
        best = max(best, total)
    return best


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_no_path_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    peaks = (rng.random((3, 44)) * 0.3).astype(np.float32)
    chosen = path.cheapest(peaks)
    total = sum(float(peaks[row, place]) for row, place in enumerate(chosen))
    steps = np.abs(np.diff(chosen))
    total -= 0.06 * float(np.round(steps / 40).sum())
    assert np.all(np.abs(steps - 40 * np.round(steps / 40)) <= 1)
    assert total == pytest.approx(best_of_all(peaks), abs=1e-5)


def test_steady_is_the_stretch_with_most_and_what_comes_back_to_it() -> None:
    places = np.array([10, 10, 50, 50, 51, 51, 11, 91])
    scores = np.array([0.5, 0.5, 0.2, 0.2, 0.2, 0.2, 0.1, 0.3], np.float32)
    assert path.steady(places, scores).tolist() == [True, True, False, False, False, False, True, False]
