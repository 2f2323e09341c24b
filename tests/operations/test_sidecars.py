"""Sidecars as they are written: whole, beside the right archive, and never less than there was."""

import zipfile
from pathlib import Path

import pytest

from evidence.container import sidecar
from evidence.container.names import ENTRY, proof_name, token_name
from evidence.errors import EvidenceError
from evidence.findings import Status
from evidence.operations import sidecars, stamping
from evidence.operations.seams import Seams
from evidence.vault import claims
from tests import tsa
from tests.network.tsaserver import Served, refused_url, serving
from tests.operations.scene import make_incident, seal, seal_all
from tests.operations.stamp_scene import (
    caught_up,
    check_stamped,
    check_token,
    configure,
    make_vault,
    open_vault,
    published,
    sidecar_of,
    verified,
)
from tests.vectors.archives import world
from tests.vectors.beside import pack, parts_of

NOW = Seams(pause=lambda _seconds: None)


@pytest.fixture
def root(tmp_path: Path, authority: tsa.Authority, server: Served) -> Path:
    """A vault with one archive that waits; its authority answers by now."""
    made = make_vault(tmp_path / "v", authority, refused_url())
    assert seal(made, make_incident(tmp_path / "i"), NOW).is_pending
    configure(made, servers=[server.url])
    return made


def only(root: Path) -> Path:
    (archive,) = published(root)
    return archive


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return file.namelist()


def again(root: Path) -> None:
    """Let the archives wait once more, as if the journal had not heard of the delivery."""
    vault = open_vault(root)
    with vault.store.transaction() as connection:
        connection.execute("UPDATE claims SET tokens = 0 WHERE tokens = 2")
    vault.close()


def test_members_of_a_sidecar(root: Path, authority: tsa.Authority, tmp_path: Path) -> None:
    archive = only(root)
    before = archive.read_bytes()
    (done,) = caught_up(root).deliveries
    beside = sidecar_of(archive)
    assert (done.sidecar, done.set_aside) == (beside, None)
    assert names_in(beside) == ["mimetype", ENTRY, proof_name(1), token_name(1, 1)]
    with zipfile.ZipFile(beside) as file, zipfile.ZipFile(archive) as sealed:
        assert file.read("mimetype") == b"application/x-evidence-proof+zip"
        assert file.read(ENTRY) == sealed.read(ENTRY)
        assert {info.compress_type for info in file.infolist()} == {zipfile.ZIP_STORED}
    assert archive.read_bytes() == before
    assert beside.stat().st_mode & 0o777 == 0o600
    check_token(beside, authority, tmp_path)


def test_a_delivery_that_the_journal_does_not_know_of_is_repeated_without_writing(root: Path) -> None:
    caught_up(root)
    beside = sidecar_of(only(root))
    first = beside.stat().st_ino, beside.read_bytes()
    again(root)
    (done,) = caught_up(root).deliveries
    assert done.sidecar == beside
    assert (beside.stat().st_ino, beside.read_bytes()) == first


