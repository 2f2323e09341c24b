"""Restored, damaged and lost registers are noticed, and come back as they were; forks don't."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from evidence.errors import EvidenceError, StateError, StoreError
from evidence.operations import exports
from evidence.operations.recovery import Ground, Restored, Survey, survey
from evidence.operations.recovery_act import restore
from evidence.operations.retire import Retired, new_origin, new_register
from evidence.operations.seams import Seams
from evidence.register import entries
from evidence.vault import config
from evidence.vault.vault import Vault
from tests.drills import signed
from tests.operations.scene import (
    check_whole,
    copy_vault,
    make_incident,
    make_vault,
    seal,
    seal_unless_sealed,
)


def look(root: Path, *given: Path) -> Survey:
    return survey(Ground.at(root, Seams()), given)


def recover(root: Path, *given: Path) -> Restored:
    return restore(look(root, *given), given)


def begin_anew(root: Path, *given: Path) -> Retired:
    return new_register(look(root, *given), given, "the disk was lost", lambda: b"")


def key_of(root: Path) -> str:
    vault = Vault(root, Seams().durable, Seams().user)
    try:
        return vault.store.register_key()
    finally:
        vault.close()


def export(root: Path, target: Path) -> Path:
    vault = Vault(root, Seams().durable, Seams().user)
    try:
        with target.open("xb") as out:
            exports.export(vault, out)
    finally:
        vault.close()
    return target


class Scene:
    """A vault with incidents A and B sealed, its backup, and C and D sealed since."""

    def __init__(self, folder: Path) -> None:
        self.vault = make_vault(folder / "vault")
        self.incidents = {name: make_incident(folder / name, name) for name in "ABCDE"}
        for name in "AB":
            seal(self.vault, self.incidents[name])
        self.backup = copy_vault(self.vault, folder / "backup")
        for name in "CD":
            seal(self.vault, self.incidents[name])
        self.entries = signed.exported(self.vault)
        self.notes = signed.lying_about(self.vault)
        self.key = key_of(self.vault)

    def restore(self, *names: str) -> None:
        """Put folders of the vault back to what the backup holds."""
        for name in names:
            shutil.rmtree(self.vault / name)
            shutil.copytree(self.backup / name, self.vault / name)

    def check(self) -> None:
        """Nothing is doubled, nothing is forked, everything passes, and it goes on."""
        assert signed.exported(self.vault)[: len(self.entries)] == self.entries
        seal_unless_sealed(self.vault, *self.incidents.values())
        check_whole(self.vault, self.incidents["A"], archives=5)
        notes = [*self.notes, *signed.lying_about(self.vault)]
        signed.assert_consistent(notes, signed.exported(self.vault), self.key)


def refused(root: Path, incident: Path) -> EvidenceError:
    with pytest.raises((StateError, StoreError)) as caught:
        seal(root, incident)
    assert "register recover" in caught.value.hint
    return caught.value


def test_register_alone_restored(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.restore("register")
    assert "3 entries" in refused(scene.vault, scene.incidents["E"]).message
    found = look(scene.vault)
    assert (found.outcome, found.size, len(found.chain.documents)) == ("behind", 3, 2)
    done = recover(scene.vault)
    assert (done.size, done.added, done.nameless, done.absent) == (5, 2, [], [])
    scene.check()


def test_register_restored_where_every_head_beside_it_was_restored_too(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.restore("register")
    shutil.copyfile(scene.backup / "archives/.register-head", scene.vault / "archives/.register-head")
    shutil.rmtree(Seams().user.state / "heads")
    refused(scene.vault, scene.incidents["E"])  # the newest archives know better
    recover(scene.vault)
    scene.check()


def test_custody_restored_with_the_register(tmp_path: Path) -> None:
    """Whose archives they are stands in no custody record: nobody seals them again unseen."""
    scene = Scene(tmp_path)
    scene.restore("register", "custody")
    done = recover(scene.vault)
    assert done.nameless == [3, 4]
    for name in "CD":
        with pytest.raises(StateError, match=f"number {name} exists"):
            seal(scene.vault, scene.incidents[name])
    seal(scene.vault, scene.incidents["E"])
    signed.assert_consistent(scene.notes, signed.exported(scene.vault), scene.key)


@pytest.mark.parametrize("damage", ["missing", "empty", "garbled", "no_log", "whole_folder"])
def test_database_lost_or_damaged(tmp_path: Path, damage: str) -> None:
    scene = Scene(tmp_path)
    database = scene.vault / "register" / "register.sqlite"
    data = bytearray(database.read_bytes())
    if damage == "missing":
        database.unlink()
    elif damage == "empty":
        database.write_bytes(b"")
    elif damage == "garbled":
        data[4096::5] = bytes(len(data[4096::5]))
        database.write_bytes(data)
    elif damage == "no_log":
        database.write_bytes(b"x" + data[1:])
    else:
        shutil.rmtree(scene.vault / "register")
    refused(scene.vault, scene.incidents["E"])
    assert look(scene.vault).outcome == "rebuild"
    assert recover(scene.vault).size == 5
    assert look(scene.vault).outcome == "whole"
    if damage == "garbled":
        assert (scene.vault / "register/replaced-1/register.sqlite").read_bytes() == data
    scene.check()


def test_an_entry_altered_in_the_database(tmp_path: Path) -> None:
    """The archive's entry counts, since a signed head covers it."""
    scene = Scene(tmp_path)
    with sqlite3.connect(scene.vault / "register/register.sqlite") as connection:
        changed = "CAST(replace(document, '2', '3') AS BLOB)"
        connection.execute(f"UPDATE entries SET document = {changed} WHERE sequence = 3")  # noqa: S608
    connection.close()
    found = look(scene.vault)
    assert (found.state, found.outcome) == ("damaged", "rebuild")
    recover(scene.vault)
    scene.check()


