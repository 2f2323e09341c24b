"""Certificates: cryptography.x509 and openssl as oracles; trust files; the self-issued certificate."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509 as oracle
from cryptography.hazmat.primitives import serialization
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.crypto import certificates, names, trust, x509
from evidence.errors import FormatError, UsageError
from tests.crypto import pki
from tests.crypto.mutations import damaged
from tests.requirements import need_file

ORGANISATION = "ТОВ «Зв'язок, + Ко»"


def self_issued(**changes: object) -> bytes:
    key = pki.key_pem(pki.key_of("p256"))
    arguments = {"organisation": ORGANISATION, "not_before": pki.NOW, "serial": 5, **changes}
    return certificates.self_issued(key, None, **arguments)  # type: ignore[arg-type]


def test_facts() -> None:
    root = pki.authority("Root CA")
    leaf = pki.signer("Компанія", root)
    facts = certificates.facts(leaf.der)
    assert facts == certificates.CertificateFacts(
        sha256=leaf.sha256,
        subject="O=Компанія,C=UA",
        organisation="Компанія",
        issuer="O=Root CA,C=UA",
        not_before=pki.NOW - pki.YEAR,
        not_after=pki.NOW + pki.YEAR,
        may_sign=True,
        self_issued=False,
    )
    own = certificates.facts(root.der)
    assert (own.self_issued, own.may_sign) == (True, False)


@pytest.mark.parametrize(
    ("key_usage", "may_sign"),
    [
        (None, True),
        (pki.usage("digital_signature"), True),
        (pki.usage("content_commitment"), True),
        (pki.usage("key_encipherment"), False),
    ],
)
def test_may_sign(key_usage: oracle.KeyUsage | None, may_sign: bool) -> None:  # noqa: FBT001
    assert certificates.facts(pki.issue("X", key_usage=key_usage).der).may_sign is may_sign


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_NAMES = st.lists(
    st.lists(
        st.builds(
            oracle.NameAttribute,
            st.sampled_from(
                [
                    NameOID.ORGANIZATION_NAME,
                    NameOID.COMMON_NAME,
                    NameOID.STREET_ADDRESS,
                    NameOID.USER_ID,
                    oracle.ObjectIdentifier("2.5.4.97"),
                ]
            ),
            _TEXT,
            st.sampled_from([_ASN1Type.UTF8String, _ASN1Type.BMPString]),
        ),
        min_size=1,
        max_size=1,
    ).map(oracle.RelativeDistinguishedName),
    max_size=4,
).map(oracle.Name)


@settings(max_examples=200, deadline=None)
@given(_NAMES.filter(lambda name: all(c <= "\uffff" for item in name for c in str(item.value))))
def test_names_are_written_as_cryptography_writes_them(name: oracle.Name) -> None:
    der = name.public_bytes()
    assert names.text(der) == name.rfc4514_string({oracle.ObjectIdentifier("2.5.4.97"): "2.5.4.97"})
    values = [item.value for item in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    assert names.first(der, "O") == (values[0] if values else "")


def test_name_that_is_no_text() -> None:
    bits = oracle.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, b"\x00\x05", _ASN1Type.BitString)
    broken = oracle.Name([bits]).public_bytes()
    assert names.text(broken) == "2.5.4.45=#03020005"
    bad_utf8 = (
        oracle.Name([oracle.NameAttribute(NameOID.COMMON_NAME, "ab")])
        .public_bytes()
        .replace(b"ab", b"\xff\xfe")
    )
    assert names.text(bad_utf8) == "CN=#0c02fffe"
    assert names.first(bad_utf8, "CN") == ""


def test_parts_with_several_attributes() -> None:
    part = oracle.RelativeDistinguishedName(
        [oracle.NameAttribute(NameOID.COMMON_NAME, "a"), oracle.NameAttribute(NameOID.ORGANIZATION_NAME, "b")]
    )
    assert names.text(oracle.Name([part]).public_bytes()) == "CN=a+O=b"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # ours doesn't warn
def test_certificates_of_browsers() -> None:
    """Every public root is read as cryptography reads it."""
    bundle = need_file(Path("/etc/ssl/certs/ca-certificates.crt"), "ca-certificates").read_bytes()
    read = certificates.load_anchors(bundle)
    expected = oracle.load_pem_x509_certificates(bundle)
    assert len(read) == len(expected) > 100
    for der, other in zip(read, expected, strict=True):
        mine = x509.parse(der)
        facts = certificates.facts(der)
        assert mine.serial == other.serial_number
        assert (mine.not_before, mine.not_after) == (other.not_valid_before_utc, other.not_valid_after_utc)
        assert mine.tbs == other.tbs_certificate_bytes
        assert {key: critical for key, (critical, _) in mine.extensions.items()} == {
            item.oid.dotted_string: item.critical for item in other.extensions
        }
        constraints = other.extensions.get_extension_for_class(oracle.BasicConstraints).value
        assert (mine.is_ca, mine.path_length) == (constraints.ca, constraints.path_length)
        assert facts.subject.count("=") >= len(list(other.subject))
        assert not facts.may_sign


def test_pem_and_back() -> None:
    one, two = pki.signer("One"), pki.signer("Two")
    assert certificates.der_to_pem(one.der) == one.pem
    assert certificates.pem_to_der(one.pem) == (one.der,)
    mixed = b"Bag Attributes\r\n" + one.pem.replace(b"\n", b"\r\n") + pki.key_pem(one.key) + two.pem
    assert certificates.pem_to_der(mixed) == (one.der, two.der)


def test_trust_files() -> None:
    one, two = pki.signer("One"), pki.authority("Two")
    assert certificates.load_anchors(one.der) == (one.der,)
    assert certificates.load_anchors(one.pem + two.pem) == (one.der, two.der)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x00",
        pki.signer("One").der + b"\0",
        pki.signer("One").pem.replace(b"END", b"DNE"),
        pki.signer("One").pem[:100] + b"*" + pki.signer("One").pem[101:],
        pki.signer("One").pem + b"-----BEGIN CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        pki.key_pem(pki.key_of("p256")),
        b" " * (certificates.MAX_PEM_SIZE + 1),
    ],
)
def test_files_that_hold_no_certificate(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        certificates.load_anchors(data)
    assert caught.value.hint


def test_self_issued_certificate_is_reproducible() -> None:
    assert self_issued() == self_issued()
    facts = certificates.facts(certificates.pem_to_der(self_issued())[0])
    assert facts.organisation == ORGANISATION
    assert (facts.may_sign, facts.self_issued) == (True, True)
    assert facts.not_before == pki.NOW
    assert facts.not_after == pki.NOW.replace(year=2036) - dt.timedelta(seconds=1)


def test_self_issued_certificate_on_a_leap_day() -> None:
    pem = self_issued(not_before=dt.datetime(2028, 2, 29, 1, 2, 3, 4, tzinfo=dt.UTC), years=1)
    assert certificates.facts(certificates.pem_to_der(pem)[0]).not_after == dt.datetime(
        2029, 2, 28, 1, 2, 2, tzinfo=dt.UTC
    )


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_self_issued_certificate_of_each_key_type(kind: str) -> None:
    key = pki.key_of(kind)
    pem = certificates.self_issued(pki.key_pem(key), None, ORGANISATION, pki.NOW, serial=1)
    certificate = oracle.load_pem_x509_certificate(pem)
    certificate.verify_directly_issued_by(certificate)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)


@pytest.mark.parametrize("organisation", ["", "  ", "x" * 65, "two\nlines", "esc\x1b", "\u202eturned"])
def test_organisations_that_cannot_stand_in_a_certificate(organisation: str) -> None:
    with pytest.raises(UsageError) as caught:
        self_issued(organisation=organisation)
    assert caught.value.hint


VALID = pki.signer("One", extra=[(oracle.SubjectAlternativeName([oracle.DNSName("x.org")]), False)]).der


@settings(max_examples=400, deadline=None)
@given(damaged(VALID))
def test_damage_raises_value_errors_only(data: bytes) -> None:
    try:
        facts = certificates.facts(data)
        trust.check(data, [data], trust.Anchors(certificates=(data,)), pki.NOW, "seal")
    except ValueError:
        return
    assert dataclasses.is_dataclass(facts)


@settings(max_examples=300, deadline=None)
@given(damaged(VALID))
def test_damaged_issuers_never_raise(data: bytes) -> None:
    anchors = trust.Anchors(certificates=(data,))
    result = trust.check(VALID, [data], anchors, pki.NOW, "seal")
    assert (result.status == "trusted") == (data == VALID)
