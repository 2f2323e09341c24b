"""Tampering with every member and every structural field: never an exception, never PASSED, one finding."""

import io
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

import pytest

from evidence.container.names import ASIC_MANIFEST, ENTRY, MANIFEST, SIGNATURE, proof_name
from evidence.container.reader import open_archive
from evidence.findings import Status
from evidence.verify.results import Outcome, Verification
from tests import builder
from tests.builder import RECORDING, Changes, Members, changed, flipped
from tests.vectors.archives import TOKEN, with_token, world
from tests.verify.case import FAILED, INDETERMINATE, PASSED, base, check, codes

PROOF = proof_name(1)
STEPS = {RECORDING: 13, ASIC_MANIFEST: 3, SIGNATURE: 1, ENTRY: 1, PROOF: 1}
"""Every how-manieth byte is changed; every seventh of other members."""


def consistent(verification: Verification) -> None:
    """Laws that hold for every verification."""
    assert verification.verdict is max(verification.results.values())
    assert (verification.verdict is Status.PASSED) == (not verification.findings)
    failed = [step for step in verification.steps if step.outcome is Outcome.FAIL]
    assert bool(failed) == (verification.verdict is FAILED)
    assert sum(len(step.findings) for step in verification.steps) == len(verification.findings)


def fails_once(archive: bytes | Members) -> str:
    """Verify something tampered with once; returns the code of the one finding."""
    verification = check(archive)
    consistent(verification)
    assert verification.verdict is FAILED, verification
    assert len(verification.findings) == 1, verification.findings
    return verification.findings[0].code


def places(name: str, size: int) -> Iterator[int]:
    yield from range(0, size - 1, STEPS.get(name, 7))
    yield size - 1


@pytest.mark.parametrize("name", [name for name, _data in base().members[1:]])
def test_a_byte_of_a_member_changed_with_its_checksum_is_one_finding(name: str) -> None:
    data = dict(base().members)[name]
    in_body = name in {name for name, _data in base().sealed.body}
    for place in places(name, len(data)):
        code = fails_once(changed(base().members, name, flipped(data, place, 1 << place % 8)))
        assert not in_body or code == "MEMBER_ALTERED", place


def test_any_byte_of_the_file_changed_is_one_finding() -> None:
    file = base().file
    mimetype = len(builder.pack_anyhow(base().members[:1])) - 22 - 46 - len("mimetype")
    for place in [*range(mimetype, len(file), 17), *range(len(file) - 22, len(file))]:
        fails_once(flipped(file, place, 1 << place % 8))


def test_a_changed_byte_of_a_token_fails_or_proves_nothing_or_is_not_part_of_what_was_signed() -> None:
    """A token that can't be judged any more is as good as absent; with its old checksum every change fails."""
    token = dict(with_token())[TOKEN]
    proven = check(with_token()).proven
    verdicts: Counter[Status] = Counter()
    for place in range(len(token)):
        altered = changed(with_token(), TOKEN, flipped(token, place, 1 << place % 8))
        verification = check(altered)
        consistent(verification)
        assert len(verification.findings) == (verification.verdict is not PASSED), verification.findings
        assert verification.proven == (proven if verification.verdict is PASSED else None)
        verdicts[verification.verdict] += 1
        if place % 5 == 0:
            fails_once(builder.pack_anyhow(altered, {TOKEN: crc32(token)}))
    assert verdicts[PASSED] < 5 < verdicts[INDETERMINATE] < verdicts[FAILED]


@pytest.mark.parametrize("name", [name for name, _data in base().members[1:]])
def test_a_member_taken_out_is_missing(name: str) -> None:
    assert fails_once(changed(base().members, name, None)) == "MEMBER_MISSING"


def test_a_token_taken_out_leaves_the_verdict_open() -> None:
    verification = check(changed(with_token(), TOKEN, None))
    consistent(verification)
    assert codes(verification) == ["TOKEN_MISSING"]
    assert verification.verdict is INDETERMINATE


@pytest.mark.parametrize("name", [name for name, _data in base().members[1:]])
def test_a_member_emptied_or_longer_is_one_finding(name: str) -> None:
    for change in (b"", dict(base().members)[name] + b"\0", b"\0" + dict(base().members)[name]):
        fails_once(changed(base().members, name, change))


@pytest.mark.parametrize("name", [name for name, _data in base().members])
def test_a_member_doubled_is_one_finding(name: str) -> None:
    parts = base().members
    again = next(part for part in parts if part[0] == name)
    place = parts.index(again)
    assert fails_once(builder.pack_anyhow([*parts[:place], again, *parts[place:]])) == "MEMBER_DUPLICATE"
    assert fails_once(builder.pack_anyhow([*parts, (name.swapcase(), b"")])) == "MEMBER_DUPLICATE"