@pytest.mark.parametrize("kind", ["export", "database"])
def test_everything_restored_but_an_export_or_a_copy_was_kept(tmp_path: Path, kind: str) -> None:
    scene = Scene(tmp_path)
    kept = tmp_path / "kept"
    if kind == "export":
        export(scene.vault, kept)
    else:
        shutil.copyfile(scene.vault / "register/register.sqlite", kept)
    scene.restore("register", "archives", "custody")
    refused(scene.vault, scene.incidents["E"])  # the user's own state knows better
    lost = look(scene.vault)
    assert (lost.outcome, lost.chain.missing, lost.missing) == ("incomplete", [(3, 4)], 2)
    done = recover(scene.vault, kept)
    assert (done.size, done.absent) == (5, [3, 4])
    assert done.nameless == ([3, 4] if kind == "export" else [])
    assert signed.exported(scene.vault) == scene.entries
    if kind == "database":
        with pytest.raises(StateError, match="sealed already"):
            seal(scene.vault, scene.incidents["C"])


def test_a_row_in_the_middle_is_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.restore("register")
    (archive,) = scene.vault.glob("archives/*/C.asice")
    kept = archive.rename(tmp_path / "C.asice")
    found = look(scene.vault)
    assert (found.outcome, found.chain.missing) == ("incomplete", [(3, 3)])
    kept.rename(archive)
    assert recover(scene.vault).size == 5


