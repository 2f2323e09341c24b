"""Keys that a signature's certificate may not hold: unsupported ones, and impossible ones."""

import pytest
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evidence.crypto import algorithms, cades, certificates, der, x509
from tests.crypto import pki
from tests.crypto.test_cades import DSTU_4145, Parts, parts


def with_public_key(certificate: bytes, info: bytes) -> bytes:
    """The certificate with another key; its signature no longer fits, which nobody checks here."""
    outer = der.decode(x509._Certificate, certificate)
    tbs = der.decode(x509._TbsCertificate, der.encode(outer.tbs))
    tbs.public_key = der.tlv(info)
    outer.tbs = der.tlv(der.encode(tbs))
    return der.encode(outer)


def of_key(changed: Parts, info: algorithms._PublicKeyInfo) -> bytes:
    """Let the signature carry the certificate of another key; gives that certificate."""
    assert changed.signed.certificates is not None
    strange = with_public_key(der.encode(changed.signed.certificates[0]), der.encode(info))
    changed.signed.certificates = [der.tlv(strange)]
    return strange


def rsa_info(modulus: int, exponent: int) -> algorithms._PublicKeyInfo:
    key = algorithms._RsaKey(modulus=modulus, exponent=exponent)
    return algorithms._PublicKeyInfo(
        algorithm=algorithms.identifier(algorithms._RSA, null=True), key=asn1.BitString(der.encode(key), 0)
    )


@pytest.mark.parametrize("oid", [DSTU_4145, "1.3.101.112", "1.2.840.113549.1.1.10"])
def test_public_key_of_another_kind_is_unsupported(oid: str) -> None:
    changed = parts()
    info = algorithms._PublicKeyInfo(
        algorithm=algorithms.AlgorithmIdentifier(algorithm=der.Oid(oid), parameters=der.tlv(b"\x30\x00")),
        key=asn1.BitString(b"\x04\x21" + bytes(33), 0),
    )
    strange = of_key(changed, info)
    with pytest.raises(cades.SignatureUnsupported, match=oid):
        cades.parse(changed.joined())
    assert certificates.facts(strange).organisation == "ТОВ «Зв'язок»"


def test_compressed_point_is_unsupported() -> None:
    changed = parts("p256")
    point = pki.key_of("p256").public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    info = algorithms._PublicKeyInfo(
        algorithm=algorithms.AlgorithmIdentifier(
            algorithm=der.Oid(algorithms._EC), parameters=der.tlv(der.encode(der.Oid("1.2.840.10045.3.1.7")))
        ),
        key=asn1.BitString(point, 0),
    )
    of_key(changed, info)
    with pytest.raises(cades.SignatureUnsupported, match="compressed"):
        cades.parse(changed.joined())


def test_short_rsa_key_is_unsupported() -> None:
    changed = parts("rsa")
    of_key(changed, rsa_info(2**1023 + 1, 65537))
    with pytest.raises(cades.SignatureUnsupported, match="1024 bits"):
        cades.parse(changed.joined())


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (-(2**2048) + 1, 65537),
        (2**2047, 65537),
        (2**2047 + 1, -3),
        (2**2047 + 1, 2**32 + 1),
        (2**2047 + 1, 2),
        (2**2047 + 1, 1),
    ],
)
def test_impossible_rsa_key_is_malformed(modulus: int, exponent: int) -> None:
    with pytest.raises(ValueError):
        algorithms.public_key(der.encode(rsa_info(modulus, exponent)))
