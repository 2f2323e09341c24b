"""Time-stamp tokens: openssl ts as authority and as second verifier; every reason to refuse one."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509 as oracle
from cryptography.hazmat import asn1
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.crypto import algorithms, cms, der, ess, keys, tokens, tst, x509
from evidence.crypto.trust import Anchors, check
from tests.crypto import pki

NOTE = b"example.org/register\n1\nroot\n\n\xe2\x80\x94 example.org/register sig\n"
IMPRINT = hashlib.sha256(NOTE).digest()
NONCE = 0xF123456789ABCDEF
STAMPING = [ExtendedKeyUsageOID.TIME_STAMPING]

CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_digest = {digest}
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512
{accuracy}
clock_precision_digits = 3
ordering = {ordering}
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {ess}
crypto_device = builtin
"""


class Authority:
    """``openssl ts -reply`` with a root, one certification authority and a stamping certificate under it."""

    def __init__(self, folder: Path, kind: str = "p256") -> None:
        self.folder = folder
        # long before now and after: openssl ts stamps with the host's clock
        span: dict[str, Any] = {"start": pki.NOW - 5 * pki.YEAR, "end": pki.NOW + 40 * pki.YEAR}
        self.root = pki.authority("Root", key=pki.key_of("rsa", 1), **span)
        self.middle = pki.authority("Middle", self.root, **span)
        self.leaf = pki.signer("TSA", self.middle, key=pki.key_of(kind, 3), purposes=STAMPING, **span)
        (folder / "tsa.pem").write_bytes(self.leaf.pem)
        (folder / "key.pem").write_bytes(pki.key_pem(self.leaf.key))
        (folder / "root.pem").write_bytes(self.root.pem)
        (folder / "chain.pem").write_bytes(self.root.pem + self.middle.pem)

    def configure(self, **changes: str) -> None:
        values = {
            "digest": "sha256",
            "ess": "sha256",
            "accuracy": "accuracy = secs:1, millisecs:500, microsecs:100",
        }
        (self.folder / "tsa.cnf").write_text(
            CONFIG.format(folder=self.folder, **{"ordering": "no", **values, **changes})
        )

    def answer(self, request: bytes, *, chain: bool = False, **changes: str) -> bytes:
        self.configure(**changes)
        (self.folder / "request.tsq").write_bytes(request)
        arguments: list[str | Path] = ["ts", "-reply", "-config", self.folder / "tsa.cnf"]
        arguments += ["-queryfile", self.folder / "request.tsq", "-signer", self.folder / "tsa.pem"]
        arguments += ["-inkey", self.folder / "key.pem", "-out", self.folder / "answer.tsr"]
        pki.openssl(*arguments, *(["-chain", self.folder / "chain.pem"] if chain else []))
        return (self.folder / "answer.tsr").read_bytes()

    def query(self, *options: str) -> bytes:
        (self.folder / "note").write_bytes(NOTE)
        pki.openssl("ts", "-query", "-data", self.folder / "note", *options, "-out", self.folder / "q.tsq")
        return (self.folder / "q.tsq").read_bytes()

    def accepts(self, token: bytes, data: bytes = NOTE) -> bool:
        (self.folder / "token.tst").write_bytes(token)
        (self.folder / "data").write_bytes(data)
        arguments: list[str | Path] = ["ts", "-verify", "-token_in", "-in", self.folder / "token.tst"]
        arguments += ["-data", self.folder / "data", "-CAfile", self.folder / "root.pem"]
        return pki.openssl(*arguments, "-untrusted", self.folder / "chain.pem", check=False).returncode == 0


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("identifier", ["sha1", "sha256", "sha512"])
def test_tokens_of_openssl(kind: str, digest: str, identifier: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path, kind)
    answer = authority.answer(tokens.request(IMPRINT, NONCE), digest=digest, ess=identifier)
    token = tokens.token_of(answer, IMPRINT, NONCE)
    assert authority.accepts(token)
    assert not authority.accepts(token, NOTE + b" ")
    read = tokens.verify(token, IMPRINT)
    assert (read.certificate, read.imprint, read.policy) == (authority.leaf.der, IMPRINT, "1.2.3.4.1")
    assert read.accuracy_ms == 1501
    assert read == tokens.parse(token)
    with pytest.raises(tokens.TokenBroken, match="other bytes"):
        tokens.verify(token, hashlib.sha256(NOTE + b" ").digest())


