"""What happens to sound on its way into a recording. Sounds are mono, 8 kHz, float32 in [-1, 1]."""

import importlib
import io
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.finder.sounds import RATE, Sound, decoded, loudness
from tests.requirements import need

PACKET = 160
"""Samples of a 20 ms packet."""
CODECS: dict[str, tuple[str, str, int, int]] = {
    "pcm": ("pcm_s16le", "wav", RATE, 0),
    "mulaw": ("pcm_mulaw", "wav", RATE, 0),
    "alaw": ("pcm_alaw", "wav", RATE, 0),
    "adpcm": ("adpcm_ima_wav", "wav", RATE, 0),
    "g722": ("g722", "wav", 16000, 0),
    "mp3": ("libmp3lame", "mp3", RATE, 16000),
    "opus": ("libopus", "ogg", 48000, 12000),
    "amr": ("libopencore_amrnb", "amr", RATE, 7400),
}
"""Names: encoder, container, sample rate and bit rate. GSM is made by ffmpeg."""


def coded(sound: Sound, codec: str) -> Sound:
    """Through a codec and back, as long as it was and without the codec's delay."""
    if codec == "pcm":
        return _whole(sound) / np.float32(32768)
    there = _through(sound, codec)
    delay = _delay(codec)
    there = there[delay:] if delay > 0 else np.concatenate([np.zeros(-delay, np.float32), there])
    return np.concatenate([there, np.zeros(max(0, sound.size - there.size), np.float32)])[: sound.size]


@cache
def _delay(codec: str) -> int:
    """Samples by which a codec is late: from the plain correlation with what went in."""
    noise = np.random.default_rng(5).standard_normal(4 * RATE)
    sound = (0.1 * np.convolve(noise, np.ones(4) / 4, "same")).astype(np.float32)
    there = _through(sound, codec)[: sound.size]
    size = 4 * sound.size
    spectrum = np.fft.rfft(there, size) * np.conj(np.fft.rfft(sound, size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return lag - size if lag > size // 2 else lag


def _whole(sound: Sound) -> Sound:
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.float32)


def _through(sound: Sound, codec: str) -> Sound:
    pcm = _whole(sound).astype("<i2")
    if codec == "gsm":
        source = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
        command = [need("ffmpeg"), "-v", "error", *source, "-c:a", "libgsm", "-f", "gsm", "-"]
        data = subprocess.run(command, input=pcm.tobytes(), check=True, capture_output=True).stdout
    else:
        data = _encoded(pcm, *CODECS[codec])
    return decoded(data)


def _encoded(pcm: NDArray[np.int16], encoder: str, container: str, rate: int, bits: int) -> bytes:
    av: Any = importlib.import_module("av")
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(encoder, rate=rate, layout="mono")
        if bits:
            stream.bit_rate = bits
        resampler = av.AudioResampler(stream.format, "mono", rate, stream.frame_size or 1024)
        for part in range(0, pcm.size, 1 << 16):
            frame = av.AudioFrame.from_ndarray(pcm[None, part : part + (1 << 16)], "s16", "mono")
            frame.sample_rate = RATE
            frame.pts = part
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


def mixed(sound: Sound, other: Sound, decibel: float) -> Sound:
    """With something else, which is repeated as often as needed; the sound is louder by so many decibel."""
    over = np.resize(other, sound.size)
    share = loudness(sound) / max(loudness(other), 1e-9) * 10 ** (-decibel / 20)
    return (sound + np.float32(share) * over).astype(np.float32)


def noisy(sound: Sound, decibel: float, rng: np.random.Generator) -> Sound:
    """With noise whose spectrum falls as that of a line does."""
    noise = np.convolve(rng.standard_normal(sound.size), [0.6, 0.3, 0.1], "same").astype(np.float32)
    return mixed(sound, noise, decibel)


def lossy(sound: Sound, share: float, rng: np.random.Generator, *, concealed: bool = False) -> Sound:
    """Without a share of its packets: silence in their place or the packet before again, quieter."""
    out = sound.copy()
    for packet in range(1, sound.size // PACKET):
        if rng.random() < share:
            here = slice(packet * PACKET, (packet + 1) * PACKET)
            before = out[(packet - 1) * PACKET : packet * PACKET]
            out[here] = before * np.float32(0.7) if concealed else 0
    return out


def jittered(sound: Sound, share: float, rng: np.random.Generator) -> Sound:
    """A share of the packets is played twice or left out, as a buffer does that follows a late network."""
    pieces = []
    for start in range(0, sound.size, PACKET):
        packet = sound[start : start + PACKET]
        chance = rng.random() / share
        pieces += [packet, packet] if chance < 0.5 else [] if chance < 1 else [packet]
    return np.concatenate(pieces)


def faster(sound: Sound, ppm: float) -> Sound:
    """Played faster by so many parts in a million, pitch and all."""
    rate = 1 + ppm / 1e6
    wanted = round(sound.size / rate)
    size = 1 << max(1, sound.size - 1).bit_length()
    fine = np.fft.irfft(np.fft.rfft(sound, size), 8 * size) * 8
    places = np.arange(wanted) * (8 * rate)
    played: Sound = np.interp(places, np.arange(fine.size), fine).astype(np.float32)
    return played


Damage = Callable[[Sound], Sound]
