"""WAV files made by hand, so that every byte of a header can be wrong on purpose."""

import struct

PCM, FLOAT, ALAW, MULAW, GSM = 1, 3, 6, 7, 0x31


def chunk(name: bytes, data: bytes, size: int | None = None) -> bytes:
    """A chunk with its padding byte; ``size`` is what the header says if not the truth."""
    return name + struct.pack("<I", len(data) if size is None else size) + data + b"\0" * (len(data) % 2)


def form(
    tag: int = PCM, channels: int = 1, rate: int = 8000, width: int = 2, bits: int | None = None
) -> bytes:
    """A ``fmt`` chunk; a GSM one has its extension, as Asterisk writes it."""
    if tag == GSM:
        return chunk(b"fmt ", struct.pack("<HHIIHHHH", GSM, channels, rate, 1625, 65, 0, 2, 320))
    align = channels * width
    bits = 8 * width if bits is None else bits
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits))


def riff(*parts: bytes, magic: bytes = b"RIFF") -> bytes:
    """A file of these chunks."""
    body = b"WAVE" + b"".join(parts)
    return magic + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


def ds64(data: int, samples: int = 0, table: tuple[tuple[bytes, int], ...] = ()) -> bytes:
    """The chunk of 64-bit sizes of an RF64 file."""
    entries = b"".join(struct.pack("<4sQ", name, size) for name, size in table)
    return chunk(b"ds64", struct.pack("<QQQI", 0, data, samples, len(table)) + entries)


def noise(count: int) -> bytes:
    """Bytes that no chunk name is made of, always the same."""
    return bytes(0x80 | (37 * i) % 128 for i in range(count))
