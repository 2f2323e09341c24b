"""A sidecar adds what authenticates itself and takes nothing away, whatever is in it."""

import datetime as dt
import io
import random
import zipfile
from functools import cache

import pytest

from evidence.container import sidecar
from evidence.container.names import ENTRY, MANIFEST, key_proof_name, proof_name, token_name
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.findings import Result, Status
from evidence.register import proof
from tests import builder, tsa
from tests.builder import Members, Register, changed
from tests.vectors.archives import PROOF, TOKEN, World, source, with_token, world
from tests.vectors.beside import pack, parts_of
from tests.verify.case import INDETERMINATE, NOBODY, PASSED, check, codes, notes

ABOUT = {"SIDECAR_IGNORED", "SIDECAR_PROOF_IGNORED", "SIDECAR_TOKEN_IGNORED", "TIME_FROM_SIDECAR"}


@cache
def bare() -> World:
    """An archive that expects a token, and has none inside."""
    return world(time_policy="expected")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("tsa"))


def good() -> Members:
    return parts_of(bare(), token=source("token.tsr"))


def grown() -> Register:
    register = bare().register.copy()
    register.seal(builder.seal(8).facts)
    return register


def told(archive: bytes | Members, data: bytes, **more: object) -> tuple[list[str], list[str]]:
    found = check(archive, sidecar=data, **more)
    return codes(found), [code for code in notes(found) if code in ABOUT]


def test_a_token_over_a_later_checkpoint_proves_the_time(authority: tsa.Authority) -> None:
    register = grown()
    token = authority.stamp(register.checkpoint())
    later = pack(parts_of(bare(), register, token))
    trusted = Anchors(certificates.pem_to_der(authority.root.pem))
    found = check(bare().file, sidecar=later, tsa_anchors=trusted)
    assert found.verdict is PASSED
    assert found.proven is not None
    assert (found.proven.in_sidecar, found.proven.member) == (True, f".proof:{TOKEN}")
    assert found.position is not None
    assert found.position.size == 3  # that of the archive's own proof
    assert told(bare().file, later) == (["TSA_UNKNOWN"], [])
    assert told(bare().file, later, tsa_anchors=NOBODY) == (["TSA_UNKNOWN"], [])
    kept = check(bare().file, sidecar=later, tsa_anchors=trusted, checkpoint=register.checkpoint())
    assert kept.position is not None
    assert kept.position.confirmed


def test_the_earliest_time_counts_wherever_it_stands(authority: tsa.Authority) -> None:
    token = authority.stamp(bare().register.checkpoint(3))
    both = Anchors(
        (*certificates.pem_to_der(authority.root.pem), *certificates.pem_to_der(source("tsa.pem")))
    )
    found = check(with_token(), sidecar=pack(parts_of(bare(), token=token)), tsa_anchors=both)
    assert found.proven is not None
    assert not found.proven.in_sidecar
    swapped = [*with_token()[:-1], (TOKEN, token)]
    found = check(swapped, sidecar=pack(good()), tsa_anchors=both)
    assert found.proven is not None
    assert found.proven.in_sidecar


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("an archive", builder.pack(builder.members(builder.seal(1), world().register, 2))),
        ("a byte more", pack(parts_of(world(), token=b"x")) + b"\0"),
        ("cut off", pack(parts_of(world(), token=b"x"))[:-1]),
        ("too long", bytes(sidecar.MAX_SIZE + 1)),
        ("no entry", pack(parts_of(world())[1:])),
        ("no proof", pack(parts_of(world())[:1])),
        ("wrong order", pack(parts_of(world())[::-1])),
        ("a gap", pack([*parts_of(world()), (proof_name(3), b"x")])),
        ("a token without proof", pack([*parts_of(world()), (token_name(2, 1), b"x")])),
        ("another member", pack([*parts_of(world()), (MANIFEST, b"{}")])),
        ("a later signature", pack([*parts_of(world()), ("META-INF/ASiCManifest002.xml", b"x")])),
        ("a long member", pack([*parts_of(world()), (TOKEN, bytes(sidecar.MAX_PART + 1))])),
        ("a wrong checksum", builder.pack_anyhow([("mimetype", sidecar.MIMETYPE), *good()], {TOKEN: 1})),
        ("another entry", pack(changed(parts_of(world()), ENTRY, world().register.chain[1]))),
    ],
)
def test_a_file_that_is_none_is_ignored_as_a_whole(name: str, data: bytes) -> None:
    assert name
    assert told(world().file, data) == ([], ["SIDECAR_IGNORED"])
    assert told(bare().file, data) == (["TOKEN_MISSING"], ["SIDECAR_IGNORED"])