def test_chain_in_an_unsorted_certificate_set(authority: Authority) -> None:
    orders = set()
    for _ in range(8):  # the serial numbers are drawn anew until a set comes out unsorted
        token = tokens.token_of(authority.answer(tokens.request(IMPRINT, NONCE), chain=True), IMPRINT, NONCE)
        read = tokens.verify(token, IMPRINT)
        assert {*read.others} == {authority.middle.der, authority.root.der}
        assert authority.accepts(token)
        certificates = list(cms.parse(token).certificates)
        orders.add(certificates == sorted(certificates))
        if False in orders:
            break
        authority = Authority(authority.folder)
    assert False in orders


def test_time_is_that_of_the_authority(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE))
    read = tokens.parse(tokens.token_of(answer, IMPRINT, NONCE))
    (authority.folder / "answer.tsr").write_bytes(answer)
    text = pki.openssl("ts", "-reply", "-in", authority.folder / "answer.tsr", "-text").stdout.decode()
    line = next(line for line in text.splitlines() if line.startswith("Time stamp: "))
    shown = line.removeprefix("Time stamp: ").replace("GMT", "+0000")
    assert read.gen_time == dt.datetime.strptime(shown, "%b %d %H:%M:%S.%f %Y %z")
    assert f"Serial number: 0x{read.serial:02X}" in text


def test_trusted_at_its_time(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE), chain=True)
    token = tokens.verify(tokens.token_of(answer, IMPRINT, NONCE), IMPRINT)
    anchors = Anchors(certificates=(authority.root.der,))
    result = check(token.certificate, token.others, anchors, token.gen_time, "timestamp")
    assert result.status == "trusted"
    assert check(token.certificate, token.others, anchors, token.gen_time, "seal").status == "unusable"


def test_openssl_reads_the_request(authority: Authority) -> None:
    (authority.folder / "q.tsq").write_bytes(tokens.request(IMPRINT, NONCE))
    text = pki.openssl("ts", "-query", "-in", authority.folder / "q.tsq", "-text").stdout.decode()
    assert "Hash Algorithm: sha256" in text
    assert f"Nonce: 0x{NONCE:X}" in text
    assert "Certificate required: yes" in text


def test_ordering_and_missing_accuracy(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, 0), ordering="yes", accuracy="")
    assert tokens.verify(tokens.token_of(answer, IMPRINT, 0), IMPRINT).accuracy_ms == 0


def test_answer_to_another_request(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE))
    with pytest.raises(tokens.TokenBroken):
        tokens.token_of(answer, IMPRINT, NONCE + 1)
    with pytest.raises(tokens.TokenBroken):
        tokens.token_of(answer, bytes(32), NONCE)
    assert tokens.token_of(answer, IMPRINT, None) == tokens.token_of(answer, IMPRINT, NONCE)
    without = authority.answer(authority.query("-sha256", "-no_nonce", "-cert"))
    with pytest.raises(tokens.TokenBroken):
        tokens.token_of(without, IMPRINT, NONCE)
    assert tokens.verify(tokens.token_of(without, IMPRINT, None), IMPRINT).imprint == IMPRINT


def test_refusal_says_why(authority: Authority) -> None:
    answer = authority.answer(authority.query("-sha256", "-tspolicy", "1.9.9"))
    with pytest.raises(tokens.TokenRefused, match=r"status 2 .*policy"):
        tokens.token_of(answer, IMPRINT, None)


