"""How many samples a packet holds, read off its first bytes; nothing is decoded.

What a container says of a packet's length is believed only for codecs whose packets don't say it themselves,
and never beyond what a packet of that codec can hold.
"""

from collections.abc import Callable

from evidence.media import ownheaders
from evidence.media.mpegaudio import adts_frame
from evidence.media.ownheaders import Coding

Measure = Callable[[memoryview], int | None]
"""Samples in a packet; 0 for one that is cut off, None for one that is damaged."""

_AMR = {
    "amr_nb": ((12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, -1, -1, -1, 0), 160),
    "amr_wb": ((17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0), 320),
}
"""Bytes behind the header of a frame by its type (RFC 4867; 3GPP TS 26.101, 26.201), and samples in it."""
_OPUS_MAX = 5760
_WIDTHS = {"pcm_u8": 1, "pcm_s8": 1, "mulaw": 1, "alaw": 1}
_BLOCKS = {"gsm": (33, 160), "gsm_ms": (65, 320)}
"""Codecs of one channel by FFmpeg's names: bytes of a block, and samples in it."""
_IMA_QT = (34, 64)
_G723 = (24, 20, 4, 1)
"""Bytes of a frame by the two lowest bits of its first byte (ITU-T G.723.1, Annex A)."""
_MOST_SPEEX_FRAMES = 32
_LOSSLESS = {"flac", "alac"}
_MOST = {"vorbis": 8192, "flac": 65535}


def measure_of(coding: Coding) -> Measure | None:
    """The way to count the samples of a track's packets; None where only the container says it."""
    if coding.codec in _AMR:
        sizes, samples = _AMR[coding.codec]
        return lambda packet: _amr(packet, sizes, samples)
    if coding.codec == "aac":
        return _aac(coding)
    if coding.codec == "speex":
        return _speex(coding.setup)
    if coding.codec == "alac":
        return _alac(longest(coding)) if len(coding.setup) >= 16 else None
    block, samples = block_of(coding)
    if block:
        return lambda packet: len(packet) // block * samples
    return _SAYING.get(coding.codec)


def block_of(coding: Coding) -> tuple[int, int]:
    """Bytes of the smallest unit and samples a channel in it, where it is always the same; else 0."""
    if width_of(coding.codec):
        return width_of(coding.codec) * coding.channels, 1
    if coding.variant == "adpcm_ima_qt":
        return _IMA_QT[0] * coding.channels, _IMA_QT[1]
    if coding.codec == "g722":
        return (1, 2) if coding.channels == 1 else (0, 0)
    return _BLOCKS.get(coding.variant, (0, 0)) if coding.channels == 1 else (0, 0)


def is_whole(codec: str) -> bool:
    """Whether sound of a codec has as many samples as went into it, so that none of them is padding."""
    return bool(width_of(codec)) or codec in _LOSSLESS


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


def _g723(packet: memoryview) -> int | None:
    """Frames of 240 samples one after the other."""
    at = count = 0
    while at < len(packet):
        at += _G723[packet[at] & 3]
        count += 1
    return count * 240 if at == len(packet) else 0


def _speex(setup: bytes) -> Measure | None:
    """The header says how many samples a frame has and a packet frames; None when it can't be so."""
    if setup[:8] != b"Speex   " or len(setup) < 68:
        return None
    mode, frame, count = (int.from_bytes(setup[at : at + 4], "little") for at in (40, 56, 64))
    if mode > 2 or frame != 160 << mode or not 0 < count <= _MOST_SPEEX_FRAMES:
        return None
    return lambda packet: frame * count if len(packet) else None


def _alac(frame: int) -> Measure:
    """A packet has the samples of a frame, or as many as it says itself in its first element."""

    def measure(packet: memoryview) -> int | None:
        bits = int.from_bytes(bytes(packet[:7]).ljust(7, b"\0"), "big")
        if len(packet) < 7 or bits >> 53 not in {0, 1, 3}:
            return None
        samples = bits >> 1 & 0xFFFFFFFF if bits >> 36 & 1 else frame
        return samples if 0 < samples <= frame else None

    return measure


def _aac(coding: Coding) -> Measure | None:
    """A frame has 1,024 samples, or 960; with spectral band replication as many again (ISO/IEC 14496-3)."""
    if not coding.setup:
        return _adts
    said = ownheaders.audio_specific(coding.setup)
    samples = said.samples * (2 if said.rate and coding.sample_rate == 2 * said.rate else 1)
    return (lambda _: samples) if samples else None


def _adts(packet: memoryview) -> int | None:
    frame = adts_frame(packet[:7])
    if frame is None or frame.length < len(packet):
        return None
    return frame.samples if frame.length == len(packet) else 0


_SAYING: dict[str, Measure] = {
    "opus": _opus,
    "mp3": ownheaders.mpeg,
    "mp2": ownheaders.mpeg,
    "flac": ownheaders.flac,
    "g723_1": _g723,
}
"""Codecs whose packets say themselves how long they are."""
