"""CAdES signatures: openssl and pyHanko as oracles, both ways; every reason to refuse one."""

import asyncio
import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509 as oracle
from cryptography.hazmat import asn1
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.crypto import algorithms, cades, certificates, cms, der, ess, keys, x509
from tests.crypto import pki
from tests.crypto.mutations import damaged

CONTENT = b"<ASiCManifest>not really</ASiCManifest>\n"
TIME = dt.datetime(2026, 3, 1, 12, 30, 15, 999_000, tzinfo=dt.UTC)
DSTU_4145 = "1.2.804.2.1.1.1.1.3.1.1"
GOST_34_311 = "1.2.804.2.1.1.1.1.2.1"


def sealing_key(kind: str) -> keys.SealingKey:
    pem = pki.key_pem(pki.key_of(kind))
    start = pki.NOW - pki.YEAR
    certificate = certificates.self_issued(pem, None, "ТОВ «Зв'язок»", start, serial=7, years=10)
    return keys.load_sealing_key(pem, certificate, None)


def accepted_by_openssl(folder: Path, signature: bytes, anchor: bytes, content: bytes = CONTENT) -> bool:
    (folder / "s.p7s").write_bytes(signature)
    (folder / "content").write_bytes(content)
    (folder / "anchor.pem").write_bytes(anchor)
    arguments = ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-out", "/dev/null", "-attime"]
    files = [str(int(pki.NOW.timestamp())), "-in", folder / "s.p7s", "-content", folder / "content"]
    done = pki.openssl(*arguments, *files, "-CAfile", folder / "anchor.pem", check=False)
    return done.returncode == 0


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_openssl_accepts_a_self_issued_signature(kind: str, tmp_path: Path) -> None:
    key = sealing_key(kind)
    signature = cades.sign(CONTENT, key, TIME)
    anchor = certificates.der_to_pem(key.chain[0])
    assert accepted_by_openssl(tmp_path, signature, anchor)
    assert not accepted_by_openssl(tmp_path, signature, anchor, CONTENT + b" ")


@pytest.mark.parametrize("form", ["pem", "pkcs12"])
@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_openssl_accepts_a_signature_under_a_ca(kind: str, form: str, tmp_path: Path) -> None:
    root = pki.authority("Root", key=pki.key_of("rsa", 1))
    middle = pki.authority("Middle", root)
    leaf = pki.signer("Company", middle, key=pki.key_of(kind))
    key_pem, chain_pem = pki.key_pem(leaf.key), middle.pem + leaf.pem + root.pem
    if form == "pkcs12":
        (tmp_path / "k.pem").write_bytes(key_pem)
        (tmp_path / "c.pem").write_bytes(chain_pem)
        arguments = ["-inkey", tmp_path / "k.pem", "-in", tmp_path / "c.pem", "-passout", "pass:так"]
        pki.openssl("pkcs12", "-export", *arguments, "-out", tmp_path / "k.p12")
        key_pem, chain_pem = keys.from_pkcs12((tmp_path / "k.p12").read_bytes(), "так".encode())
    key = keys.load_sealing_key(key_pem, chain_pem, None)
    assert key.chain == (leaf.der, middle.der, root.der)
    signature = cades.sign(CONTENT, key, TIME)
    assert accepted_by_openssl(tmp_path, signature, root.pem)
    read = cades.verify(signature, CONTENT)
    assert (read.certificate, set(read.chain)) == (leaf.der, {middle.der, root.der})


@pytest.mark.parametrize(("kind", "digest"), [("p256", "sha256"), ("p384", "sha384"), ("rsa", "sha256")])
def test_signature_is_reproducible_and_read_back(kind: str, digest: str) -> None:
    key = sealing_key(kind)
    signature = cades.sign(CONTENT, key, TIME)
    assert cades.sign(CONTENT, key, TIME) == signature
    assert cades.verify(signature, CONTENT) == cades.Signature(
        certificate=key.chain[0],
        chain=(),
        signing_time=TIME.replace(microsecond=0),
        digest_name=digest,
        has_unsigned=False,
    )
    assert cades.parse(signature) == cades.verify(signature, CONTENT)


def test_signing_time_after_2049_is_generalized() -> None:
    late = dt.datetime(2051, 1, 1, tzinfo=dt.UTC)
    signature = cades.sign(CONTENT, sealing_key("p256"), late)
    assert b"\x18\x0f20510101000000Z" in signature
    assert cades.verify(signature, CONTENT).signing_time == late


def test_pyhanko_accepts() -> None:
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415  slow to import
    from asn1crypto.x509 import Certificate  # noqa: PLC0415
    from pyhanko.sign.validation import async_validate_detached_cms  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    root = pki.authority("Root")
    leaf = pki.signer("Company", root)
    key = keys.load_sealing_key(pki.key_pem(leaf.key), leaf.pem + root.pem, None)
    signed = ContentInfo.load(cades.sign(CONTENT, key, pki.NOW))["content"]

    def bottom_line(content: bytes) -> bool:
        context = ValidationContext(
            trust_roots=[Certificate.load(root.der)], moment=pki.NOW, allow_fetching=False
        )
        checked = async_validate_detached_cms(content, signed, signer_validation_context=context)
        return bool(asyncio.run(checked).bottom_line)

    assert bottom_line(CONTENT)
    assert not bottom_line(CONTENT + b" ")


