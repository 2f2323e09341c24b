"""Sound in which no announcement was played, though much of it resembles one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evidence.media.finder import RATE
from tests.benchmarks.finder import damage
from tests.benchmarks.finder.announcements import (
    LOUD,
    Announcement,
    conversation,
    hold_music,
    joined,
    other_prompts,
    speech,
)
from tests.benchmarks.finder.sounds import Sound, prompts, said

SECONDS = 20
"""Of one stretch."""
_CODECS = ("gsm", "mulaw", "amr", "opus", "mp3", "pcm")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound that no announcement was played in.

    Attributes:
        kind: of the table.
        sound: it.
        prompts: what it was made of; announcements made of the same aren't looked for in it.
    """

    kind: str
    sound: Sound
    prompts: tuple[str, ...] = ()


def unrelated(little: int = 0) -> Iterator[Stretch]:
    """Each second of sound is used once: all prompts, conversations and music. ``little``: so many of each."""
    for language in ("ru", "en"):
        yield from _all_prompts(language, little or 1000)
    for number in range(little or 240):
        yield Stretch("espeak conversation", _coded(conversation(100 + number, SECONDS), number))
    rng = np.random.default_rng(23)
    for number, sound in enumerate(hold_music(SECONDS)[: little or None]):
        yield Stretch("music on hold", _coded(sound, number))
    for number, (name, sound) in enumerate(_signals(rng).items()):
        yield Stretch("tones, noise, silence", _coded(sound, number), (name,))


def _all_prompts(language: str, most: int) -> Iterator[Stretch]:
    names: list[str] = []
    parts: list[Sound] = []
    made = 0
    for name in speech(language, 0.8, 80):
        names.append(f"{language} {name}")
        parts.append(prompts(language)[name])
        if sum(part.size for part in parts) >= SECONDS * RATE and made < most:
            yield Stretch(f"prompts, {language}", _coded(joined(*parts), made), tuple(names))
            names, parts, made = [], [], made + 1


def _signals(rng: np.random.Generator) -> dict[str, Sound]:
    time = np.arange(SECONDS * RATE) / RATE
    white = rng.standard_normal(time.size) * LOUD
    ringing = np.sin(2 * np.pi * 425 * time) * (time % 5 < 1) * LOUD
    sounds = {
        "silence": np.zeros(time.size),
        "constant": np.full(time.size, 0.5),
        "one step": np.sign(time - SECONDS / 2) * 0.9,
        "ringing": ringing,
        "keys": (np.sin(2 * np.pi * 697 * time) + np.sin(2 * np.pi * 1209 * time)) * LOUD,
        "white noise": white,
        "clipped noise": np.clip(white * 100, -1, 1),
        "noise in packets": white * (np.floor(time * 50) % 2),
        "clicks": (np.arange(time.size) % 801 == 0).astype(float),
        "sweep": np.sin(2 * np.pi * (300 + 75 * time) * time) * LOUD,
    }
    return {name: sound.astype(np.float32) for name, sound in sounds.items()}


def resembling(announcement: Announcement, number: int) -> Iterator[Stretch]:
    """What resembles one announcement: its greeting before other prompts, its text in other voices."""
    rng = np.random.default_rng((29, number))
    if announcement.clause[0]:
        greeting = announcement.sound[: announcement.clause[0] * RATE // 1000]
        yield Stretch(
            "same greeting, then conversation", _coded(joined(greeting, conversation(number, 8)), number)
        )
        if announcement.voice in ("ru", "en"):
            other = other_prompts(announcement.voice, announcement.name, 8, rng)
            yield Stretch("same greeting, then same voice", _coded(joined(greeting, other), number))
    if announcement.text:
        language = announcement.voice.partition("+")[0]
        for variant in ("m2", "f4"):
            yield Stretch(
                "same text, other voice", _coded(said(f"{language}+{variant}", announcement.text), number)
            )
        for speed in (150, 172):
            other = said(announcement.voice, announcement.text, speed)
            yield Stretch("same text, same voice anew", _coded(other, number))


def _coded(sound: Sound, number: int) -> Sound:
    return damage.coded(sound, _CODECS[number % len(_CODECS)])
