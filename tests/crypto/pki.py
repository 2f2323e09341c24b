"""Certificates, keys and openssl for the tests of this package."""

import datetime as dt
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.x509.oid import NameOID

from tests.requirements import need

NOW = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@cache
def key_of(kind: str, number: int = 0) -> Key:
    """A key made once per test run: p256, p384, p521, k256, ed25519 or rsa; ``number`` tells them apart."""
    del number
    curves: dict[str, Callable[[], ec.EllipticCurve]]
    curves = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1, "k256": ec.SECP256K1}
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(curves[kind]())


def key_pem(key: Key) -> bytes:
    """A key as plain PKCS #8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def name(text: str) -> x509.Name:
    """A name of an organisation in Ukraine."""
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "UA"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)]
    )


def usage(*bits: str) -> x509.KeyUsage:
    """The key usage with just these bits."""
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
        "crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{bit: bit in bits for bit in every.split()})


SIGNING = usage("digital_signature", "content_commitment")
ISSUING = usage("key_cert_sign", "crl_sign")


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def issue(
    subject: str,
    issuer: Issued | None = None,
    *,
    key: Key | None = None,
    ca: bool | None = None,
    path_length: int | None = None,
    key_usage: x509.KeyUsage | None = None,
    purposes: Sequence[x509.ObjectIdentifier] = (),
    purposes_critical: bool = True,
    start: dt.datetime = NOW - YEAR,
    end: dt.datetime = NOW + YEAR,
    extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
    issuer_name: str = "",
    serial: int = 0,
) -> Issued:
    """A certificate; self-signed without an issuer. ``ca`` None leaves basicConstraints out."""
    key = key or key_of("p256", hash(subject))
    by = issuer.certificate.subject if issuer else name(subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer_name) if issuer_name else by)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    extensions = [*extra, (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)]
    if issuer:
        extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(issuer)), False))
    if ca is not None:
        extensions.append((x509.BasicConstraints(ca=ca, path_length=path_length), True))
    if key_usage is not None:
        extensions.append((key_usage, True))
    if purposes:
        extensions.append((x509.ExtendedKeyUsage(purposes), purposes_critical))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    signer = issuer.key if issuer else key
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Issued(builder.sign(signer, digest), key)


def _public(issuer: Issued) -> CertificateIssuerPublicKeyTypes:
    return issuer.key.public_key()


def authority(subject: str, issuer: Issued | None = None, **more: object) -> Issued:
    """A certification authority."""
    return issue(subject, issuer, ca=True, key_usage=ISSUING, **more)  # type: ignore[arg-type]


def signer(subject: str, issuer: Issued | None = None, **more: object) -> Issued:
    """An end-entity certificate for signing."""
    return issue(subject, issuer, ca=False, key_usage=SIGNING, **more)  # type: ignore[arg-type]


def openssl(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run openssl with arguments that are text or paths; its standard error is in the failure's text."""
    command = [need("openssl"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert not check or done.returncode == 0, done.stderr.decode(errors="replace")
    return done
