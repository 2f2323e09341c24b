"""Sidecars, as audit and `timestamp` see them: delivered by the program, then lost, damaged or forged."""

import datetime as dt
import json
import os
import shutil
from pathlib import Path

import pytest

from evidence.container import sidecar
from evidence.operations import prooffile
from evidence.operations.seams import Seams
from evidence.operations.sidecars import catch_up, reopen
from tests.batch.scene import run_batch
from tests.crypto import pki
from tests.journeys.program import evidence
from tests.network.tsaserver import Served, refused_url
from tests.operations.audit.ground import archives, at, audited, copied, found, name_of
from tests.operations.scene import make_incident, seal_all
from tests.operations.stamp_scene import (
    caught_up,
    check_stamped,
    configure,
    make_vault,
    open_vault,
    published,
    sidecar_of,
)
from tests.tsa import Authority


def no_pause(_seconds: float) -> None:
    pass


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory, authority: Authority, server: Served) -> Path:
    """Three archives that were sealed without a time stamp and got their sidecars later."""
    folder = tmp_path_factory.mktemp("delivered")
    root = make_vault(folder / "vault", authority, refused_url())
    configure(root, attempts=1)
    seal_all(root, [make_incident(folder / f"i{n}", f"N-{n}") for n in range(3)], Seams(pause=no_pause))
    assert audited(root)[0].codes == ["STAMPS_PENDING"]
    configure(root, servers=[server.url])
    assert len(caught_up(root).deliveries) == 3
    return root


@pytest.fixture
def vault(delivered: Path, tmp_path: Path) -> Path:
    return copied(delivered, tmp_path / "vault")


