"""`evidence doctor --pbx`: with and without a vault, for people and for scripts."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode
from tests.journeys.program import done, evidence
from tests.operations.notice_scene import make_sound
from tests.operations.pbx.configurations import EXTENSIONS, GOOD, freepbx, write
from tests.operations.scene import make_vault

NOTICE = (
    "--key-clause",
    "0.5-1.5",
    "--language",
    "uk",
    "--approved-by",
    "x",
    "--valid-from",
    "2026-01-01T00:00:00Z",
)


@pytest.fixture
def pbx(tmp_path: Path) -> Path:
    return write(tmp_path / "asterisk", GOOD)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_without_a_vault_only_the_pbx_is_looked_at(pbx: Path) -> None:
    process = evidence("doctor", "--pbx", pbx)
    assert process.returncode == ExitCode.DONE
    assert process.stdout == "In the PBX's configuration nothing was found that costs proof.\n"
    assert "no vault was named, so only the PBX is looked at" in process.stderr
    write(pbx, freepbx(option="b"))
    process = evidence("doctor", "--pbx", pbx)
    assert process.returncode == ExitCode.QUARANTINED
    first, step, *_, last = process.stdout.splitlines()
    assert first.startswith("ALARM PBX_MIXMONITOR_BRIDGED: extensions_additional.conf:")
    assert "MONITOR_REC_OPTION = " in step
    assert last == "1 thing in the PBX's configuration may cost proof."
    found = rows(evidence("doctor", "--pbx", pbx, "--json").stdout)
    assert [row.get("code") for row in found] == ["PBX_MIXMONITOR_BRIDGED", "PBX_MIXED_CHANNELS", None]
    assert found[-1] == {"event": "summary", "findings": 1, "exit_code": 9}


def test_with_a_vault_the_notice_in_force_is_looked_for(pbx: Path, tmp_path: Path) -> None:
    vault, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "notice.wav")
    sounds = tmp_path / "sounds" / "custom"
    sounds.mkdir(parents=True)
    arguments = ("doctor", "--vault", vault, "--pbx", pbx, "--pbx-sounds", sounds.parent, "--json")

    def found() -> list[str]:
        codes = [row["code"] for row in rows(evidence(*arguments).stdout)[:-1]]
        return [code for code in codes if code.startswith("PBX_")]

    assert found() == ["PBX_NOTICE_UNKNOWN"]
    first = json.loads(done("notice", "add", sound, *NOTICE, "--vault", vault, "--json"))
    assert found() == ["PBX_NOTICE_UNKNOWN"]
    name = ("--played-as", "custom/recording-notice", "--replaces", first["notice_id"])
    done("notice", "add", sound, *NOTICE, *name, "--vault", vault)
    assert found() == ["PBX_NOTICE_SOUND_MISSING"]
    (sounds / "recording-notice.wav").write_bytes(sound.read_bytes())
    assert found() == []
    process = evidence(*arguments[:-1])
    assert process.returncode == ExitCode.DONE
    assert "Nothing hinders the next night." in process.stdout
    assert process.stdout.endswith("nothing was found that costs proof.\n")
    other = EXTENSIONS.replace("custom/recording-notice", "custom/hello")
    write(pbx, {"extensions.conf": other})
    assert found() == ["PBX_NOTICE_NOT_PLAYED"]
    assert evidence(*arguments).returncode == ExitCode.QUARANTINED


def test_a_register_that_cannot_be_relied_on_is_told(pbx: Path, tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    (vault / "register" / "head").unlink()
    (vault / "archives" / ".register-head").unlink()
    process = evidence("doctor", "--vault", vault, "--pbx", pbx)
    assert process.returncode == ExitCode.QUARANTINED
    assert "PBX_CONFIG_UNREADABLE" in process.stdout
    assert "PBX_NOTICE_UNKNOWN" not in process.stdout


def test_what_cannot_be_asked_is_a_usage_error(pbx: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("--pbx", tmp_path / "nowhere"), "there is no folder"),
        (("--pbx", tmp_path), "holds no configuration of Asterisk or FreeSWITCH"),
        (("--pbx", pbx, "--pbx-sounds", tmp_path), "needs --pbx and a vault"),
        (("--pbx-sounds", tmp_path), "needs --pbx and a vault"),
    ):
        process = evidence("doctor", *arguments)
        assert process.returncode == ExitCode.USAGE, process.stderr
        assert said in process.stderr
        assert "evidence: hint: " in process.stderr


def test_a_vault_that_was_named_must_be_one(pbx: Path, tmp_path: Path) -> None:
    assert evidence("doctor", "--pbx", pbx, "--vault", tmp_path).returncode == ExitCode.REFUSED


def test_it_speaks_ukrainian(pbx: Path) -> None:
    write(pbx, freepbx("dontcare"))
    out = evidence("doctor", "--pbx", pbx, "--lang", "uk").stdout
    assert "у налаштуваннях АТС" in out or "У налаштуваннях АТС" in out


def test_hostile_configurations_are_shown_harmlessly(pbx: Path) -> None:
    hostile = "\x1b[31m\u202e[red]"
    steps = (
        f"[{hostile}]\nexten => {hostile},1,MixMonitor({hostile}.gsm,bs(1)dv(1)D,rm {hostile})\n"
        f"#include {hostile}.conf\n#exec {hostile}\n#include /{hostile}\n"
    )
    write(
        pbx,
        {
            "extensions.conf": steps,
            f"x{hostile}.xml": "<action application='record_session' data='\x1b.mp3'/>",
        },
    )
    (pbx / os.fsdecode(b"\xff\xfe.xml")).write_bytes(b"<action application='record_session' data='a.mp3'/>")
    for extra in ((), ("--json",)):
        process = evidence("doctor", "--pbx", pbx, *extra)
        assert process.returncode == ExitCode.QUARANTINED, process.stderr
        assert not set(process.stdout + process.stderr) & {"\x1b", "\u202e"}
        assert "Traceback" not in process.stderr
    assert {row["event"] for row in rows(process.stdout)} == {"finding", "summary"}


@pytest.mark.parametrize(
    "data",
    [
        b"[a]\nexten => s,1,Playback(" + b"x&" * 5_000_000,
        b"[in]\n" + b"exten => s,n,Gosub(in2,s,1)\nexten => s,1,Playback(x)\n" * 60_000,
        b"".join(
            b"[c%d]\nexten => s,1,Goto(c%d,s,1)\n same => n,Playback(x)\n" % (i, i + 1) for i in range(60_000)
        ),
        b"[c]\n" + b"exten => s,n,Set(A=${A}${A})\nexten => s,n,MixMonitor(${A}.wav,${A})\n" * 50_000,
        bytes(range(256)) * 40_000,
    ],
    ids=["line", "calls", "chain", "growth", "bytes"],
)
def test_hostile_dialplans_come_to_an_end(pbx: Path, data: bytes) -> None:
    (pbx / "extensions.conf").write_bytes(data)
    process = evidence("doctor", "--pbx", pbx)
    assert process.returncode in {ExitCode.DONE, ExitCode.QUARANTINED}, process.stderr
    assert "Traceback" not in process.stderr