def test_reason_of_a_refusal_is_harmless() -> None:
    text = der.tlv(der.encode("\x1b[31m\u202eno"))
    status = tst.StatusInfo(status=2, text=[text], failure=None)
    with pytest.raises(tokens.TokenRefused) as caught:
        tokens.token_of(der.encode(tst.Response(status=status, token=None)), IMPRINT, None)
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


def test_granted_without_a_token() -> None:
    status = tst.StatusInfo(status=0, text=None, failure=None)
    with pytest.raises(tokens.TokenMalformed):
        tokens.token_of(der.encode(tst.Response(status=status, token=None)), IMPRINT, None)


@pytest.mark.parametrize("digest", ["sha384", "sha512"])
def test_imprint_by_another_digest_is_unsupported(digest: str, authority: Authority) -> None:
    answer = authority.answer(authority.query(f"-{digest}", "-cert"))
    with pytest.raises(tokens.TokenUnsupported):
        tokens.token_of(answer, hashlib.new(digest, NOTE).digest(), None)


def test_token_without_certificate_is_unsupported(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE, certificates=False))
    with pytest.raises(tokens.TokenUnsupported, match="certificate"):
        tokens.token_of(answer, IMPRINT, NONCE)


def test_sha1_signature_is_unsupported(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE), digest="sha1")
    with pytest.raises(tokens.TokenUnsupported):
        tokens.token_of(answer, IMPRINT, NONCE)


def own_info(
    version: int,
    extensions: list[x509.Extension] | None,
    accuracy: tst.Accuracy | None,
    *,
    imprint: bytes = IMPRINT,
    time: dt.datetime = pki.NOW,
    nonce: int | None = None,
) -> tst.Info:
    return tst.Info(
        version=version,
        policy=der.Oid("1.2.3"),
        imprint=tst.MessageImprint(algorithm=algorithms.identifier("2.16.840.1.101.3.4.2.1"), digest=imprint),
        serial=1,
        time=asn1.GeneralizedTime(time),
        accuracy=accuracy,
        ordering=None,
        nonce=nonce,
        authority=None,
        extensions=extensions,
    )


def own_token(  # a token that openssl wouldn't make
    leaf: pki.Issued,
    *,
    named: pki.Issued | None = None,
    old_named: pki.Issued | None = None,
    version: int = 1,
    extensions: list[x509.Extension] | None = None,
    accuracy: tst.Accuracy | None = None,
    content_type: str = tst.TST_INFO,
    others: Sequence[pki.Issued] = (),
    **more: Any,
) -> bytes:
    content = der.encode(own_info(version, extensions, accuracy, **more))
    certificate = x509.parse(leaf.der)
    attributes = [
        cms.attribute(cms.CONTENT_TYPE, der.Oid(content_type)),
        cms.attribute(cms.MESSAGE_DIGEST, hashlib.sha256(content).digest()),
    ]
    if named is not None:
        attributes.append(ess.signing_certificate_v2(x509.parse(named.der)))
    if old_named is not None:
        digest = hashlib.sha1(old_named.der).digest()  # noqa: S324  what RFC 2634 says
        entry = ess._SigningCertificate(
            certificates=[ess._CertificateId(digest=digest, issuer_serial=None)], policies=None
        )
        attributes.append(cms.attribute(ess.SIGNING_CERTIFICATE, entry))
    signed = asn1.SetOf(attributes)
    key = keys.SealingKey(
        chain=(leaf.der,),
        digest_name="sha256",
        signature_oid=algorithms.ECDSA_OIDS["sha256"],
        _private=leaf.key,  # type: ignore[arg-type]
    )
    signer_info = cms.SignerInfo(
        version=1,
        signer=cms.issuer_and_serial(certificate),
        digest_algorithm=algorithms.identifier("2.16.840.1.101.3.4.2.1"),
        signed_attributes=signed,
        signature_algorithm=algorithms.identifier(key.signature_oid),
        signature=key.sign(der.encode(signed)),
        unsigned_attributes=None,
    )
    return cms.frame(
        cms.SignedData(
            version=3,
            digest_algorithms=asn1.SetOf([signer_info.digest_algorithm]),
            content=cms.EncapsulatedContent(content_type=der.Oid(content_type), content=content),
            certificates=[der.tlv(item.der) for item in (leaf, *others)],
            revocation_lists=None,
            signer_infos=asn1.SetOf([signer_info]),
        )
    )


