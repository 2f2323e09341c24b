"""The ``fmt`` chunk of a WAV file: which codec, and how many bytes make how many samples."""

import struct
from typing import NamedTuple

_PCM, _ADPCM, _FLOAT, _ALAW, _MULAW, _IMA, _GSM610, _EXTENSIBLE = 1, 2, 3, 6, 7, 0x11, 0x31, 0xFFFE
_LINEAR = {
    _PCM: {1: "pcm_u8", 2: "pcm_s16le", 3: "pcm_s24le", 4: "pcm_s32le"},
    _FLOAT: {4: "pcm_f32le", 8: "pcm_f64le"},
}
_NAMES = {
    _ADPCM: "adpcm_ms",
    _ALAW: "alaw",
    _MULAW: "mulaw",
    _IMA: "adpcm_ima",
    _GSM610: "gsm",
    **dict.fromkeys((0x10, 0x17), "adpcm_vox"),
    **dict.fromkeys((0x14, 0x40, 0x45, 0x64), "g726"),
    **dict.fromkeys((0x42, 0x111, 0xA100), "g723_1"),
    **dict.fromkeys((0x65, 0x28F), "g722"),
    **dict.fromkeys((0x83, 0x133), "g729"),
    0x50: "mp2",
    0x55: "mp3",
    **dict.fromkeys((0xFF, 0x1600), "aac"),
}
PACKETS = {"mp2", "mp3", "aac"}
"""Codecs whose packets have to be told apart."""
_G726 = {2: (1, 4), 3: (3, 8), 4: (1, 2), 5: (5, 8)}
"""For the bits of a sample: bytes and samples of the smallest whole unit."""
_FIXED = {"adpcm_vox": (1, 2), "g722": (1, 2), "g723_1": (0, 240), "g729": (10, 80)}
_ONE_CHANNEL = {"gsm", "g726", *_FIXED}
_SUBFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")
GSM_BLOCK_BYTES = 65
GSM_BLOCK_SAMPLES = 320


class WaveFormat(NamedTuple):
    """What a ``fmt`` chunk says.

    Attributes:
        tag: the format tag, of the sub-format where the chunk is WAVE_FORMAT_EXTENSIBLE.
        codec: the codec's name; ``unknown`` when its frames can't be counted here.
        sample_rate: samples a second and channel.
        channels: number of channels.
        block_bytes: bytes of the smallest whole unit; 0 when units differ in length or the codec is unknown.
        block_samples: samples a channel in it.
        problem: ``contradictory_format``, ``unsupported_codec`` or empty.
    """

    tag: int
    codec: str
    sample_rate: int
    channels: int
    block_bytes: int
    block_samples: int
    problem: str

    def rest_samples(self, rest: int) -> int:
        """Samples a channel in the last block of a file that ends inside it; only ADPCM's can be played.

        IMA ADPCM has 4 bytes a channel (a sample) before words of 8 samples, Microsoft's 7 (two samples)
        before 2 samples a byte; G.726 is a stream of bits.
        """
        if self.codec == "g726":
            return rest * self.block_samples // self.block_bytes
        if self.codec == "adpcm_ima" and rest >= 4 * self.channels:
            return 1 + (rest - 4 * self.channels) // (4 * self.channels) * 8
        if self.codec == "adpcm_ms" and rest >= 7 * self.channels:
            return 2 + (rest - 7 * self.channels) * 2 // self.channels
        return 0


def parse(data: bytes) -> WaveFormat:
    """The format of a ``fmt`` chunk's bytes (the first 40 suffice).

    Shorter than the 16 bytes every WAV has is contradictory too.
    """
    if len(data) < 16:
        return WaveFormat(0, "unknown", 0, 0, 0, 0, "contradictory_format")
    tag, channels, rate = struct.unpack_from("<HHI", data)
    if tag == _EXTENSIBLE:
        tag = _subformat(data)
    codec = _codec(tag, channels, data)
    problem = ""
    if codec == "unknown":
        problem = "unsupported_codec"
    if not channels or not rate or _contradicts(tag, codec, channels, data):
        problem = "contradictory_format"
    if problem:
        return WaveFormat(tag, codec, rate, channels, 0, 0, problem)
    if codec == "g722":
        rate = 16000  # the header may say the clock of its bytes (RFC 3551 section 4.5.2)
    return WaveFormat(tag, codec, rate, channels, *_block(codec, channels, data), "")


def _subformat(data: bytes) -> int:
    """The format tag inside the sub-format GUID; the tag of EXTENSIBLE itself when it is another GUID."""
    if len(data) < 40 or data[26:40] != _SUBFORMAT_TAIL:
        return _EXTENSIBLE
    return int.from_bytes(data[24:26], "little")


def _codec(tag: int, channels: int, data: bytes) -> str:
    if tag in _LINEAR:
        align = int.from_bytes(data[12:14], "little")
        return _LINEAR[tag].get(align // channels if channels else 0, "unknown")
    return _NAMES.get(tag, "unknown")


def _block(codec: str, channels: int, data: bytes) -> tuple[int, int]:
    """Bytes of the smallest whole unit, and samples a channel in it."""
    align, bits = struct.unpack_from("<HH", data, 12)
    if codec in PACKETS:
        return 0, 0
    if codec == "gsm":
        return align, GSM_BLOCK_SAMPLES
    if codec == "g726":
        return _G726[bits or _bits_by_speed(data)]
    if codec in _FIXED:
        return _FIXED[codec]
    return align, _adpcm_samples(codec, channels, align) if codec in {"adpcm_ima", "adpcm_ms"} else 1


def _adpcm_samples(codec: str, channels: int, align: int) -> int:
    """Samples a channel in a block of so many bytes; 0 for a block that holds none."""
    head = (4 if codec == "adpcm_ima" else 7) * channels
    if align <= head:
        return 0
    if codec == "adpcm_ima":
        return (align - head) // (4 * channels) * 8 + 1
    return (align - head) * 2 // channels + 2


def _bits_by_speed(data: bytes) -> int:
    """Bits of a sample by the bytes a second, for writers that leave the field 0."""
    rate, speed = struct.unpack_from("<II", data, 4)
    return round(speed * 8 / rate) if rate else 0


def _contradicts(tag: int, codec: str, channels: int, data: bytes) -> bool:
    """Whether the fields of the chunk can't all be true, so that no arithmetic rests on them."""
    align, bits = struct.unpack_from("<HH", data, 12)
    if tag in _LINEAR:
        width = align // channels if channels else 0
        whole = align == width * channels and 8 * (width - 1) < bits <= 8 * width
        return not whole or (tag == _FLOAT and codec != "unknown" and bits != 8 * width)
    if codec in _ONE_CHANNEL and channels != 1:
        return True
    said = int.from_bytes(data[18:20], "little") if len(data) >= 20 else None
    if codec == "gsm":
        return align != GSM_BLOCK_BYTES or said not in {None, GSM_BLOCK_SAMPLES}
    if codec in {"adpcm_ima", "adpcm_ms"}:
        samples = _adpcm_samples(codec, channels, align) if channels else 0
        return bits != 4 or not samples or said not in {None, 0, samples}
    wrong: dict[str, bool] = {
        "g726": (bits or _bits_by_speed(data)) not in _G726,
        "g729": align % 10 != 0,
        "mulaw": align != channels,
        "alaw": align != channels,
    }
    return wrong.get(codec, False)
