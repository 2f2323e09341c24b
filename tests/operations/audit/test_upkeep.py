"""What was left lying, what is overdue, what ends soon."""

import datetime as dt
import fcntl
import json
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from evidence.errors import ExitCode
from evidence.findings import Finding
from evidence.messages import set_language
from evidence.operations.audit.findings import AUDIT, DOCTOR, Grade, sentence
from evidence.operations.audit.run import Request
from evidence.operations.seams import Seams
from tests.operations import killpoint
from tests.operations.audit.ground import archives, at, audited, found
from tests.operations.durables import Stepping
from tests.operations.forked import killed
from tests.operations.scene import make_incident, make_vault, seal, seal_all

DAY = dt.timedelta(days=1)


def ends(vault: Path) -> dt.datetime:
    """When the sealing certificate ends, as openssl says."""
    command = ["openssl", "x509", "-in", str(vault / "keys" / "sealing.crt"), "-noout", "-enddate"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    form = "notAfter=%b %d %H:%M:%S %Y GMT\n"
    return dt.datetime.strptime(told, form).replace(tzinfo=dt.UTC)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_codes_have_one_place_each() -> None:
    assert not AUDIT.keys() & DOCTOR.keys()
    assert [code for code, grade in AUDIT.items() if grade is Grade.NOTE] == ["STAMPS_PENDING"]


@pytest.mark.parametrize(("seen", "words"), [(21, "21 запис"), (22, "22 записи"), (25, "25 записів")])
@pytest.mark.parametrize("code", ["REGISTER_ROLLBACK", "REGISTER_FORK", "REGISTER_FORMER_AHEAD"])
def test_entries_of_a_head_have_their_plural(code: str, seen: int, words: str) -> None:
    set_language("uk")
    told = sentence(Finding(code, "head", {"size": 3, "seen": seen}))
    set_language("en")
    assert re.search(rf"\b{words}\b", told)


def test_the_certificate_ends_soon(vault: Path) -> None:
    end = ends(vault)
    before, soon = at(end - 61 * DAY), at(end - 59 * DAY)
    assert [code for code, _ in found(vault, clock=before)] == ["SEAL_OVERDUE"]
    assert [code for code, _ in found(vault, clock=soon)] == ["SEAL_OVERDUE", "CERTIFICATE_EXPIRING"]
    late = Request(warn=dt.timedelta(days=30))
    assert [code for code, _ in found(vault, late, clock=soon)] == ["SEAL_OVERDUE"]


def test_the_certificate_has_ended(vault: Path) -> None:
    heard, answer = audited(vault, clock=at(ends(vault) + DAY))
    assert heard.codes == ["ARCHIVE_UNDECIDED"] * 4 + ["SEAL_OVERDUE", "CERTIFICATE_EXPIRED"]
    assert {f.params.get("codes") for f in heard.findings[:4]} == {"CERTIFICATE_EXPIRED"}
    assert answer.exit_code is ExitCode.INDETERMINATE


def test_overdue_and_clock_set_back(vault: Path) -> None:
    assert found(vault, clock=at(now() + dt.timedelta(hours=25))) == []
    assert found(vault, clock=at(now() + dt.timedelta(hours=27))) == [("SEAL_OVERDUE", "")]
    assert audited(vault, clock=at(now() + 2 * DAY))[1].exit_code is ExitCode.QUARANTINED
    text = (vault / "evidence.toml").read_text()
    (vault / "evidence.toml").write_text(text + "\n[batch]\noverdue_hours = 100\n")
    assert found(vault, clock=at(now() + dt.timedelta(hours=90))) == []


def test_the_clock_was_set_back(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault", Seams(clock=at(now() - 9 * DAY)))
    seal(vault, make_incident(tmp_path / "incident"))
    assert found(vault, clock=at(now() - dt.timedelta(seconds=30))) == []
    assert found(vault, clock=at(now() - dt.timedelta(minutes=5))) == [("CLOCK_BACK", "")]


def test_a_new_vault_is_overdue_when_nothing_was_ever_sealed(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    assert found(vault) == []
    assert found(vault, clock=at(now() + 2 * DAY)) == [("SEAL_OVERDUE", "")]


def expect_stamps(vault: Path) -> None:
    text = (vault / "evidence.toml").read_text()
    (vault / "evidence.toml").write_text(text.replace('time_policy = "none"', 'time_policy = "expected"'))


def test_archives_wait_for_their_time_stamps(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    seal(vault, make_incident(tmp_path / "a", "INC-1"))
    expect_stamps(vault)
    seal_all(vault, [make_incident(tmp_path / "b", "INC-2"), make_incident(tmp_path / "c", "INC-3")])
    heard, answer = audited(vault)
    assert [(f.code, f.params["n"]) for f in heard.findings] == [("STAMPS_PENDING", 2)]
    assert answer.exit_code is ExitCode.DONE  # a note: no alarm before overdue_hours
    heard, answer = audited(vault, clock=at(now() + 2 * DAY))
    assert answer.exit_code is ExitCode.QUARANTINED
    codes = [code for code, _subject in found(vault, clock=at(now() + 2 * DAY))]
    assert codes == ["SEAL_OVERDUE", "STAMPS_OVERDUE"]


def test_quarantine(vault: Path) -> None:
    (vault / "quarantine" / "INC-9").mkdir(parents=True)
    (vault / "quarantine" / "INC-9" / "reason.json").write_text("{}")
    assert found(vault) == [("QUARANTINE_NOT_EMPTY", str(vault / "quarantine"))]
    (vault / "quarantine" / "INC-9" / "reason.json").unlink()
    (vault / "quarantine" / "INC-9").rmdir()
    assert found(vault) == []


def receipt(time: dt.datetime) -> bytes:
    document = {
        "salt": "00" * 32,
        "kind": "custody",
        "event": "received",
        "received_id": "ec76f061-f188-4948-a386-536de54f26fe",
        "claimed_time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "facts": {"name": "call.wav"},
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize("folder", ["spool", "received"])
def test_receipts(vault: Path, folder: str) -> None:
    (vault / folder).mkdir()
    (vault / folder / "young.json").write_bytes(receipt(now() - dt.timedelta(hours=25)))
    (vault / folder / ".half.json").write_bytes(b"{")
    assert found(vault) == []
    (vault / folder / "old.json").write_bytes(receipt(now() - dt.timedelta(hours=27)))
    heard, answer = audited(vault)
    assert [(f.code, f.params["n"]) for f in heard.findings] == [("RECEIPTS_UNSEALED", 1)]
    assert answer.exit_code is ExitCode.QUARANTINED


def test_hostile_receipts(vault: Path) -> None:
    (vault / "spool" / "refused").mkdir(parents=True)
    (vault / "spool" / "refused" / "x.json").write_bytes(b"")
    (vault / "spool" / "list.json").write_bytes(b"[]")
    (vault / "spool" / "time.json").write_bytes(receipt(now()).replace(b"Z", b"X"))
    (vault / "spool" / "link.json").symlink_to("/dev/zero")
    os.mkfifo(vault / "spool" / "pipe.json")
    with (vault / "spool" / "huge.json").open("wb") as file:
        file.truncate(2**40)
    heard, _answer = audited(vault)
    assert [(f.code, f.params["n"]) for f in heard.findings] == [("RECEIPTS_UNREADABLE", 6)]


def test_leftovers_in_staging(vault: Path) -> None:
    (vault / "staging" / "0f.staged").write_bytes(b"x")
    assert found(vault) == [("STAGING_LEFTOVER", "0f.staged")]


def kill(vault: Path, step: int, incident: Path) -> None:
    killed(partial(killpoint.main, str(vault), str(step), str(incident)))


@pytest.mark.parametrize("remainder", range(3))
def test_a_seal_killed_at_any_step_is_unfinished_and_nothing_worse(tmp_path: Path, remainder: int) -> None:
    recorded = Stepping()
    seal(make_vault(tmp_path / "r"), make_incident(tmp_path / "i"), Seams(durable=recorded))
    steps = recorded.steps
    first, last = steps.index("commit"), len(steps) - 1 - steps[::-1].index("commit")
    for step in range(1 + remainder, len(steps) + 1, 3):
        copy = make_vault(tmp_path / str(step))
        kill(copy, step, make_incident(tmp_path / f"i{step}"))
        codes = [code for code, _subject in found(copy)]
        is_claimed = first + 1 < step <= last + 1
        assert codes == ["SEAL_UNFINISHED"] * is_claimed + ["STAGING_LEFTOVER"] * (step > last + 1), step


def test_a_seal_that_somebody_is_working_on_is_no_finding(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    recorded = Stepping()
    seal(make_vault(tmp_path / "r"), make_incident(tmp_path / "i"), Seams(durable=recorded))
    kill(vault, recorded.steps.index("link"), make_incident(tmp_path / "k"))
    assert [code for code, _subject in found(vault)] == ["SEAL_UNFINISHED"]
    (lock,) = (vault / "staging").glob("*.lock")
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert found(vault) == []
    assert archives(vault) == []


def test_sealing_meanwhile_gives_no_alarm(tmp_path: Path) -> None:
    """A real process seals one group after another while audits run."""
    vault = make_vault(tmp_path / "vault")
    incidents = [make_incident(tmp_path / "incidents" / str(n), f"INC-{n}") for n in range(24)]
    command = [sys.executable, "-m", "tests.operations.audit.sealing", str(vault), *map(str, incidents)]
    audits, seen = 0, set()
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            heard, answer = audited(vault, Request(of=3))
            assert heard.findings == []
            audits += 1
            seen.add(answer.archives)
    assert process.returncode == 0
    assert audits > 3
    assert len(seen) > 2
    assert found(vault) == []
    assert len(archives(vault)) == 24
