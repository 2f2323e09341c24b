"""Peaks for drawing, against a slow way to count them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evidence.media.waveform import Peaks, waveform
from evidence.model.noticesearch import MOST_COLUMNS

FINEST = 80
sounds = arrays.arrays(np.int16, st.integers(0, 1000), elements=st.integers(-32768, 32767))


@given(sounds, st.lists(st.integers(0, 1000), max_size=5))
def test_a_byte_for_each_hundredth_of_a_second(
    sound: "np.ndarray[tuple[int], np.dtype[np.int16]]", cuts: list[int]
) -> None:
    """However the sound comes."""
    peaks = Peaks()
    for piece in np.split(sound, sorted(min(cut, sound.size) for cut in cuts)):
        peaks.feed(piece)
    values = [abs(int(sample)) for sample in sound]
    columns = [max(values[at : at + FINEST]) for at in range(0, len(values), FINEST)]
    assert [*peaks.finish()] == [int(peak * 255 / 32768 + 0.5) for peak in columns]


@pytest.mark.parametrize("count", [1, 599, 600, 601, 1199, 1200, 1201, 360_000])
def test_at_most_so_many_columns(count: int) -> None:
    chance = np.random.default_rng(count)
    finest = chance.integers(0, 256, count, np.uint8).tobytes()
    drawn = waveform([finest, b"\7"])
    assert drawn is not None
    step, rest = divmod(drawn.column_ms, 10)
    assert rest == 0
    assert drawn.channels[0] == bytes(max(finest[at : at + step]) for at in range(0, count, step))
    assert drawn.channels[1] == b"\7" + bytes(len(drawn.channels[0]) - 1)
    assert MOST_COLUMNS // 2 < len(drawn.channels[0]) <= MOST_COLUMNS or count < MOST_COLUMNS


def test_no_sound_is_not_drawn() -> None:
    assert waveform([]) is None
    assert waveform([b"", b""]) is None
