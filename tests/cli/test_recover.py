"""`evidence register recover` and `register checkpoint --second-place` as a person or a script meets them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.scene import copy_vault, make_incident, make_vault, seal


def evidence(*arguments: str | Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evidence", *map(str, arguments), "--lang", language]
    return subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def restored(folder: Path, *names: str) -> Path:
    """A vault of which folders were restored to before its incident was sealed."""
    vault = make_vault(folder / "vault")
    backup = copy_vault(vault, folder / "backup")
    seal(vault, make_incident(folder / "A", "A"))
    for name in names:
        shutil.rmtree(vault / name)
        shutil.copytree(backup / name, vault / name)
    return vault


def test_it_explains_and_does_nothing_without_consent(tmp_path: Path) -> None:
    vault = restored(tmp_path, "register")
    before = (vault / "register/register.sqlite").read_bytes()
    asked = evidence("register", "recover", "--vault", vault)
    assert asked.returncode == 2
    assert "1 entry will be brought back" in asked.stdout
    assert "--yes" in asked.stderr
    assert (vault / "register/register.sqlite").read_bytes() == before
    done = evidence("register", "recover", "--vault", vault, "--yes")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "The register is whole: 2 entries.")
    again = evidence("register", "recover", "--vault", vault)
    assert again.returncode == 0
    assert "Nothing is missing" in again.stdout


def test_json_is_one_object(tmp_path: Path) -> None:
    vault = restored(tmp_path, "register")
    found = json.loads(evidence("register", "recover", "--vault", vault, "--yes", "--json").stdout)
    assert found["done"] is True
    assert (found["outcome"], found["state"], found["entries"], found["added"]) == ("behind", "sound", 1, 1)
    assert found["newest"]["size"] == 2
    assert (found["missing"], found["fork"], found["nameless"], found["absent"]) == ([], None, [], [])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_what_is_missing_is_named(tmp_path: Path, language: str) -> None:
    vault = restored(tmp_path, "register", "archives", "custody")
    ended = evidence("register", "recover", "--vault", vault, "--yes", language=language)
    assert ended.returncode == 5
    assert ": 1\n" in ended.stderr
    assert "--new-register" in ended.stderr
    found = json.loads(evidence("register", "recover", "--vault", vault, "--yes", "--json").stdout)
    assert (found["done"], found["outcome"], found["missing"]) == (False, "incomplete", [[1, 1]])


def test_a_new_register_wants_a_reason_and_a_passphrase(tmp_path: Path) -> None:
    vault, word = tmp_path / "vault", tmp_path / "word"
    word.write_text("correct horse\n", encoding="utf-8")
    word.chmod(0o600)
    os.environ["EVIDENCE_PASSPHRASE_FILE"] = str(word)
    try:
        assert evidence("init", vault, "--organisation", "X").returncode == 0
        backup = copy_vault(vault, tmp_path / "backup")
        sealed = evidence("seal", make_incident(tmp_path / "A", "A"), "--vault", vault, "--yes")
        assert sealed.returncode == 0, sealed.stderr
        shutil.rmtree(vault)
        backup.rename(vault)
        command: list[str | Path] = ["register", "recover", "--vault", vault, "--yes", "--new-register"]
        assert evidence(*command).returncode == 2
        assert evidence(*command, "--reason", " ").returncode == 2
        word.write_text("wrong\n", encoding="utf-8")
        assert evidence(*command, "--reason", "disk lost").returncode == 6
        assert not list(vault.glob("register-*"))
        word.write_text("correct horse\n", encoding="utf-8")
        done = evidence(*command, "--reason", "disk lost")
        assert done.returncode == 0, done.stderr
        assert "ENCRYPTED" in (vault / "keys/register.key").read_text(encoding="ascii")
        assert evidence("seal", tmp_path / "A", "--vault", vault, "--yes").returncode == 0
    finally:
        del os.environ["EVIDENCE_PASSPHRASE_FILE"]


@pytest.mark.parametrize(
    "content", [b"", b"evidence-register@v1\n", b"evidence-register@v1\n{}\n\nx", b"x" * 70_000]
)
def test_files_that_hold_nothing_useful(tmp_path: Path, content: bytes) -> None:
    vault = restored(tmp_path, "register", "archives", "custody")
    (tmp_path / "file").write_bytes(content)
    ended = evidence("register", "recover", "--vault", vault, "--from", tmp_path / "file", "--yes")
    assert ended.returncode in {4, 5}
    assert "Traceback" not in ended.stderr
    absent = evidence("register", "recover", "--vault", vault, "--from", tmp_path / "absent")
    assert absent.returncode == 8


def test_archives_of_any_bytes_are_told_and_passed_over(tmp_path: Path) -> None:
    vault = restored(tmp_path, "register")
    (archive,) = vault.glob("archives/*/A.asice")
    (archive.parent / "broken.asice").write_bytes(archive.read_bytes()[:-30])
    (archive.parent / "noise.asice").write_bytes(b"\xff" * 1000)
    (vault / "archives/.register-entries/noise.json").write_bytes(b"\xff")
    done = evidence("register", "recover", "--vault", vault, "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("can't be read") == 2


def test_checkpoints_are_put_into_second_places_by_hand(tmp_path: Path) -> None:
    vault, place = make_vault(tmp_path / "vault"), tmp_path / "place"
    command: list[str | Path] = ["register", "checkpoint", "--second-place", "--vault", vault]
    assert evidence(*command).returncode == 5
    with (vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[second_place]\nfiles = ["{place}", "{tmp_path}/absent/place"]\n')
    part = evidence(*command)
    assert part.returncode == 7
    assert "1 of 2" in part.stdout
    assert place.read_bytes() == (vault / "register/head").read_bytes()
    place.write_bytes(b"my notes")
    alarm = evidence(*command)
    assert alarm.returncode == 9
    assert "alarm" in alarm.stderr
    assert evidence(*command, "-o", tmp_path / "out").returncode == 2
