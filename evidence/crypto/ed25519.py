"""Ed25519 signatures of registers and witnesses (FORMAT.md, "Checkpoint").

Programs that verify Ed25519 differ in a few cases that nobody meets who makes keys as RFC 8032 says: points
of small order, which fit many texts, and other encodings of a point than its only one. Here they never
verify, so that every verifier says the same.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_HALF = 32
_SIGN = 1 << 255
_FIELD = 2**255 - 19
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y of the eight points of small order; their x has either sign."""


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is that of a message by a key: RFC 8032 section 5.1.7, without cofactor.

    Args:
        public_key: 32 bytes.
        signature: 64 bytes; of any other length it isn't one.
        message: what was signed.
    """
    if not _is_sound(public_key) or not _is_sound(signature[:_HALF]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _is_sound(encoded: bytes) -> bool:
    """Whether an encoded point has a y below the field's order and isn't of small order."""
    y = int.from_bytes(encoded, "little") % _SIGN
    return y < _FIELD and y not in _SMALL_ORDER
