"""Frame headers of MPEG audio (ISO/IEC 11172-3, 13818-3) and of AAC in ADTS (ISO/IEC 13818-7)."""

from typing import NamedTuple

_RATES = (44100, 48000, 32000)
_KBITS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
AAC_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)


class Frame(NamedTuple):
    """One frame: its length in bytes, samples a channel, sample rate, channels, and the layer (0 for AAC)."""

    length: int
    samples: int
    sample_rate: int
    channels: int
    layer: int


def mpeg_frame(data: bytes | memoryview) -> Frame | None:
    """The frame of MPEG audio whose first four bytes these are; None when they are no header."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 3, 4 - (data[1] >> 1 & 3)
    bitrate, rate, padding = data[2] >> 4, data[2] >> 2 & 3, data[2] >> 1 & 1
    if version == 1 or layer == 4 or bitrate in {0, 15} or rate == 3:
        return None
    low = version != 3
    hertz = _RATES[rate] >> (0 if not low else 1 if version == 2 else 2)
    bits = _KBITS[2 if low else 1, layer][bitrate - 1] * 1000
    samples = 384 if layer == 1 else 576 if low and layer == 3 else 1152
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * bits // hertz + padding) * slot
    return Frame(length, samples, hertz, 1 if data[3] >> 6 == 3 else 2, layer)


def adts_frame(data: bytes | memoryview) -> Frame | None:
    """The ADTS frame whose first seven bytes these are; None when they are no header."""
    if len(data) < 7 or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:
        return None
    rate, channels = data[2] >> 2 & 15, (data[2] & 1) << 2 | data[3] >> 6
    length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    if rate >= len(AAC_RATES) or length < 7:
        return None
    return Frame(length, 1024 * ((data[6] & 3) + 1), AAC_RATES[rate], AAC_CHANNELS[channels], 0)


def announced_samples(first: bytes) -> int | None:
    """Samples that the first frame's Xing, Info or VBRI header announces, encoder padding included.

    A header stands behind the side information (whose length depends on version and channels) or, VBRI,
    32 bytes behind the frame header; its count of frames leaves out the frame that it stands in.
    """
    frame = mpeg_frame(first)
    if frame is None or frame.layer != 3:
        return None
    one = frame.channels == 1
    at = 4 + ((9 if one else 17) if frame.samples == 576 else (17 if one else 32))
    if first[at : at + 4] in {b"Xing", b"Info"} and len(first) >= at + 12 and first[at + 7] & 1:
        return int.from_bytes(first[at + 8 : at + 12], "big") * frame.samples
    if first[36:40] == b"VBRI" and len(first) >= 54:
        return int.from_bytes(first[50:54], "big") * frame.samples
    return None