def test_what_is_there_is_kept_and_a_further_token_added(
    root: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    """The sidecar holds a token over a later head than the one that is delivered."""
    vault = open_vault(root)
    size, query = stamping.request(vault, Seams())
    vault.close()
    seal(root, make_incident(tmp_path / "next", "N-2"), NOW)
    caught_up(root)
    archive = next(path for path in published(root) if path.stem != "N-2")
    before = sidecar_of(archive).read_bytes()
    vault = open_vault(root)
    assert stamping.take(vault, Seams(), authority.answer(query)).size == size
    vault.close()
    again(root)
    assert len(caught_up(root).deliveries) == 1
    after = sidecar_of(archive)
    assert names_in(after)[1:] == [ENTRY, proof_name(1), token_name(1, 1), proof_name(2), token_name(2, 1)]
    was, now = sidecar.read(before), sidecar.read(after.read_bytes())
    assert {name: now[name] for name in was} == was
    check_token(after, authority, tmp_path)
    check_token(after, authority, tmp_path, number=2)
    assert verified(root, archive, authority).verdict is Status.PASSED


@pytest.mark.parametrize("there", ["junk", "of another", "an archive", "empty", "cut off", "huge"])
def test_a_file_that_is_no_sidecar_of_it_is_moved_aside(
    there: str, root: Path, authority: tsa.Authority
) -> None:
    archive = only(root)
    beside = sidecar_of(archive)
    data = {
        "junk": b"junk",
        "of another": pack(parts_of(world())),
        "an archive": archive.read_bytes(),
        "empty": b"",
        "cut off": b"PK\x03\x04",
        "huge": bytes(sidecar.MAX_SIZE + 1),
    }[there]
    beside.write_bytes(data)
    beside.with_name(beside.name + ".aside1").write_bytes(b"from before")
    first = caught_up(root, NOW).deliveries[0]
    assert first.sidecar == beside
    assert first.set_aside == beside.with_name(beside.name + ".aside2")
    assert first.set_aside.read_bytes() == data
    assert verified(root, archive, authority).verdict is Status.PASSED


def test_an_archive_of_another_name_is_found_by_its_entry(root: Path, authority: tsa.Authority) -> None:
    archive = only(root)
    moved = archive.rename(archive.with_name("Справа 7.asice"))
    (done,) = caught_up(root).deliveries
    assert done.sidecar == sidecar_of(moved)
    assert verified(root, moved, authority).verdict is Status.PASSED


def test_an_archive_that_is_gone_goes_on_waiting_and_hinders_nobody(
    root: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    archive = only(root)
    taken = archive.rename(tmp_path / archive.name)
    (done,) = caught_up(root).deliveries
    assert (done.sidecar, done.sequence) == (None, 1)
    (later,) = caught_up(root).deliveries
    assert later.sidecar is None
    taken.rename(archive)
    assert caught_up(root).deliveries[0].sidecar == sidecar_of(archive)
    check_stamped(root, authority)


def test_erased_custody_records_do_not_hinder_a_delivery(root: Path, authority: tsa.Authority) -> None:
    for path in (root / "custody").iterdir():
        path.unlink()
    assert len(caught_up(root).deliveries) == 1
    check_stamped(root, authority)


def test_many_archives_get_one_token(tmp_path: Path, authority: tsa.Authority) -> None:
    root = make_vault(tmp_path / "v", authority, refused_url())
    configure(root, attempts=1)
    seal_all(root, [make_incident(tmp_path / f"i{n}", "SAME") for n in range(70)])
    with serving(authority.answer) as served:
        configure(root, servers=[served.url])
        deliveries = caught_up(root).deliveries
    assert len(served.queries) == 1
    assert [item.sequence for item in deliveries] == list(range(1, 71))
    assert len({item.sidecar for item in deliveries}) == 70
    vault = open_vault(root)
    assert claims.waiting(vault.store) == []
    vault.close()
    for archive in published(root)[::10]:
        found = verified(root, archive, authority)
        assert found.verdict is Status.PASSED
        assert found.proven is not None


def test_two_deliveries_at_once_do_no_harm(root: Path, authority: tsa.Authority) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: caught_up(root), range(4)))
    assert sum(len(item.deliveries) for item in done) >= 1
    check_stamped(root, authority)


def test_entry_of_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "junk.asice").write_bytes(b"junk")
    (tmp_path / "folder.asice").mkdir()
    for name in ("junk.asice", "folder.asice", "absent.asice", "n" * 300):
        assert sidecars.entry_of(tmp_path / name) == b""


def test_a_folder_in_the_place_of_a_sidecar_is_moved_aside(root: Path, authority: tsa.Authority) -> None:
    beside = sidecar_of(only(root))
    beside.mkdir()
    (beside / "kept").touch()
    (done,) = caught_up(root).deliveries
    assert done.set_aside is not None
    assert [path.name for path in done.set_aside.iterdir()] == ["kept"]
    check_stamped(root, authority)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stamps SET token = x'3000'",
        "UPDATE checkpoints SET note = x'00'",
        "UPDATE entries SET document = x'7b7d' WHERE sequence = 1",
        "UPDATE entries SET leaf = zeroblob(32) WHERE sequence = 0",
    ],
)
def test_a_damaged_register_database_is_told_and_nothing_is_delivered(
    damage: str, root: Path, server: Served
) -> None:
    vault = open_vault(root)
    assert stamping.stamp_newest(vault, Seams()).stamp is not None
    with vault.store.transaction() as connection:
        connection.execute(damage)
    try:
        with pytest.raises(EvidenceError) as caught:
            sidecars.catch_up(vault, Seams())
        assert caught.value.exit_code in {5, 8}
        assert not sidecar_of(only(root)).exists()
    finally:
        vault.close()
    assert server.queries