@dataclasses.dataclass
class Parts:
    """A signature taken apart, to be changed and put together again."""

    signed: cms.SignedData
    info: cms.SignerInfo

    def joined(self) -> bytes:
        self.signed.signer_infos = asn1.SetOf([self.info])
        return cms.frame(self.signed)


def parts(kind: str = "p256", content: bytes = CONTENT) -> Parts:
    outer = der.decode(cms.ContentInfo, cades.sign(content, sealing_key(kind), TIME))
    assert outer.content is not None
    signed = der.decode(cms.SignedData, der.encode(outer.content[0]))
    return Parts(signed, signed.signer_infos.as_list()[0])


def test_taken_apart_and_joined_is_the_same() -> None:
    assert parts().joined() == cades.sign(CONTENT, sealing_key("p256"), TIME)


def test_unsigned_attribute_is_flagged(tmp_path: Path) -> None:
    changed = parts()
    stamp = cms.Attribute(
        type=der.Oid("1.2.840.113549.1.9.16.2.14"), values=asn1.SetOf([der.tlv(b"\x30\x00")])
    )
    changed.info.unsigned_attributes = asn1.SetOf([stamp])
    signature = changed.joined()
    assert cades.verify(signature, CONTENT).has_unsigned
    assert accepted_by_openssl(tmp_path, signature, certificates.der_to_pem(sealing_key("p256").chain[0]))


@pytest.mark.parametrize("oid", [DSTU_4145, "1.3.101.112", "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.5"])
def test_unknown_signature_algorithm_is_unsupported(oid: str) -> None:
    changed = parts()
    changed.info.signature_algorithm = algorithms.identifier(oid)
    with pytest.raises(cades.SignatureUnsupported, match=oid):
        cades.parse(changed.joined())


@pytest.mark.parametrize("oid", [GOST_34_311, "1.3.14.3.2.26", "1.2.840.113549.2.5"])
def test_unknown_digest_algorithm_is_unsupported(oid: str) -> None:
    changed = parts()
    changed.info.digest_algorithm = algorithms.identifier(oid)
    with pytest.raises(cades.SignatureUnsupported, match=oid):
        cades.parse(changed.joined())


def test_another_signature_value_is_broken() -> None:
    changed, other = parts(), parts(content=b"other")
    changed.info.signature = other.info.signature
    with pytest.raises(cades.SignatureBroken):
        cades.verify(changed.joined(), CONTENT)
    changed.info.signature = b""
    with pytest.raises(cades.SignatureBroken):
        cades.verify(changed.joined(), CONTENT)


def test_algorithm_of_another_key_type_is_broken() -> None:
    changed = parts("p256")
    changed.info.signature_algorithm = algorithms.identifier(algorithms.RSA_OIDS["sha256"], null=True)
    with pytest.raises(cades.SignatureBroken):
        cades.verify(changed.joined(), CONTENT)


def test_two_digests_in_one_signature_are_unsupported() -> None:
    changed = parts()
    changed.info.signature_algorithm = algorithms.identifier(algorithms.ECDSA_OIDS["sha384"])
    with pytest.raises(cades.SignatureUnsupported):
        cades.parse(changed.joined())


def resigned(changed: Parts, attributes: list[cms.Attribute]) -> bytes:
    """The signature with other signed attributes, made with the true key."""
    changed.info.signed_attributes = asn1.SetOf(attributes)
    changed.info.signature = sealing_key("p256").sign(der.encode(changed.info.signed_attributes))
    return changed.joined()


def signed_attributes(changed: Parts) -> list[cms.Attribute]:
    assert changed.info.signed_attributes is not None
    return changed.info.signed_attributes.as_list()


@pytest.mark.parametrize("missing", [False, True])
def test_signing_certificate_of_another_certificate(missing: bool) -> None:  # noqa: FBT001
    changed = parts()
    kept = [
        item for item in signed_attributes(changed) if item.type.dotted_string != ess.SIGNING_CERTIFICATE_V2
    ]
    other = ess.signing_certificate_v2(x509.parse(pki.signer("Other").der))
    signature = resigned(changed, kept if missing else [*kept, other])
    with pytest.raises(cades.CertificateMismatch):
        cades.verify(signature, CONTENT)
    assert cades.parse(signature).certificate == sealing_key("p256").chain[0]


