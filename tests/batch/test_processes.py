"""A batch as a process among others: signals, lost workers, outputs that are closed or full, bounded memory."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.operations import batchgroup, bodytask
from evidence.operations.workforce import Processes
from tests.batch.scene import PYTHON, check_sealed, files_under, make_inbox, reasons, run_batch
from tests.batch.test_command import _alive
from tests.batch.test_disks import configure
from tests.journeys.program import done, evidence, new_vault
from tests.operations.scene import make_vault


def started(vault: Path, inbox: Path, *further: str) -> subprocess.Popen[str]:
    """A batch with two workers that has begun to write."""
    command = [
        PYTHON,
        "-m",
        "evidence",
        "batch",
        str(inbox),
        "--vault",
        str(vault),
        "--workers",
        "2",
        *further,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list((vault / "staging").glob("*.staged")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("whole_group", [True, False])
def test_interrupted(tmp_path: Path, number: signal.Signals, whole_group: bool) -> None:  # noqa: FBT001
    """As by Ctrl-C on a terminal (all processes of the group), and as by systemd or kill (the main one)."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 40)
    before = files_under(inbox)
    process = started(vault, inbox, "--size", "8")
    (os.killpg if whole_group else os.kill)(process.pid, number)
    said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said[1]
    deadline = time.monotonic() + 20
    while alive := _alive(process.pid):
        assert time.monotonic() < deadline, alive
        time.sleep(0.01)
    assert files_under(inbox) == before
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {f"INC-{n}" for n in range(40)})


def poisoned(tasks: object, language: str) -> object:
    """Write bodies, but die of one of the incidents."""
    if any(task.item.key == "i1" for task in tasks):  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)
    return bodytask.write_bodies(tasks, language)  # type: ignore[arg-type]


def dying(checks: object, language: str) -> int:
    """Die in a worker, whoever is to be read back; in the batch's own process read."""
    if os.environ.get("BATCH_TEST_MAIN") != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return bodytask.read_back_bodies(checks, language)  # type: ignore[arg-type]


def test_an_incident_that_kills_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to quarantine, whole; the others of its group are sealed."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 6)
    before = files_under(inbox)
    monkeypatch.setattr(batchgroup, "write_bodies", poisoned)
    workers = Processes(2)
    try:
        told = run_batch(vault, inbox, executor=workers)
    finally:
        workers.shutdown()
    assert told.kinds() == ["Sealed"] * 5 + ["SetAside"]
    check_sealed(vault, {f"INC-{n}" for n in (0, 2, 3, 4, 5)})
    assert "--workers 1" in str(reasons(vault)[0]["hint"])
    (content,) = (vault / "quarantine").glob("*/content")
    assert files_under(inbox) | files_under(content) == before


def test_workers_lost_while_bodies_are_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bodies are durable; the batch reads them itself."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 3)
    monkeypatch.setenv("BATCH_TEST_MAIN", str(os.getpid()))
    monkeypatch.setattr(batchgroup, "read_back_bodies", dying)
    workers = Processes(2)
    try:
        told = run_batch(vault, inbox, executor=workers)
    finally:
        workers.shutdown()
    assert told.kinds() == ["Sealed"] * 3
    check_sealed(vault, {"INC-0", "INC-1", "INC-2"})


OUTPUTS = {
    "full": ">/dev/full",
    "closed": ">&-",
    "errors closed": "2>&-",
    "errors full": "2>/dev/full",
    "gone": "| true",
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("form", ["", "--json"])
def test_outputs(tmp_path: Path, output: str, form: str) -> None:
    """Who can't be told anything any more has lost no recording; the next run tells the rest."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 3, 1)
    before = files_under(inbox)
    configure(vault, originals='"move"')
    command = (
        f"'{sys.executable}' -m evidence batch {form} --size 1 '{inbox}' --vault '{vault}' {OUTPUTS[output]}"
    )
    found = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], check=False, capture_output=True, text=True
    )
    assert found.returncode in {8, 9, 141}, (found.returncode, found.stderr)
    assert "Traceback" not in found.stderr
    again = evidence("batch", inbox, "--vault", vault)
    assert again.returncode in {0, 9}, again.stderr
    check_sealed(vault, {"INC-0", "INC-1", "INC-2"})
    kept = files_under(inbox)
    for folder in (*vault.glob("done/*"), *vault.glob("quarantine/*/content")):
        kept |= files_under(folder)
    assert kept == before
    assert len(reasons(vault)) == 1


def test_more_workers_than_incidents(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)
    said = evidence("batch", inbox, "--vault", vault, "--workers", "64", "--size", "10000")
    assert said.returncode == 0, said.stderr
    check_sealed(vault, {"INC-0", "INC-1"})


WRONG = (
    "size = 0", "size = 1e9", "workers = -1", "workers = 100000", 'originals = "burn"', "inboxes = 5", 'inboxes = [""]',
    'inboxes = ["a\\u0000b"]', 'done = ""', "quiet_seconds = -1", 'quiet_seconds = "x"', "unknown = 1", 'done = "inbox"',
    'done = "inbox/done"', 'inboxes = ["."]', 'inboxes = ["keys"]', 'inboxes = ["/"]', 'inboxes = ["inbox", "inbox/a"]',
    "size = 99999999999999999999", 'done = "a\\u0000b"', 'metrics = "a\\u0000b"',
)  # fmt: skip


@pytest.mark.parametrize("first", range(4))
def test_wrong_settings(tmp_path: Path, first: int) -> None:
    """Whatever stands in [batch]: no bug, no traceback, a hint, and everything stays where it is."""
    vault = make_vault(tmp_path / "v")
    make_inbox(vault / "inbox", 1)
    (vault / "inbox" / "a").mkdir()
    config = vault / "evidence.toml"
    text, before = config.read_text(encoding="utf-8"), files_under(vault / "keys")
    inbox = files_under(vault / "inbox")
    for wrong in WRONG[first::4]:
        config.write_text(f"{text}\n[batch]\n{wrong}\n", encoding="utf-8")
        said = evidence("batch", "--vault", vault)
        assert said.returncode in {2, 4, 5, 8, 9}, (wrong, said.returncode, said.stderr)
        assert "evidence: hint:" in said.stderr, (wrong, said.stderr)
        assert (files_under(vault / "keys"), files_under(vault / "inbox")) == (before, inbox), wrong


def test_retry_twice_at_once(tmp_path: Path) -> None:
    """One of them works, the other one is told who does; or both come one after the other."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 0, 12)
    assert evidence("batch", inbox, "--vault", vault).returncode == 9
    for content in (vault / "quarantine").glob("*/content/*"):
        number = f"INC-{content.name[1:]}"
        (content / "incident.json").write_text(json.dumps({"format": 1, "number": number}))
        (content / "markers.json").unlink()
    command = [PYTHON, "-m", "evidence", "batch", "--retry", "--vault", str(vault)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 5]), said
    check_sealed(vault, {f"INC-{n}" for n in range(12)})
    assert reasons(vault) == []
