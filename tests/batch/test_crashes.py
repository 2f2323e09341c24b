"""Batches that are killed, run out of disk, or lose power: every incident is sealed once, no original is lost."""

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from evidence.operations.seams import Seams
from evidence.vault.userstore import UserStore
from tests.batch.scene import PYTHON, check_sealed, files_under, fresh, make_inbox, reasons, run_batch
from tests.operations.durables import Full, PowerCut, Stepping
from tests.operations.scene import make_vault

GOOD, BAD = 2, 1
NUMBERS = {f"INC-{number}" for number in range(GOOD)}


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """An inbox that is never used, only copied."""
    return make_inbox(tmp_path / "inbox", GOOD, BAD)


def recorded(ground: Path, tmp_path: Path, mode: str) -> list[str]:
    """The durable steps of an undisturbed batch."""
    durable = Stepping()
    vault, inbox = make_vault(tmp_path / "rv"), fresh(ground, tmp_path / "ri")
    run_batch(vault, inbox, Seams(durable=durable), originals=mode)
    return durable.steps


def check_nothing_lost(vault: Path, inbox: Path, before: dict[str, bytes], mode: str) -> None:
    """Every original is in the inbox, in `done`, or in quarantine, whole."""
    kept = files_under(inbox)
    for folder in (vault / "done").glob("*") if mode == "move" else ():
        kept |= files_under(folder)
    for folder in (vault / "quarantine").glob("*/content") if (vault / "quarantine").exists() else ():
        kept |= files_under(folder)
    if mode == "delete":
        sealed = {path.stem.removeprefix("INC-") for path in (vault / "archives").glob("*/*.asice")}
        before = {name: data for name, data in before.items() if name in kept or name[1] not in sealed}
    assert {name: kept.get(name) for name in before} == before


def finish_and_check(vault: Path, inbox: Path, before: dict[str, bytes], mode: str) -> None:
    """The next run finishes the work, and the one after it has nothing to do."""
    run_batch(vault, inbox, originals=mode)
    check_sealed(vault, NUMBERS)
    check_nothing_lost(vault, inbox, before, mode)
    assert len(reasons(vault)) == BAD
    assert [path.name for path in (vault / "quarantine").iterdir() if path.name.startswith(".")] == []
    assert run_batch(vault, inbox, originals=mode).kinds() == []


@pytest.mark.parametrize(
    ("mode", "first", "stride"), [("move", 1, 2), ("move", 2, 2), ("keep", 1, 4), ("delete", 3, 4)]
)
def test_killed_at_every_durable_step(
    ground: Path, tmp_path: Path, mode: str, first: int, stride: int
) -> None:
    """Of moving, at every step; the other ways differ at the end only, and are tried at every fourth."""
    steps = recorded(ground, tmp_path, mode)
    assert 25 < len(steps) < 90, steps
    before = files_under(ground)
    for step in range(first, len(steps) + 1, stride):
        vault, inbox = make_vault(tmp_path / f"v{step}"), fresh(ground, tmp_path / f"i{step}")
        command = [PYTHON, "-m", "tests.batch.killpoint", str(vault), str(inbox), str(step), mode]
        killed = subprocess.run(command, check=False, capture_output=True, text=True)
        assert killed.returncode == -signal.SIGKILL, (steps[step - 1], killed.stderr)
        check_nothing_lost(vault, inbox, before, mode)
        finish_and_check(vault, inbox, before, mode)
        shutil.rmtree(vault)


@pytest.mark.parametrize("mode", ["keep", "move", "delete"])
def test_disk_full_from_every_step_on(ground: Path, tmp_path: Path, mode: str) -> None:
    steps = recorded(ground, tmp_path, mode)
    before = files_under(ground)
    for step in range(1, len(steps) + 1, 1 if mode == "move" else 3):
        vault, inbox = make_vault(tmp_path / f"v{step}"), fresh(ground, tmp_path / f"i{step}")
        try:
            run_batch(vault, inbox, Seams(durable=Full(step)), originals=mode)
        except Exception as error:  # noqa: BLE001  whatever it is, it is one of the expected kinds
            assert type(error).__name__ in {"OSError", "StoreError"}, error  # noqa: PT017
        check_nothing_lost(vault, inbox, before, mode)
        finish_and_check(vault, inbox, before, mode)
        shutil.rmtree(vault)


def test_power_cut_ahead_of_every_step(tmp_path: Path) -> None:
    """Unsynced data is lost; originals are on another disk, and kept."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", GOOD)
    database = vault / "register" / "register.sqlite"
    durable = PowerCut(vault, database)
    run_batch(vault, inbox, Seams(durable=durable))
    durable.cut()
    assert len(durable.cuts) > 20
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut{number}")
        user = UserStore(tmp_path / f"c{number}", tmp_path / f"s{number}")
        run_batch(restored, inbox, Seams(user=user))
        check_sealed(restored, NUMBERS, Seams(user=user))
        shutil.rmtree(restored)
