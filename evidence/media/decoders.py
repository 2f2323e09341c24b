"""FFmpeg's decoders of sound: a fixed list, opened by name, and packets for those without a demuxer."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.media.counting import Layout, Stretch
from evidence.media.headerless import G723_BYTES
from evidence.media.resample import HIGHEST_RATE, LOWEST_RATE
from evidence.media.section import read_at
from evidence.model.noticesearch import MOST_CHANNELS

_NAMES = {
    "mulaw": "pcm_mulaw",
    "alaw": "pcm_alaw",
    "adpcm_ima": "adpcm_ima_wav",
    "adpcm_vox": "adpcm_ima_oki",
    **{name: name for name in ("adpcm_ms", "g722", "g723_1", "g729", "ilbc")},
}
_MS_GSM_BLOCK = 65
_IN_STREAMS = frozenset(
    (
        *("mp3", "mp3float", "mp2", "mp2float", "aac", "alac", "flac", "opus", "libopus", "vorbis", "speex"),
        *("amrnb", "amrwb", "wmav1", "wmav2", "wmapro", "wmavoice", "wmalossless", "pcm_mulaw", "pcm_alaw"),
        *("gsm", "gsm_ms", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "g722", "g726", "g726le", "g723_1"),
        *("g729", "ilbc", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"),
        *("pcm_f64le", "pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_f64be"),
    )
)
"""FFmpeg's names of the decoders that a track of a container may ask for."""
_BETTER = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}
"""FFmpeg's own decoders of AMR can't do silence that isn't transmitted (DTX)."""
_MANY = 65536
_ANY_LENGTH = {"adpcm_ima", "adpcm_ms", "g726"}
"""Codecs of which a block that is cut off can be decoded as far as it goes."""
_PACKED = {"adpcm_ima", "adpcm_ms", "ilbc"}
"""Codecs whose decoders want one block a packet."""


def of_stream(stream: Any) -> Any:
    """A decoder for a track of PyAV's container; None where its codec isn't on the list."""
    context = stream.codec_context
    if context is None or context.name not in _IN_STREAMS:
        return None
    return _single(_create(_BETTER[context.name]) if context.name in _BETTER else context)


def of_blocks(container: str, layout: Layout, channels: int) -> Any:
    """A decoder for sound of one coding; None where there is none.

    Args:
        container: one of frames.CONTAINERS.
        layout: the coding.
        channels: how many of its channels are decoded.
    """
    name = _name(container, layout)
    if not name or channels > MOST_CHANNELS or not LOWEST_RATE <= layout.sample_rate <= HIGHEST_RATE:
        return None
    decoder = _single(_create(name))
    decoder.sample_rate = layout.sample_rate
    decoder.layout = f"{channels}c"
    bits = 8 * layout.block_bytes // layout.block_samples if layout.codec == "g726" else 4
    decoder.options = {"block_align": str(layout.block_bytes), "bits_per_coded_sample": str(bits)}
    if layout.codec == "g726":
        decoder.options |= {"code_size": str(bits)}
    return decoder


def _create(name: str) -> Any:
    import av  # noqa: PLC0415  only in the process that decodes

    return av.CodecContext.create(name, "r")


def _single(decoder: Any) -> Any:
    decoder.thread_type, decoder.thread_count = "NONE", 1
    return decoder


def _name(container: str, layout: Layout) -> str:
    """FFmpeg's name of the decoder.

    G.726 has two orders of its bits: WAV begins with a byte's high bits, RFC 3551 section 4.5.4 (and so
    Asterisk's files) and AU with the low ones.
    """
    codec = layout.codec
    if codec.startswith("pcm_"):
        return codec
    if codec == "gsm":
        return "gsm_ms" if layout.block_bytes == _MS_GSM_BLOCK else "gsm"
    if codec == "g726":
        return "g726" if container == "wav" else "g726le"
    return "adpcm_ima_qt" if (container, codec) == ("aiff", "adpcm_ima") else _NAMES.get(codec, "")


def packet(data: bytes) -> Any:
    """A packet with memory of its own, since decoders read some bytes beyond its end.

    PyAV's packets made of bytes have no such room behind them.
    """
    import av  # noqa: PLC0415  only in the process that decodes

    made = av.Packet(len(data))
    made.update(data)
    return made


def is_plain(layout: Layout) -> bool:
    """Whether each sample of each channel stands in bytes of its own."""
    return layout.codec.startswith("pcm_") or layout.codec in {"mulaw", "alaw"}


def pieces(file: BinaryIO, stretch: Stretch) -> Iterator[bytes]:
    """The sound's bytes in pieces that a decoder takes as packets, without a rest that can't be decoded."""
    layout, at, end = stretch.layout, stretch.start, stretch.start + stretch.size
    if layout.codec == "g723_1":
        yield from _g723(file, at, end)
        return
    width = layout.block_bytes
    step = width if layout.codec in _PACKED else max(1, _MANY // width) * width
    if layout.codec not in _ANY_LENGTH:
        end -= stretch.size % width
    for offset in range(at, end, step):
        yield read_at(file, offset, step, end)


def _g723(file: BinaryIO, at: int, end: int) -> Iterator[bytes]:
    """Frames whose first two bits say how long they are."""
    data, start = b"", 0
    while at < end or start < len(data):
        if len(data) - start < max(G723_BYTES) and at < end:
            data, start = data[start:] + read_at(file, at, _MANY, end), 0
            at += _MANY
        length = G723_BYTES[data[start] & 3]
        if start + length <= len(data):
            yield data[start : start + length]
        start += length
