"""How many samples a packet holds, read off its first bytes; nothing is decoded.

What a container says of a packet's length is believed only for codecs whose packets don't say it themselves,
and never beyond what a packet of that codec can hold.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from evidence.media.mpegaudio import AAC_RATES, adts_frame, mpeg_frame

Measure = Callable[[memoryview], int | None]
"""Samples in a packet; 0 for one that is cut off, None for one that is damaged."""

_AMR = {
    "amr_nb": ((12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, -1, -1, -1, 0), 160),
    "amr_wb": ((17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0), 320),
}
"""Bytes behind the header of a frame by its type (RFC 4867; 3GPP TS 26.101, 26.201), and samples in it."""
_OPUS_MAX = 5760
_WIDTHS = {"pcm_u8": 1, "pcm_s8": 1, "mulaw": 1, "alaw": 1}
_MOST = {"vorbis": 8192, "flac": 65535}


class Coding(NamedTuple):
    """What the container says of a track's coding: codec (one of frames.CODECS), rate, channels, set-up."""

    codec: str
    sample_rate: int
    channels: int
    setup: bytes


def measure_of(coding: Coding) -> Measure | None:
    """The way to count the samples of a track's packets; None where only the container says it."""
    if coding.codec in _AMR:
        sizes, samples = _AMR[coding.codec]
        return lambda packet: _amr(packet, sizes, samples)
    if coding.codec == "aac":
        return _aac(coding)
    width = width_of(coding.codec) * coding.channels
    if width:
        return lambda packet: len(packet) // width
    return {"opus": _opus, "mp3": _mpeg, "mp2": _mpeg}.get(coding.codec)


def width_of(codec: str) -> int:
    """Bytes of one sample, where each has the same number of them; else 0."""
    if codec.startswith("pcm_") and codec not in _WIDTHS:
        return int(codec[5:7]) // 8
    return _WIDTHS.get(codec, 0)


def longest(coding: Coding) -> int:
    """The most samples that a packet can hold whose length the container says; a second if unknown."""
    if coding.codec == "alac" and len(coding.setup) >= 16:
        return int.from_bytes(coding.setup[12:16], "big")
    if coding.codec == "flac" and len(coding.setup) >= 4:
        return int.from_bytes(coding.setup[2:4], "big")
    return _MOST.get(coding.codec, coding.sample_rate)


def pre_skip(coding: Coding) -> int | None:
    """Samples at 48 kHz at the beginning of Opus that no player plays (RFC 7845 section 5.1)."""
    if coding.codec != "opus" or coding.setup[:8] != b"OpusHead" or len(coding.setup) < 12:
        return None
    return int.from_bytes(coding.setup[10:12], "little")


def _opus(packet: memoryview) -> int | None:
    """RFC 6716 section 3: a frame's length by configuration, and the number of frames by code."""
    if not packet:
        return None
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        frame = (480, 960)[config & 1]
    else:
        frame = 120 << (config & 3)
    count = 1 if code == 0 else 2
    if code == 3:
        count = packet[1] & 63 if len(packet) > 1 else 0
    samples = frame * count
    return samples if 0 < samples <= _OPUS_MAX else None


_mpeg_header = lru_cache(maxsize=1024)(mpeg_frame)
"""A recording has few different headers."""


def _mpeg(packet: memoryview) -> int | None:
    frame = _mpeg_header(bytes(packet[:4]))
    if frame is None:
        return None
    return frame.samples if frame.length <= len(packet) else 0


def _amr(packet: memoryview, sizes: tuple[int, ...], samples: int) -> int | None:
    """Frames with their headers one after the other, as in files; those of silence count as any other."""
    at = count = 0
    while at < len(packet):
        size = sizes[packet[at] >> 3 & 15]
        if size < 0 or packet[at] & 0x83:
            return None
        at += 1 + size
        count += 1
    return count * samples if at == len(packet) else 0


def _aac(coding: Coding) -> Measure:
    """A frame has 1,024 samples, or 960; with spectral band replication as many again (ISO/IEC 14496-3)."""
    core, samples = audio_specific(coding.setup)
    if core and coding.sample_rate == 2 * core:
        samples *= 2

    def measure(packet: memoryview) -> int | None:
        if coding.setup:
            return samples
        frame = adts_frame(packet[:7])
        if frame is None or frame.length < len(packet):
            return None
        return frame.samples if frame.length == len(packet) else 0

    return measure


def audio_specific(setup: bytes) -> tuple[int, int]:
    """Core sample rate and samples of a frame by an AudioSpecificConfig; 0 for a rate it doesn't say."""
    bits = int.from_bytes(setup[:8].ljust(8, b"\0"), "big")
    at = 64

    def take(count: int) -> int:
        nonlocal at
        at -= count
        return bits >> max(0, at) & (1 << count) - 1

    kind = take(5)
    kind = 32 + take(6) if kind == 31 else kind
    index = take(4)
    rate = take(24) if index == 15 else AAC_RATES[index] if index < len(AAC_RATES) else 0
    take(4)
    if kind in {5, 29}:
        if take(4) == 15:
            take(24)
        kind = take(5)
    return rate, 960 if kind in {1, 2, 3, 4} and take(1) else 1024
