"""Archives with a recording of any size, made without holding it in memory."""

import base64
import hashlib
import struct
from pathlib import Path
from typing import Any
from zlib import crc32

from evidence.container.writer import ArchiveWriter
from evidence.digests import sha256
from tests import builder
from tests.builder import RECORDING, Changes, Document
from tests.vectors import archives

CHUNK = bytes(1024 * 1024)


def header(size: int) -> bytes:
    """Begin of a WAV file of that size, µ-law; all its sound is one value."""
    form = struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0)
    sound, whole = (struct.pack("<I", min(size - less, 2**32 - 1)) for less in (46, 8))
    return b"RIFF" + whole + b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form + b"data" + sound


def pieces(size: int) -> Any:
    """The recording, piece by piece."""
    first = header(size)
    assert size % len(CHUNK) == 0
    yield first + CHUNK[len(first) :]
    for _ in range(size // len(CHUNK) - 1):
        yield CHUNK


def digests(size: int) -> tuple[bytes, int]:
    """SHA-256 and CRC-32 of the recording."""
    digest, checksum = hashlib.sha256(), 0
    for piece in pieces(size):
        digest.update(piece)
        checksum = crc32(piece, checksum)
    return digest.digest(), checksum


def write(path: Path, size: int) -> None:
    """PASSED.asice with a recording of ``size`` bytes (whole MiB); the file has holes where it is silent."""
    digest, checksum = digests(size)
    old = sha256(builder.recording(1))

    def records(documents: dict[str, Document]) -> dict[str, Document]:
        documents["r-00010002"] |= {"size": size, "sha256": digest.hex()}
        documents["r-00010004"] |= {"recording_sha256": digest.hex()}
        return documents

    def manifest(document: Document) -> Document:
        document["exhibits"][0]["sha256"] = digest.hex()
        return document

    changes = Changes(
        records=records,
        manifest=manifest,
        sums=lambda lines: lines.replace(old.hex().encode(), digest.hex().encode()),
        asic=lambda listed: listed.replace(base64.b64encode(old), base64.b64encode(digest)),
    )
    members = archives.world(changes).members
    with path.open("w+b") as out:
        writer = ArchiveWriter(out)

        def silence(offset: int) -> int:
            out.seek(offset)
            out.write(header(size))
            out.truncate(offset + size)
            return checksum

        for name, data in members:
            if name == RECORDING:
                writer.add_copied(name, size, silence)
            else:
                writer.add(name, data)
        writer.finish()
