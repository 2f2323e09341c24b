"""Steps 1 to 3 and 5: the file, its members, and the lists of their digests."""

import io
from typing import Any

import pytest

from evidence.container import asic, sums
from evidence.container.names import (
    ASIC_MANIFEST,
    ENTRY,
    MANIFEST,
    SIGNATURE,
    SUMS,
    VERIFY_TXT,
    key_proof_name,
    proof_name,
    token_name,
)
from evidence.digests import sha256
from evidence.errors import FormatError
from evidence.verify.members import MAX_ASIC_MANIFEST
from evidence.verify.results import Outcome
from tests import builder
from tests.builder import RECORDING, Changes, Document, Members, changed, flipped
from tests.vectors.archives import inserted, world
from tests.verify.case import FAILED, INDETERMINATE, base, check, codes, notes, outcomes

REQUIRED = [MANIFEST, SUMS, VERIFY_TXT, ASIC_MANIFEST, SIGNATURE, ENTRY, proof_name(1)]


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"PK\x05\x06" + bytes(18)])
def test_what_does_not_begin_as_an_archive_is_refused(start: bytes) -> None:
    with pytest.raises(FormatError) as refused:
        check(start)
    assert refused.value.exit_code == 4
    assert refused.value.hint


def test_a_structural_failure_leaves_every_later_step_unchecked() -> None:
    verification = check(base().file + b"\0")
    assert outcomes(verification) == [Outcome.FAIL, *[Outcome.NOT_CHECKED] * 10]
    assert (verification.contents, verification.signer, verification.position) == (None, None, None)
    assert set(verification.results.values()) == {FAILED, INDETERMINATE}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_required_member_is_one_finding(name: str) -> None:
    verification = check(changed(base().members, name, None))
    assert [(f.code, f.subject) for f in verification.findings] == [("MEMBER_MISSING", name)]
    assert verification.verdict is FAILED
    assert verification.contents is None or name in {ENTRY, proof_name(1)}


@pytest.mark.parametrize("name", [MANIFEST, SUMS, VERIFY_TXT])
def test_a_required_member_that_even_the_signed_list_leaves_out_is_missing(name: str) -> None:
    def without(body: Members) -> Members:
        return changed(body, name, None)

    assert codes(check(world(Changes(listed=without)).file)) == ["MEMBER_MISSING"]


@pytest.mark.parametrize(
    "name", ["access/E1.mp3", "exhibits/E7.wav", "records/r-00000000.json", "report.pdf"]
)
def test_a_member_that_the_signed_list_leaves_out_is_extra(name: str) -> None:
    before = {"exhibits": "records/r-00010000.json", "records": "records/r-00010000.json"}
    parts = inserted(base().members, before.get(name.partition("/")[0], MANIFEST), (name, b"noise"))
    verification = check(parts)
    assert [(f.code, f.subject) for f in verification.findings] == [("MEMBER_EXTRA", name)]


@pytest.mark.parametrize(
    "name",
    ["META-INF/manifest.xml", "META-INF/register-000.tlog-proof", "notes.txt", "META-INF/timestamp.tst"],
)
def test_a_name_that_the_format_has_no_use_for_is_extra(name: str) -> None:
    assert codes(check([*base().members, (name, b"noise")])) == ["MEMBER_EXTRA"]


def test_a_body_member_of_a_foreign_name_is_extra_even_when_it_is_signed() -> None:
    def foreign(body: Members) -> Members:
        return [*body, ("notes.txt", b"noise")]

    assert "MEMBER_EXTRA" in codes(check(world(Changes(listed=foreign)).file))


@pytest.mark.parametrize("first", range(1, 12))
def test_two_neighbours_that_changed_places_are_one_finding(first: int) -> None:
    parts = base().members
    parts[first], parts[first + 1] = parts[first + 1], parts[first]
    verification = check(parts)
    assert codes(verification) == ["MEMBER_ORDER"]
    assert verification.verdict is FAILED


def test_evidence_members_are_numbered_without_gaps() -> None:
    parts = base().members
    for name in (token_name(1, 2), proof_name(3), token_name(2, 1), key_proof_name(2)):
        assert "MEMBER_ORDER" in codes(check([*parts, (name, b"noise")])), name


