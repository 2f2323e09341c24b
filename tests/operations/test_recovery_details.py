"""Notices, voids and half-published archives when a register comes back."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.errors import StateError
from evidence.operations import commit, notices
from evidence.operations.custody import save_void
from evidence.operations.seal import Sealer
from evidence.operations.seams import Seams
from evidence.vault import claims
from evidence.vault.vault import Vault, load_keys
from tests.drills import signed
from tests.operations.durables import Stepping
from tests.operations.notice_scene import TEXT, a_draft, add_notice, open_vault
from tests.operations.scene import Heard, check_whole, make_incident, make_vault, no_probe, seal
from tests.operations.test_recovery import begin_anew, look, recover


def add(vault: Path, more: str) -> str:
    return add_notice(vault, replace(a_draft(None), text=f"{TEXT} {more}")).id


def versions(root: Path) -> list[tuple[str, str]]:
    vault = open_vault(root)
    try:
        return [(version.id, version.problem) for version in notices.versions(vault)]
    finally:
        vault.close()


@pytest.mark.parametrize("how", ["missing", "behind"])
def test_notices_are_known_again(tmp_path: Path, how: str) -> None:
    root = make_vault(tmp_path / "vault")
    first = add(root, "1")
    shutil.copytree(root / "register", tmp_path / "backup")
    seal(root, make_incident(tmp_path / "A", "A"))
    second = add(root, "2")
    entries = signed.exported(root)
    shutil.rmtree(root / "register")
    if how == "behind":
        shutil.copytree(tmp_path / "backup", root / "register")
    assert recover(root).size == 4
    assert signed.exported(root) == entries
    assert versions(root) == [(first, ""), (second, "")]
    third = add(root, "3")  # sweeps what never reached the register
    assert versions(root) == [(first, ""), (second, ""), (third, "")]


def test_notices_are_entered_in_a_new_register_and_others_kept(tmp_path: Path) -> None:
    root = make_vault(tmp_path / "vault")
    shutil.copytree(root, tmp_path / "backup")
    first, damaged = add(root, "1"), add(root, "2")
    (root / "notices" / damaged / "notice.json").write_bytes(b"{}")
    shutil.rmtree(root / "register")
    shutil.rmtree(root / "archives")
    for name in ("register", "archives"):
        shutil.copytree(tmp_path / "backup" / name, root / name)
    done = begin_anew(root)
    assert [json.loads(line)["type"] for line in signed.exported(root)] == ["created", "continues", "notice"]
    assert versions(root) == [(first, "")]
    add(root, "3")
    assert (done.folder / f"notice-{damaged}" / "notice.json").read_bytes() == b"{}"


def void_and_seal_again(root: Path, incident: Path) -> None:
    """Enter that the archive's body was lost, as a seal does that finds it so, and seal the incident once more."""
    vault = Vault(root, Seams().durable, Seams().user)
    try:
        keys = load_keys(vault, lambda: b"")
        claim = claims.every(vault.store)[-1]
        custody = save_void(vault, claim.archive_id, Seams())
        commit.void(vault, keys[1], claim, custody, Seams().clock)
        (archive,) = root.glob("archives/*/A.asice")
        archive.unlink()
        Sealer(vault, lambda: keys, no_probe, Seams(), Heard()).seal(incident)
    finally:
        vault.close()


@pytest.mark.parametrize("how", ["missing", "sealed", "voided"])
def test_voids_come_back(tmp_path: Path, how: str) -> None:
    """However far the restored register goes: the incident is sealed once, by the later entry."""
    root, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "A", "A")
    seal(root, incident)
    if how == "sealed":
        shutil.copytree(root / "register", tmp_path / "backup")
    void_and_seal_again(root, incident)
    entries = signed.exported(root)
    if how == "voided":
        shutil.copytree(root / "register", tmp_path / "backup")
        seal(root, make_incident(tmp_path / "B", "B"))
    shutil.rmtree(root / "register")
    if how != "missing":
        shutil.copytree(tmp_path / "backup", root / "register")
    found = look(root)
    assert not found.missing, found.chain.missing
    recover(root)
    assert signed.exported(root)[: len(entries)] == entries
    with pytest.raises(StateError, match="sealed already"):
        seal(root, incident)
    check_whole(root, incident, archives=2 if how == "voided" else 1)


class Saving(Stepping):
    """Copies the register's folder ahead of the last COMMIT of a seal, when its archive stands already."""

    def __init__(self, root: Path, target: Path) -> None:
        super().__init__()
        self._root, self._target = root, target

    def before(self, step: str) -> None:
        super().before(step)
        if step == "commit" and "link" in self.steps:
            shutil.copytree(self._root / "register", self._target)


def test_an_archive_that_stands_is_never_voided(tmp_path: Path) -> None:
    """The register was saved while the archive was being published; its staged body is long gone."""
    root, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "A", "A")
    seal(root, incident, Seams(durable=Saving(root, tmp_path / "backup")))
    entries = signed.exported(root)
    shutil.rmtree(root / "register")
    shutil.copytree(tmp_path / "backup", root / "register")
    with pytest.raises(StateError, match="sealed already"):
        seal(root, incident)
    assert signed.exported(root) == entries
    check_whole(root, incident)
