"""Step 9: time-stamp tokens of a real authority (openssl ts), and the order of times."""

import datetime as dt
import io
from dataclasses import replace

import pytest

from evidence.container.names import key_proof_name, proof_name, token_name
from evidence.container.reader import open_archive
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.findings import Result
from evidence.verify import tokens
from evidence.verify.results import Outcome, ProvenTime
from evidence.verify.state import State
from evidence.verify.tokens import MAX_TOKEN
from tests import builder, tsa
from tests.builder import Members, Register, changed, flipped
from tests.vectors import archives
from tests.vectors.archives import TOKEN, source, with_token, world
from tests.verify.case import FAILED, INDETERMINATE, NOBODY, PASSED, anchors, check, codes, notes, options

SECOND = proof_name(2)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("tsa"), "Another authority")


def bare(register: Register) -> Members:
    """The archive of PASSED_WITH_TOKEN without its token, with a second proof against that register's head."""
    return [*world(time_policy="expected").members, (SECOND, register.proof(2))]


def grown() -> Register:
    register = world(time_policy="expected").register
    register.seal(builder.seal(8).facts)
    return register


def test_a_trusted_token_proves_the_time_and_says_who_says_so() -> None:
    verification = check(with_token())
    proven = verification.proven
    assert verification.verdict is PASSED
    assert proven is not None
    assert proven.member == TOKEN
    assert proven.authority == "O=Test time stamps,C=UA"
    assert proven.accuracy_ms == 1000
    assert dt.datetime(2026, 11, 1, tzinfo=dt.UTC) < proven.time < builder.NOW
    assert "TIME_CLAIMED_ONLY" not in notes(verification)


def test_without_a_token_under_none_the_time_is_only_claimed() -> None:
    verification = check(world().file)
    assert verification.results[Result.TIME] is PASSED
    assert verification.proven is None
    assert "TIME_CLAIMED_ONLY" in notes(verification)


def test_a_token_proves_the_time_under_none_as_well(authority: tsa.Authority) -> None:
    base = world()
    parts = [*base.members, (TOKEN, authority.stamp(base.register.checkpoint(3)))]
    trusted = check(parts, tsa_anchors=Anchors(certificates.pem_to_der(authority.root.pem)))
    assert trusted.verdict is PASSED
    assert trusted.proven is not None
    unknown = check(parts)
    assert unknown.verdict is PASSED
    assert unknown.proven is None
    assert {"TOKEN_UNKNOWN_IGNORED", "TIME_CLAIMED_ONLY"} <= set(notes(unknown))


def test_a_broken_token_fails_under_none_as_well(authority: tsa.Authority) -> None:
    parts = [*world().members, (TOKEN, authority.stamp(b"other bytes"))]
    assert codes(check(parts)) == ["TOKEN_BROKEN"]


def test_unsupported_is_ignored_under_none_and_open_under_expected() -> None:
    parts = with_token("token-sha512.tsr")
    assert codes(check(parts)) == ["TOKEN_UNSUPPORTED"]
    base = world()
    base.register.chain[:] = world(time_policy="expected").register.chain
    verification = check([*world().members, (TOKEN, source("token-sha512.tsr"))])
    assert verification.verdict is PASSED
    assert "TOKEN_UNKNOWN_IGNORED" in notes(verification)


def test_one_trusted_token_is_enough(authority: tsa.Authority) -> None:
    stranger = authority.stamp(archives.with_token_note())
    verification = check([*with_token(), (token_name(1, 2), stranger)])
    assert verification.verdict is PASSED
    assert "TOKEN_UNKNOWN_IGNORED" in notes(verification)
    assert verification.steps[8].checks == 3


def test_of_two_trusted_tokens_the_earlier_counts(authority: tsa.Authority) -> None:
    second = authority.stamp(archives.with_token_note())
    both = Anchors((*anchors("tsa.pem").certificates, *certificates.pem_to_der(authority.root.pem)))
    for first, other in ((source("token.tsr"), second), (second, source("token.tsr"))):
        parts = [*with_token()[:-1], (TOKEN, first), (token_name(1, 2), other)]
        verification = check(parts, tsa_anchors=both)
        alone = check(with_token())
        assert verification.proven is not None
        assert alone.proven is not None
        assert verification.proven.time == alone.proven.time