def test_a_list_in_another_order_than_the_members_is_out_of_order() -> None:
    def reversed_records(rows: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        return [rows[0], *rows[5:0:-1], *rows[6:]]

    changes = Changes(
        asic=lambda data: asic.build(reversed_records(asic.parse(data))),
        sums=lambda data: sums.build(reversed_records(sums.parse(data))),
    )
    assert codes(check(world(changes).file)) == ["MEMBER_ORDER"]


@pytest.mark.parametrize("foreign", ["mimetype", ENTRY, SIGNATURE, "notes.txt"])
def test_a_list_of_what_is_no_body_is_malformed(foreign: str) -> None:
    def listing(listed: bytes) -> bytes:
        return asic.build([*asic.parse(listed), (foreign, sha256(b""))])

    assert codes(check(world(Changes(asic=listing)).file)) == ["ASIC_MANIFEST_MALFORMED"]


def test_a_list_beyond_its_limit_is_malformed() -> None:
    parts = changed(base().members, ASIC_MANIFEST, bytes(MAX_ASIC_MANIFEST + 1))
    assert codes(check(parts)) == ["ASIC_MANIFEST_MALFORMED"]


def test_every_altered_member_is_named() -> None:
    parts = changed(base().members, RECORDING, flipped)
    parts = changed(parts, "records/r-00010004.json", flipped)
    found = check(parts).findings
    assert [f.subject for f in found] == [RECORDING, "records/r-00010004.json"]


def test_an_altered_member_with_a_wrong_checksum_is_one_finding() -> None:
    parts = changed(base().members, RECORDING, flipped)
    assert codes(check(builder.pack_anyhow(parts, {RECORDING: 1}))) == ["MEMBER_ALTERED"]


@pytest.mark.parametrize("name", [RECORDING, MANIFEST, ASIC_MANIFEST, SIGNATURE, ENTRY, proof_name(1)])
def test_a_wrong_checksum_alone_is_found_wherever_it_is(name: str) -> None:
    verification = check(builder.pack_anyhow(base().members, {name: 1}))
    assert [(f.code, f.subject) for f in verification.findings] == [("MEMBER_CRC", name)]


def test_a_wrong_checksum_is_found_in_what_is_not_checked_otherwise() -> None:
    name = "META-INF/ASiCArchiveManifest001.xml"
    parts = [*base().members, (name, b"<x/>")]
    assert codes(check(parts)) == []
    assert codes(check(builder.pack_anyhow(parts, {name: 1}))) == ["MEMBER_CRC"]


def test_what_is_not_checked_is_said_and_keeps_a_complete_verdict_open() -> None:
    parts = [*base().members, ("META-INF/ASiCArchiveManifest001.xml", b"<x/>")]
    verification = check(parts)
    assert "LATER_NOT_CHECKED" in notes(verification)
    verification = check(parts, require_complete=True)
    assert codes(verification) == ["NOT_COMPLETE"]
    assert verification.contents is not None


def test_progress_counts_the_bytes_of_the_body() -> None:
    told: list[tuple[int, int]] = []
    from evidence.verify.verifier import verify  # noqa: PLC0415
    from tests.verify.case import options  # noqa: PLC0415

    verify(io.BytesIO(base().file), options(), lambda done, total: told.append((done, total)))
    size = sum(len(data) for _name, data in base().sealed.body)
    assert told == sorted(told)
    assert told[-1] == (size, size)


def _set(document: Document, *path: Any, value: Any) -> Document:
    target: Any = document
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("origin",), "another.example/register"),
        (("register_key",), builder.register_key().vkey[:-1] + "A"),
        (("register_key",), "short+00000000+AQ=="),
        (("archive_id",), "not an id"),
        (("time_policy",), "perhaps"),
        (("records", 1, "id"), "r-00010000"),
        (("exhibits", 0, "id"), "E2"),
        (("format",), "1"),
        (("format",), 0),
    ],
)
def test_a_manifest_against_its_rules_is_malformed(path: tuple[Any, ...], value: Any) -> None:
    changes = Changes(manifest=lambda manifest: _set(manifest, *path, value=value))
    assert codes(check(world(changes).file)) == ["MANIFEST_MALFORMED"]


def test_a_manifest_in_another_form_is_malformed() -> None:
    assert codes(check(world(Changes(manifest_bytes=lambda data: data + b"\n")).file)) == [
        "MANIFEST_MALFORMED"
    ]


@pytest.mark.parametrize("kind", ["records", "exhibits"])
def test_a_manifest_that_leaves_something_out_disagrees(kind: str) -> None:
    changes = Changes(manifest=lambda manifest: {**manifest, kind: manifest[kind][1:]})
    assert codes(check(world(changes).file)) == ["MANIFEST_DISAGREES"]


def test_a_manifest_that_names_more_disagrees() -> None:
    more = {"id": "E7", "member": "exhibits/E7.wav", "sha256": "00" * 32}
    changes = Changes(manifest=lambda manifest: {**manifest, "exhibits": [*manifest["exhibits"], more]})
    assert codes(check(world(changes).file)) == ["MANIFEST_DISAGREES"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[lines.index(b"\n") + 1 :],
        lambda lines: lines + b"00" * 32 + b"  notes.txt\n",
        lambda lines: lines + b"00" * 32 + b"  SHA256SUMS\n",
        lambda lines: sums.build(sums.parse(lines)[::-1]),
        lambda lines: lines.replace(b"  ", b" *"),
        lambda lines: lines.replace(b"\n", b"\r\n"),
        lambda _lines: b"",
    ],
)
def test_sums_with_other_lines_disagree(change: Any) -> None:
    verification = check(world(Changes(sums=change)).file)
    assert codes(verification) == ["SUMS_DISAGREE"]
    assert verification.contents is None
