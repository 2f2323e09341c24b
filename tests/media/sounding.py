"""Decoded sound: by our decoder, and by ffmpeg and sox as measures."""

import io
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.media.decode import Sound
from evidence.media.headerless import hint_of
from tests.requirements import need

Channels = list[NDArray[np.float64]]


def heard(data: bytes, name: str = "", seconds: int | None = None) -> tuple[Channels, Sound]:
    """Each channel as decoded here; those that nothing was heard of are empty."""
    sound = Sound(io.BytesIO(data), len(data), hint_of(name), seconds)
    pieces: dict[int, list[NDArray[np.int16]]] = {}
    for block in sound.blocks():
        assert block.samples.dtype == np.int16
        for number, samples in enumerate(block.samples, block.channel):
            pieces.setdefault(number, []).append(samples)
    found = [np.concatenate(pieces.get(number, [np.zeros(0, np.int16)])) for number in range(sound.channels)]
    return [channel.astype(np.float64) for channel in found], sound


def by_ffmpeg(path: Path, channels: int, *options: str, track: int = 0) -> Channels:
    """Each channel of a track as ffmpeg decodes and resamples it."""
    command = [need("ffmpeg"), "-v", "error", *options, "-i", str(path), "-map", f"0:a:{track}"]
    return _channels([*command, "-ar", "8000", "-f", "s16le", "-"], channels)


def by_sox(path: Path, *options: str) -> Channels:
    """The one channel that sox decodes."""
    command = [need("sox"), *options, str(path), "-t", "raw", "-e", "signed", "-b", "16", "-r", "8000", "-"]
    return _channels(command, 1)


def _channels(command: list[str], channels: int) -> Channels:
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return [*np.frombuffer(raw, "<i2").reshape(-1, channels).T.astype(np.float64)]


def alike(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, int]:
    """The highest correlation of two sounds, and how many samples later ours is there."""
    size = 1 << (ours.size + theirs.size).bit_length()
    together = np.fft.irfft(np.fft.rfft(ours, size) * np.conj(np.fft.rfft(theirs, size)), size)
    lag = int(np.argmax(together))
    loudness = np.sqrt(np.sum(ours**2) * np.sum(theirs**2))
    return float(together[lag] / loudness), lag if lag < size // 2 else lag - size