def test_same_key_in_another_certificate_is_a_mismatch() -> None:
    changed = parts()
    key = pki.key_pem(pki.key_of("p256"))
    pem = certificates.self_issued(key, None, "ТОВ «Зв'язок»", pki.NOW, serial=7, years=20)
    changed.signed.certificates = [der.tlv(certificates.pem_to_der(pem)[0])]
    with pytest.raises(cades.CertificateMismatch):
        cades.verify(changed.joined(), CONTENT)


def test_doubled_and_missing_attributes_are_malformed() -> None:
    for position in range(4):
        changed = parts()
        listed = signed_attributes(changed)
        doubled = cms.Attribute(
            type=listed[position].type, values=asn1.SetOf([der.tlv(b"\x04\x00"), der.tlv(b"\x04\x01a")])
        )
        with pytest.raises(cades.SignatureMalformed):
            cades.verify(resigned(changed, [*listed, doubled]), CONTENT)
    for oid in (cms.CONTENT_TYPE, cms.MESSAGE_DIGEST):
        changed = parts()
        kept = [item for item in signed_attributes(changed) if item.type.dotted_string != oid]
        with pytest.raises(cades.SignatureMalformed):
            cades.verify(resigned(changed, kept), CONTENT)


def test_signing_time_may_be_missing() -> None:
    changed = parts()
    kept = [item for item in signed_attributes(changed) if item.type.dotted_string != cms.SIGNING_TIME]
    assert cades.verify(resigned(changed, kept), CONTENT).signing_time is None


def test_certificate_that_cannot_be_read_is_left_aside() -> None:
    changed = parts()
    assert changed.signed.certificates is not None
    changed.signed.certificates = [der.tlv(b"\x30\x03\x02\x01\x05"), *changed.signed.certificates]
    assert cades.verify(changed.joined(), CONTENT).chain == ()
    changed.signed.certificates.reverse()
    with pytest.raises(cades.SignatureMalformed, match="order"):
        cades.parse(changed.joined())


def test_two_certificates_of_one_issuer_and_serial_are_malformed() -> None:
    changed = parts()
    pem = certificates.self_issued(
        pki.key_pem(pki.key_of("p256", 9)), None, "ТОВ «Зв'язок»", pki.NOW, serial=7
    )
    assert changed.signed.certificates is not None
    both = [der.encode(changed.signed.certificates[0]), certificates.pem_to_der(pem)[0]]
    changed.signed.certificates = [der.tlv(item) for item in sorted(both)]
    with pytest.raises(cades.SignatureMalformed, match="two certificates"):
        cades.parse(changed.joined())


def test_altered_content_is_told_from_an_altered_signature() -> None:
    signature = cades.sign(CONTENT, sealing_key("p256"), TIME)
    with pytest.raises(cades.ContentAltered):
        cades.verify(signature, CONTENT + b" ")
    digest = algorithms.digest("sha256", CONTENT)
    other = algorithms.digest("sha256", CONTENT + b" ")
    for content in (CONTENT, CONTENT + b" "):
        with pytest.raises(cades.SignatureBroken) as caught:
            cades.verify(signature.replace(digest, other), content)
        assert type(caught.value) is cades.SignatureBroken


def test_digest_must_be_among_those_listed() -> None:
    changed = parts()
    changed.signed.digest_algorithms = asn1.SetOf([algorithms.identifier(GOST_34_311)])
    with pytest.raises(cades.SignatureMalformed, match="listed"):
        cades.parse(changed.joined())


VALID = cades.sign(CONTENT, sealing_key("p256"), TIME)
VALID_RSA = cades.sign(CONTENT, sealing_key("rsa"), TIME)
PROBLEMS = (
    cades.SignatureMalformed,
    cades.SignatureUnsupported,
    cades.SignatureBroken,
    cades.CertificateMismatch,
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(damaged(VALID), damaged(VALID_RSA)))
def test_damage_raises_documented_problems_only(data: bytes) -> None:
    try:
        read = cades.verify(data, CONTENT)
    except PROBLEMS:
        return
    assert dataclasses.replace(read, chain=(), has_unsigned=False) in (
        cades.parse(VALID),
        cades.parse(VALID_RSA),
    )


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(cades.SignatureMalformed):
        cades.parse(data)


@pytest.mark.parametrize(
    "data",
    [VALID + b"\0", VALID[:-1], b"0\x80" + VALID[4:] + b"\0\0", bytes(der.MAX_SIZE + 1), b""],
    ids=["longer", "shorter", "indefinite length", "too long", "empty"],
)
def test_other_lengths_are_malformed(data: bytes) -> None:
    with pytest.raises(cades.SignatureMalformed):
        cades.parse(data)


def test_certificate_has_what_other_tools_expect() -> None:
    read = oracle.load_der_x509_certificate(sealing_key("p256").chain[0])
    assert read.serial_number == 7
    constraints = read.extensions.get_extension_for_class(oracle.BasicConstraints)
    usage = read.extensions.get_extension_for_class(oracle.KeyUsage)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    assert (usage.critical, usage.value) == (True, pki.SIGNING)
