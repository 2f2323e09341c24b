"""States in which sealing would do harm are refused, and nothing is entered (found by hostile review)."""

import datetime as dt
import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence.clock import system_clock
from evidence.errors import CryptoError, EvidenceError, StateError, StoreError
from evidence.model.recording import RecordingFacts
from evidence.operations import body
from evidence.operations.seal import Failed, Sealed, Sealer
from evidence.operations.seams import Seams
from evidence.vault import archive_store, copying
from evidence.vault.durable import Durable
from evidence.vault.userstore import UserStore
from evidence.vault.vault import Vault, load_keys
from tests.operations.durables import Stepping
from tests.operations.scene import (
    Heard,
    check_whole,
    copy_vault,
    make_incident,
    make_vault,
    seal,
    seal_all,
)


def entries_of(vault_root: Path) -> int:
    vault = Vault(vault_root, Durable(), Seams().user)
    try:
        return vault.store.size()
    finally:
        vault.close()


def test_key_of_another_register_is_refused(tmp_path: Path) -> None:
    vault, other = make_vault(tmp_path / "vault"), make_vault(tmp_path / "other")
    shutil.copy(other / "keys" / "register.key", vault / "keys" / "register.key")
    with pytest.raises(CryptoError, match="not the key of this register"):
        seal(vault, make_incident(tmp_path / "incident"))
    assert entries_of(vault) == 1


def test_renamed_register_is_refused(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    config = vault / "evidence.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("evidence-register/", "other/"), encoding="utf-8"
    )
    with pytest.raises(StateError, match="another register"):
        seal(vault, make_incident(tmp_path / "incident"))


@pytest.mark.parametrize("change", ["grow and rewrite", "shrink", "rewrite"])
def test_recording_changed_between_probe_and_copy_is_refused(tmp_path: Path, change: str) -> None:
    """What the record says of a recording must be about the bytes that are archived."""
    vault_root, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    call = incident / "call.wav"

    def meddling_probe(_file: object, _size: int, _name: str) -> RecordingFacts:
        data = call.read_bytes()
        call.write_bytes({"grow and rewrite": b"x" + data, "shrink": data[:1000], "rewrite": data}[change])
        return RecordingFacts()

    seams = Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    keys = load_keys(vault, lambda: b"")
    with pytest.raises(StateError, match="changed"):
        Sealer(vault, lambda: keys, meddling_probe, seams, Heard()).seal(incident)
    vault.close()
    assert entries_of(vault_root) == 1
    assert list((vault_root / "staging").iterdir()) == []


def stranger(folder: Path) -> Seams:
    """Another account, which has never seen this register."""
    return Seams(user=UserStore(folder / "config", folder / "state"))


def test_register_alone_restored_from_a_backup_is_refused_for_any_account(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    shutil.copytree(vault / "register", tmp_path / "backup")
    seal(vault, make_incident(tmp_path / "a", "A"))
    shutil.rmtree(vault / "register")
    shutil.copytree(tmp_path / "backup", vault / "register")
    with pytest.raises(StateError, match="was seen before"):
        seal(vault, make_incident(tmp_path / "b", "B"), stranger(tmp_path / "stranger"))


def test_remembered_head_never_goes_back(tmp_path: Path) -> None:
    """Two runs at once: the one that closes last has the older head."""
    root = make_vault(tmp_path / "vault")
    seams = Seams()
    first = Vault(root, seams.durable, seams.user)
    keys = load_keys(first, lambda: b"")
    sealer = Sealer(first, lambda: keys, lambda _file, _size, _name: RecordingFacts(), seams, Heard())
    sealer.seal(make_incident(tmp_path / "a", "A"))
    backup = copy_vault(root, tmp_path / "backup")
    seal(root, make_incident(tmp_path / "b", "B"))
    first.close()
    with pytest.raises(StateError, match="3 entries was seen before"):
        seal(backup, make_incident(tmp_path / "c", "C"))


def test_unreadable_recording_stops_its_own_incident_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = make_vault(tmp_path / "vault")
    incidents = [make_incident(tmp_path / name, name) for name in ("A", "B", "C")]
    whole = copying.pieces
    bad = (incidents[1] / "call.wav").stat().st_ino

    def pieces(descriptor: int, size: int) -> object:
        if os.fstat(descriptor).st_ino == bad:
            raise OSError(errno.EIO, "Input/output error")
        return whole(descriptor, size)

    monkeypatch.setattr(body, "pieces", pieces)
    outcomes = seal_all(vault, incidents)
    assert [type(outcome) for outcome in outcomes] == [Sealed, Failed, Sealed]
    failed = outcomes[1]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, StoreError)
    assert "call.wav" in failed.error.message


