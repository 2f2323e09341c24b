"""Steps 4 and 10: the signature, and the signer's certificate before the verifier's trust."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from evidence.container.names import ASIC_MANIFEST, SIGNATURE
from evidence.crypto import certificates, keys
from evidence.crypto.trust import Anchors
from evidence.verify.results import Outcome, Verification
from evidence.verify.signature import MAX_SIGNATURE
from tests import builder
from tests.builder import Changes, Register, changed
from tests.crypto import pki
from tests.vectors import archives, cases
from tests.vectors.archives import World, world
from tests.verify.case import (
    FAILED,
    INDETERMINATE,
    NOBODY,
    PASSED,
    anchors,
    base,
    check,
    codes,
    notes,
    outcomes,
)


def by(key: keys.SealingKey) -> bytes:
    """The archive of PASSED, sealed with another key."""
    register = Register()
    register.seal(builder.seal(7).facts)
    sealed = builder.seal(1, key=key)
    register.seal(sealed.facts)
    return World(sealed, register).file


def parameters(verification: Verification, code: str) -> dict[str, str | int]:
    return next(dict(note.params) for note in verification.notes if note.code == code)


def test_a_passing_archive_says_who_signed_and_when_they_claim_it() -> None:
    verification = check(base().file)
    assert verification.signer is not None
    assert verification.signer.organisation == "Тестова організація"
    assert verification.claimed.signing == builder.SIGNED
    assert verification.trust is not None
    assert verification.trust.direct
    assert verification.judged_at == builder.NOW


def test_a_fingerprint_is_enough_to_trust() -> None:
    fingerprint = certificates.facts(builder.sealer().chain[0]).sha256
    trusted = Anchors(fingerprints=frozenset({fingerprint}))
    assert check(base().file, anchors=trusted).verdict is PASSED


def test_one_s_own_key_is_said_to_be_one() -> None:
    fingerprint = certificates.facts(builder.sealer().chain[0]).sha256
    verification = check(base().file, own_fingerprints=frozenset({fingerprint}))
    assert verification.verdict is PASSED
    assert "SIGNER_OWN_KEY" in notes(verification)
    assert "SIGNER_OWN_KEY" not in notes(check(base().file))


def test_under_an_authority_the_identity_is_not_expected() -> None:
    root = pki.authority("Authority", start=builder.SIGNED - pki.YEAR, end=builder.NOW + pki.YEAR)
    leaf = pki.signer("Company", root, start=builder.SIGNED - pki.YEAR, end=builder.NOW + pki.YEAR)
    key = keys.load_sealing_key(pki.key_pem(leaf.key), leaf.pem + root.pem, None)
    verification = check(by(key), anchors=Anchors((root.der,)))
    assert verification.verdict is PASSED
    assert "Company" in str(parameters(verification, "SIGNER_NOT_EXPECTED")["name"])
    direct = check(by(key), anchors=Anchors((leaf.der,)))
    assert direct.verdict is PASSED
    assert "SIGNER_NOT_EXPECTED" not in notes(direct)


def test_trust_in_somebody_else_is_not_trust() -> None:
    verification = check(base().file, anchors=anchors("tsa.pem"))
    assert codes(verification) == ["SIGNER_UNKNOWN"]
    assert verification.verdict is INDETERMINATE
    assert verification.contents is not None


def test_certificates_in_the_archive_are_never_trusted() -> None:
    assert codes(check(base().file, anchors=NOBODY, tsa_anchors=NOBODY)) == ["SIGNER_UNKNOWN"]


def test_a_pass_without_proven_time_ends_with_the_certificate() -> None:
    verification = check(base().file)
    assert parameters(verification, "VERDICT_ENDS") == {"date": "2035-12-31T23:59:59.000Z"}
    assert "VERDICT_ENDS" not in notes(check(base().file, at=builder.SIGNED))
    assert "VERDICT_ENDS" not in notes(check(builder.pack(archives.with_token())))
    assert "VERDICT_ENDS" not in notes(check(base().file, checkpoint=b"-"))


def test_a_certificate_is_judged_at_the_proven_time() -> None:
    late = dt.datetime(2041, 1, 1, tzinfo=dt.UTC)
    verification = check(builder.pack(archives.with_token()), now=late)
    assert verification.verdict is PASSED
    assert verification.proven is not None
    assert verification.judged_at == verification.proven.time
    assert codes(check(base().file, now=late)) == ["CERTIFICATE_EXPIRED"]
    assert check(base().file, now=late, at=builder.SIGNED).verdict is PASSED
    early = builder.SIGNED.replace(year=2025)
    assert check(builder.pack(archives.with_token()), at=early).verdict is PASSED


def test_a_signature_of_another_archive_is_one_finding() -> None:
    other = builder.seal(7).signature
    verification = check(changed(base().members, SIGNATURE, other))
    assert [(f.code, f.subject) for f in verification.findings] == [("SIGNATURE_BROKEN", ASIC_MANIFEST)]
    assert outcomes(verification)[2] is Outcome.NOT_CHECKED


def test_a_stranger_s_signature_over_the_same_list_is_caught_by_the_entry() -> None:
    stranger = pki.signer("Stranger", start=builder.SIGNED - pki.YEAR, end=builder.NOW + pki.YEAR)
    key = keys.load_sealing_key(pki.key_pem(stranger.key), stranger.pem, None)
    forged = builder.seal(1, key=key).signature
    verification = check(changed(base().members, SIGNATURE, forged), anchors=Anchors((stranger.der,)))
    assert codes(verification) == ["ENTRY_DISAGREES"]
    assert verification.findings[0].params["fields"] == "signature_sha256, certificate_sha256"


def test_an_unsupported_signature_hides_no_tampering() -> None:
    unsupported = cases.cases()["SIGNATURE_UNSUPPORTED"].archive
    assert codes(check(unsupported)) == ["SIGNATURE_UNSUPPORTED"]
    parts = world(Changes(signature=lambda _signature: b"\x30\x80")).members
    assert codes(check(parts)) == ["SIGNATURE_MALFORMED"]
    instead = changed(base().members, SIGNATURE, _part(unsupported, SIGNATURE))
    verification = check(instead)
    assert codes(verification) == ["ENTRY_DISAGREES"]
    assert verification.verdict is FAILED


def _part(archive: bytes, name: str) -> bytes:
    start = archive.index(b"\x30\x82", archive.index(name.encode()))
    return archive[start : start + 4 + int.from_bytes(archive[start + 2 : start + 4], "big")]


def test_a_signature_beyond_its_limit_is_malformed() -> None:
    parts = changed(base().members, SIGNATURE, bytes(MAX_SIGNATURE + 1))
    assert codes(check(parts)) == ["SIGNATURE_MALFORMED"]


@pytest.mark.parametrize("code", ["SIGNATURE_MALFORMED", "SIGNATURE_BROKEN", "SIGNATURE_UNSUPPORTED"])
def test_without_a_good_signature_nothing_is_shown(code: str) -> None:
    verification = check(cases.cases()[code].archive)
    assert (verification.contents, verification.signer, verification.position) == (None, None, None)
    assert verification.archive_id == ""
    assert verification.claimed.entry is verification.claimed.signing is None


def test_a_certificate_whose_name_is_no_name_is_malformed() -> None:
    set_of_attribute = re.compile(rb"\x31(.\x30.\x06\x03\x55\x04)", re.DOTALL)
    nameless, count = set_of_attribute.subn(b"\x04" + rb"\1", builder.sealer().chain[0])
    assert count
    assert codes(check(by(replace(builder.sealer(), chain=(nameless,))))) == ["SIGNATURE_MALFORMED"]
