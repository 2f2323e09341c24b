"""A register that somebody edited with sqlite3, cut or rolled back: each deed gives exactly its finding."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import EvidenceError, ExitCode
from evidence.operations import commit, custody
from evidence.operations.audit.run import Request, audit
from evidence.operations.opening import open_for_reading
from evidence.operations.problem import Problem
from evidence.operations.seams import Seams
from evidence.vault import claims
from evidence.vault.vault import Vault, load_keys
from tests.operations.audit.ground import Heard, archives, audited, found, make, name_of
from tests.operations.scene import make_incident, seal_all


def edit(vault: Path, statement: str, *values: Any) -> None:
    """Change the register's database as anybody could."""
    connection = sqlite3.connect(vault / "register" / "register.sqlite")
    with connection:
        assert connection.execute(statement, values).rowcount != 0
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def rows(vault: Path, statement: str, *values: Any) -> list[Any]:
    connection = sqlite3.connect(vault / "register" / "register.sqlite")
    found = connection.execute(statement, values).fetchall()
    connection.close()
    return found


def document(vault: Path, sequence: int) -> bytes:
    return bytes(rows(vault, "SELECT document FROM entries WHERE sequence = ?", sequence)[0][0])


def other_custody(data: bytes) -> bytes:
    """An entry with another digest, still in its canonical form."""
    parsed = json.loads(data)
    parsed["custody_sha256"] = "00" * 32
    return json.dumps(parsed, sort_keys=True, separators=(",", ":")).encode()


def test_an_entry_is_changed(vault: Path) -> None:
    edit(vault, "UPDATE entries SET document = ? WHERE sequence = 2", other_custody(document(vault, 2)))
    heard, answer = audited(vault)
    assert [(f.code, f.params["sequence"]) for f in heard.findings] == [("REGISTER_ALTERED", 2)]
    assert answer.exit_code is ExitCode.FAILED


def test_an_entry_is_no_entry_any_more(vault: Path) -> None:
    edit(vault, "UPDATE entries SET document = ? WHERE sequence = 2", b"{}")
    assert found(vault) == [("REGISTER_ALTERED", "")]


def test_a_leaf_is_changed(vault: Path) -> None:
    edit(vault, "UPDATE entries SET leaf = ? WHERE sequence = 4", bytes(32))
    assert found(vault) == [("REGISTER_ALTERED", "")]


def test_an_entry_and_its_leaf_are_changed(vault: Path) -> None:
    data = other_custody(document(vault, 2))
    leaf = hashlib.sha256(b"\0" + data).digest()
    edit(vault, "UPDATE entries SET document = ?, leaf = ? WHERE sequence = 2", data, leaf)
    heard, _answer = audited(vault)
    assert [(f.code, f.params["sequence"]) for f in heard.findings] == [("REGISTER_CHAIN", 3)]


def test_the_last_entry_and_its_leaf_are_changed(vault: Path) -> None:
    """No entry links to it, so the tree tells; its archive is not the one that stands there now."""
    data = other_custody(document(vault, 4))
    leaf = hashlib.sha256(b"\0" + data).digest()
    edit(vault, "UPDATE entries SET document = ?, leaf = ? WHERE sequence = 4", data, leaf)
    codes = [code for code, _subject in found(vault)]
    assert codes[0] == "REGISTER_CHECKPOINT"
    assert set(codes[1:]) <= {"ARCHIVE_UNKNOWN", "ARCHIVE_MISSING"}


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_an_entry_is_removed(vault: Path, sequence: int) -> None:
    edit(vault, "DELETE FROM entries WHERE sequence = ?", sequence)
    heard, _answer = audited(vault)
    assert [(f.code, f.params["sequence"]) for f in heard.findings] == [("REGISTER_GAP", sequence)]


@pytest.mark.parametrize("count", [1, 2])
def test_the_last_entries_are_removed(vault: Path, count: int) -> None:
    edit(vault, "DELETE FROM entries WHERE sequence >= ?", 5 - count)
    heard, _answer = audited(vault)
    assert [f.code for f in heard.findings] == ["REGISTER_ROLLBACK"]
    assert heard.findings[0].params == {"size": 5 - count, "seen": 5}


def test_a_node_is_changed(vault: Path) -> None:
    edit(vault, "UPDATE nodes SET hash = ? WHERE level = 1 AND position = 0", bytes(32))
    heard, _answer = audited(vault)
    assert [(f.code, f.params) for f in heard.findings] == [("REGISTER_TREE", {"level": 1, "position": 0})]


def test_a_node_is_removed(vault: Path) -> None:
    edit(vault, "DELETE FROM nodes WHERE level = 1 AND position = 1")
    assert found(vault) == [("REGISTER_TREE", "")]


def test_a_node_too_many(vault: Path) -> None:
    edit(vault, "INSERT INTO nodes VALUES (1, 7, ?)", bytes(32))
    assert found(vault) == [("REGISTER_TREE", "")]


