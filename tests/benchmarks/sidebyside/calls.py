"""Calls of five minutes in which an announcement of 4.5 to 6 s is, and what happens to them on their way."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.finder import damage
from tests.benchmarks.finder.sounds import RATE, Sound, level, loudness, music, prompts
from tests.requirements import need

LANGUAGES = ("ru", "en")
LENGTH = 300
"""Seconds of a call."""
CUT = 3 * RATE
FASTER = 20_000
"""Parts in a million."""
_LOUD = 0.1
_SHORTEST, _LONGEST = 4.5, 6.0
_CLAUSE = RATE * 3 // 2
"""Samples of the key clause."""
_GAP = RATE // 5


@dataclass(frozen=True, slots=True)
class Case:
    """An announcement and the call that it goes into.

    Attributes:
        name: language and names of the prompts that it was made of.
        notice: the announcement.
        clause: where its key clause begins and ends, milliseconds.
        call: the call without it: other prompts of the same voice, pauses, music.
        place: sample at which it begins.
        talk: another voice, as long as the announcement.
        seed: for what happens to the call.
    """

    name: str
    notice: Sound
    clause: tuple[int, int]
    call: Sound
    place: int
    talk: Sound
    seed: int

    def rng(self) -> np.random.Generator:
        """The same numbers each time."""
        return np.random.default_rng(self.seed)

    def played(self, heard: Sound | None = None) -> Sound:
        """The call with the announcement, or with something else at its place; silence on both sides."""
        sound = self.notice if heard is None else heard
        call = self.call.copy()
        call[self.place - _GAP : self.place + sound.size + _GAP] = 0
        call[self.place : self.place + sound.size] = sound
        return call


@dataclass(frozen=True, slots=True)
class Call:
    """A call to search.

    Attributes:
        sound: as it is recorded, before its codec.
        begins: sample at which the announcement's first sample is, or would be; None where it isn't played.
        early: samples by which it would begin earlier if its middle were where it is, but its speed its own.
    """

    sound: Sound
    begins: float | None
    early: float = 0.0


def _noise(decibel: float) -> Callable[[Case], Call]:
    return lambda case: Call(damage.noisy(case.played(), decibel, case.rng()), case.place)


def _loss(case: Case) -> Call:
    return Call(damage.lossy(case.played(), 0.1, case.rng()), case.place)


def _quiet(case: Case) -> Call:
    return Call(case.played() * np.float32(0.1), case.place)


def _late(case: Case) -> Call:
    return Call(case.played()[case.place + CUT :], -CUT)


def _first(samples: int) -> Callable[[Case], Call]:
    return lambda case: Call(case.played(case.notice[:samples]), case.place)


def _talk(case: Case) -> Call:
    return Call(case.played(damage.mixed(case.notice, case.talk, 0)), case.place)


def _fast(case: Case) -> Call:
    rate = 1 + FASTER / 1e6
    early = case.notice.size / 2 * (1 - 1 / rate)
    return Call(damage.faster(case.played(), FASTER), case.place / rate, early)


CONDITIONS: dict[str, Callable[[Case], Call]] = {
    "clean": lambda case: Call(case.played(), case.place),
    "noise 10 dB": _noise(10),
    "noise 0 dB": _noise(0),
    "10 % loss": _loss,
    "-20 dB": _quiet,
    "begins 3 s into it": _late,
    "cut after 3 s": _first(CUT),
    "talk-over 0 dB": _talk,
    "2 % faster": _fast,
    "only 1 s heard": _first(RATE),
    "without it": lambda case: Call(case.call, None),
}


def cases(count: int, seconds: int = LENGTH, seed: int = 5) -> Iterator[Case]:
    """So many cases, half of each language; no prompt is in two announcements, nor in any call as filler."""
    rng = np.random.default_rng(seed)
    usable = {language: _usable(language) for language in LANGUAGES}
    chosen = {language: _notices(usable[language], -(-count // 2), rng) for language in LANGUAGES}
    for language in LANGUAGES:
        for name in {name for names in chosen[language] for name in names}:
            del usable[language][name]
    for number in range(count):
        language = LANGUAGES[number % 2]
        names = chosen[language][number // 2]
        notice = _joined([prompts(language)[name] for name in names])
        other = usable[LANGUAGES[1 - number % 2]]
        start = int(rng.integers(0, notice.size - _CLAUSE)) * 1000 // RATE
        yield Case(
            f"{language} {' + '.join(names)}",
            notice,
            (start, start + _CLAUSE * 1000 // RATE),
            _filled(usable[language], seconds * RATE, rng),
            int(rng.integers(2 * RATE, seconds * RATE - notice.size - 2 * RATE)),
            _filled(other, notice.size, rng, pauses=False),
            int(rng.integers(1 << 31)),
        )


def write(sound: Sound, path: Path, *, is_gsm: bool) -> None:
    """A WAV, of GSM or of PCM; what is too loud is clipped."""
    pcm = np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2").tobytes()
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    codec = "libgsm_ms" if is_gsm else "pcm_s16le"
    command = [need("ffmpeg"), "-v", "error", "-y", *raw, "-c:a", codec, "-f", "wav", str(path)]
    subprocess.run(command, input=pcm, check=True)


def _usable(language: str) -> dict[str, Sound]:
    """Prompts of a second to six, with something said."""
    return {
        name: sound
        for name, sound in prompts(language).items()
        if RATE <= sound.size <= _LONGEST * RATE and loudness(sound) > 0.01
    }


def _notices(usable: dict[str, Sound], count: int, rng: np.random.Generator) -> list[list[str]]:
    """Names of the prompts of each announcement, different ones; one prompt where it is long enough."""
    made: list[list[str]] = []
    names: list[str] = []
    for name in rng.permutation(sorted(usable)):
        if _joined([usable[each] for each in [*names, name]]).size > _LONGEST * RATE:
            continue
        names.append(str(name))
        if _joined([usable[each] for each in names]).size >= _SHORTEST * RATE:
            made.append(names)
            names = []
        if len(made) == count:
            break
    return made


def _joined(sounds: list[Sound]) -> Sound:
    return np.concatenate([level(sound, _LOUD) for sound in sounds])


def _filled(usable: dict[str, Sound], size: int, rng: np.random.Generator, *, pauses: bool = True) -> Sound:
    """Prompts in any order, between them pauses of up to 2 s or, now and then, music."""
    names = sorted(usable)
    pieces: list[Sound] = []
    while sum(piece.size for piece in pieces) < size:
        pieces.append(level(usable[names[rng.integers(len(names))]], _LOUD))
        if pauses:
            pieces.append(_between(rng))
    return np.concatenate(pieces)[:size]


def _between(rng: np.random.Generator) -> Sound:
    if rng.random() < 0.9:
        return np.zeros(int(rng.integers(2 * RATE)), np.float32)
    pieces = music()
    piece = pieces[rng.integers(len(pieces))]
    start = int(rng.integers(piece.size - 15 * RATE))
    return level(piece[start : start + int(rng.integers(5 * RATE, 15 * RATE))], _LOUD)