def test_nothing_to_do_and_heads_that_are_gone(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert look(scene.vault).outcome == "whole"
    (scene.vault / "register/head").unlink()
    (scene.vault / "archives/.register-head").write_bytes(b"")
    with pytest.raises(StateError):
        seal(scene.vault, scene.incidents["E"])
    assert recover(scene.vault).added == 0
    scene.check()


def fork(scene: Scene, folder: Path) -> None:
    """The backup goes on elsewhere, where nobody knows what was sealed since."""
    state = Seams().user.state / "heads"
    state.rename(folder / "heads")
    seal(scene.backup, make_incident(folder / "X", "X"))
    shutil.rmtree(state)
    (folder / "heads").rename(state)


def test_fork_is_refused_and_a_new_register_says_so(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    fork(scene, tmp_path)
    (foreign,) = scene.backup.glob("archives/*/X.asice")
    shutil.copy(foreign, scene.vault / "archives" / foreign.parent.name)
    assert "differs" in refused(scene.vault, scene.incidents["E"]).message
    found = look(scene.vault)
    assert found.outcome == "forked"
    assert found.chain.fork is not None
    assert found.chain.fork.size == 4
    scene.restore("register")
    assert look(scene.vault).outcome == "forked"
    done = begin_anew(scene.vault)
    first, second = (json.loads(line) for line in signed.exported(scene.vault)[:2])
    assert (first["origin"], first["register_key"]) == (done.origin, done.register_key)
    assert (second["type"], second["reason"], second["former_size"]) == ("continues", "forked", 5)


def test_new_register_takes_the_place_of_one_that_is_lost(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    head = signed.read((scene.vault / "register/head").read_bytes(), scene.key)
    old_config = (scene.vault / "evidence.toml").read_text(encoding="utf-8")
    scene.restore("register", "archives", "custody")
    old_key = (scene.vault / "keys/register.key").read_bytes()
    done = begin_anew(scene.vault)
    assert done.origin.startswith(scene.key.split("+", maxsplit=1)[0] + "/continued-")
    created, continues = map(json.loads, signed.exported(scene.vault))
    assert created["previous"] is None
    assert continues["former_origin"] == head.origin
    assert continues["former_key"] == scene.key
    assert (continues["former_size"], continues["former_root"]) == (head.size, head.root.hex())
    record = scene.vault / "custody"
    digests = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in record.iterdir()}
    assert (
        json.loads(digests[continues["custody_sha256"]].read_bytes())["facts"]["reason"]
        == "the disk was lost"
    )
    assert (done.folder / "register.key").read_bytes() == old_key
    assert (done.folder / "evidence.toml").read_text(encoding="utf-8") == old_config
    with sqlite3.connect(done.folder / "register/register.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (3,)
    connection.close()
    seal_unless_sealed(scene.vault, *scene.incidents.values())  # A and B were, C, D and E are now
    names = sorted(path.stem for path in scene.vault.glob("archives/*/*.asice"))
    assert names == ["A", "B", "C", "D", "E"]
    old = [note for note in signed.lying_about(scene.vault) if note.startswith(f"{head.origin}\n".encode())]
    signed.assert_consistent([*old, *scene.notes], scene.entries, scene.key)
    new = [note for note in signed.lying_about(scene.vault) if note.startswith(done.origin.encode())]
    assert len(new) == 5
    signed.assert_consistent(new, signed.exported(scene.vault), done.register_key)


def test_old_register_that_goes_on_is_noticed_by_the_new_one(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    elsewhere = copy_vault(scene.vault, tmp_path / "elsewhere")
    scene.restore("register", "archives", "custody")
    begin_anew(scene.vault)
    seal(elsewhere, scene.incidents["E"])
    (foreign,) = elsewhere.glob("archives/*/E.asice")
    shutil.copy(foreign, scene.vault / "archives" / foreign.parent.name)
    assert "continues went on" in refused(scene.vault, scene.incidents["C"]).message


def test_new_register_is_refused_where_the_old_one_can_be_recovered(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.restore("register")
    with pytest.raises(StateError, match="can be recovered"):
        begin_anew(scene.vault)


def test_nothing_is_left(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    shutil.rmtree(scene.vault / "register")
    shutil.rmtree(scene.vault / "archives")
    found = look(scene.vault)
    assert found.outcome == "unknown"
    with pytest.raises(StateError, match="no signed head"):
        begin_anew(scene.vault)


def test_names_of_new_registers() -> None:
    assert new_origin("a", "12345678") == "a/continued-12345678"
    assert new_origin("a/continued-00000000", "12345678") == "a/continued-12345678"
    assert len(new_origin("a" * 255, "12345678")) == 255


def test_the_name_is_changed_in_the_configuration_and_nothing_else() -> None:
    text = '# origin = "x"\n[organisation]\nname = "origin = 1"\n[ register ] # r\n  origin = "old"\n[seal]\n'
    assert config.with_origin(text, "new") == text.replace('  origin = "old"', 'origin = "new"')
    with pytest.raises(EvidenceError, match="can't be changed"):
        config.with_origin('register.origin = "old"\n', "new")


def test_a_file_that_is_no_source(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    with pytest.raises(EvidenceError, match="neither an export"):
        look(scene.vault, scene.incidents["A"] / "call.wav")


def test_custody_records_hold_the_uid(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    uid = (scene.incidents["A"] / "incident.uid").read_text(encoding="ascii").strip()
    records = [json.loads(path.read_bytes()) for path in (scene.vault / "custody").iterdir()]
    assert uid in {record["facts"]["uid"] for record in records}
    assert uid.encode() not in b"".join(signed.exported(scene.vault))
    assert entries.parse(scene.entries[1]).type == "sealed"