def test_a_checkpoint_is_changed(vault: Path) -> None:
    (note,) = rows(vault, "SELECT note FROM checkpoints WHERE size = 5")[0]
    edit(vault, "UPDATE checkpoints SET note = ? WHERE size = 5", note.replace(b"\n5\n", b"\n6\n"))
    assert found(vault) == [("REGISTER_CHECKPOINT", "")]


def test_the_newest_checkpoint_is_removed(vault: Path) -> None:
    edit(vault, "DELETE FROM checkpoints WHERE size = 5")
    assert found(vault) == [("REGISTER_CHECKPOINT", "")]


@pytest.mark.parametrize("head", ["register/head", "archives/.register-head"])
def test_a_head_is_missing_or_another_ones(vault: Path, tmp_path: Path, head: str) -> None:
    kept = (vault / head).read_bytes()
    (vault / head).unlink()
    assert found(vault) == [("REGISTER_HEAD_MISSING", head)]
    stranger = make(tmp_path / "stranger", 1)
    shutil.copy(stranger / "register" / "head", vault / head)
    assert found(vault) == [("REGISTER_HEAD_UNREADABLE", head)]
    (vault / head).write_bytes(kept[:-30] + b"\n")
    assert found(vault) == [("REGISTER_HEAD_UNREADABLE", head)]


def test_an_older_register_is_restored(vault: Path, tmp_path: Path) -> None:
    """Only the register's folder comes from a backup: one finding, although an archive is ahead of it."""
    shutil.copytree(vault / "register", tmp_path / "backup")
    seal_all(vault, [make_incident(tmp_path / "later", "INC-5")])
    shutil.rmtree(vault / "register")
    shutil.copytree(tmp_path / "backup", vault / "register")
    heard, answer = audited(vault)
    assert [f.code for f in heard.findings] == ["REGISTER_ROLLBACK"]
    assert heard.findings[0].params == {"size": 5, "seen": 6}
    assert answer.exit_code is ExitCode.FAILED


def test_the_whole_vault_is_rolled_back(vault: Path, tmp_path: Path) -> None:
    """The user's own state knows better."""
    shutil.copytree(vault, tmp_path / "backup")
    seal_all(vault, [make_incident(tmp_path / "later", "INC-5")])
    assert [code for code, _subject in found(tmp_path / "backup")] == ["REGISTER_ROLLBACK"]


def test_an_archive_that_was_voided_lies_there(vault: Path) -> None:
    seams = Seams()
    opened = Vault(vault, seams.durable, seams.user)
    (entry,) = rows(vault, "SELECT archive_id FROM claims WHERE sequence = 1")
    claim = claims.of_archive(opened.store, entry[0])
    assert claim is not None
    digest = custody.save_void(opened, claim.archive_id, seams)
    commit.void(opened, load_keys(opened, lambda: b"")[1], claim, digest, seams.clock)
    opened.close()
    voided = [path for path in archives(vault) if entry[0].encode() in path.read_bytes()]
    assert found(vault) == [("ARCHIVE_VOIDED", name_of(vault, voided[0]))]
    assert audited(vault)[1].exit_code is ExitCode.INDETERMINATE
    voided[0].unlink()
    assert found(vault) == []


@pytest.mark.parametrize("damage", ["garbage", "schema", "gone"])
def test_a_database_that_is_none_is_an_error_not_a_crash(vault: Path, damage: str) -> None:
    database = vault / "register" / "register.sqlite"
    if damage == "garbage":
        database.write_bytes(b"no database" * 1000)
    elif damage == "schema":
        edit(vault, "DROP TABLE nodes")
    else:
        database.unlink()
    with pytest.raises(EvidenceError) as error:
        audited(vault)
    assert error.value.exit_code is ExitCode.STORE


def test_an_archive_is_removed_and_called_unfinished(vault: Path) -> None:
    """Who edits the journal as well doesn't turn a missing archive into an interrupted seal."""
    archives(vault)[0].unlink()
    edit(vault, "UPDATE claims SET state = 'publishing'")
    codes = [code for code, _subject in found(vault)]
    assert codes == ["ARCHIVE_MISSING"] + ["SEAL_UNFINISHED"] * 4


@pytest.mark.parametrize("damage", [False, True])
def test_second_places_get_the_head_of_a_register_in_order_only(vault: Path, damage: bool) -> None:  # noqa: FBT001
    if damage:
        edit(vault, "DELETE FROM entries WHERE sequence = 4")
    asked: list[bytes] = []

    def put(opened: Vault, _seams: Seams) -> list[Problem]:
        asked.append(opened.store.checkpoint())
        return [Problem("/mnt/other", "the disk is gone")]

    heard, seams = Heard(), Seams()
    with open_for_reading(vault, seams) as (opened, reader):
        answer = audit(opened, reader, Request(), seams, heard, second_place=put)
    if damage:
        assert (asked, heard.codes) == ([], ["REGISTER_ROLLBACK"])
    else:
        assert asked == [(vault / "register" / "head").read_bytes()]
        assert [(f.code, f.subject, f.params) for f in heard.findings] == [
            ("SECOND_PLACE", "/mnt/other", {"problem": "the disk is gone"})
        ]
        assert answer.exit_code is ExitCode.QUARANTINED
