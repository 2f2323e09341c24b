"""A company's night: a vault with an authority, second place and figures, and an inbox with all that may come."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import resources
from tests import tsa
from tests.intake.inbox.test_calls import asterisk_line
from tests.journeys.program import done, evidence
from tests.operations.scene import make_incident
from tests.requirements import SOUNDS, need_file

CALLS = {"1793866502.4711": "activated", "1793866602.4712": "added", "1793866702.4713": "agent-loginok"}
"""Calls in Master.csv by their unique id, and the Debian sounds that stand for their recordings."""
GOOD = {"INC-1", "drop", "crm-7", *CALLS}
"""Stems of what can be sealed on the first night."""


@dataclass(frozen=True)
class Night:
    """Everything below one folder.

    Attributes:
        root: the folder.
        authority: whose root certificate is trusted.
    """

    root: Path
    authority: tsa.Authority

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def inbox(self) -> Path:
        return self.vault / "inbox"

    @property
    def place(self) -> Path:
        """The second place."""
        return self.root / "elsewhere" / "checkpoint"

    @property
    def metrics(self) -> Path:
        return self.root / "evidence.prom"

    def batch(self, *options: str) -> subprocess.CompletedProcess[str]:
        """The nightly job."""
        return evidence("batch", "--vault", self.vault, "--workers", "2", *options)

    def events(self, *options: str) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
        """The same: exit code, what it told, and its summary."""
        process = self.batch("--json", *options)
        *told, summary = [json.loads(row) for row in process.stdout.splitlines()]
        return process.returncode, told, summary

    def audit(self) -> tuple[int, list[str]]:
        """Exit code and codes of an audit."""
        process = evidence("audit", "--vault", self.vault, "--json")
        rows = [json.loads(row) for row in process.stdout.splitlines()]
        return process.returncode, [row["code"] for row in rows if row["event"] == "finding"]

    def archives(self) -> list[Path]:
        return sorted((self.vault / "archives").glob("*/*.asice"))

    def verdicts(self, *archives: Path) -> int:
        """The exit code of a verification by somebody who has the certificates from elsewhere."""
        trust = ("--trust", self.vault / "keys" / "sealing.crt", "--trust-tsa", self.root / "roots.pem")
        return evidence("verify", *(archives or self.archives()), *trust).returncode

    def add(self, number: str) -> Path:
        """One more incident in the inbox."""
        folder = make_incident(self.inbox / number, number)
        age(folder)
        return folder


def age(*paths: Path) -> None:
    """Nobody has written to them for an hour."""
    then = time.time() - 3600
    for path in paths:
        for each in (path, *path.rglob("*")):
            os.utime(each, (then, then))


def make(root: Path, authority: tsa.Authority, url: str) -> Night:
    """A vault and a first evening's inbox."""
    night = Night(root, authority)
    (root / "roots.pem").write_bytes(authority.root.pem)
    night.place.parent.mkdir()
    given = ("--organisation", "ТОВ Приклад", "--plain-keys", "--zone", "Europe/Kyiv")
    done("init", night.vault, *given, "--tsa", url, "--tsa-roots", root / "roots.pem")
    with (night.vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write(_sections(night))
    _fill(night)
    return night


def _sections(night: Night) -> str:
    pbx = night.root / "pbx"
    return f"""
[batch]
originals = "move"
metrics = "{night.metrics}"

[second_place]
files = ["{night.place}"]

[inbox.pbx]
kind = "csv"
preset = "asterisk"
files = ["{pbx}/Master.csv"]
directory = "{pbx}/monitor"

[inbox.crm]
kind = "json"
files = ["crm-*.json"]
fields = {{ started = "/call/begin", caller = "/call/from", recording = "/file" }}
"""


def _fill(night: Night) -> None:
    night.inbox.mkdir(exist_ok=True)
    make_incident(night.inbox / "INC-1", "INC-1")
    (make_incident(night.inbox / "INC-2", "INC-2") / "incident.json").write_text('{"format": 1, "numb')
    (night.inbox / "drop.wav").write_bytes(resources.sample("call.wav"))
    (night.inbox / "drop.json").write_text(json.dumps({"format": 1, "number": "drop"}))
    (night.inbox / "crm-7.wav").write_bytes(resources.sample("notice.wav"))
    crm = {"call": {"begin": "2026-11-05 10:15:02", "from": "0501234567"}, "file": "crm-7.wav"}
    (night.inbox / "crm-7.json").write_text(json.dumps(crm))
    monitor = night.root / "pbx" / "monitor"
    monitor.mkdir(parents=True)
    for call, sound in CALLS.items():
        source = need_file(SOUNDS / "ru" / f"{sound}.wav", "asterisk-prompt-ru")
        shutil.copyfile(source, monitor / f"{call}.wav")
    lines = [asterisk_line(call, f"2026-11-05 10:{place:02}:02") for place, call in enumerate(CALLS, 15)]
    (night.root / "pbx" / "Master.csv").write_text("".join(lines), encoding="utf-8")
    age(night.inbox, night.root / "pbx")
    (night.inbox / "growing.wav").write_bytes(resources.sample("call.wav")[:5000])  # a moment ago
