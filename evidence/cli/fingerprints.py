"""Fingerprints of an archive, a certificate and a register key, as people read and compare them."""

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
    print_fingerprint(t("cli.keys_register_sha256"), sha256_hex(register_key.encode("utf-8")), "  ")


def print_certificate(certificate: CertificateFacts, label: str = "cli.keys_sha256") -> None:
    """Print a certificate's subject, validity and fingerprint; the label says whose that is."""
    console.line(console.words("cli.keys_certificate", subject=certificate.subject))
    start, end = f"{certificate.not_before:%Y-%m-%d}", f"{certificate.not_after:%Y-%m-%d}"
    console.line("  ", t("cli.keys_valid", start=start, end=end))
    print_fingerprint(t(label), certificate.sha256, "  ")


def print_fingerprint(label: str, digest: str, indent: str = "") -> None:
    """Print whose fingerprint it is, and below it its 64 digits in two rows of eight groups."""
    console.line(indent, label)
    for row in textwrap.wrap(groups(digest), _GROUPS_A_LINE):
        console.line(f"{indent}    {row}")


def print_command(certificate: CertificateFacts) -> None:
    """Print the whole command with which somebody else checks archives of this signer."""
    console.line(f'    evidence verify ARCHIVE --trust "sha256:{groups(certificate.sha256)}"')
