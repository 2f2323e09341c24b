"""What seals an archive: the values that its register entry binds together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedFacts:
    """The parts of a ``sealed`` entry (FORMAT.md, "Register entry"); digests are 32 bytes.

    Attributes:
        archive_id: UUID in manifest.json.
        identity: SHA-256 of META-INF/ASiCManifest001.xml.
        signature_sha256: SHA-256 of META-INF/signature001.p7s.
        certificate_sha256: SHA-256 of the signer's certificate (DER).
        custody_sha256: SHA-256 of the salted custody record kept in the vault.
    """

    archive_id: str
    identity: bytes
    signature_sha256: bytes
    certificate_sha256: bytes
    custody_sha256: bytes
