"""Custody records, notices and copies of entries that somebody changed or removed."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from evidence import resources
from evidence.errors import ExitCode
from tests.journeys.program import done, evidence
from tests.operations.audit.ground import archives, audited, copied, found, name_of


def entered(vault: Path, kind: str) -> list[dict[str, str]]:
    """The entries of a type, as the program prints them for experts."""
    export = done("register", "export", "--vault", vault)
    rows = [json.loads(row) for row in export.splitlines() if row.startswith("{")]
    return [row for row in rows if row.get("type") == kind]


def test_records_are_those_whose_digests_are_entered(vault: Path) -> None:
    """The premise, by another way: each entry's digest is that of the file called by its archive's id."""
    rows = entered(vault, "sealed")
    assert len(rows) == 4
    for row in rows:
        record = vault / "custody" / f"{row['archive_id']}.json"
        assert hashlib.sha256(record.read_bytes()).hexdigest() == row["custody_sha256"]
    assert found(vault) == []


def test_an_altered_record_fails_and_a_missing_one_is_an_alarm(vault: Path) -> None:
    first, second, *_ = sorted((vault / "custody").iterdir())
    data = first.read_bytes()
    first.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    assert found(vault) == [("CUSTODY_ALTERED", first.stem)]
    assert audited(vault)[1].exit_code is ExitCode.FAILED
    first.write_bytes(data)
    second.unlink()
    assert found(vault) == [("CUSTODY_MISSING", second.stem)]
    assert audited(vault)[1].exit_code is ExitCode.QUARANTINED


def test_records_of_two_archives_are_swapped(vault: Path) -> None:
    first, second, *_ = sorted((vault / "custody").iterdir())
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    told = [subject for code, subject in found(vault) if code == "CUSTODY_ALTERED"]
    assert sorted(told) == [first.stem, second.stem]


@pytest.fixture(scope="module")
def noticed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vault with a version of the notice in its register."""
    folder = tmp_path_factory.mktemp("noticed")
    vault = copied(prepared, folder / "vault")
    (folder / "notice.wav").write_bytes(resources.sample("notice.wav"))
    given = ("--key-clause", "0.2-1.0", "--language", "uk", "--valid-from", "2026-01-01T00:00:00+02:00")
    done("notice", "add", folder / "notice.wav", *given, "--approved-by", "Директор", "--vault", vault)
    return vault


@pytest.mark.parametrize(
    ("name", "deed", "code"),
    [
        ("notice.json", "altered", "NOTICE_ALTERED"),
        ("notice.json", "removed", "NOTICE_MISSING"),
        ("sound.wav", "altered", "NOTICE_ALTERED"),
        ("sound.wav", "removed", "NOTICE_MISSING"),
        ("sound.wav", "a folder", "CUSTODY_UNREADABLE"),
    ],
)
def test_notices(noticed: Path, tmp_path: Path, name: str, deed: str, code: str) -> None:
    vault = copied(noticed, tmp_path / "vault")
    (row,) = entered(vault, "notice")
    path = vault / "notices" / row["notice_id"] / name
    data = path.read_bytes()
    assert name != "notice.json" or hashlib.sha256(data).hexdigest() == row["custody_sha256"]
    assert found(vault) == []
    path.unlink()
    if deed == "altered":
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif deed == "a folder":
        path.mkdir()
    subject = str(path) if code == "CUSTODY_UNREADABLE" else row["notice_id"]
    assert found(vault) == [(code, subject)]


def test_a_copy_of_an_entry_that_is_another(vault: Path) -> None:
    (copy,) = (vault / "archives" / ".register-entries").iterdir()
    data = copy.read_bytes()
    copy.write_bytes(data.replace(b'"sequence":0', b'"sequence":1'))
    assert found(vault) == [("ENTRY_COPY_ALTERED", copy.name)]
    copy.write_bytes(data)
    (copy.parent / "note.txt").touch()
    assert found(vault) == [("FOREIGN_FILE", ".register-entries/note.txt")]


def test_one_damage_of_the_register_is_one_finding(vault: Path) -> None:
    """Nobody knows what records should be where the register isn't in order."""
    shutil.rmtree(vault / "custody")
    (vault / "custody").mkdir()
    (vault / "register" / "head").write_bytes(b"")
    process = evidence("audit", "--vault", vault, "--json")
    codes = [json.loads(row).get("code") for row in process.stdout.splitlines()]
    assert codes.count("REGISTER_HEAD_UNREADABLE") == 1
    assert codes.count("CUSTODY_MISSING") == 4  # the register itself is whole
    assert name_of(vault, archives(vault)[0])