@pytest.mark.parametrize("years", [-1, 11])
def test_certificate_that_is_not_valid_now_is_refused(tmp_path: Path, years: int) -> None:
    vault = make_vault(tmp_path / "vault")
    then = system_clock() + dt.timedelta(days=365.25 * years)
    with pytest.raises(CryptoError, match="can't be used now"):
        seal(vault, make_incident(tmp_path / "incident"), Seams(clock=lambda: then))
    assert entries_of(vault) == 1


class NoLinks(Stepping):
    """A file system without hard links."""

    def link(self, source: Path, target: Path) -> None:
        self.before(f"link {source} {target}")
        raise OSError(errno.EPERM, "Operation not permitted")


def test_archive_that_cannot_be_published_is_kept_and_blocks_nobody(tmp_path: Path) -> None:
    vault, first = make_vault(tmp_path / "vault"), make_incident(tmp_path / "a", "A")
    with pytest.raises(StoreError, match="could not be put"):
        seal(vault, first, Seams(durable=NoLinks()))
    heard = Heard()
    with pytest.raises(StoreError, match="could not be put"):
        seal(vault, make_incident(tmp_path / "b", "B"), Seams(durable=NoLinks()), heard)
    assert [what.outcome for what in heard.recovered_] == ["waiting"]
    outcomes = seal_all(vault, [first, tmp_path / "b"])
    assert all(isinstance(outcome, Failed) for outcome in outcomes)  # recovery published both
    check_whole(vault, first, archives=2)


def test_new_vault_needs_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_self: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with pytest.raises(StoreError, match="no hard links"):
        make_vault(tmp_path / "vault")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["recording", "mimetype", "list's header", "signature's header"])
def test_body_damaged_before_recovery_is_voided_not_published(tmp_path: Path, place: str) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    with pytest.raises(StoreError):
        seal(vault, incident, Seams(durable=NoLinks()))
    (staged,) = (vault / "staging").glob("*.staged")
    data = bytearray(staged.read_bytes())
    offset = {
        "recording": 5000,
        "mimetype": 45,
        "list's header": data.index(b"META-INF/ASiCManifest001.xml") - 20,
        "signature's header": data.index(b"META-INF/signature001.p7s", data.index(b"</ASiCManifest>")) - 20,
    }[place]
    data[offset] ^= 1
    staged.write_bytes(data)
    heard = Heard()
    sealed = seal(vault, incident, heard=heard)
    assert [what.outcome for what in heard.recovered_] == ["void"]
    check_whole(vault, incident)
    assert sealed.sequence == 3
    (record,) = (vault / "custody").glob("*.void.json")
    assert record.name.split(".")[0] != sealed.archive_id


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"facts":1}'])
def test_damaged_custody_record_stops_nothing(tmp_path: Path, damage: bytes) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    seal(vault, incident)
    (record,) = (vault / "custody").iterdir()
    record.write_bytes(damage)
    with pytest.raises(StateError, match="sealed already"):
        seal(vault, incident)


class FullAtTail(Stepping):
    """A disk that is full when the second archive of a group gets its tail."""

    def reopen(self, path: Path, length: int) -> BinaryIO:
        if [step for step in self.steps if step == "reopen"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().reopen(path, length)


def test_archive_that_is_published_is_told_though_another_is_not(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    incidents = [make_incident(tmp_path / name, name) for name in ("A", "B")]
    outcomes = seal_all(vault, incidents, Seams(durable=FullAtTail()))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Failed", "Sealed"]
    seal_all(vault, incidents)
    check_whole(vault, incidents[0], archives=2)


@pytest.mark.parametrize("number", ["..", ".", "-rf", "CON", "com1.x", "LPT9"])
def test_archive_never_gets_a_name_that_does_harm(tmp_path: Path, number: str) -> None:
    vault = make_vault(tmp_path / "vault")
    sealed = seal(vault, make_incident(tmp_path / "incident", number))
    assert sealed.archive.name == f"incident-{number}{archive_store.SUFFIX}"


@pytest.mark.parametrize("what", ["deleted", "empty", "garbage"])
def test_lost_register_is_no_empty_one(tmp_path: Path, what: str) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    register = vault / "register" / "register.sqlite"
    for leftover in register.parent.glob("register.sqlite-*"):
        leftover.unlink()
    register.unlink()
    if what != "deleted":
        register.write_bytes(b"" if what == "empty" else b"garbage" * 1000)
    with pytest.raises(EvidenceError) as caught:
        seal(vault, incident)
    assert isinstance(caught.value, StoreError)
    assert register.exists() == (what != "deleted")
