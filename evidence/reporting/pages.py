"""The pages for browsers as they are built and shipped: what a reader is given, and its published digest."""

from pathlib import Path

from evidence.digests import sha256_hex

_BUILT = Path(__file__).parent / "web" / "built"


def verifier_page() -> bytes:
    """verify.html: the page that verifies archives in a browser, whole in one file."""
    return (_BUILT / "verify.html").read_bytes()


def verifier_digest() -> str:
    """The SHA-256 of verify.html, 64 hexadecimal digits, as README publishes it."""
    return sha256_hex(verifier_page())
