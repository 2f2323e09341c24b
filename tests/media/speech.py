"""Real speech to make recordings of: Asterisk's Russian prompts, one after the other, cut to a known length."""

import subprocess
from functools import cache
from pathlib import Path

from tests.requirements import SOUNDS, need, need_file

RATE = 8000
SAMPLES = 43_217
"""A prime number, so that no codec's frames end with the speech."""


@cache
def pcm() -> bytes:
    """16-bit samples of one channel."""
    folder = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    largest = sorted(folder.glob("*.wav"), key=lambda path: (-path.stat().st_size, path.name))[1]
    command = [need("sox"), str(largest), "-t", "raw", "-e", "signed", "-b", "16", "-r", str(RATE), "-"]
    sound = subprocess.run(command, check=True, capture_output=True).stdout
    assert len(sound) >= 2 * SAMPLES
    return sound[: 2 * SAMPLES]


@cache
def channels(count: int) -> bytes:
    """The same speech, in each further channel backwards or forwards again."""
    one = memoryview(pcm()).cast("h").tolist()
    all_of_them = [one if channel % 2 == 0 else one[::-1] for channel in range(count)]
    return b"".join(
        sample.to_bytes(2, "little", signed=True)
        for together in zip(*all_of_them, strict=True)
        for sample in together
    )


def ffmpeg(path: Path, count: int, *options: str) -> Path:
    """A recording by ffmpeg's encoders."""
    source = ["-f", "s16le", "-ar", str(RATE), "-ac", str(count), "-i", "-"]
    command = [need("ffmpeg"), "-v", "error", "-y", *source, *options, str(path)]
    subprocess.run(command, input=channels(count), check=True)
    return path


def sox(path: Path, count: int, *options: str) -> Path:
    """A recording by sox's encoders."""
    source = ["-t", "raw", "-r", str(RATE), "-e", "signed", "-b", "16", "-c", str(count), "-"]
    subprocess.run([need("sox"), "-D", *source, *options, str(path)], input=channels(count), check=True)
    return path


def decoded(path: Path, count: int, *options: str) -> int:
    """Samples a channel that ffmpeg decodes from the first track."""
    command = [need("ffmpeg"), "-v", "fatal", *options, "-i", str(path), "-map", "0:a:0", "-f", "s16le", "-"]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // (2 * count)
