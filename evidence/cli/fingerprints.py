"""Fingerprints of a certificate and a register key, as people read and compare them."""

import textwrap

from evidence.cli import console
from evidence.crypto.certificates import CertificateFacts
from evidence.digests import groups, sha256_hex
from evidence.messages import t

_GROUPS_A_LINE = 8 * 5 - 1


def print_keys(certificate: CertificateFacts, register_key: str) -> None:
    """Print both fingerprints in full."""
    print_certificate(certificate)
    console.line(console.words("cli.keys_register", key=register_key))
    _fingerprint(sha256_hex(register_key.encode("utf-8")))


def print_certificate(certificate: CertificateFacts) -> None:
    """Print a certificate's subject, validity and fingerprint."""
    console.line(console.words("cli.keys_certificate", subject=certificate.subject))
    console.line(
        t(
            "cli.keys_valid",
            start=f"{certificate.not_before:%Y-%m-%d}",
            end=f"{certificate.not_after:%Y-%m-%d}",
        )
    )
    _fingerprint(certificate.sha256)


def _fingerprint(digest: str) -> None:
    for row in textwrap.wrap(groups(digest), _GROUPS_A_LINE):
        console.line(f"    {row}")
