"""What a codec's own header says, whatever the container around it says.

A player sets its clock by the codec's header, so a container that contradicts it makes the duration unknown.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from evidence.media.mpegaudio import AAC_RATES, adts_frame, mpeg_frame


class Coding(NamedTuple):
    """What the container says of a track's coding.

    Attributes:
        codec: one of frames.CODECS.
        sample_rate: samples a second and channel; 0 when unknown.
        channels: number of channels; 0 when unknown.
        setup: the codec's own header, as the container holds it.
        variant: FFmpeg's name of the codec, where several have one name here.
    """

    codec: str
    sample_rate: int
    channels: int
    setup: bytes
    variant: str = ""


class AacSetup(NamedTuple):
    """An AudioSpecificConfig: object type, core sample rate (0: none), samples of a frame (0: unknown)."""

    kind: int
    rate: int
    samples: int


Form = tuple[int, ...]
"""What each frame says of itself and none may say otherwise: sample rate, channels, and the layer of MPEG."""

_CERTAIN = {"opus": 48000, "amr_nb": 8000, "amr_wb": 16000}
_FLAC_RATES = (0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)
_FLAC_MARK = 0xFFF8
_SMALLEST_BLOCK = 16
_mpeg_header = lru_cache(maxsize=1024)(mpeg_frame)
"""A recording has few different headers."""


def rates(coding: Coding) -> tuple[int, ...]:
    """Sample rates that the codec's own header admits; none where it says nothing of them."""
    setup = coding.setup
    if coding.codec in _CERTAIN:
        return (_CERTAIN[coding.codec],)
    if coding.codec == "aac" and setup:
        core = audio_specific(setup).rate
        return core, 2 * core  # with spectral band replication
    if coding.codec == "flac" and len(setup) >= 34:
        return (int.from_bytes(setup[10:13], "big") >> 4,)
    if coding.codec == "alac" and len(setup) >= 36:
        return (int.from_bytes(setup[32:36], "big"),)
    if coding.codec == "speex" and setup[:8] == b"Speex   " and len(setup) >= 68:
        return (int.from_bytes(setup[36:40], "little"),)
    vorbis = setup.find(b"\1vorbis") if coding.codec == "vorbis" else -1
    return (int.from_bytes(setup[vorbis + 12 : vorbis + 16], "little"),) if vorbis >= 0 else ()


def impossible(coding: Coding) -> bool:
    """Whether a FLAC header holds what none can (RFC 9639 section 8.2)."""
    setup = coding.setup
    if coding.codec != "flac" or len(setup) < 34:
        return False
    smallest, largest = int.from_bytes(setup[:2], "big"), int.from_bytes(setup[2:4], "big")
    return not _SMALLEST_BLOCK <= smallest <= largest or not rates(coding)[0]


def form_of(coding: Coding) -> Callable[[memoryview], Form | None] | None:
    """The way to read what a frame says of itself; None for codecs whose frames say nothing."""
    if coding.codec in {"mp3", "mp2"}:
        return _mpeg_form
    if coding.codec == "aac" and not coding.setup:
        return _adts_form
    if coding.codec == "flac":
        stated = (*rates(coding), coding.sample_rate)[0]
        return lambda packet: _flac_form(packet, stated)
    return None


def mpeg(packet: memoryview) -> int | None:
    """Samples in a frame of MPEG audio."""
    frame = _mpeg_header(bytes(packet[:4]))
    if frame is None:
        return None
    return frame.samples if frame.length <= len(packet) else 0


def _mpeg_form(packet: memoryview) -> Form | None:
    frame = _mpeg_header(bytes(packet[:4]))
    return None if frame is None else (frame.sample_rate, frame.channels, frame.layer)


def _adts_form(packet: memoryview) -> Form | None:
    frame = adts_frame(packet[:7])
    return None if frame is None else (frame.sample_rate, frame.channels)


def flac(packet: memoryview) -> int | None:
    """Samples in a frame of FLAC by its header (RFC 9639 section 9.1), whose checksum must be right."""
    found = _flac_header(bytes(packet[:16]))
    return None if found is None else found[0]


def _flac_form(packet: memoryview, stated: int) -> Form | None:
    found = _flac_header(bytes(packet[:16]))
    return None if found is None else (found[1] or stated, found[2])


def _flac_header(data: bytes) -> tuple[int, int, int] | None:
    """Block size, sample rate (0: as STREAMINFO says) and channels of a frame; None when it is no header."""
    if len(data) < 6 or int.from_bytes(data[:2], "big") & 0xFFFE != _FLAC_MARK:
        return None
    size, rate, layout = data[2] >> 4, data[2] & 15, data[3] >> 4
    at = 4 + max(1, 8 - (data[4] ^ 0xFF).bit_length())  # behind the number, coded like UTF-8
    block = 192 if size == 1 else 144 << size if size < 6 else 1 << size
    if size in {6, 7}:
        block = int.from_bytes(data[at : at + size - 5], "big") + 1
        at += size - 5
    wide = {12: 1, 13: 2, 14: 2}.get(rate, 0)
    hertz = int.from_bytes(data[at : at + wide], "big") * {12: 1000, 14: 10}.get(rate, 1)
    at += wide
    if size == 0 or rate == 15 or layout > 10 or len(data) <= at or _crc8(data[:at]) != data[at]:
        return None
    return block, hertz if wide else _FLAC_RATES[rate], layout + 1 if layout < 8 else 2


def _crc8(data: bytes) -> int:
    """The checksum of FLAC's frame headers: polynomial x⁸ + x² + x + 1."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ (0x107 if value & 0x80 else 0)) & 0x1FF
    return value & 0xFF


def audio_specific(setup: bytes) -> AacSetup:
    """What an AudioSpecificConfig says (ISO/IEC 14496-3 section 1.6.2.1); samples only of known types."""
    bits = int.from_bytes(setup[:16].ljust(16, b"\0"), "big")
    at = 128

    def take(count: int) -> int:
        nonlocal at
        at -= count
        return bits >> max(0, at) & (1 << count) - 1

    def kind_of() -> int:
        kind = take(5)
        return 32 + take(6) if kind == 31 else kind

    kind = kind_of()
    index = take(4)
    rate = take(24) if index == 15 else AAC_RATES[index] if index < len(AAC_RATES) else 0
    take(4)
    if kind in {5, 29}:
        if take(4) == 15:
            take(24)
        kind = kind_of()
    samples = (
        (1024, 960) if kind in {1, 2, 3, 4, 6, 17, 19, 20} else (512, 480) if kind in {23, 39} else (0, 0)
    )
    return AacSetup(kind, rate, samples[take(1)])
