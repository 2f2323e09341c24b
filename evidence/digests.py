"""SHA-256, the one digest of the format, and the forms in which it is written."""

import hashlib

CHUNK = 256 * 1024
"""Bytes read at a time wherever files are hashed or copied."""


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 digest as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def groups(hex_digest: str, size: int = 4) -> str:
    """A digest in groups for reading aloud: ``ab12 cd34 …``; a fingerprint in FORMAT.md's words."""
    return " ".join(hex_digest[i : i + size] for i in range(0, len(hex_digest), size))
