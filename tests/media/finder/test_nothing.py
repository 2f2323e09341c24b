"""Where nothing was played nothing is found, and what can't be looked for is not found anywhere."""

import numpy as np
import pytest

from evidence.media.finder import RATE, Finder, Reference
from evidence.model.noticesearch import FOUND, NOT_DETECTED, Match
from tests.media.finder.synthetic import NOTICE, Sound, found, reference, silence, syllables

TIME = np.arange(20 * RATE) / RATE
NOISE = np.random.default_rng(31).standard_normal(TIME.size)
SIGNALS = {
    "empty": np.zeros(0),
    "one sample": np.ones(1),
    "shorter than a segment": 0.1 * NOISE[:3999],
    "silence": np.zeros(TIME.size),
    "constant": np.full(TIME.size, 0.9),
    "step": np.sign(TIME - 10),
    "tone": 0.5 * np.sin(2 * np.pi * 425 * TIME),
    "square": 0.9 * np.sign(np.sin(2 * np.pi * 100 * TIME + 0.1)),
    "clicks": (np.arange(TIME.size) % 801 == 0).astype(float),
    "noise": 0.1 * NOISE,
    "clipped noise": np.clip(100 * NOISE, -1, 1),
    "sweep": 0.3 * np.sin(2 * np.pi * (300 + 75 * TIME) * TIME),
    "other syllables": syllables(32, 20).astype(float),
    "itself backwards": np.resize(NOTICE[::-1], TIME.size).astype(float),
}


def nothing(match: Match) -> bool:
    return match == Match("n-1", 0, NOT_DETECTED)


@pytest.mark.parametrize("name", SIGNALS)
def test_nothing_is_found_where_nothing_was_played(name: str) -> None:
    assert nothing(found(SIGNALS[name].astype(np.float32), reference(NOTICE)))


@pytest.mark.parametrize("name", ["empty", "one sample", "silence", "constant", "tone", "square", "clicks"])
def test_an_announcement_that_fits_anywhere_is_found_nowhere(name: str) -> None:
    sound = SIGNALS[name].astype(np.float32)
    assert nothing(found(np.concatenate([silence(1), sound, NOTICE]), reference(sound)))


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.5, 0.7])
def test_an_announcement_of_a_few_syllables_is_found_nowhere(seconds: float) -> None:
    sound = syllables(33, seconds)
    assert nothing(found(np.concatenate([silence(1), sound, silence(1)]), reference(sound, (0, 100))))


def test_speech_behind_a_tone_is_looked_for_without_the_tone() -> None:
    tone = (0.3 * np.sin(2 * np.pi * 425 * TIME[: 2 * RATE])).astype(np.float32)
    whole = np.concatenate([tone, NOTICE])
    match = found(np.concatenate([silence(2), whole, silence(1)]), reference(whole, (4000, 6000)))
    assert (match.result, match.at_ms) == (FOUND, 2000)
    assert min(segment.end_ms for segment in match.segments) > 1500
    fading = np.resize(tone, 20 * RATE) * np.linspace(1, 0, 20 * RATE, dtype=np.float32)
    assert nothing(found(fading, reference(whole, (4000, 6000))))


def test_without_announcements_there_are_no_matches() -> None:
    finder = Finder([], 0)
    finder.feed(NOTICE)
    assert finder.finish() == []


def test_nothing_fed_is_nothing_found() -> None:
    assert [nothing(match) for match in Finder([reference(NOTICE)], 0).finish()] == [True]


@pytest.mark.parametrize("clause", [(0, 0), (4000, 4000), (3990, 4000), (9000, 9999), (-5, -1)])
def test_a_clause_without_speech_is_never_heard(clause: tuple[int, int]) -> None:
    match = found(np.concatenate([silence(1), NOTICE]), reference(NOTICE, clause))
    assert match.clause_coverage == 0
    assert match.result != FOUND


def test_a_long_announcement_is_looked_for_in_longer_pieces() -> None:
    long = syllables(34, 120)
    match = found(np.concatenate([silence(30), long]), Reference("n-1", long, 60_000, 70_000))
    assert (match.result, match.at_ms, match.coverage) == (FOUND, 30_000, 1000)
    assert match.segments[0].end_ms - match.segments[0].start_ms == 500
    assert len(match.segments) <= 250


def _other(seed: int) -> Sound:
    return syllables(100 + seed, 12)


@pytest.mark.parametrize("seed", range(6))
def test_other_syllables_are_nothing(seed: int) -> None:
    assert nothing(found(_other(seed), reference(NOTICE)))
