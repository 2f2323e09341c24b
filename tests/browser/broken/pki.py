"""Keys and certificates written by hand, right or wrong (RFC 5280)."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.browser.broken import der
from tests.browser.broken.draw import Draw

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNTIL = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
DIGEST_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
_RSA = {
    "sha1": "1.2.840.113549.1.1.5",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
_CURVES = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1(), "k256": ec.SECP256K1()}

KEY_USAGE, CONSTRAINTS, PURPOSES, SUBJECT_KEY_ID = "2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.14"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OTHER_PURPOSES = (
    TIME_STAMPING,
    "1.3.6.1.5.5.7.3.1",
    "1.3.6.1.5.5.7.3.2",
    "1.3.6.1.5.5.7.3.3",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.9",
    "2.5.29.37.0",
    "1.2.3.4",
)


@cache
def key_of(kind: str, number: int = 0) -> Key:
    """A key: p256, p384, p521, k256, or rsa with the bits behind it; ``number`` tells them apart."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.derive_private_key(1000 + number, _CURVES[kind])


def public(key: Key) -> bytes:
    """DER of the SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: Key) -> bytes:
    """20 bytes that name the key."""
    return hashlib.sha256(public(key)).digest()[:20]


def sign(key: Key, data: bytes, name: str) -> bytes:
    """A signature value with that digest."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), HASHES[name])
    return key.sign(data, ec.ECDSA(HASHES[name], deterministic_signing=name != "sha1"))


def algorithm(dotted: str, parameters: bytes = b"") -> bytes:
    """An AlgorithmIdentifier."""
    return der.sequence(der.oid(dotted), parameters)


def signature_algorithm(key: Key, name: str) -> bytes:
    """The algorithm of such a signature, as its standard has it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return algorithm(_RSA[name], der.NULL)
    return algorithm(_ECDSA[name])


def extension(dotted: str, value: bytes, *, critical: bool | None = None) -> bytes:
    """An extension; ``critical`` None leaves the flag out."""
    flag = b"" if critical is None else der.tlv(0x01, b"\xff" if critical else b"\0")
    return der.sequence(der.oid(dotted), flag, der.octets(value))


def usage(first: int) -> bytes:
    """KeyUsage with these bits: 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign."""
    unused = next((place for place in range(8) if first >> place & 1), 7)
    return extension(KEY_USAGE, der.bits(bytes([first]), unused), critical=True)


def constraints(*, ca: bool, path_length: int | None = None) -> bytes:
    """BasicConstraints."""
    flag = der.tlv(0x01, b"\xff") if ca else b""
    length = b"" if path_length is None else der.integer(path_length)
    return extension(CONSTRAINTS, der.sequence(flag, length), critical=True)


def purposes(*dotted: str, critical: bool = True) -> bytes:
    """ExtKeyUsage."""
    return extension(PURPOSES, der.sequence(*map(der.oid, dotted)), critical=critical or None)


def name(text: str) -> bytes:
    """A Name with a country and an organisation."""
    return der.sequence(
        der.set_of(der.sequence(der.oid("2.5.4.6"), der.tlv(0x13, b"UA"))),
        der.set_of(der.sequence(der.oid("2.5.4.10"), der.tlv(0x0C, text.encode()))),
    )


_TYPES = (
    "2.5.4.3",
    "2.5.4.6",
    "2.5.4.7",
    "2.5.4.10",
    "2.5.4.97",
    "1.2.840.113549.1.9.1",
    "0.9.2342.19200300.100.1.25",
)
_TEXTS = (
    "Тест",
    "#hash",
    " space ",
    " ",
    "",
    'a,b+c;d<e>f\\g"h=i',
    "nul\0nul",
    "😀",
    "é",
    "end\\",
    "a\nb",
    "\ufeffbom",
)
_ENCODINGS = {
    0x0C: "utf-8",
    0x13: "ascii",
    0x12: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}


def any_name(draw: Draw) -> bytes:
    """A Name with attributes of many kinds, some of which aren't text, or aren't a Name's."""
    parts = []
    for _ in range(draw.between(0, 3)):
        some = [_attribute(draw) for _ in range(draw.one([1, 1, 1, 2]))]
        parts.append(der.set_of(*some) if draw.maybe(95) else der.tlv(0x31, *some))
    return der.sequence(*parts, *([der.NULL] if draw.maybe(2) else []))


def _attribute(draw: Draw) -> bytes:
    tag = draw.one(list(_ENCODINGS))
    text = draw.one(_TEXTS).encode(_ENCODINGS[tag], "replace")
    value = der.tlv(tag, text)
    match draw.below(14):
        case 0:
            value = der.tlv(tag, draw.bytes(draw.between(0, 9)))
        case 1:
            value = der.integer(draw.below(1000))
        case 2:
            value = der.sequence(der.NULL)
        case 3:
            value = der.tlv(
                tag,
                draw.one(
                    [
                        b"\xd8\x00",
                        b"\xd8\x00\xdc\x00",
                        b"\0\x11\0\0",
                        b"\0\0\xd8\0",
                        b"\xed\xa0\x80",
                        b"\xc0\x80",
                    ]
                ),
            )
    return der.sequence(der.oid(draw.one(_TYPES)), value)


@dataclass(frozen=True)
class Issued:
    """A certificate, its key, and what of it other structures name."""

    data: bytes
    key: Key
    subject: bytes
    issuer: bytes
    serial: int

    @property
    def sha256(self) -> str:
        """The fingerprint."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Plan:
    """What a certificate is to be; ``signer`` None signs it with its own key."""

    key: Key
    subject: bytes
    issuer: bytes | None = None
    signer: Key | None = None
    serial: int = 4711
    since: bytes = field(default_factory=lambda: der.utc_time(SINCE))
    until: bytes = field(default_factory=lambda: der.utc_time(UNTIL))
    extensions: Sequence[bytes] = ()
    digest: str = "sha256"
    version: bytes = der.tlv(0xA0, der.integer(2))
    broken: bool = False


def issue(plan: Plan) -> Issued:
    """The certificate of a plan."""
    by = plan.signer or plan.key
    issuer = plan.subject if plan.issuer is None else plan.issuer
    kind = signature_algorithm(by, plan.digest)
    extensions = der.tlv(0xA3, der.sequence(*plan.extensions)) if plan.extensions else b""
    tbs = der.sequence(
        plan.version,
        der.integer(plan.serial),
        kind,
        issuer,
        der.sequence(plan.since, plan.until),
        plan.subject,
        public(plan.key),
        extensions,
    )
    value = sign(by, tbs + b"x" if plan.broken else tbs, plan.digest)
    data = der.sequence(tbs, kind, der.bits(value))
    return Issued(data, plan.key, plan.subject, issuer, plan.serial)
