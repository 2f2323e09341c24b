"""Batches that are killed, run out of disk, or lose power: every incident is sealed once, no original is lost."""

import shutil
from pathlib import Path

import pytest

from evidence.operations.seams import Seams
from evidence.vault.userstore import UserStore
from tests.batch.scene import check_sealed, files_under, fresh, make_inbox, reasons, run_batch
from tests.batch.test_crashes_drops import seams_for
from tests.operations.durables import Full, Killing, PowerCut, Stepping
from tests.operations.forked import killed
from tests.operations.scene import copy_vault, make_vault

GOOD, BAD = 2, 1
SOME = {"move": range(1, 90, 4), "keep": range(2, 90, 8), "delete": range(3, 90, 8)}
"""Numbers of durable steps; what becomes of originals differs at the end only."""
NUMBERS = {f"INC-{number}" for number in range(GOOD)}


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """An inbox that is never used, only copied."""
    return make_inbox(tmp_path / "inbox", GOOD, BAD)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A vault that is never used, only copied."""
    return make_vault(tmp_path / "empty")


def recorded(ground: Path, empty: Path, folder: Path, mode: str) -> list[str]:
    """The durable steps of an undisturbed batch."""
    durable, vault, inbox = Stepping(), copy_vault(empty, folder / "rv"), fresh(ground, folder / "ri")
    run_batch(vault, inbox, seams_for(folder / "ru", durable), originals=mode)
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


def finish_and_check(vault: Path, inbox: Path, user: Path, before: dict[str, bytes], mode: str) -> None:
    """The next run finishes the work, and the one after it has nothing to do."""
    check_nothing_lost(vault, inbox, before, mode)
    run_batch(vault, inbox, seams_for(user), originals=mode)
    check_sealed(vault, NUMBERS, seams_for(user))
    check_nothing_lost(vault, inbox, before, mode)
    assert len(reasons(vault)) == BAD
    assert [path.name for path in (vault / "quarantine").iterdir() if path.name.startswith(".")] == []
    assert run_batch(vault, inbox, seams_for(user), originals=mode).kinds() == []
    shutil.rmtree(vault)


@pytest.mark.parametrize(("mode", "chosen"), SOME.items())
def test_killed_at_durable_steps(ground: Path, empty: Path, tmp_path: Path, mode: str, chosen: range) -> None:
    """Ahead of some; tests/drills has all of them."""
    check_kills(ground, empty, tmp_path, mode, chosen)


def check_kills(ground: Path, empty: Path, folder: Path, mode: str, chosen: range) -> None:
    """Kill a batch ahead of durable steps of these numbers (from 1), and let the next one finish."""
    steps = recorded(ground, empty, folder, mode)
    assert 25 < len(steps) < 90, steps
    before = files_under(ground)
    for step in (each for each in chosen if each <= len(steps)):
        vault, inbox = copy_vault(empty, folder / f"v{step}"), fresh(ground, folder / f"i{step}")
        user = folder / f"u{step}"

        def run(seams: Seams, vault: Path = vault, inbox: Path = inbox) -> object:
            return run_batch(vault, inbox, seams, originals=mode)

        killed(lambda u=user, n=step, r=run: r(seams_for(u, Killing(n))))  # type: ignore[misc]
        finish_and_check(vault, inbox, user, before, mode)


@pytest.mark.parametrize(("mode", "chosen"), SOME.items())
def test_disk_full_from_steps_on(ground: Path, empty: Path, tmp_path: Path, mode: str, chosen: range) -> None:
    """From some on; tests/drills has all of them."""
    check_full(ground, empty, tmp_path, mode, chosen)


def check_full(ground: Path, empty: Path, folder: Path, mode: str, chosen: range) -> None:
    """Let the disk be full from durable steps of these numbers (from 1) on, and empty it for the next one."""
    steps = recorded(ground, empty, folder, mode)
    before = files_under(ground)
    for step in (each for each in chosen if each <= len(steps)):
        vault, inbox = copy_vault(empty, folder / f"v{step}"), fresh(ground, folder / f"i{step}")
        user = folder / f"u{step}"
        try:
            run_batch(vault, inbox, seams_for(user, Full(step)), originals=mode)
        except Exception as error:  # noqa: BLE001  whatever it is, it is one of the expected kinds
            assert type(error).__name__ in {"OSError", "StoreError"}, error  # noqa: PT017
        finish_and_check(vault, inbox, user, before, mode)


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
