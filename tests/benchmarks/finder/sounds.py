"""What benchmarks of the finder are made of: prompts, other voices and music, mono, 8 kHz, float32 in [-1, 1]."""

import importlib
import io
import subprocess
import wave
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.requirements import MUSIC, SOUNDS, need, need_file

RATE = 8000
Sound = NDArray[np.float32]
NOTICE = "conf-now-recording"
"""The prompt that is a true recording notice, in both languages."""
_FOLDERS = {"ru": "ru_RU_f_IvrvoiceRU", "en": "en_US_f_Allison"}
_LOUD = 0.1


def load(path: Path) -> Sound:
    """A 16-bit mono WAV of 8 kHz."""
    with wave.open(str(path)) as file:
        data = file.readframes(file.getnframes())
    return (np.frombuffer(data, "<i2") / 32768).astype(np.float32)


@cache
def prompts(language: str) -> dict[str, Sound]:
    """All prompts of one voice by name, in the order of their names; those of digits and letters, too."""
    folder = need_file(SOUNDS / _FOLDERS[language], f"asterisk-core-sounds-{language}-wav")
    paths = sorted(folder.rglob("*.wav"))
    return {str(path.relative_to(folder).with_suffix("")): load(path) for path in paths}


@cache
def music() -> tuple[Sound, ...]:
    """Music on hold."""
    folder = need_file(MUSIC, "asterisk-moh-opsound-wav")
    return tuple(load(path) for path in sorted(folder.glob("*.wav")))


@cache
def said(voice: str, text: str, speed: int = 160) -> Sound:
    """A text spoken by espeak-ng's voice."""
    command = [need("espeak-ng"), "-v", voice, "-s", str(speed), "--stdout", text]
    done = subprocess.run(command, check=True, capture_output=True)
    return level(decoded(done.stdout), _LOUD)


def decoded(data: bytes) -> Sound:
    """Any recording in memory, its first track, mono and at 8 kHz."""
    av: Any = importlib.import_module("av")
    frames: list[Any] = []
    with av.open(io.BytesIO(data)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            frames += resampler.resample(frame)
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float32)


def level(sound: Sound, loud: float) -> Sound:
    """The sound with this root of the mean square over its loud half."""
    return (sound * (loud / max(loudness(sound), 1e-9))).astype(np.float32)


def loudness(sound: Sound) -> float:
    """Root of the mean square of a sound's louder 20 ms pieces, so that pauses don't count."""
    pieces = sound[: sound.size // 160 * 160].reshape(-1, 160)
    power = np.sort((pieces.astype(np.float64) ** 2).mean(axis=1))
    return float(np.sqrt(power[power.size // 2 :].mean())) if power.size else 0.0
