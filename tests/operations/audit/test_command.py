"""`evidence audit` and `doctor` as jobs run them: exit codes, JSON, both languages, a vault that can't be written."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.program import evidence
from tests.operations.audit.ground import archives, flip, name_of
from tests.operations.scene import make_incident, seal
from tests.requirements import need


def audit(vault: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return evidence("audit", "--vault", vault, *arguments)


def documents(process: subprocess.CompletedProcess[str]) -> list[Any]:
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_in_order(vault: Path) -> None:
    process = audit(vault)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == "Checked: 5 entries, 4 archives; read in full: 4\nEverything is in order.\n"
    (summary,) = documents(audit(vault, "--json", "--fraction", "1/2"))
    assert summary.pop("bytes") > 100_000
    assert summary == {
        "event": "summary",
        "entries": 5,
        "archives": 4,
        "read": 2,
        "findings": {"FAILED": 0, "UNREADABLE": 0, "INDETERMINATE": 0, "ALARM": 0},
        "exit_code": 0,
    }


def test_json_has_one_object_for_each_finding(vault: Path) -> None:
    gone, altered = archives(vault)[:2]
    gone.unlink()
    flip(altered, 150)
    (vault / "archives" / "\x1b[31mnote").write_text("x")
    process = audit(vault, "--json")
    assert process.returncode == 1
    *findings, summary = documents(process)
    told = [(f["event"], f["code"], f["status"]) for f in findings]
    assert told == [
        ("finding", "FOREIGN_FILE", "ALARM"),
        ("finding", "ARCHIVE_ALTERED", "FAILED"),
        ("finding", "ARCHIVE_MISSING", "FAILED"),
    ]
    assert findings[0]["subject"] == "\x1b[31mnote"
    assert "\x1b" not in process.stdout
    assert findings[1]["subject"] == name_of(vault, altered)
    assert all(f["message"] and f["next"] for f in findings)
    assert summary["findings"] == {"FAILED": 2, "UNREADABLE": 0, "INDETERMINATE": 0, "ALARM": 1}
    assert summary["exit_code"] == 1


@pytest.mark.parametrize("language", ["en", "uk"])
def test_in_words(vault: Path, language: str) -> None:
    (vault / "archives" / "\x1b[31mnote").write_text("x")
    process = audit(vault, "--lang", language)
    assert process.returncode == 9
    first, following, _looked, last = process.stdout.splitlines()
    assert first.startswith({"en": "ALARM FOREIGN_FILE: ", "uk": "ТРИВОГА FOREIGN_FILE: "}[language])
    assert "\\u{1b}[31mnote" in first
    assert following.startswith("    ")
    assert last == {"en": "Not in order: 1 ALARM", "uk": "Не гаразд: 1 ТРИВОГА"}[language]


def test_many_findings_of_one_kind_are_cut_short_in_words(vault: Path) -> None:
    for number in range(105):
        (vault / "archives" / f"note-{number}").write_text("x")
    process = audit(vault)
    assert process.stdout.count("ALARM FOREIGN_FILE") == 100
    assert "5 more findings FOREIGN_FILE; --json shows all" in process.stdout
    assert "Not in order: 105 ALARM" in process.stdout
    assert len(documents(audit(vault, "--json"))) == 106


@pytest.mark.parametrize("fraction", ["0", "1/0", "2/3", "-1", "x", "", "1/٣"])
def test_a_fraction_that_is_none(vault: Path, fraction: str) -> None:
    process = audit(vault, "--fraction", fraction)
    assert process.returncode == 2
    assert "evidence: hint: " in process.stderr


def test_refusals(vault: Path, tmp_path: Path) -> None:
    assert audit(tmp_path / "nowhere").returncode == 5
    (tmp_path / "list.csv").write_text("a,b\n")
    assert audit(vault, "--cdr", tmp_path / "list.csv").returncode == 4
    assert audit(vault, "--cdr", tmp_path / "absent.csv").returncode == 8
    (vault / "register" / "register.sqlite").write_bytes(b"x" * 9000)
    for command in ("audit", "doctor"):
        process = evidence(command, "--vault", vault)
        assert process.returncode == 8
        assert process.stdout == ""


def test_a_memory_that_cannot_be_kept_is_a_warning(vault: Path) -> None:
    (vault / "audit.sqlite").mkdir()
    process = audit(vault)
    assert process.returncode == 0
    assert process.stderr.startswith("evidence: warning: ")


def reading_only(vault: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command for a vault that can't be written; root gives up its right to write everywhere."""
    for path in (vault, *vault.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if less:
        need("setpriv")
    command = [*less, sys.executable, "-m", "evidence", *map(str, arguments)]
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    for path in (vault, *vault.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
    return process


@pytest.mark.parametrize("journal", ["there", "gone"])
def test_a_vault_that_can_only_be_read(vault: Path, journal: str) -> None:
    flip(archives(vault)[1], 150)
    for path in (vault / "register").glob("register.sqlite-*"):
        if journal == "gone":
            path.unlink()
    process = reading_only(vault, "audit", "--vault", vault, "--json")
    assert process.returncode == 1, process.stderr + process.stdout
    finding, summary = documents(process)
    assert finding["code"] == "ARCHIVE_ALTERED"
    assert summary["read"] == 4
    assert "evidence: warning: " in process.stderr
    process = reading_only(vault, "doctor", "--vault", vault, "--json")
    assert process.returncode == 9, process.stderr
    told = {document.get("code") for document in documents(process)}
    assert told == {"NOT_WRITABLE", "SECOND_PLACE_NONE", None}


def test_what_has_not_reached_the_database_yet_is_read(vault: Path, tmp_path: Path) -> None:
    """A copy made while the write-ahead log holds the newest entries."""
    holder = sqlite3.connect(vault / "register" / "register.sqlite")
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM entries").fetchone()
    seal(vault, make_incident(tmp_path / "later", "INC-5"))
    copy = tmp_path / "copy"
    shutil.copytree(vault, copy)
    holder.close()
    assert (copy / "register" / "register.sqlite-wal").stat().st_size > 0
    assert audit(copy).returncode == 0
