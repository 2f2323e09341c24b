"""The announcements that are looked for, and the calls and other sounds they are looked for in."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from evidence.media.finder import RATE, Reference
from tests.benchmarks.finder.sounds import NOTICE, Sound, level, music, prompts, said

LOUD = 0.1
_TEXTS = {
    "uk": ("Вітаємо! Вас вітає служба підтримки.", "Зверніть увагу, ваша розмова записується."),
    "ru": ("Здравствуйте! Вы позвонили в службу поддержки.", "Обратите внимание, разговор записывается."),
    "en-us": ("Welcome! You have reached the support line.", "Please note that this call is being recorded."),
}
_VOICES = ("f2", "f5", "m3", "m7", "Andrea", "Denis", "Michael", "steph3")
"""Variants of espeak-ng's voices; one of a half each, in turn."""
_TALK = (
    "Добрий день, у мене з самого ранку не працює інтернет, і ніхто мені не може пояснити чому.",
    "Скажіть, будь ласка, номер вашого договору та адресу, за якою підключено послугу.",
    "Я вже тричі дзвонив, і кожного разу мені обіцяють, що майстер приїде завтра.",
    "Розумію вас, зараз перевірю стан лінії, зачекайте, будь ласка, на лінії одну хвилину.",
    "Чому я маю платити за місяць, у якому зв'язку майже не було? Зробіть перерахунок!",
    "Ваша заявка прийнята, її номер сто двадцять сім, майстер зателефонує вам до вечора.",
    "Перезавантажте, будь ласка, роутер і скажіть, які індикатори на ньому світяться.",
    "Світиться тільки один, зелений, а другий блимає червоним уже третій день поспіль.",
)
_WORDS = " ".join(_TALK).split()
"""Said in any order, so that no two conversations have a sentence in common."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One that is looked for.

    Attributes:
        name: of the table.
        voice: who speaks.
        half: 0 or 1; thresholds are chosen on one half of the voices and measured on the other.
        sound: how it was registered.
        clause: where its key clause begins and ends, in milliseconds.
        text: what is said, where we know it; for the same text in another voice.
    """

    name: str
    voice: str
    half: int
    sound: Sound
    clause: tuple[int, int]
    text: str = ""

    def reference(self) -> Reference:
        """As the finder takes it."""
        return Reference(self.name, self.sound, *self.clause)

    def ms(self) -> int:
        """Its length."""
        return self.sound.size * 1000 // RATE


def joined(*parts: Sound) -> Sound:
    """Parts with 120 ms of silence between them."""
    gap = np.zeros(RATE * 120 // 1000, np.float32)
    return np.concatenate([piece for part in parts for piece in (part, gap)][:-1])


def speech(language: str, least: float, most: float) -> list[str]:
    """Names of a voice's prompts of some length in seconds, without the true notice and those of silence."""
    return [
        name
        for name, sound in prompts(language).items()
        if least * RATE <= sound.size <= most * RATE and NOTICE not in name and "silence" not in name
    ]


@cache
def announcements(each: int) -> tuple[Announcement, ...]:
    """The true notices, the same behind a greeting, as many prompts of each human voice, and espeak's."""
    made: list[Announcement] = []
    rng = np.random.default_rng(11)
    for half, language in enumerate(("ru", "en")):
        notice = prompts(language)[NOTICE]
        size = notice.size * 1000 // RATE
        made.append(Announcement(f"{language} notice", language, half, notice, (0, size)))
        greeting = prompts(language)[str(rng.choice(speech(language, 1.5, 3)))]
        whole = joined(greeting, notice)
        clause = (whole.size * 1000 // RATE - size, whole.size * 1000 // RATE)
        made.append(Announcement(f"{language} greeting and notice", language, half, whole, clause))
        for name in rng.choice(speech(language, 2.5, 8), each, replace=False):
            sound = prompts(language)[str(name)]
            clause = (sound.size * 600 // RATE, sound.size * 1000 // RATE)
            made.append(Announcement(f"{language} {name}", language, half, sound, clause))
    return (*made, *_artificial(each))


def _artificial(each: int) -> list[Announcement]:
    made = []
    for place in range(min(each, len(_VOICES) * len(_TEXTS))):
        variant, language = _VOICES[place % len(_VOICES)], list(_TEXTS)[place % len(_TEXTS)]
        voice = f"{language}+{variant}"
        parts = [said(voice, text) for text in _TEXTS[language]]
        whole = joined(*parts)
        clause = ((whole.size - parts[1].size) * 1000 // RATE, whole.size * 1000 // RATE)
        text = " ".join(_TEXTS[language])
        made.append(Announcement(f"espeak {voice}", voice, place % len(_VOICES) % 2, whole, clause, text))
    return made


@cache
def conversation(number: int, seconds: int) -> Sound:
    """Two voices of espeak-ng that speak Ukrainian in turn; each number gives another one."""
    rng = np.random.default_rng((13, number))
    voices = [
        f"uk+{name}" for name in rng.choice(["m1", "m2", "m4", "m5", "f1", "f3", "f4", "Annie", "Gene"], 2)
    ]
    parts: list[Sound] = []
    size, turn = 0, 0
    while size < seconds * RATE:
        text = " ".join(rng.choice(_WORDS, int(rng.integers(6, 14))))
        part = said(voices[turn % 2], text, int(rng.integers(14, 20)) * 10)
        gap = np.zeros(int(rng.integers(RATE // 5, RATE)), np.float32)
        parts += [part, gap]
        size, turn = size + part.size + gap.size, turn + 1
    return np.concatenate(parts)[: seconds * RATE]


def other_prompts(language: str, without: str, seconds: float, rng: np.random.Generator) -> Sound:
    """Other prompts of a voice, one after the other."""
    names = [name for name in speech(language, 1, 12) if name not in without]
    parts: list[Sound] = []
    while sum(part.size for part in parts) < seconds * RATE:
        parts.append(prompts(language)[str(rng.choice(names))])
    return joined(*parts)[: int(seconds * RATE)]


def hold_music(seconds: int) -> list[Sound]:
    """All music on hold, in stretches of some seconds."""
    size = seconds * RATE
    parts = [tune[start : start + size] for tune in music() for start in range(0, tune.size - size, size)]
    return [level(part, LOUD) for part in parts]
