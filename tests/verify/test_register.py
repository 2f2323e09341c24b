"""Steps 7, 8 and 11: the register entry, its proofs, and the register as it is known from elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evidence import canonical, strict
from evidence.container.names import ENTRY, key_proof_name, proof_name
from evidence.register import entries, proof
from evidence.register.checkpoint import Checkpoint, sign
from evidence.register.proof import MAX_PROOF
from evidence.verify.results import Outcome
from tests import builder
from tests.builder import ORIGIN, Members, Register, changed, flipped
from tests.verify.case import FAILED, PASSED, base, check, codes, notes, outcomes

PROOF = proof_name(1)
SECOND = proof_name(2)


def with_entry(change: Callable[[dict[str, Any]], None]) -> Members:
    """The archive of PASSED whose entry was registered otherwise, with a proof of that."""
    register = base().register.copy()
    document = canonical.decode(register.chain[2], entries.MAX_ENTRY)
    change(document)
    register.chain[2] = canonical.encode(document)
    return builder.members(base().sealed, register, 2)


def test_the_place_in_the_register_is_said() -> None:
    verification = check(base().file)
    position = verification.position
    assert position is not None
    assert (position.origin, position.sequence, position.size) == (ORIGIN, 2, 3)
    assert position.root == base().register.head(3).root
    assert not position.confirmed
    assert "POSITION_SELF_ASSERTED" in notes(verification)
    assert verification.claimed.entry == strict.timestamp(builder.CLAIMED)
    assert outcomes(verification)[10] is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("archive_id", builder.archive_id(5)),
        ("identity", "00" * 32),
        ("signature_sha256", "00" * 32),
        ("certificate_sha256", "00" * 32),
        ("origin", "another.example/register"),
    ],
)
def test_an_entry_that_says_otherwise_disagrees(field: str, value: str) -> None:
    found = check(with_entry(lambda document: document.update({field: value}))).findings
    assert [(f.code, dict(f.params)) for f in found] == [("ENTRY_DISAGREES", {"fields": field})]


def test_an_entry_of_another_type_disagrees() -> None:
    def other(document: dict[str, Any]) -> None:
        document["type"] = "disclosed"

    found = check(with_entry(other)).findings
    assert [(f.code, dict(f.params)) for f in found] == [("ENTRY_DISAGREES", {"fields": "type"})]


def test_the_entry_of_another_archive_is_one_finding() -> None:
    parts = changed(base().members, ENTRY, base().register.chain[1])
    verification = check(parts)
    assert codes(verification) == ["ENTRY_DISAGREES"]
    assert verification.results[verification.steps[6].result] is FAILED


def test_entry_and_proof_of_another_archive_are_one_finding() -> None:
    parts = changed(base().members, ENTRY, base().register.chain[1])
    parts = changed(parts, PROOF, base().register.proof(1))
    assert codes(check(parts)) == ["ENTRY_DISAGREES"]


def test_an_entry_that_was_never_registered_is_not_proven() -> None:
    parts = changed(base().members, ENTRY, lambda entry: entry.replace(b"02.517Z", b"02.518Z"))
    assert codes(check(parts)) == ["PROOF_BROKEN"]


@pytest.mark.parametrize("size", [3, 4, 7, 8])
def test_a_proof_holds_against_any_later_head(size: int) -> None:
    register = base().register.copy()
    for number in range(20, 25):
        register.seal(builder.seal(7).facts, f"2026-04-{number:02d}T00:00:00.000Z")
    verification = check(builder.members(base().sealed, register, 2, size=size))
    assert verification.verdict is PASSED
    assert verification.position is not None
    assert verification.position.size == size


@pytest.mark.parametrize(
    "change",
    [
        lambda _data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b"\n\n", b"\n", 1),
        lambda data: data.replace(b"index 2", b"index 02"),
        lambda data: data + bytes(MAX_PROOF),
        lambda data: b"\xff" + data,
    ],
)
def test_a_proof_in_another_form_is_malformed(change: Callable[[bytes], bytes]) -> None:
    assert codes(check(changed(base().members, PROOF, change))) == ["PROOF_MALFORMED"]


def test_a_signed_text_that_is_no_checkpoint_is_malformed() -> None:
    note = builder.register_key().sign_note("just\nsome words\n")
    parts = changed(base().members, PROOF, base().register.proof(2, note=note))
    assert codes(check(parts)) == ["PROOF_MALFORMED"]


@pytest.mark.parametrize("index", [0, 1, 3, strict.MAX_INTEGER])
def test_a_proof_of_another_place_is_broken(index: int) -> None:
    parsed = proof.parse(base().register.proof(2))
    parts = changed(base().members, PROOF, proof.encode(replace(parsed, index=index)))
    assert codes(check(parts)) == ["PROOF_BROKEN"]


def test_a_proof_whose_hashes_lead_elsewhere_is_broken() -> None:
    parsed = proof.parse(base().register.proof(2))
    for hashes in ((), (bytes(32),), (*parsed.hashes, bytes(32))):
        parts = changed(base().members, PROOF, proof.encode(replace(parsed, hashes=hashes)))
        assert codes(check(parts)) == ["PROOF_BROKEN"]


def test_a_checkpoint_of_another_origin_is_broken() -> None:
    head = replace(base().register.head(), origin="another.example/register")
    note = sign(head, builder.register_key().sign_note)
    parts = changed(base().members, PROOF, base().register.proof(2, note=note))
    assert codes(check(parts)) == ["CHECKPOINT_BROKEN"]


def test_a_doubled_line_of_the_register_s_key_refuses_the_checkpoint() -> None:
    note = base().register.checkpoint()
    doubled = note + note.rpartition(b"\n\n")[2]
    parts = changed(base().members, PROOF, base().register.proof(2, note=doubled))
    assert codes(check(parts)) == ["CHECKPOINT_BROKEN"]


def test_lines_of_unknown_keys_change_nothing() -> None:
    stranger = builder.register_key("successor")
    line = base().register.checkpoint(key=stranger).rpartition(b"\n\n")[2]
    parts = changed(base().members, PROOF, lambda data: data + line)
    before, after = check(base().file), check(parts)
    assert after.verdict is PASSED
    assert (after.findings, after.notes, after.position) == (before.findings, before.notes, before.position)


def test_a_key_proof_excuses_no_checkpoint_by_another_key() -> None:
    """Anybody can add a member of that name; proof 001 is made with the seal, under the manifest's key."""
    note = base().register.checkpoint(key=builder.register_key("successor"))
    parts = changed(base().members, PROOF, base().register.proof(2, note=note))
    for more in ([], [(key_proof_name(1), b"-")]):
        verification = check([*parts, *more])
        assert codes(verification) == ["CHECKPOINT_BROKEN"]
        assert verification.verdict is FAILED


