"""The notice register when something was tampered with, restored, left behind or isn't a file at all."""

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from evidence.errors import FormatError, StateError, StoreError, UsageError
from evidence.operations import notices
from tests.operations.notice_scene import (
    a_draft,
    add_notice,
    add_unless_added,
    check_notices,
    find,
    make_sound,
    open_vault,
    utc,
    versions,
)
from tests.operations.scene import copy_vault, make_vault

# What was tampered with


def tampered(vault: Path, notice_id: str, what: str) -> None:
    """Change what lies in the vault."""
    folder = vault / "notices" / notice_id
    document, sound = folder / "notice.json", folder / "sound.wav"
    match what:
        case "document_missing":
            document.unlink()
        case "document_altered":
            document.write_bytes(document.read_bytes().replace(b"2026-01-01", b"2025-01-01"))
        case "document_link":
            document.rename(folder / "elsewhere")
            document.symlink_to(folder / "elsewhere")
        case "document_long":
            document.write_bytes(document.read_bytes() + b" " * (2 << 20))
        case "sound_missing":
            sound.unlink()
        case "sound_altered":
            data = bytearray(sound.read_bytes())
            data[20_000] ^= 1
            sound.write_bytes(data)
        case "sound_longer":
            sound.write_bytes(sound.read_bytes() + b"\0")
        case "sound_fifo":
            sound.unlink()
            os.mkfifo(sound)
        case "folder":
            shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("document_missing", "document_missing"),
        ("document_altered", "document_altered"),
        ("document_link", "document_missing"),
        ("document_long", "document_altered"),
        ("folder", "document_missing"),
        ("sound_missing", "sound_missing"),
        ("sound_altered", "sound_altered"),
        ("sound_longer", "sound_altered"),
        ("sound_fifo", "sound_missing"),
    ],
)
def test_what_was_tampered_with_is_noticed(tmp_path: Path, what: str, problem: str) -> None:
    vault = make_vault(tmp_path / "vault")
    added = add_notice(vault, a_draft(make_sound(tmp_path / "a.wav")))
    tampered(vault, added.id, what)
    found = find(vault, added.id)
    assert found.problem == problem
    assert (found.notice is None) == problem.startswith("document")
    opened = open_vault(vault)
    with pytest.raises(StateError, match="is damaged"):
        notices.load(opened, added.id)
    with pytest.raises(StateError, match="is damaged"):
        notices.in_force(opened, utc("2026-11-22T00:00:00Z"))
    opened.close()


def test_a_forged_document_with_its_forged_entry_is_noticed(tmp_path: Path) -> None:
    """Whoever rewrites the database, too, can't sign its head."""
    vault = make_vault(tmp_path / "vault")
    added = add_notice(vault, a_draft(None))
    add_notice(vault, a_draft(make_sound(tmp_path / "a.wav")))
    path = vault / "notices" / added.id / "notice.json"
    forged = path.read_bytes().replace(b"2026-01-01", b"2025-01-01")
    with sqlite3.connect(vault / "register" / "register.sqlite") as connection:
        (entry,) = connection.execute("SELECT document FROM entries WHERE sequence = 1").fetchone()
        for old, new in ((path.read_bytes(), forged),):
            old_digest, new_digest = (hashlib.sha256(data).hexdigest().encode() for data in (old, new))
            entry = entry.replace(old_digest, new_digest)
        leaf = hashlib.sha256(b"\0" + entry).digest()
        connection.execute("UPDATE entries SET document = ? WHERE sequence = 1", (entry,))
    connection.close()
    path.write_bytes(forged)
    assert [version.problem for version in versions(vault)] == ["entry_altered", ""]
    with sqlite3.connect(vault / "register" / "register.sqlite") as connection:
        connection.execute("UPDATE entries SET leaf = ? WHERE sequence = 1", (leaf,))
    connection.close()
    assert [version.problem for version in versions(vault)] == ["entry_altered", ""]


def test_another_version_s_files_under_an_id_are_noticed(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    first = add_notice(vault, a_draft(None))
    second = add_notice(vault, a_draft(make_sound(tmp_path / "a.wav")))
    with sqlite3.connect(vault / "register" / "register.sqlite") as connection:
        connection.execute("UPDATE notices SET sequence = 99 - sequence")
        connection.execute("UPDATE notices SET sequence = 3 - (99 - sequence)")
    connection.close()
    problems = {version.id: version.problem for version in versions(vault)}
    assert problems == {first.id: "entry_altered", second.id: "entry_altered"}


# A register that isn't the newest


def test_a_restored_register_sweeps_no_notice(tmp_path: Path) -> None:
    """In an older register a notice looks as if it had never been entered; its files must stay."""
    vault = make_vault(tmp_path / "vault")
    backup = copy_vault(vault / "register", tmp_path / "backup")
    added = add_notice(vault, a_draft(None))
    shutil.rmtree(vault / "register")
    shutil.copytree(backup, vault / "register")
    with pytest.raises(StateError, match="was seen before"):
        add_notice(vault, a_draft(make_sound(tmp_path / "a.wav")))
    with pytest.raises(StateError, match="was seen before"):
        versions(vault)
    assert (vault / "notices" / added.id / "notice.json").exists()


def test_remains_are_swept_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    remains = vault / "notices" / "11111111-1111-4111-8111-111111111111"
    mixed = vault / "notices" / "22222222-2222-4222-8222-222222222222"
    own = vault / "notices" / "My sounds"
    outside = tmp_path / "outside"
    for folder in (remains, mixed, own, outside):
        folder.mkdir()
        (folder / "notice.json").write_bytes(b"{}")
        (folder / "sound.wav").write_bytes(b"RIFF")
    (mixed / "letter.txt").write_bytes(b"keep me")
    (vault / "notices" / "33333333-3333-4333-8333-333333333333").symlink_to(outside)
    added = add_notice(vault, a_draft(None))
    assert not remains.exists()
    assert [path.name for path in mixed.iterdir()] == ["letter.txt"]
    assert sorted(path.name for path in own.iterdir()) == ["notice.json", "sound.wav"]
    assert sorted(path.name for path in outside.iterdir()) == ["notice.json", "sound.wav"]
    assert (vault / "notices" / added.id / "notice.json").exists()


def test_a_store_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    add_unless_added(vault, a_draft(None))
    with sqlite3.connect(vault / "register" / "register.sqlite") as connection:
        connection.execute("DROP TABLE notices")
        connection.execute("CREATE TABLE notices (other TEXT) STRICT")
    connection.close()
    with pytest.raises(StoreError):
        versions(vault)


@pytest.mark.parametrize("kind", ["missing", "link", "broken link", "folder", "fifo", "empty", "long"])
def test_a_file_that_is_no_notice_is_refused(tmp_path: Path, kind: str) -> None:
    vault, path = make_vault(tmp_path / "vault"), tmp_path / "a.wav"
    match kind:
        case "link":
            path.symlink_to(make_sound(tmp_path / "b.wav"))
        case "broken link":
            path.symlink_to(tmp_path / "nowhere")
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "empty":
            path.touch()
        case "long":
            with path.open("wb") as file:
                file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(UsageError if kind == "missing" else FormatError):
        add_notice(vault, a_draft(path))
    check_notices(vault, 0)


def test_the_longest_sound_is_taken(tmp_path: Path) -> None:
    vault, path = make_vault(tmp_path / "vault"), tmp_path / "a.wav"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    add_notice(vault, a_draft(path))
    check_notices(vault)
