"""The ``fmt`` chunk of a WAV file: which codec, and how many bytes make how many samples."""

import struct
from typing import NamedTuple

_PCM, _FLOAT, _ALAW, _MULAW, _GSM610, _EXTENSIBLE = 1, 3, 6, 7, 0x31, 0xFFFE
_LINEAR = {
    _PCM: {1: "pcm_u8", 2: "pcm_s16le", 3: "pcm_s24le", 4: "pcm_s32le"},
    _FLOAT: {4: "pcm_f32le", 8: "pcm_f64le"},
}
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
        block_bytes: bytes of the smallest whole unit; 0 when the codec is unknown.
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


def parse(data: bytes) -> WaveFormat:
    """The format of a ``fmt`` chunk's bytes (the first 40 suffice).

    Shorter than the 16 bytes every WAV has is contradictory too.
    """
    if len(data) < 16:
        return WaveFormat(0, "unknown", 0, 0, 0, 0, "contradictory_format")
    tag, channels, rate, _, align = struct.unpack_from("<HHIIH", data)
    if tag == _EXTENSIBLE:
        tag = _subformat(data)
    codec, samples = _codec(tag, channels, align)
    problem = ""
    if codec == "unknown":
        problem = "unsupported_codec"
    if not channels or not rate or _contradicts(tag, codec, channels, data):
        problem = "contradictory_format"
    if problem:
        return WaveFormat(tag, codec, rate, channels, 0, 0, problem)
    return WaveFormat(tag, codec, rate, channels, align, samples, "")


def _subformat(data: bytes) -> int:
    """The format tag inside the sub-format GUID; the tag of EXTENSIBLE itself when it is another GUID."""
    if len(data) < 40 or data[26:40] != _SUBFORMAT_TAIL:
        return _EXTENSIBLE
    return int.from_bytes(data[24:26], "little")


def _codec(tag: int, channels: int, align: int) -> tuple[str, int]:
    """The codec's name and the samples a channel in one block."""
    if tag in _LINEAR:
        return _LINEAR[tag].get(align // channels if channels else 0, "unknown"), 1
    if tag == _GSM610:
        return "gsm", GSM_BLOCK_SAMPLES
    return {_MULAW: "mulaw", _ALAW: "alaw"}.get(tag, "unknown"), 1


def _contradicts(tag: int, codec: str, channels: int, data: bytes) -> bool:
    """Whether the fields of the chunk can't all be true, so that no arithmetic rests on them."""
    align, bits = struct.unpack_from("<HH", data, 12)
    if tag in _LINEAR:
        width = align // channels if channels else 0
        whole = align == width * channels and 8 * (width - 1) < bits <= 8 * width
        return not whole or (tag == _FLOAT and codec != "unknown" and bits != 8 * width)
    if tag == _GSM610:
        said = int.from_bytes(data[18:20], "little") if len(data) >= 20 else GSM_BLOCK_SAMPLES
        return channels != 1 or align != GSM_BLOCK_BYTES or said != GSM_BLOCK_SAMPLES
    return codec != "unknown" and align != channels