def later(register: Register, note: bytes | None = None) -> Members:
    """The archive of PASSED with a second proof."""
    return [*base().members, (SECOND, register.proof(2, note=note))]


def grown(register: Register) -> Register:
    register = register.copy()
    register.seal(builder.seal(8).facts)
    return register


def test_a_later_proof_is_checked_and_covered() -> None:
    register = grown(base().register)
    verification = check(later(register), checkpoint=register.checkpoint())
    assert verification.verdict is PASSED
    assert verification.steps[7].checks == 2
    assert "POSITION_SELF_ASSERTED" not in notes(verification)


@pytest.mark.parametrize(
    "note",
    [
        base().register.checkpoint(key=builder.register_key("successor")),
        flipped(base().register.checkpoint(), 30),
        sign(Checkpoint("another.example", 3, bytes(32)), builder.register_key().sign_note),
        b"noise",
    ],
)
def test_a_later_proof_that_is_not_authentic_is_as_good_as_absent(note: bytes) -> None:
    verification = check(later(base().register, note))
    assert verification.verdict is PASSED
    assert "PROOF_IGNORED" in notes(verification)


def test_a_later_proof_that_is_none_or_too_long_is_as_good_as_absent() -> None:
    for data in (b"", b"noise", bytes(MAX_PROOF + 1)):
        verification = check([*base().members, (SECOND, data)])
        assert verification.verdict is PASSED
        assert "PROOF_IGNORED" in notes(verification)


def test_a_later_authentic_proof_that_contradicts_fails() -> None:
    register = grown(base().register)
    parts = [*base().members, (SECOND, register.proof(1))]
    assert codes(check(parts)) == ["PROOF_BROKEN"]


def test_two_heads_of_one_size_are_a_fork() -> None:
    fork = Register()
    fork.seal(builder.seal(9).facts)
    fork.chain.append(base().register.chain[2])
    verification = check([*base().members, (SECOND, fork.proof(2))])
    assert [(f.code, f.subject) for f in verification.findings] == [("REGISTER_FORK", SECOND)]
    assert verification.verdict is FAILED