def test_a_token_on_a_later_proof_counts(authority: tsa.Authority) -> None:
    register = grown()
    parts = [*bare(register), (token_name(2, 1), authority.stamp(register.checkpoint()))]
    trusted = Anchors(certificates.pem_to_der(authority.root.pem))
    assert check(parts, tsa_anchors=trusted).verdict is PASSED
    assert codes(check(parts)) == ["TSA_UNKNOWN"]


def test_a_token_on_a_proof_that_is_ignored_is_as_good_as_absent(authority: tsa.Authority) -> None:
    note = flipped(grown().checkpoint(), 30)
    parts = changed(bare(grown()), SECOND, grown().proof(2, note=note))
    verification = check([*parts, (token_name(2, 1), authority.stamp(note))])
    assert codes(verification) == ["TOKEN_MISSING"]
    assert {"PROOF_IGNORED", "TOKEN_NOT_CHECKED"} <= set(notes(verification))


def test_a_token_over_a_checkpoint_of_an_unknown_key_leaves_the_time_unchecked() -> None:
    base = world(time_policy="expected")
    note = base.register.checkpoint(key=builder.register_key("successor"))
    parts = changed(base.members, proof_name(1), base.register.proof(2, note=note))
    verification = check([*parts, (TOKEN, source("token.tsr")), (key_proof_name(1), b"-")])
    assert codes(verification) == ["CHECKPOINT_BROKEN"]
    assert verification.steps[8].outcome is Outcome.NOT_CHECKED
    assert verification.results[Result.TIME] is INDETERMINATE


def test_the_token_s_bytes_say_nothing_about_witnesses() -> None:
    line = world().register.checkpoint(key=builder.register_key("successor")).rpartition(b"\n\n")[2]
    verification = check(changed(with_token(), proof_name(1), lambda data: data + line))
    assert verification.verdict is PASSED
    assert verification.proven is not None


@pytest.mark.parametrize(
    "data", [b"", b"noise", bytes(MAX_TOKEN + 1), source("token.tsr")[:-1], source("sealer.pem")]
)
def test_what_is_no_token_is_malformed(data: bytes) -> None:
    parts = changed(with_token(), TOKEN, data)
    verification = check(parts)
    assert codes(verification) == ["TOKEN_MALFORMED"]
    assert verification.verdict is FAILED


def test_a_broken_proof_makes_no_finding_about_its_token() -> None:
    parts = changed(with_token(), proof_name(1), lambda data: data.replace(b"\n3\n", b"\n4\n"))
    verification = check(parts)
    assert codes(verification) == ["CHECKPOINT_BROKEN"]
    assert verification.proven is None


def test_trust_in_signers_is_no_trust_in_authorities() -> None:
    verification = check(with_token(), tsa_anchors=anchors("sealer.pem"))
    assert codes(verification) == ["TSA_UNKNOWN"]
    assert codes(check(with_token(), anchors=anchors("tsa.pem"), tsa_anchors=NOBODY)) == [
        "TSA_UNKNOWN",
        "SIGNER_UNKNOWN",
    ]


@pytest.mark.parametrize("claim", ["signing", "entry"])
@pytest.mark.parametrize(
    ("milliseconds", "found"),
    [(-(10**9), []), (0, []), (301_000, []), (301_001, ["TIME_ORDER"]), (10**11, ["TIME_ORDER"])],
)
def test_a_claim_may_be_ahead_by_accuracy_and_five_minutes(
    claim: str, milliseconds: int, found: list[str]
) -> None:
    proven = ProvenTime(builder.SIGNED, 1000, "an authority", TOKEN)
    state = State(open_archive(io.BytesIO(world().file)), options())
    state.proven = proven
    claimed = {claim: builder.SIGNED + dt.timedelta(milliseconds=milliseconds)}
    state.claimed = replace(state.claimed, **claimed)
    tokens._check_order(state)
    assert [finding.code for finding in state.findings()] == found


def test_a_signing_time_after_the_token_is_out_of_order(authority: tsa.Authority) -> None:
    register = Register()
    sealed = builder.seal(1, signing_time=builder.SIGNED.replace(year=2034))
    register.seal(sealed.facts)
    parts = [*builder.members(sealed, register, 1), (TOKEN, authority.stamp(register.checkpoint()))]
    verification = check(parts, tsa_anchors=Anchors(certificates.pem_to_der(authority.root.pem)))
    assert codes(verification) == ["TIME_ORDER"]
    assert verification.proven is not None
