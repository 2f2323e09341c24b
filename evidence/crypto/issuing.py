"""Making the self-issued certificate (see certificates.self_issued)."""

import datetime as dt
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from evidence.crypto import keys
from evidence.errors import UsageError
from evidence.messages import t

MAX_NAME = 64
"""Characters of O and CN (RFC 5280, appendix A, ub-organization-name and ub-common-name)."""

_SECOND = dt.timedelta(seconds=1)


def self_issued(
    key_pem: bytes,
    passphrase: bytes | None,
    organisation: str,
    not_before: dt.datetime,
    *,
    serial: int,
    years: int,
) -> bytes:
    """See certificates.self_issued."""
    key = keys.load_private_key(key_pem, passphrase)
    name = _name(organisation)
    start = not_before.astimezone(dt.UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(_years_later(start, years) - _SECOND)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    deterministic = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    certificate = builder.sign(key, _hash(key), ecdsa_deterministic=deterministic)
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(organisation: str) -> x509.Name:
    if not organisation.strip() or len(organisation) > MAX_NAME or not organisation.isprintable():
        raise UsageError(t("crypto.organisation", limit=MAX_NAME), t("crypto.organisation_hint"))
    kinds = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library counts bytes where RFC 5280 counts characters
        return x509.Name([x509.NameAttribute(kind, organisation, _validate=False) for kind in kinds])


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _hash(key: keys.PrivateKey) -> hashes.SHA256 | hashes.SHA384:
    return hashes.SHA384() if keys.digest_for(key) == "sha384" else hashes.SHA256()


def _years_later(start: dt.datetime, years: int) -> dt.datetime:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)
