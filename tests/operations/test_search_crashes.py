"""Seals and batches that are killed while the vault has versions of the notice: one archive, and no orphans."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from evidence.errors import StateError
from evidence.operations.seal import Failed
from evidence.operations.seams import Seams
from tests.batch.scene import OLD, check_sealed, fresh, run_batch
from tests.batch.test_crashes import check_nothing_lost
from tests.media import wav
from tests.operations.durables import Stepping
from tests.operations.notice_scene import a_draft, from_time, make_sound
from tests.operations.scene import check_whole, copy_vault, make_incident, make_vault
from tests.operations.searching_scene import added, children, real, records_of, sample_notice, sealed_all

_PR_SET_CHILD_SUBREAPER = 36
STRIDE = 6

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="orphans are looked for in /proc"
)


@pytest.fixture(autouse=True)
def _reaper() -> Iterator[None]:
    """What a killed process leaves becomes this one's child."""
    real().close()
    libc = ctypes.CDLL(None)
    assert libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    yield
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A vault with two versions that is never used, only copied."""
    vault = make_vault(tmp_path / "ground")
    other = from_time(a_draft(make_sound(tmp_path / "n.wav")), "2026-01-01T00:00:00Z")
    added(vault, sample_notice(tmp_path), other)
    return vault


def workers() -> dict[int, str]:
    """Processes that decode sound, of this process or of one that was killed."""
    return {pid: line for pid, line in children() if "evidence.media" in line}


def no_orphans(known: Collection[int], seconds: float = 10) -> None:
    """What decodes sound ends with its parent."""
    deadline = time.monotonic() + seconds
    while left := {pid: line for pid, line in workers().items() if pid not in known}:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def killed(module: str, *arguments: str | Path) -> None:
    known = workers()
    command = [sys.executable, "-m", module, *map(str, arguments)]
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    assert process.returncode == -signal.SIGKILL, process.stderr
    no_orphans(known)


def again(vault: Path, incident: Path) -> None:
    """The same command once more finishes or repeats the work; the archive holds both versions."""
    with real() as searcher:
        (outcome,) = sealed_all(vault, [incident], searcher)
    if isinstance(outcome, Failed):
        assert isinstance(outcome.error, StateError)
        assert "sealed already" in outcome.error.message
    (archive,) = (vault / "archives").glob("*/*.asice")
    records = records_of(vault, archive)
    assert [record["kind"] for record in records].count("announcement") == 2
    (evidence,) = [record for record in records if record["kind"] == "notice_evidence"]
    assert evidence["for"][0]["code"] == "FOUND"


def test_seal_killed_at_every_sixth_durable_step(ground: Path, tmp_path: Path) -> None:
    durable = Stepping()
    with real() as searcher:
        sealed_all(
            copy_vault(ground, tmp_path / "r"),
            [make_incident(tmp_path / "ri")],
            searcher,
            seams=Seams(durable=durable),
        )
    shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
    assert len(durable.steps) > 15
    for step in range(1, len(durable.steps) + 1, STRIDE):
        vault = copy_vault(ground, tmp_path / f"v{step}")
        incident = make_incident(tmp_path / f"i{step}")
        killed("tests.operations.search_killpoint", vault, str(step), incident)
        again(vault, incident)
        check_whole(vault, incident)
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)


def test_killed_in_the_middle_of_a_search(ground: Path, tmp_path: Path) -> None:
    """Of two minutes of noise; what searches them ends with the process that asked."""
    incident = make_incident(tmp_path / "i")
    document = json.loads((incident / "incident.json").read_text(encoding="utf-8"))
    document["calls"].append({"started": "2026-11-05T10:15:02+02:00", "recording": "long.wav"})
    (incident / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    (incident / "long.wav").write_bytes(wav.riff(wav.form(), wav.chunk(b"data", wav.noise(2 * 8000 * 120))))
    killed("tests.operations.search_killpoint", ground, "s", incident)
    assert list((ground / "archives").glob("*/*.asice")) == []  # it was in the middle indeed
    assert len(list((ground / "staging").glob("*.staged"))) == 1
    with real() as searcher:
        (outcome,) = sealed_all(ground, [incident], searcher)
    assert not isinstance(outcome, Failed)
    check_whole(ground, incident)


def test_batch_killed_at_every_sixth_durable_step(ground: Path, tmp_path: Path) -> None:
    box = tmp_path / "box"
    for number in range(2):
        make_incident(box / f"i{number}", f"INC-{number}")
    for path in box.rglob("*"):
        os.utime(path, (OLD, OLD))
    before = {str(p.relative_to(box)): p.read_bytes() for p in box.rglob("*") if p.is_file()}
    durable = Stepping()
    run_batch(copy_vault(ground, tmp_path / "r"), fresh(box, tmp_path / "ri"), Seams(durable=durable))
    shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
    assert len(durable.steps) > 15
    for step in range(1, len(durable.steps) + 1, STRIDE):
        vault, inbox = copy_vault(ground, tmp_path / f"v{step}"), fresh(box, tmp_path / f"b{step}")
        killed("tests.batch.killpoint", vault, inbox, str(step), "keep")
        check_nothing_lost(vault, inbox, before, "keep")
        run_batch(vault, inbox)
        check_sealed(vault, {"INC-0", "INC-1"})
        for archive in (vault / "archives").glob("*/*.asice"):
            kinds = [record["kind"] for record in records_of(vault, archive)]
            assert (kinds.count("announcement"), kinds.count("notice_search")) == (2, 1)
        assert run_batch(vault, inbox).kinds() == []
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
