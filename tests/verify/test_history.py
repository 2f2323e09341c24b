"""Step 11: an export of the register and a kept checkpoint, both from the verifier's side."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from evidence import canonical
from evidence.container.names import ENTRY
from evidence.digests import sha256
from evidence.register import entries
from evidence.register.merkle import leaf_hash
from evidence.verify.results import Outcome
from tests import builder
from tests.builder import ORIGIN, Register, changed
from tests.vectors.archives import World
from tests.verify.case import FAILED, INDETERMINATE, PASSED, base, check, codes, notes
from tests.verify.test_register import grown


def test_an_export_confirms_the_place() -> None:
    for register in (base().register, grown(base().register)):
        verification = check(base().file, register_export=register.export())
        assert verification.verdict is PASSED
        assert verification.position is not None
        assert verification.position.confirmed
        assert verification.steps[10].outcome is Outcome.PASS
        assert verification.steps[10].checks == len(register.chain)
        assert "POSITION_SELF_ASSERTED" not in notes(verification)


def test_notices_in_the_register_concern_no_archive() -> None:
    register = base().register.copy()
    for notice_id in (base().sealed.archive_id, builder.archive_id(9)):
        last, size = leaf_hash(register.chain[-1]), len(register.chain)
        digest = sha256(b"notice.json")
        register.chain.append(entries.make_notice(ORIGIN, size, builder.CLAIMED, last, notice_id, digest))
    verification = check(base().file, register_export=register.export(), checkpoint=register.checkpoint())
    assert verification.verdict is PASSED
    assert verification.steps[10].outcome is Outcome.PASS
    assert verification.steps[10].checks == len(register.chain) + 1


def test_a_kept_checkpoint_of_the_same_size_confirms_the_place() -> None:
    verification = check(base().file, checkpoint=base().register.checkpoint(3))
    assert verification.verdict is PASSED
    assert verification.position is not None
    assert verification.position.confirmed


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_kept_checkpoint_of_another_size_alone_covers_nothing(size: int) -> None:
    verification = check(base().file, checkpoint=grown(base().register).checkpoint(size))
    assert codes(verification) == ["REGISTER_NOT_COVERED"]
    assert verification.verdict is INDETERMINATE


def fork() -> Register:
    """A register of the same key and size in which entry 1 is another."""
    register = Register()
    register.seal(builder.seal(9).facts)
    register.seal(base().sealed.facts)
    return register


def test_another_head_of_the_same_size_is_a_fork() -> None:
    found = check(base().file, checkpoint=fork().checkpoint()).findings
    assert [(f.code, dict(f.params)) for f in found] == [("REGISTER_FORK", {"size": 3})]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_kept_checkpoint_that_the_export_contradicts_is_a_fork(size: int) -> None:
    export = grown(base().register).export()
    verification = check(base().file, register_export=export, checkpoint=grown(fork()).checkpoint(size))
    assert codes(verification) == ["REGISTER_FORK"]


def test_a_shorter_export_than_the_kept_checkpoint_is_a_rollback_however_short() -> None:
    kept = grown(base().register).checkpoint()
    for size in (1, 2, 3):
        verification = check(base().file, register_export=base().register.export(size), checkpoint=kept)
        assert codes(verification) == ["REGISTER_ROLLBACK"]


def test_another_entry_at_the_archive_s_place_is_a_fork() -> None:
    register = Register()
    register.seal(builder.seal(7).facts)
    register.seal(builder.seal(9).facts)
    verification = check(base().file, register_export=grown(register).export())
    assert codes(verification) == ["REGISTER_FORK"]


@pytest.mark.parametrize(
    "change",
    [
        lambda _data: b"",
        lambda data: data[:100],
        lambda data: data.replace(b"@v1", b"@v2", 1),
        lambda data: data.replace(b"\n\n", b"\n", 1),
        lambda data: data[:-2] + b"\n",
        lambda data: data + b"\n",
    ],
)
def test_an_export_that_cannot_be_used_leaves_it_open(change: Callable[[bytes], bytes]) -> None:
    verification = check(base().file, register_export=change(base().register.export()))
    assert codes(verification) == ["EXPORT_UNUSABLE"]
    assert verification.verdict is INDETERMINATE


def entry_lines(register: Register) -> list[list[bytes]]:
    """The lines of an export with a gap, a swap, a double and a missing end."""
    lines = register.export().split(b"\n")
    gap, swapped, doubled, cut = lines[:], lines[:], lines[:], lines[:]
    del gap[2]
    swapped[2], swapped[3] = swapped[3], swapped[2]
    doubled.insert(2, doubled[2])
    del cut[4]
    return [gap, swapped, doubled, cut]


def test_an_edited_copy_of_an_export_proves_nothing_either_way() -> None:
    for lines in entry_lines(grown(base().register)):
        verification = check(base().file, register_export=b"\n".join(lines))
        assert codes(verification) == ["EXPORT_UNUSABLE"]
        assert verification.verdict is INDETERMINATE


def test_a_register_that_signed_a_broken_chain_is_broken() -> None:
    whole = grown(base().register)
    for lines in entry_lines(whole):
        broken = Register(chain=lines[1 : lines.index(b"")])
        if broken.chain == whole.chain[:-1]:
            continue  # a shorter register is a whole one
        verification = check(base().file, register_export=broken.export())
        assert codes(verification) == ["REGISTER_CHAIN_BROKEN"]
        assert verification.verdict is FAILED


def test_an_export_whose_first_entry_names_another_key_is_broken() -> None:
    created = entries.make_created(ORIGIN, builder.register_key("successor").vkey, builder.CLAIMED)
    register = Register(chain=[created])
    assert codes(check(base().file, register_export=register.export())) == ["REGISTER_CHAIN_BROKEN"]


def test_a_second_entry_is_a_double_by_id_or_by_identity_unless_it_is_void() -> None:
    facts = base().sealed.facts
    for second in (
        replace(facts, identity=sha256(b"another")),
        replace(facts, archive_id=builder.archive_id(5)),
    ):
        register = base().register.copy()
        index = register.seal(second)
        found = check(base().file, register_export=register.export()).findings
        assert [(f.code, dict(f.params)) for f in found] == [("REGISTER_DOUBLE", {"sequence": index})]
        register.void(index)
        assert check(base().file, register_export=register.export()).verdict is PASSED


def test_a_double_among_the_older_entries_is_found_too() -> None:
    register = Register()
    register.seal(replace(base().sealed.facts, signature_sha256=bytes(32)))
    register.seal(base().sealed.facts)
    file = World(base().sealed, register).file
    assert codes(check(file)) == []
    assert codes(check(file, register_export=register.export())) == ["REGISTER_DOUBLE"]
    register.void(1)
    assert codes(check(file, register_export=register.export())) == []


@pytest.mark.parametrize("reason", ["body_altered", "body_lost", "withdrawn"])
def test_a_voided_archive_is_said_to_be_void_and_why(reason: str) -> None:
    register = base().register.copy()
    index = register.void(2, reason)
    found = check(base().file, register_export=register.export()).findings
    assert [(f.code, dict(f.params)) for f in found] == [
        ("REGISTER_VOIDED", {"sequence": index, "reason": reason})
    ]


def test_a_void_of_another_archive_changes_nothing() -> None:
    register = base().register.copy()
    register.void(1)
    assert check(base().file, register_export=register.export()).verdict is PASSED


def test_entries_of_later_types_are_no_reason_to_refuse_an_export() -> None:
    register = base().register.copy()
    entry = canonical.decode(register.chain[1], entries.MAX_ENTRY)
    later_entry = {
        **entry,
        "type": "disclosed",
        "sequence": 3,
        "previous": leaf_hash(register.chain[2]).hex(),
    }
    register.chain.append(canonical.encode(later_entry))
    assert check(base().file, register_export=register.export()).verdict is PASSED


@pytest.mark.parametrize("kept", [b"", b"noise", b"\xff", base().register.checkpoint()[:-2] + b"\n"])
def test_a_kept_checkpoint_that_cannot_be_used_leaves_it_open(kept: bytes) -> None:
    verification = check(base().file, checkpoint=kept)
    assert codes(verification) == ["CHECKPOINT_UNUSABLE"]
    assert verification.verdict is INDETERMINATE


def test_an_unusable_kept_checkpoint_does_not_spoil_the_export() -> None:
    verification = check(base().file, register_export=base().register.export(), checkpoint=b"noise")
    assert codes(verification) == ["CHECKPOINT_UNUSABLE"]
    assert verification.position is not None
    assert verification.position.confirmed


def test_an_altered_entry_is_no_fork() -> None:
    parts = changed(base().members, ENTRY, lambda entry: entry.replace(b"02.517Z", b"02.518Z"))
    assert codes(check(parts, register_export=base().register.export())) == ["PROOF_BROKEN"]


def test_another_archive_s_entry_is_no_double() -> None:
    parts = changed(base().members, ENTRY, base().register.chain[1])
    assert codes(check(parts, register_export=base().register.export())) == ["ENTRY_DISAGREES"]
