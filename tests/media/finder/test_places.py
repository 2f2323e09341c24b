"""Announcements put at known places are found there."""

import numpy as np
import pytest

from evidence.media.finder import RATE, Finder
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL, SIMILAR
from tests.media.finder.synthetic import NOTICE, found, reference, silence, syllables

TALK = syllables(2, 30)


def test_the_place_of_a_clean_one_is_exact() -> None:
    call = np.concatenate([TALK[:80_008], NOTICE, TALK[80_008:]])
    match = found(call, reference(NOTICE))
    assert (match.result, match.at_ms, match.speed_ppm) == (FOUND, 10_001, 0)
    assert (match.coverage, match.clause_coverage) == (1000, 1000)
    assert all(segment.is_heard and abs(segment.lag_ms) <= 1 for segment in match.segments)


def test_segments_lie_in_the_announcement_in_order() -> None:
    segments = found(NOTICE, reference(NOTICE)).segments
    borders = [border for segment in segments for border in (segment.start_ms, segment.end_ms)]
    assert borders == sorted(borders)
    assert borders[0] >= 0
    assert borders[-1] <= 4000


def test_a_recording_that_begins_too_late_has_a_place_before_its_beginning() -> None:
    match = found(np.concatenate([NOTICE[8000:], TALK]), reference(NOTICE))
    assert match.at_ms == -1000
    assert match.result == FOUND
    assert match.clause_coverage == 1000


def test_one_at_the_very_end_is_found() -> None:
    match = found(np.concatenate([TALK, NOTICE]), reference(NOTICE))
    assert (match.result, match.at_ms) == (FOUND, 30_000)


@pytest.mark.parametrize("start", [262_144 - 16_000, 262_144 - 1, 262_144, 262_144 + 5])
def test_one_on_a_border_of_what_is_searched_at_a_time_is_found(start: int) -> None:
    call = np.concatenate([syllables(3, 33), syllables(4, 7)])
    call[start : start + NOTICE.size] = NOTICE
    assert found(call, reference(NOTICE)).at_ms == pytest.approx(start / 8, abs=1)


def test_whole_numbers_are_taken_for_samples() -> None:
    call = np.concatenate([silence(1), NOTICE, silence(1)])
    whole = np.round(call * 32768).astype(np.int16)
    match = found(whole, reference(NOTICE))
    assert (match.result, match.at_ms) == (FOUND, 1000)


def test_one_upside_down_is_found() -> None:
    assert found(-NOTICE, reference(NOTICE)).result == FOUND


@pytest.mark.parametrize("decibel", [-30, -20, 20])
def test_the_level_does_not_matter(decibel: int) -> None:
    quiet = np.clip(NOTICE * np.float32(10 ** (decibel / 20)), -1, 1)
    match = found(np.concatenate([silence(2), quiet]), reference(NOTICE))
    assert (match.result, match.at_ms) == (FOUND, 2000)


def test_without_the_key_clause_it_is_only_similar() -> None:
    match = found(np.concatenate([silence(2), NOTICE[:16_000], TALK]), reference(NOTICE))
    assert (match.result, match.at_ms, match.clause_coverage) == (SIMILAR, 2000, 0)
    assert 300 <= match.coverage <= 600


def test_the_key_clause_alone_is_a_part() -> None:
    match = found(np.concatenate([TALK, NOTICE[16_000:], TALK]), reference(NOTICE))
    assert (match.result, match.at_ms, match.clause_coverage) == (PARTIAL, 28_000, 1000)


def test_half_the_key_clause_is_not_found() -> None:
    match = found(np.concatenate([TALK, NOTICE[:22_000], TALK]), reference(NOTICE))
    assert match.result in {PARTIAL, SIMILAR}
    assert match.at_ms == 30_000
    assert match.clause_coverage <= 500


@pytest.mark.parametrize("percent", [-2, -1, 0.1, 1, 2])
def test_faster_and_slower_ones_are_found(percent: float) -> None:
    rate = 1 + percent / 100
    fine = np.fft.irfft(np.fft.rfft(NOTICE), 8 * NOTICE.size) * 8
    places = np.arange(int(NOTICE.size / rate)) * (8 * rate)
    played = np.interp(places, np.arange(fine.size), fine).astype(np.float32)
    match = found(np.concatenate([silence(3), played, silence(2)]), reference(NOTICE))
    assert match.result == FOUND
    assert match.at_ms == pytest.approx(3000, abs=2)
    assert match.speed_ppm == pytest.approx(percent * 10_000, abs=1000)


def test_lost_and_doubled_packets_shift_the_rest() -> None:
    parts = np.split(NOTICE, [8000, 8160, 16_000, 16_160])
    played = np.concatenate([parts[0], parts[2], parts[3], parts[3], parts[4]])
    match = found(np.concatenate([silence(1), played, silence(1)]), reference(NOTICE))
    assert (match.result, match.at_ms) == (FOUND, 1000)
    lags = [segment.lag_ms for segment in match.segments if segment.is_heard]
    assert {lag for lag in lags if abs(lag) > 1} == {-20}
    assert abs(lags[0]) <= 1
    assert abs(lags[-1]) <= 1


def test_of_two_the_stronger_grade_wins_though_it_is_later_and_noisier() -> None:
    noise = np.random.default_rng(7).standard_normal(NOTICE.size).astype(np.float32) * np.float32(0.05)
    call = np.concatenate([NOTICE[:16_000], TALK, NOTICE + noise, TALK])
    match = found(call, reference(NOTICE))
    assert (match.result, match.at_ms) == (FOUND, 32_000)


def test_several_announcements_are_looked_for_at_once() -> None:
    others = [syllables(seed, 3) for seed in (11, 12)]
    call = np.concatenate([silence(1), others[1], silence(1), NOTICE, silence(1)])
    finder = Finder([reference(sound) for sound in (NOTICE, *others)], 1)
    finder.feed(call)
    matches = finder.finish()
    assert [match.result for match in matches] == [FOUND, NOT_DETECTED, FOUND]
    assert [match.at_ms for match in matches] == [5000, None, 1000]
    assert {match.channel for match in matches} == {1}


def test_a_second_under_noise_of_the_same_power_is_found_at_its_place() -> None:
    noise = np.random.default_rng(8).standard_normal(20 * RATE).astype(np.float32) * np.float32(0.06)
    noise[40_000:72_000] += NOTICE
    match = found(noise, reference(NOTICE))
    assert match.result == FOUND
    assert match.at_ms == pytest.approx(5000, abs=1)