def test_the_contents_of_two_members_exchanged_are_two_altered_members() -> None:
    parts = dict(base().members)
    first, second = "records/r-00010000.json", "records/r-00010001.json"
    exchanged = changed(changed(base().members, first, parts[second]), second, parts[first])
    verification = check(exchanged)
    consistent(verification)
    assert [(f.code, f.subject) for f in verification.findings] == [
        ("MEMBER_ALTERED", first),
        ("MEMBER_ALTERED", second),
    ]


def test_a_member_moved_anywhere_is_one_finding() -> None:
    parts = base().members
    for source in range(1, len(parts)):
        rest = [*parts[:source], *parts[source + 1 :]]
        for target in range(1, len(parts)):
            if target != source:
                moved = [*rest[:target], parts[source], *rest[target:]]
                assert fails_once(moved) == "MEMBER_ORDER", (source, target)


def test_a_file_cut_off_anywhere_is_one_finding() -> None:
    file = base().file
    members = open_archive(io.BytesIO(file)).members
    boundaries = {place for m in members for place in (m.end, m.data_offset, m.header_offset)}
    for end in {*boundaries, *range(0, len(file), 101), len(file) - 1}:
        if end >= members[0].end:
            assert fails_once(file[:end]) in {"CONTAINER_TRUNCATED", "CONTAINER_MALFORMED"}


def test_bytes_put_in_anywhere_are_one_finding() -> None:
    file = base().file
    for member in open_archive(io.BytesIO(file)).members[1:]:
        for place in (member.header_offset, member.data_offset, member.end):
            fails_once(file[:place] + b"\0" + file[place:])


def test_a_byte_taken_out_anywhere_is_one_finding() -> None:
    file = base().file
    for place in range(100, len(file), 97):
        fails_once(file[:place] + file[place + 1 :])


def test_an_archive_behind_an_archive_is_one_finding() -> None:
    assert fails_once(base().file + base().file) == "CONTAINER_MALFORMED"


@pytest.mark.parametrize("name", [SIGNATURE, ENTRY, PROOF, ASIC_MANIFEST, MANIFEST, RECORDING])
def test_a_member_of_another_archive_of_the_register_is_one_finding(name: str) -> None:
    register = base().register
    other = dict(builder.members(builder.seal(7), register, 1))
    fails_once(changed(base().members, name, other[name]))


def test_all_the_evidence_of_another_archive_is_one_finding() -> None:
    other = dict(builder.members(builder.seal(7), base().register, 1))
    parts = changed(changed(base().members, ENTRY, other[ENTRY]), PROOF, other[PROOF])
    assert fails_once(parts) == "ENTRY_DISAGREES"
    assert fails_once(changed(parts, SIGNATURE, other[SIGNATURE])) == "SIGNATURE_BROKEN"


def test_list_and_signature_of_another_archive_are_caught() -> None:
    other = dict(builder.members(builder.seal(7), base().register, 1))
    parts = changed(changed(base().members, ASIC_MANIFEST, other[ASIC_MANIFEST]), SIGNATURE, other[SIGNATURE])
    verification = check(parts)
    consistent(verification)
    assert verification.verdict is FAILED
    assert {"MEMBER_MISSING", "MEMBER_EXTRA", "MEMBER_ALTERED"} <= set(codes(verification))


def test_a_swapped_recording_signed_again_with_the_true_key_is_caught_by_the_old_entry() -> None:
    again = world(Changes(), then=lambda _sealed: builder.seal(1, sound=builder.recording(99)))
    parts = changed(again.members, ENTRY, base().register.chain[2])
    parts = changed(parts, PROOF, base().register.proof(2))
    assert fails_once(parts) == "ENTRY_DISAGREES"


def test_a_swapped_recording_entered_in_a_forged_register_is_caught_by_the_register_key() -> None:
    forged = builder.Register(builder.register_key("successor"))
    sealed = builder.seal(1, sound=builder.recording(99))
    index = forged.seal(sealed.facts)
    assert fails_once(builder.members(sealed, forged, index)) == "CHECKPOINT_BROKEN"


def test_unknown_lines_and_later_members_change_nothing() -> None:
    unknown = b"\xe2\x80\x94 stranger.example AAAAAAECAwQ=\n"
    parts = changed(with_token(), PROOF, lambda data: data + unknown)
    assert check(parts).verdict is PASSED
    later = [("META-INF/ASiCManifest002.xml", b"<x/>"), ("META-INF/signature002.p7s", b"-")]
    assert check([*parts, *later]).verdict is PASSED
