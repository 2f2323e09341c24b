"""SHA-256, the one digest of the format, and the forms in which it is written."""

import hashlib
from collections.abc import Iterable

from isal.isal_zlib import crc32

CHUNK = 4 * 1024 * 1024
"""Bytes read at a time, at most, wherever files are hashed or copied."""

_LARGE = 4 * CHUNK


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 digest as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_and_crc32(pieces: Iterable[bytes | memoryview], size: int) -> tuple[bytes, int]:
    """SHA-256 (32 bytes) and CRC-32 (ISO 3309) of the same bytes, in one pass.

    The CRC's wide instructions leave a thread's registers in a state in which OpenSSL's SHA-256 takes a third
    longer ever after (measured on AMD EPYC), so for large data SHA-256 gets a fresh thread.

    Args:
        pieces: the bytes; a piece may be overwritten when the next one is asked for.
        size: about how many there are.
    """
    sha = hashlib.sha256()
    crc = 0
    if size < _LARGE:
        for piece in pieces:
            sha.update(piece)
            crc = crc32(piece, crc)
        return sha.digest(), crc
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  small archives do without

    with ThreadPoolExecutor(1) as fresh:
        for piece in pieces:
            hashing = fresh.submit(sha.update, piece)
            crc = crc32(piece, crc)
            hashing.result()
    return sha.digest(), crc


def groups(hex_digest: str, size: int = 4) -> str:
    """A digest in groups for reading aloud: ``ab12 cd34 …``; a fingerprint in FORMAT.md's words."""
    return " ".join(hex_digest[i : i + size] for i in range(0, len(hex_digest), size))
