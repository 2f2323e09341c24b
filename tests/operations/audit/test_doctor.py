"""`evidence doctor`: each thing that would hinder the night gives its finding."""

import datetime as dt
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.clock import Clock, system_clock
from evidence.findings import Finding
from evidence.operations.doctor.run import doctor
from evidence.operations.init import default_origin, init, self_issued
from evidence.operations.opening import open_for_reading
from evidence.operations.seams import Seams
from evidence.vault.config import Config
from tests.journeys.program import evidence
from tests.operations.audit import many
from tests.operations.audit.ground import archives, at, copied
from tests.operations.scene import make_incident, seal

NONE = ["SECOND_PLACE_NONE"]


def examined(
    vault: Path, clock: Clock = system_clock, passphrase: Callable[[], bytes] | None = None
) -> list[Finding]:
    found: list[Finding] = []
    seams = Seams(clock=clock)
    with open_for_reading(vault, seams) as (opened, reader):
        doctor(opened, reader, passphrase, seams, found.append)
    return found


def codes(vault: Path, clock: Clock = system_clock) -> list[str]:
    return [finding.code for finding in examined(vault, clock) if finding.code not in NONE]


def configure(vault: Path, text: str) -> None:
    with (vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_vault_in_order(vault: Path) -> None:
    assert codes(vault) == []
    process = evidence("doctor", "--vault", vault)
    assert process.returncode == 0
    assert process.stdout.splitlines()[-1] == "Nothing hinders the next night."
    left = {path.name for path in (vault / "staging").iterdir()} | {
        path.name for path in (vault / "archives").iterdir() if path.is_file()
    }
    assert left == {".register-head"}


def test_the_clock(vault: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    assert codes(vault, at(dt.datetime(1970, 1, 1, 0, 5, tzinfo=dt.UTC))) == ["CLOCK_IMPLAUSIBLE"]
    assert codes(vault, at(now - dt.timedelta(hours=1))) == ["CLOCK_BACK"]
    assert codes(vault, at(now + dt.timedelta(hours=27))) == ["SEAL_OVERDUE"]


def test_keys(vault: Path) -> None:
    key = vault / "keys" / "sealing.key"
    key.chmod(0o640)
    (finding,) = [f for f in examined(vault) if f.code not in NONE]
    assert (finding.code, finding.subject, finding.params["mode"]) == ("KEY_OPEN", str(key), "0640")
    key.chmod(0o600)
    data = key.read_bytes()
    key.write_bytes(b"x")
    assert codes(vault) == ["KEY_UNUSABLE"]
    key.unlink()
    assert codes(vault) == ["KEY_MISSING"]
    key.write_bytes(data)
    key.chmod(0o600)
    (vault / "keys" / "sealing.crt").unlink()
    assert codes(vault) == ["KEY_UNUSABLE", "CERTIFICATE_UNREADABLE"]


def test_a_passphrase_that_no_job_has(tmp_path: Path) -> None:
    seams, vault = Seams(), tmp_path / "vault"
    settings = Config("ТОВ Приклад", default_origin(seams))
    init(vault, settings, self_issued("ТОВ Приклад", seams), lambda: b"right", seams)
    assert codes(vault) == ["KEY_NEEDS_PASSPHRASE"]
    for word, code, exit_code in (("right", [], 0), ("wrong", ["KEY_UNUSABLE"], 9)):
        (tmp_path / "word").write_text(word)
        (tmp_path / "word").chmod(0o600)
        told = [f.code for f in examined(vault, passphrase=word.encode) if f.code not in NONE]
        assert told == code
        env = {"EVIDENCE_PASSPHRASE_FILE": str(tmp_path / "word")}
        assert evidence("doctor", "--vault", vault, env=env).returncode == exit_code
    (tmp_path / "word").chmod(0o644)
    process = evidence("doctor", "--vault", vault, "--json", env=env)
    assert '"KEY_UNUSABLE"' in process.stdout


def test_the_disk(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(vault)

    def statvfs(_path: object) -> os.statvfs_result:
        values = list(real)
        values[4], values[7] = 1, 7  # free blocks and free inodes for this account
        return os.statvfs_result(values)

    with monkeypatch.context() as patch:
        patch.setattr(os, "statvfs", statvfs)
        assert codes(vault) == ["DISK_LOW", "DISK_INODES"] or real.f_files == 0

    def link(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "hardlink_to", link)
        assert codes(vault) == ["NO_HARD_LINKS"]


def test_second_places(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there, nowhere = tmp_path / "there" / "head", tmp_path / "nowhere" / "head"
    configure(vault, f'\n[second_place]\nfiles = ["{there}", "{nowhere}"]\ncommand = ["/no/such/mail"]\n')
    told = examined(vault)
    assert [(f.code, f.subject) for f in told] == [
        ("SECOND_PLACE_UNREACHABLE", str(nowhere)),
        ("SECOND_PLACE_UNREACHABLE", "/no/such/mail"),
    ]
    nowhere.parent.mkdir()
    copy = copied(vault, tmp_path / "copy")
    seal(copy, make_incident(tmp_path / "later", "INC-5"))
    there.write_bytes((copy / "register" / "head").read_bytes())
    told = examined(vault)
    assert ("REGISTER_ROLLBACK", str(there)) in [(f.code, f.subject) for f in told]
    there.write_bytes(b"something else")
    assert "REGISTER_HEAD_UNREADABLE" in codes(vault)


def test_time_stamps(vault: Path, tmp_path: Path) -> None:
    text = (vault / "evidence.toml").read_text()
    (vault / "evidence.toml").write_text(text.replace('"none"', '"expected"'))
    assert codes(vault) == ["TSA_NONE"]
    configure(vault, '\n[time_stamp]\nservers = ["http://tsa.invalid/"]\nroots = "keys/none.pem"\n')
    assert codes(vault) == ["TSA_ROOTS_UNREADABLE"]
    waiting = many.make(tmp_path / "many", 2, time_policy="expected")
    assert "STAMPS_OVERDUE" in codes(waiting)


def test_locks(vault: Path) -> None:
    lock = vault / "batch.lock"
    lock.write_text('{"pid": 1}')
    (vault / "staging" / "0f.lock").touch()
    assert codes(vault) == ["LOCK_STALE"]
    (vault / "staging" / "0f.lock").unlink()
    old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=30)
    os.utime(lock, (old.timestamp(), old.timestamp()))
    assert codes(vault) == []
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        (finding,) = [f for f in examined(vault) if f.code not in NONE]
        assert (finding.code, finding.params) == ("BATCH_STUCK", {"hours": 30})


def test_what_was_left_lying(vault: Path) -> None:
    (vault / "quarantine" / "x").mkdir(parents=True)
    (vault / "spool").mkdir()
    (vault / "spool" / "x.json").write_bytes(b"{}")
    (vault / "staging" / "x.staged").write_bytes(b"")
    told = ["STAGING_LEFTOVER", "RECEIPTS_UNREADABLE", "QUARANTINE_NOT_EMPTY"]
    assert codes(vault) == told
    assert evidence("doctor", "--vault", vault).returncode == 9


def test_archives_are_not_read(vault: Path) -> None:
    for archive in archives(vault):
        archive.write_bytes(b"x")
    assert codes(vault) == []
