"""Digest and signature algorithms that signatures and certificates may use, and checking a signature value.

ECDSA on P-256, P-384 and P-521 and RSA PKCS #1 v1.5 with 2048 to 8192 bits, each with SHA-256, SHA-384 or
SHA-512. Everything else, SHA-1 above all, is unsupported: not forged, and not fine (FORMAT.md, "Signature").
"""

import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from evidence.crypto.der import Oid, decode
from evidence.crypto.problems import Broken, Malformed, Unsupported

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192
MAX_RSA_EXPONENT = 2**32

DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""Digest names by OID; the names are hashlib's."""

DIGEST_OIDS = {name: oid for oid, name in DIGESTS.items()}

ECDSA_OIDS = {
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
RSA_OIDS = {
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
_SIGNATURES = {oid: ("ecdsa", name) for name, oid in ECDSA_OIDS.items()} | {
    oid: ("rsa", name) for name, oid in RSA_OIDS.items()
}
_RSA = "1.2.840.113549.1.1.1"
_EC = "1.2.840.10045.2.1"
_COMPRESSED = (b"\x02", b"\x03")
_CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "1.2.840.10045.3.1.7": ec.SECP256R1,
    "1.3.132.0.34": ec.SECP384R1,
    "1.3.132.0.35": ec.SECP521R1,
}
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@asn1.sequence
class AlgorithmIdentifier:
    """An algorithm with its parameters (RFC 5280, section 4.1.1.2)."""

    algorithm: Oid
    parameters: asn1.Null | asn1.TLV | None


@asn1.sequence
class _PublicKeyInfo:
    algorithm: AlgorithmIdentifier
    key: asn1.BitString


@asn1.sequence
class _RsaKey:
    modulus: int
    exponent: int


def identifier(oid: str, *, null: bool = False) -> AlgorithmIdentifier:
    """An algorithm without parameters, or with NULL where its standard wants that."""
    return AlgorithmIdentifier(algorithm=Oid(oid), parameters=asn1.Null() if null else None)


def digest_of(algorithm: AlgorithmIdentifier) -> str:
    """The name of a digest algorithm (RFC 5754, section 2).

    Raises:
        Unsupported: any but SHA-256, SHA-384 and SHA-512.
    """
    oid = algorithm.algorithm.dotted_string
    if oid not in DIGESTS or isinstance(algorithm.parameters, asn1.TLV):
        raise Unsupported(f"digest algorithm {oid}")
    return DIGESTS[oid]


def digest(name: str, data: bytes) -> bytes:
    """The digest of that name (one of DIGESTS)."""
    return hashlib.new(name, data).digest()


def signature_of(algorithm: AlgorithmIdentifier, digest_name: str = "") -> tuple[str, str]:
    """The key type, ``ecdsa`` or ``rsa``, and the digest name of a signature algorithm.

    Args:
        algorithm: the signature algorithm.
        digest_name: in CMS, the digest that stands beside it: it completes plain rsaEncryption, and must
            agree with every other.

    Raises:
        Unsupported: another algorithm, parameters it shouldn't have, or two different digests.
    """
    oid = algorithm.algorithm.dotted_string
    kind, name = ("rsa", digest_name) if oid == _RSA else _SIGNATURES.get(oid, ("", ""))
    if not name or isinstance(algorithm.parameters, asn1.TLV):
        raise Unsupported(f"signature algorithm {oid}")
    if digest_name and digest_name != name:
        raise Unsupported(f"signature algorithm {oid} with a {digest_name} digest")
    return kind, name


def public_key(info: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """The key of a DER SubjectPublicKeyInfo (RFC 5480, RFC 3279).

    Raises:
        Unsupported: another key type or curve, or an RSA key too short or too long.
        Malformed: not a key of its type.
    """
    parsed = decode(_PublicKeyInfo, info)
    oid = parsed.algorithm.algorithm.dotted_string
    if oid not in (_EC, _RSA):
        raise Unsupported(f"public key algorithm {oid}")
    if parsed.key.padding_bits():
        raise Malformed("a public key that isn't whole bytes")
    data = parsed.key.as_bytes()
    return _rsa_key(data) if oid == _RSA else _ec_key(parsed.algorithm, data)


def _ec_key(algorithm: AlgorithmIdentifier, point: bytes) -> ec.EllipticCurvePublicKey:
    parameters = algorithm.parameters
    if not isinstance(parameters, asn1.TLV) or parameters.tag_bytes != b"\x06":
        raise Unsupported("elliptic curve that isn't a named one")
    name = parameters.parse(Oid).dotted_string
    if name not in _CURVES:
        raise Unsupported(f"elliptic curve {name}")
    if point.startswith(_COMPRESSED):
        raise Unsupported("a compressed point of an elliptic curve")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[name](), point)
    except UnsupportedAlgorithm as error:
        raise Unsupported(f"elliptic curve {name}") from error


def _rsa_key(data: bytes) -> rsa.RSAPublicKey:
    numbers = decode(_RsaKey, data)
    if numbers.modulus < 0 or not numbers.modulus % 2 or not 0 <= numbers.exponent < MAX_RSA_EXPONENT:
        raise Malformed("an RSA key with an impossible number")
    if not MIN_RSA_BITS <= numbers.modulus.bit_length() <= MAX_RSA_BITS:
        raise Unsupported(f"RSA key of {numbers.modulus.bit_length()} bits")
    return rsa.RSAPublicNumbers(e=numbers.exponent, n=numbers.modulus).public_key()


def check_signature(
    key_info: bytes, algorithm: AlgorithmIdentifier, data: bytes, signature: bytes, digest_name: str = ""
) -> None:
    """Check a signature value over data with the key of a DER SubjectPublicKeyInfo.

    Raises:
        Unsupported, Malformed: see signature_of and public_key.
        Broken: the signature isn't one of that key over that data.
    """
    kind, name = signature_of(algorithm, digest_name)
    key = public_key(key_info)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            key.verify(signature, data, ec.ECDSA(_HASHES[name]()))
        elif isinstance(key, rsa.RSAPublicKey) and kind == "rsa":
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[name]())
        else:
            raise Broken("the signature algorithm doesn't fit the key")
    except InvalidSignature as error:
        raise Broken("the signature value doesn't fit") from error
