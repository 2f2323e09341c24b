"""Calls in which an announcement was played, under all conditions that must hold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evidence.media.finder import RATE
from tests.benchmarks.finder import damage
from tests.benchmarks.finder.announcements import Announcement, conversation, other_prompts
from tests.benchmarks.finder.sounds import Sound

_CALL = 24
"""Seconds of a call."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with an announcement in it.

    Attributes:
        before: what is heard before it.
        played: the announcement, or what of it is played.
        after: what is heard after it.
        skipped: samples of the announcement that are missing at its beginning.
    """

    before: Sound
    played: Sound
    after: Sound
    skipped: int = 0

    def sound(self) -> Sound:
        """All of it."""
        return np.concatenate([self.before, self.played, self.after])

    def at(self) -> float:
        """Milliseconds from the call's beginning to the announcement's."""
        return (self.before.size - self.skipped) * 1000 / RATE


Condition = Callable[[Call, np.random.Generator], tuple[Sound, float]]
"""Makes of a call the recording, and where the announcement begins in it, in milliseconds."""


def coded(codec: str) -> Condition:
    return lambda call, rng: (damage.coded(call.sound(), codec), call.at())  # noqa: ARG005


def noisy(decibel: float, codec: str = "gsm") -> Condition:
    return lambda call, rng: (damage.coded(damage.noisy(call.sound(), decibel, rng), codec), call.at())


def talked_over(decibel: float, codec: str = "gsm") -> Condition:
    def condition(call: Call, rng: np.random.Generator) -> tuple[Sound, float]:
        voice = conversation(int(rng.integers(8)), 20)
        return damage.coded(damage.mixed(call.sound(), voice, decibel), codec), call.at()

    return condition


def babble(decibel: float) -> Condition:
    def condition(call: Call, rng: np.random.Generator) -> tuple[Sound, float]:
        voices = [np.roll(conversation(number, 20), int(rng.integers(20 * RATE))) for number in range(6)]
        return damage.coded(damage.mixed(call.sound(), np.sum(voices, axis=0), decibel), "gsm"), call.at()

    return condition


def level(decibel: float) -> Condition:
    return lambda call, rng: (  # noqa: ARG005
        damage.coded(call.sound() * np.float32(10 ** (decibel / 20)), "gsm"),
        call.at(),
    )


def clipped(call: Call, _rng: np.random.Generator) -> tuple[Sound, float]:
    return damage.coded(np.clip(call.sound() * np.float32(10), -1, 1), "mulaw"), call.at()


def lossy(share: float, *, concealed: bool) -> Condition:
    return lambda call, rng: (
        damage.coded(damage.lossy(call.sound(), share, rng, concealed=concealed), "gsm"),
        call.at(),
    )


def jittered(share: float) -> Condition:
    def condition(call: Call, rng: np.random.Generator) -> tuple[Sound, float]:
        before, rest = damage.jittered(call.before, share, rng), np.concatenate([call.played, call.after])
        there = np.concatenate([before, damage.jittered(rest, share, rng)])
        return damage.coded(there, "gsm"), before.size * 1000 / RATE

    return condition


def faster(ppm: float, codec: str = "gsm") -> Condition:
    return lambda call, rng: (  # noqa: ARG005
        damage.coded(damage.faster(call.sound(), ppm), codec),
        call.at() / (1 + ppm / 1e6),
    )


def cut_beginning(share: float) -> Condition:
    """The recording begins when this share of the announcement is over."""

    def condition(call: Call, _rng: np.random.Generator) -> tuple[Sound, float]:
        skipped = int(call.played.size * share)
        left = Call(call.before[:0], call.played[skipped:], call.after, skipped)
        return damage.coded(left.sound(), "gsm"), left.at()

    return condition


def cut_end(seconds: float) -> Condition:
    """The announcement is broken off after so many seconds."""

    def condition(call: Call, _rng: np.random.Generator) -> tuple[Sound, float]:
        left = Call(call.before, call.played[: int(seconds * RATE)], call.after)
        return damage.coded(left.sound(), "gsm"), left.at()

    return condition


def only(seconds: float) -> Condition:
    """So many seconds are heard, the loudest."""

    def condition(call: Call, _rng: np.random.Generator) -> tuple[Sound, float]:
        size = int(seconds * RATE)
        power = np.concatenate([[0.0], np.cumsum(call.played.astype(np.float64) ** 2)])
        start = int(np.argmax(power[size:] - power[:-size])) if call.played.size > size else 0
        left = Call(call.before, call.played[start : start + size], call.after, start)
        return damage.coded(left.sound(), "gsm"), left.at()

    return condition


CONDITIONS: dict[str, Condition] = {
    **{
        f"codec {name}": coded(name)
        for name in ("pcm", "mulaw", "alaw", "adpcm", "g722", "mp3", "gsm", "opus", "amr")
    },
    **{f"noise {value} dB, GSM": noisy(value) for value in (10, 0, -3, -6)},
    "noise 0 dB, mu-law": noisy(0, "mulaw"),
    "noise 0 dB, AMR": noisy(0, "amr"),
    "babble 0 dB, GSM": babble(0),
    **{f"talk-over {value} dB, GSM": talked_over(value) for value in (0, -6)},
    "talk-over -6 dB, AMR": talked_over(-6, "amr"),
    "level -20 dB, GSM": level(-20),
    "clipped by 20 dB, mu-law": clipped,
    "loss 10 %, GSM": lossy(0.10, concealed=False),
    "loss 10 % concealed, GSM": lossy(0.10, concealed=True),
    **{f"jitter {value} %, GSM": jittered(value / 100) for value in (2, 5, 10)},
    "drift 100 ppm, GSM": faster(100),
    "drift 1000 ppm, GSM": faster(1000),
    **{f"speed {value:+} %, GSM": faster(value * 10_000) for value in (1, -1, 2, -2)},
    "speed +1 %, AMR": faster(10_000, "amr"),
    "beginning cut by 30 %, GSM": cut_beginning(0.3),
    "broken off after 60 %, GSM": lambda call, rng: cut_end(call.played.size * 0.6 / RATE)(call, rng),
    "only 1 s heard, GSM": only(1),
}


def call(announcement: Announcement, number: int, seconds: int = _CALL) -> Call:
    """A call with an announcement somewhere in it, at the level of what else is heard."""
    rng = np.random.default_rng((17, number))
    language = "en" if announcement.voice == "ru" else "ru"
    before = other_prompts(language, "", float(rng.uniform(1, 6)), rng)
    rest = max(2, seconds - (before.size + announcement.sound.size) // RATE)
    return Call(before, announcement.sound, conversation(number % 12, rest))