def test_in_order(vault: Path) -> None:
    assert found(vault) == []
    tomorrow = at(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    assert found(vault, clock=tomorrow) == []


def test_the_authority_that_only_the_user_trusts(vault: Path, authority: Authority) -> None:
    """Without the right roots of the vault nobody can judge the tokens; with the user's they can again."""
    (vault / "keys" / "tsa-roots.pem").write_bytes(pki.authority("Another").pem)
    user = Seams().user
    for kept in (user.config / "trust-tsa").glob("*.pem"):
        kept.unlink()
    assert [code for code, _subject in found(vault)] == ["ARCHIVE_UNDECIDED"] * 3
    process = evidence("verify", archives(vault)[0])
    assert (process.returncode, "TSA_UNKNOWN" in process.stdout) == (3, True)
    user.trust_tsa(authority.root.pem, "0" * 64)
    assert found(vault) == []


DAMAGES = {
    "removed": "STAMP_LOST",
    "empty": "STAMP_DAMAGED",
    "cut off": "STAMP_DAMAGED",
    "one bit": "STAMP_DAMAGED",
    "of another": "STAMP_DAMAGED",
    "another token": "STAMP_DAMAGED",
    "a link": "STAMP_DAMAGED",
    "a folder": "STAMP_DAMAGED",
}


def spoil(path: Path, other: Path, how: str) -> None:
    data = path.read_bytes()
    path.unlink()
    match how:
        case "empty":
            path.touch()
        case "cut off":
            path.write_bytes(data[: len(data) // 2])
        case "one bit":
            place = data.index(b"register-001-token-1.tsr") + 400
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        case "another token":  # a file in its one form, with a token that doesn't fit
            parts = sidecar.read(data)
            name = next(name for name in parts if name.endswith(".tsr"))
            parts[name] = parts[name][:-1] + bytes([parts[name][-1] ^ 1])
            path.write_bytes(sidecar.build(list(parts.items())))
        case "of another":
            path.write_bytes(other.read_bytes())
        case "a link":
            path.symlink_to(other)
        case "a folder":
            path.mkdir()


@pytest.mark.parametrize("how", DAMAGES)
def test_a_delivered_time_stamp_is_lost_and_delivered_again(
    how: str, vault: Path, authority: Authority, server: Served
) -> None:
    archive, other, _ = archives(vault)
    spoil(sidecar_of(archive), sidecar_of(other), how)
    heard, answer = audited(vault)
    told = {(f.code, f.subject) for f in heard.findings if f.code != "FOREIGN_FILE"}
    assert told == {(DAMAGES[how], name_of(vault, archive))}
    assert int(answer.exit_code) == 9
    doctor = evidence("doctor", "--vault", vault, "--json")
    assert DAMAGES[how] in [json.loads(row).get("code") for row in doctor.stdout.splitlines()]
    asked = len(server.queries)
    process = evidence("timestamp", "--vault", vault)
    assert process.returncode == 0, process.stderr
    assert "the proof file of 1 archive was gone or proved nothing" in process.stderr
    assert len(server.queries) == asked  # the vault has the token
    for aside in archive.parent.glob("*.aside*"):  # what stood there is kept
        aside.rename(vault.parent / aside.name)
    assert found(vault) == []
    check_stamped(vault, authority, 3)


def test_a_batch_notices_those_that_are_gone_only(vault: Path) -> None:
    first, second, _ = archives(vault)
    sidecar_of(first).unlink()
    sidecar_of(second).write_bytes(b"")
    opened = open_vault(vault)
    assert reopen(opened) == 2  # a day with a sidecar too few is looked into
    assert {item.sidecar for item in catch_up(opened, Seams(pause=no_pause)).deliveries} == {
        sidecar_of(first),
        sidecar_of(second),
    }
    sidecar_of(second).write_bytes(b"")
    assert (reopen(opened), reopen(opened, reads=True), reopen(opened, reads=True)) == (0, 1, 0)
    opened.close()
    assert "STAMPS_PENDING" in audited(vault)[0].codes  # it waits again


def test_an_archive_that_is_elsewhere_does_not_wait_again(vault: Path, tmp_path: Path) -> None:
    archive = archives(vault)[0]
    sidecar_of(archive).unlink()
    archive.rename(tmp_path / "elsewhere.asice")
    opened = open_vault(vault)
    assert reopen(opened, reads=True) == 0
    opened.close()


def test_a_sidecar_without_use_is_an_alarm(prepared: Path, tmp_path: Path) -> None:
    """The archive expects no time stamp at all."""
    vault = copied(prepared, tmp_path / "vault")
    archive = archives(vault)[0]
    sidecar_of(archive).write_bytes(os.urandom(100))
    assert found(vault) == [("PROOF_FILE_DAMAGED", name_of(vault, archive))]


def test_the_token_is_lost_with_the_database(vault: Path, authority: Authority, server: Served) -> None:
    """Then a new one is asked for, over the newest checkpoint."""
    sidecar_of(archives(vault)[0]).unlink()
    opened = open_vault(vault)
    with opened.store.transaction() as connection:
        connection.execute("DELETE FROM stamps")
    opened.close()
    asked = len(server.queries)
    assert evidence("timestamp", "--vault", vault).returncode == 0
    assert len(server.queries) == asked + 1
    assert found(vault) == []
    check_stamped(vault, authority, 3)


def test_a_checkpoint_in_a_sidecar_that_the_register_contradicts(vault: Path, tmp_path: Path) -> None:
    """A copy of the vault went on by itself; the sidecars it made are put beside these archives."""
    other = tmp_path / "other"
    shutil.copytree(vault, other)
    for root, number in ((vault, "HERE"), (other, "THERE")):
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
        seal_all(root, [make_incident(tmp_path / number, number)], Seams(pause=no_pause))
    for archive in published(other):
        if archive.stem != "THERE":
            sidecar_of(archive).unlink()
    opened = open_vault(other)
    with opened.store.transaction() as connection:
        connection.execute("DELETE FROM stamps WHERE size < 5")
    opened.close()
    assert len(caught_up(other).deliveries) == 3
    shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
    here = next(path for path in archives(vault) if path.stem == "N-0")
    shutil.copy(sidecar_of(next(path for path in published(other) if path.stem == "N-0")), here.parent)
    assert ("ARCHIVE_FORK", f"{name_of(vault, here)}.proof") in found(vault)


def test_a_batch_without_work_puts_it_there_again(vault: Path, tmp_path: Path, server: Served) -> None:
    lost = sidecar_of(archives(vault)[1])
    data = lost.read_bytes()
    lost.unlink()
    (tmp_path / "inbox").mkdir()
    asked = len(server.queries)
    assert run_batch(vault, tmp_path / "inbox").problems == []
    assert lost.read_bytes() == data
    assert len(server.queries) == asked
    assert found(vault) == []


def test_whatever_is_in_a_proof_file_is_judged_without_an_error(vault: Path) -> None:
    """Bits flipped all over one in its one form, and in one whose checksums were made to fit."""
    archive = archives(vault)[0]
    data = sidecar_of(archive).read_bytes()
    parts = sidecar.read(data)
    opened = open_vault(vault)
    entry = parts["META-INF/register-entry.json"]
    known = entry, opened.store.register_key(), opened.store.origin()
    opened.close()
    assert len(prooffile.judge(data, *known).tokens) == 1
    for place in range(0, len(data), 23):
        spoilt = data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        assert prooffile.judge(spoilt, *known).problem, place
    for name, content in parts.items():
        for place in range(0, len(content), 41):
            other = content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]
            made = sidecar.build([(each, other if each == name else parts[each]) for each in parts])
            found_in_it = prooffile.judge(made, *known)
            assert found_in_it.problem or found_in_it.tokens, (name, place)
