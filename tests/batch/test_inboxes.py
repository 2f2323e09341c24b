"""Inboxes as the world has them: names used again, links, one inside another, the vault itself."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence import resources
from evidence.operations.originals import carry_out, moved, state_of
from evidence.operations.seams import Seams
from evidence.vault import moving
from evidence.vault.durable import Durable
from tests.batch.scene import OLD, files_under, make_inbox, run_batch
from tests.journeys.program import done, evidence, new_vault
from tests.operations.scene import make_vault

SOUND = resources.sample("call.wav")
OTHER = SOUND[:-100] + bytes(100)


def drop(inbox: Path, data: bytes = SOUND, name: str = "call.wav") -> Path:
    """A recording in an inbox, changed long ago."""
    inbox.mkdir(exist_ok=True)
    (inbox / name).write_bytes(data)
    os.utime(inbox / name, (OLD, OLD))
    return inbox / name


def sealed_sounds(vault: Path) -> list[bytes]:
    """Which of the two recordings the archives hold."""
    found = [path.read_bytes() for path in sorted((vault / "archives").glob("*/*.asice"))]
    return [sound for archive in found for sound in (SOUND, OTHER) if sound in archive]


@pytest.mark.parametrize("mode", ["keep", "move", "delete"])
@pytest.mark.parametrize("in_place", [True, False])
def test_a_name_used_again(tmp_path: Path, mode: str, in_place: bool) -> None:  # noqa: FBT001
    """Another recording of the same name, length and second is an incident of its own, and isn't lost."""
    vault, inbox = make_vault(tmp_path / "v"), tmp_path / "i"
    path = drop(inbox)
    assert run_batch(vault, inbox, originals=mode).kinds() == ["Sealed"]
    if not in_place:
        path.unlink(missing_ok=True)
    drop(inbox, OTHER)
    assert run_batch(vault, inbox, originals=mode).kinds() == ["Sealed"]
    assert sorted(sealed_sounds(vault)) == sorted([SOUND, OTHER])
    kept = [*files_under(inbox).values(), *files_under(vault / "done").values()]
    assert sorted(kept) == sorted({"keep": [OTHER], "move": [SOUND, OTHER], "delete": []}[mode])


@pytest.mark.parametrize("mode", ["move", "delete"])
def test_replaced_between_reading_and_disposal(tmp_path: Path, mode: str) -> None:
    """What nobody has archived stays, though it has the length and the times of what was."""
    path = drop(tmp_path / "i")
    state = state_of([path])
    disposal = moved([path], state, tmp_path / "done", set())
    if mode == "delete":
        disposal = type(disposal)(disposal.originals, state, ())
    drop(tmp_path / "i", OTHER)
    carry_out(disposal, Durable())
    assert path.read_bytes() == OTHER


def test_what_comes_into_a_folder_while_it_is_deleted_stays(tmp_path: Path) -> None:
    inbox = make_inbox(tmp_path / "i", 1)
    incident = inbox / "i0"
    state = state_of([incident])

    class Meanwhile(Durable):
        def remove(self, path: Path) -> None:
            (incident / "late.wav").write_bytes(b"late")
            super().remove(path)

    with pytest.raises(OSError, match="not empty"):
        carry_out(type(moved([], (), tmp_path, set()))((incident,), state, ()), Meanwhile())
    assert files_under(inbox) == {"i0/late.wav": b"late"}


def test_what_comes_into_a_folder_while_it_is_copied_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From one disk to another: the copy is compared, and only what was copied is removed."""
    inbox = make_inbox(tmp_path / "i", 1)
    copied = moving.copy_into

    def late(durable: Durable, source: Path, folder: Path, name: str) -> Path:
        found = copied(durable, source, folder, name)
        (source / "late.wav").write_bytes(b"late")
        return found

    monkeypatch.setattr(moving, "copy_into", late)
    monkeypatch.setattr(moving, "_rename", _other_disk)
    before = files_under(inbox)
    with pytest.raises(OSError, match="changed meanwhile"):
        moving.move_to(Durable(), inbox / "i0", tmp_path / "done" / "i0")
    kept = {f"i0/{name}": data for name, data in files_under(tmp_path / "done" / "i0").items()}
    assert kept == before
    assert (inbox / "i0" / "late.wav").read_bytes() == b"late"


def _other_disk(source: Path, target: Path) -> None:
    """Rename as between two disks: only within a folder."""
    if source.parent != target.parent:
        raise OSError(18, "Invalid cross-device link")
    source.rename(target)


def test_moved_originals_of_one_name_and_full_length(tmp_path: Path) -> None:
    vault, inbox, name = make_vault(tmp_path / "v"), tmp_path / "i", "x" * 251 + ".wav"
    for data in (SOUND, OTHER):
        drop(inbox, data, name)
        assert run_batch(vault, inbox, originals="move").problems == []
    assert sorted(files_under(vault / "done").values()) == sorted([SOUND, OTHER])


def test_links(tmp_path: Path) -> None:
    """Two names of one file are two recordings with one content: one incident; symbolic links aren't followed."""
    vault, inbox = make_vault(tmp_path / "v"), tmp_path / "i"
    path = drop(inbox)
    os.link(path, inbox / "second.wav")
    secret = tmp_path / "secret.wav"
    secret.write_bytes(OTHER)
    (inbox / "link.wav").symlink_to(secret)
    kinds = run_batch(vault, inbox, originals="delete").kinds()
    assert "SetAside" in kinds
    assert secret.read_bytes() == OTHER
    assert OTHER not in sealed_sounds(vault)


@pytest.mark.parametrize(
    "where", [".", "..", "keys", "archives", "quarantine", "register", "done", "staging/x"]
)
def test_the_vault_is_no_inbox(tmp_path: Path, where: str) -> None:
    """Else its keys would be moved into its quarantine."""
    vault = new_vault(tmp_path / "home" / "v")
    (vault / where).mkdir(parents=True, exist_ok=True)
    before = files_under(vault)
    said = evidence("batch", vault / where, "--vault", vault)
    assert said.returncode == 2, said.stderr
    assert "evidence: hint:" in said.stderr
    changed = {"batch.lock", "batch.sqlite"}
    assert {k: v for k, v in files_under(vault).items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }


def test_inboxes_in_each_other_and_twice(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    (inbox / "later").mkdir()
    said = evidence("batch", inbox, inbox / "later", "--vault", vault)
    assert said.returncode == 2, said.stderr
    assert "one is in the other" in said.stderr
    (inbox / "later").rmdir()
    (tmp_path / "link").symlink_to(inbox)
    told = done("batch", inbox, f"{inbox}/../i", tmp_path / "link", "--vault", vault)
    assert "sealed: 1" in told


def test_an_inbox_that_vanishes(tmp_path: Path) -> None:
    """Between the scan and the reading."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)

    class Vanishing(Durable):
        def create(self, path: Path) -> BinaryIO:
            shutil.rmtree(inbox, ignore_errors=True)
            return super().create(path)

    told = run_batch(vault, inbox, Seams(durable=Vanishing()))
    assert set(told.kinds()) <= {"Left", "Failed", "SetAside"}