def test_a_deflated_one_with_a_comment_is_ignored() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for member, data in [("mimetype", sidecar.MIMETYPE), *good()]:
            file.writestr(member, data)
        file.comment = b"x"
    assert told(bare().file, out.getvalue()) == (["TOKEN_MISSING"], ["SIDECAR_IGNORED"])


def test_only_what_holds_of_several_proofs_is_taken_over() -> None:
    register = grown()
    stranger = Register(builder.register_key("successor"), list(register.chain))
    read = proof.parse(register.proof(2))
    elsewhere = proof.encode(proof.Proof(1, read.hashes, read.checkpoint))
    shifted = proof.encode(proof.Proof(2, read.hashes[::-1], read.checkpoint))
    parts: Members = [
        *parts_of(bare(), stranger, source("token.tsr")),
        (proof_name(2), elsewhere),
        (proof_name(3), shifted),
        (proof_name(4), b"junk"),
        (proof_name(5), bare().register.proof(2)),
        (token_name(5, 1), b"junk"),
        (token_name(5, 2), source("token-late.tsr")),
        (token_name(5, 3), source("token.tsr")),
        (key_proof_name(5), b"of a later version"),
    ]
    findings, said = told(bare().file, pack(parts))
    assert findings == []
    assert said == ["SIDECAR_PROOF_IGNORED"] * 4 + ["SIDECAR_TOKEN_IGNORED"] * 2 + ["TIME_FROM_SIDECAR"]


def test_two_heads_of_one_size_in_a_sidecar_are_a_fork() -> None:
    fork = Register()
    fork.seal(builder.seal(9).facts)
    fork.chain.append(bare().register.chain[2])
    fork.seal(builder.seal(8).facts)
    parts = [*parts_of(bare(), grown()), (proof_name(2), fork.proof(2))]
    assert told(bare().file, pack(parts)) == (["TOKEN_MISSING", "REGISTER_FORK"], [])


def test_a_head_beside_either_of_two_forked_ones_is_a_fork() -> None:
    """The archive's own heads fork already; the sidecar's is that of the second, so not that of the first."""
    fork = Register()
    fork.seal(builder.seal(9).facts)
    fork.chain.append(bare().register.chain[2])
    parts = [*bare().members, (proof_name(2), fork.proof(2))]
    findings, _said = told(parts, pack(parts_of(bare(), fork)))
    assert findings.count("REGISTER_FORK") == 2


def test_a_fork_between_a_sidecar_and_what_was_kept_is_found() -> None:
    other = bare().register.copy()
    other.seal(builder.seal(9).facts)
    found = check(bare().file, sidecar=pack(parts_of(bare(), grown())), checkpoint=other.checkpoint())
    assert codes(found) == ["TOKEN_MISSING", "REGISTER_FORK"]
    assert found.results[Result.REGISTER] is Status.FAILED


def test_a_time_asked_for_before_that_of_a_sidecar_still_counts() -> None:
    """The certificate's end lies between the two; without the sidecar it is judged as asked."""
    at = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    base = world()
    without = check(base.file, at=at)
    token = source("token.tsr")
    beside = check(base.file, at=at, sidecar=pack(parts_of(base, token=token)))
    assert without.judged_at == beside.judged_at == at
    proven = check(bare().file, at=at, sidecar=pack(good()))
    assert proven.verdict is PASSED
    assert proven.judged_at == at


def test_no_sidecar_at_all_makes_a_verdict_worse() -> None:
    """A hundred thousand bytes of noise, changed bit by bit; each is at worst as if it weren't there."""
    draw = random.Random(3161)  # noqa: S311
    data = pack(good())
    worst = check(bare().file).verdict
    assert worst is INDETERMINATE
    for _ in range(400):
        noise = bytearray(data)
        for _ in range(draw.choice((1, 1, 2, 30))):
            noise[draw.randrange(len(noise))] ^= 1 << draw.randrange(8)
        for base, limit in ((bare(), worst), (world(), PASSED)):
            assert check(base.file, sidecar=bytes(noise)).verdict <= limit
    for _ in range(100):
        piece = data[: draw.randrange(len(data))] + draw.randbytes(draw.randrange(50))
        assert check(bare().file, sidecar=piece).verdict is worst


def test_with_the_token_inside_it_is_of_no_use_and_does_no_harm() -> None:
    assert told(with_token(), pack(parts_of(bare(), grown()))) == ([], [])
    assert told(with_token(), pack(changed(good(), PROOF, b"junk"))) == ([], ["SIDECAR_PROOF_IGNORED"])
