"""Second places, as audit and doctor see them: what is put there, what contradicts, who answers."""

import json
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from evidence.errors import ExitCode
from evidence.operations.seams import Seams
from tests.crypto import pki
from tests.journeys.program import evidence
from tests.network import witness as witnesses
from tests.network.tsaserver import drip, raw, refused_url, serving
from tests.network.witness import Witness
from tests.operations import stamp_scene
from tests.operations.audit.ground import audited, copied, found
from tests.operations.audit.test_command import reading_only
from tests.operations.scene import make_incident, seal
from tests.operations.test_second_place import configure, newest
from tests.tsa import Authority


def forget_user_state() -> None:
    shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)


def codes(vault: Path, *options: str) -> list[str]:
    """What the doctor tells but for notes."""
    process = evidence("doctor", "--vault", vault, "--json", *options)
    rows = [json.loads(row) for row in process.stdout.splitlines()]
    told = [row["code"] for row in rows if row["event"] == "finding" and row["status"] != "NOTE"]
    assert process.returncode == (9 if told else 0), process.stderr
    return told


def test_the_audit_puts_the_newest_checkpoint_there(vault: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.touch()  # what a crash may have left
    script = tmp_path / "take.sh"
    script.write_text(f'#!/bin/sh\ncat > "{tmp_path}/mailed"\n')
    script.chmod(0o700)
    configure(vault, files=[str(place)], command=[str(script)])
    process = evidence("audit", "--vault", vault)
    assert (process.returncode, process.stderr) == (0, "")
    assert place.read_bytes() == newest(vault) == (tmp_path / "mailed").read_bytes()
    place.write_bytes(newest(vault))
    shutil.rmtree(tmp_path / "later", ignore_errors=True)
    seal(vault, make_incident(tmp_path / "later", "INC-5"))
    assert found(vault) == []
    assert place.read_bytes() == newest(vault)


def test_a_witness_cosigns_during_the_audit(vault: Path) -> None:
    with witnesses.serving(Witness()) as witness:
        configure(vault, witnesses=[witness])
        assert found(vault) == []
        assert witness.size == 5
        (kept,) = (vault / "register" / "cosigned").iterdir()
        assert kept.read_bytes().startswith(newest(vault))
        assert found(vault) == []
        witness.answers.append((409, b"9\n"))
        assert found(vault) == [("SECOND_PLACE_CONTRADICTS", witness.url)]
        witness.answers.append((500, b""))
        heard, answer = audited(vault)
        assert (heard.codes, answer.exit_code) == (["SECOND_PLACE"], ExitCode.QUARANTINED)


def test_what_contradicts_fails_and_is_left_as_it_is(vault: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    configure(vault, files=[str(place)])
    newer = copied(vault, tmp_path / "newer")
    seal(newer, make_incident(tmp_path / "there", "THERE"))
    forget_user_state()
    place.write_bytes(newest(newer))
    heard, answer = audited(vault)
    assert [(f.code, f.subject, f.params) for f in heard.findings] == [
        ("REGISTER_ROLLBACK", str(place), {"size": 5, "seen": 6})
    ]
    assert answer.exit_code is ExitCode.FAILED
    assert codes(vault) == ["REGISTER_ROLLBACK"]
    place.write_bytes(b"")
    seal(vault, make_incident(tmp_path / "here", "HERE"))
    forget_user_state()
    place.write_bytes(newest(newer))
    assert found(vault) == [("REGISTER_FORK", str(place))]
    assert codes(vault) == ["REGISTER_FORK"]
    place.write_bytes(b"no checkpoint")
    assert found(vault) == [("REGISTER_HEAD_UNREADABLE", str(place))]
    assert place.read_bytes() == b"no checkpoint"


def test_places_that_cannot_be_used_are_alarms(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    paths = [tmp_path / "folder", tmp_path / "pipe", tmp_path / "absent" / "place"]
    configure(vault, files=[str(path) for path in paths], command=["/no/such/program"])
    heard, answer = audited(vault)
    assert [(f.code, f.subject) for f in heard.findings] == [
        *(("SECOND_PLACE", str(path)) for path in paths),
        ("SECOND_PLACE", "/no/such/program"),
    ]
    assert answer.exit_code is ExitCode.QUARANTINED
    assert codes(vault) == ["SECOND_PLACE_UNREACHABLE"] * 4


def test_a_vault_that_can_only_be_read_has_no_second_places(vault: Path, tmp_path: Path) -> None:
    configure(vault, files=[str(tmp_path / "place")])
    process = reading_only(vault, "audit", "--vault", vault, "--json")
    told = [json.loads(row) for row in process.stdout.splitlines()]
    assert [row.get("code") for row in told] == ["SECOND_PLACE", None], process.stderr
    assert process.returncode == 9


def test_the_newest_cosigned_checkpoint_is_a_head_that_was_seen(vault: Path) -> None:
    with witnesses.serving(Witness()) as witness:
        configure(vault, witnesses=[witness])
        assert found(vault) == []
    cosigned = (vault / "register" / "cosigned" / "0000000000000005.checkpoint").read_bytes()
    database = sqlite3.connect(vault / "register" / "register.sqlite")
    with database:
        for statement in (
            "entries WHERE sequence = 4",
            "checkpoints WHERE size = 5",
            "nodes WHERE position = 4",
        ):
            database.execute(f"DELETE FROM {statement}")  # noqa: S608
    database.close()
    assert cosigned
    forget_user_state()
    for head in (vault / "register" / "head", vault / "archives" / ".register-head"):
        head.unlink()
    told = [code for code, _subject in found(vault)]
    assert "REGISTER_ROLLBACK" in told


# doctor --network


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def stamping(tmp_path: Path, authority: Authority) -> Path:
    return stamp_scene.make_vault(tmp_path / "vault", authority, refused_url())


def test_authorities_are_asked_only_with_the_option(stamping: Path, authority: Authority) -> None:
    with serving(authority.answer) as served:
        stamp_scene.configure(stamping, servers=[served.url])
        before = {path: path.read_bytes() for path in stamping.rglob("*") if path.is_file()}
        assert codes(stamping) == []
        assert served.queries == []
        assert codes(stamping, "--network") == []
        assert len(served.queries) == 1
        after = {path: path.read_bytes() for path in stamping.rglob("*") if path.is_file()}
        kept = {path for path in after if not path.name.startswith("register.sqlite-")}
        assert {path: after[path] for path in kept} == {path: before[path] for path in kept & set(before)}


@pytest.mark.parametrize("how", ["dead", "slow", "another's", "of before", "junk", "refuses"])
def test_authorities_that_are_of_no_use(
    how: str, stamping: Path, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other", "Another")
    before = authority.answer(pki.openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert").stdout)
    answers = {
        "another's": other.answer,
        "of before": lambda _query: before,
        "junk": lambda _query: b"<html>",
        "refuses": lambda _query: authority.answer(b"\x30\x00"),
    }
    stamp_scene.configure(stamping, timeout_seconds=1)
    if how == "dead":
        assert codes(stamping, "--network") == ["TSA_UNANSWERED"]
        return
    if how == "slow":
        with raw(drip(b"HTTP/1.0 200 OK\r\n", 0.5)) as url:
            stamp_scene.configure(stamping, servers=[url])
            begun = time.monotonic()
            assert codes(stamping, "--network") == ["TSA_UNANSWERED"]
            assert time.monotonic() - begun < 20
        return
    with serving(answers[how]) as served:
        stamp_scene.configure(stamping, servers=[served.url, refused_url()], timeout_seconds=10)
        assert codes(stamping, "--network") == ["TSA_UNANSWERED"] * 2


def test_witnesses_are_asked_without_changing_anything_for_them(vault: Path) -> None:
    with witnesses.serving(Witness()) as witness:
        configure(vault, witnesses=[witness])
        assert codes(vault) == []
        assert witness.asked == []
        assert codes(vault, "--network") == []
        assert witness.size == 0  # it answered that it knows nothing
        assert found(vault) == []
        assert codes(vault, "--network") == []
        assert witness.size == 5
        for answer, code in (
            ((404, b""), "WITNESS_UNANSWERED"),
            ((200, b"junk"), "WITNESS_UNANSWERED"),
            ((302, b""), "WITNESS_UNANSWERED"),
            ((409, b"7\n"), "SECOND_PLACE_CONTRADICTS"),
            ((422, b""), "SECOND_PLACE_CONTRADICTS"),
        ):
            witness.answers.append(answer)
            assert codes(vault, "--network") == [code], answer
    assert codes(vault, "--network") == ["WITNESS_UNANSWERED"]