def stamping(purposes: Sequence[oracle.ObjectIdentifier] = STAMPING, *, critical: bool = True) -> pki.Issued:
    return pki.signer("Own TSA", purposes=purposes, purposes_critical=critical)


def test_own_token_is_good() -> None:
    leaf = stamping()
    assert tokens.verify(own_token(leaf, named=leaf), IMPRINT).gen_time == pki.NOW
    assert tokens.verify(own_token(leaf, old_named=leaf), IMPRINT).gen_time == pki.NOW
    assert tokens.verify(own_token(leaf, named=leaf, old_named=leaf), IMPRINT).gen_time == pki.NOW


def test_certificate_named_must_be_the_signers() -> None:
    leaf, other = stamping(), stamping()
    for token in (
        own_token(leaf),
        own_token(leaf, named=other),
        own_token(leaf, old_named=other),
        own_token(leaf, named=leaf, old_named=other),
        own_token(leaf, named=other, old_named=leaf),
    ):
        assert tokens.parse(token).certificate == leaf.der
        with pytest.raises(tokens.TokenBroken):
            tokens.verify(token, IMPRINT)


@pytest.mark.parametrize(
    ("purposes", "critical"),
    [
        ([], True),
        (STAMPING, False),
        ([*STAMPING, ExtendedKeyUsageOID.CODE_SIGNING], True),
        ([ExtendedKeyUsageOID.EMAIL_PROTECTION], True),
    ],
)
def test_certificate_must_be_for_time_stamping_alone(
    purposes: Sequence[oracle.ObjectIdentifier],
    critical: bool,  # noqa: FBT001
) -> None:
    leaf = stamping(purposes, critical=critical)
    with pytest.raises(tokens.TokenBroken, match="alone"):
        tokens.verify(own_token(leaf, named=leaf), IMPRINT)


def test_unknown_version_and_critical_extension_are_unsupported() -> None:
    leaf = stamping()
    extension = x509.Extension(oid=der.Oid("1.2.3.4"), critical=True, value=b"\x05\x00")
    for token in (
        own_token(leaf, named=leaf, version=2),
        own_token(leaf, named=leaf, extensions=[extension]),
    ):
        with pytest.raises(tokens.TokenUnsupported):
            tokens.verify(token, IMPRINT)
    extension.critical = None
    assert tokens.verify(own_token(leaf, named=leaf, extensions=[extension]), IMPRINT).serial == 1


def test_other_content_is_no_token() -> None:
    leaf = stamping()
    with pytest.raises(tokens.TokenMalformed):
        tokens.parse(own_token(leaf, named=leaf, content_type=cms.DATA))


@pytest.mark.parametrize(
    ("parts", "milliseconds"),
    [
        ((None, None, None), 0),
        ((2, None, None), 2000),
        ((None, None, 1), 1),
        ((1, 999, 999), 2000),
        ((0, 5, None), 5),
    ],
)
def test_accuracy_is_rounded_up(parts: tuple[int | None, ...], milliseconds: int) -> None:
    leaf = stamping()
    accuracy = tst.Accuracy(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])
    token = own_token(leaf, named=leaf, accuracy=accuracy)
    assert tokens.verify(token, IMPRINT).accuracy_ms == milliseconds


@pytest.mark.parametrize(
    "parts", [(-1, None, None), (None, 0, None), (None, 1000, None), (None, None, -1), (2**64, None, None)]
)
def test_impossible_accuracy_is_malformed(parts: tuple[int | None, ...]) -> None:
    leaf = stamping()
    accuracy = tst.Accuracy(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])
    with pytest.raises(tokens.TokenMalformed):
        tokens.parse(own_token(leaf, named=leaf, accuracy=accuracy))
