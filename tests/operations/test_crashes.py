"""Seals that are killed, run out of disk, or lose power: the incident ends up sealed exactly once."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from evidence.errors import StateError, StoreError
from evidence.operations.seal import Failed, Sealed
from evidence.operations.seams import Seams
from tests.operations import killpoint
from tests.operations.durables import Full, PowerCut, Reordered, Stepping
from tests.operations.forked import killed
from tests.operations.scene import (
    check_whole,
    copy_vault,
    make_incident,
    make_vault,
    seal,
    seal_all,
    seal_unless_sealed,
)

MOST_STEPS = 60


def recorded_steps(tmp_path: Path) -> list[str]:
    """The durable steps of one undisturbed seal."""
    durable = Stepping()
    seal(make_vault(tmp_path / "recorded"), make_incident(tmp_path / "incident-r"), Seams(durable=durable))
    return durable.steps


def test_steps_are_enumerated_from_a_recorded_run(tmp_path: Path) -> None:
    steps = recorded_steps(tmp_path)
    assert 15 < len(steps) < MOST_STEPS
    assert steps.count("commit") == 3
    assert steps.index("link") < steps.index("remove .staged")


@pytest.mark.parametrize("half", ["first", "second"])
def test_killed_at_every_durable_step(tmp_path: Path, half: str) -> None:
    steps = recorded_steps(tmp_path)
    numbers = range(1, len(steps) + 1)
    middle = len(numbers) // 2
    for number in numbers[:middle] if half == "first" else numbers[middle:]:
        kill_and_recover(tmp_path / str(number), str(number))


@pytest.mark.parametrize("report", ["p1", "p3"])
def test_killed_while_copying_and_reading_back(tmp_path: Path, report: str) -> None:
    kill_and_recover(tmp_path, report)


def test_group_of_three_killed_at_every_third_step(tmp_path: Path) -> None:
    """Three incidents under one commit: all or none are entered, and each ends up sealed once."""
    numbers = ("A", "B", "C")
    recorded = Stepping()
    incidents = [make_incident(tmp_path / "recorded" / number, number) for number in numbers]
    assert all(
        isinstance(outcome, Sealed)
        for outcome in seal_all(make_vault(tmp_path / "v"), incidents, Seams(durable=recorded))
    )
    assert recorded.steps.count("commit") == 5
    for step in range(2, len(recorded.steps) + 1, 3):
        vault = make_vault(tmp_path / str(step) / "vault")
        again = [make_incident(tmp_path / str(step) / number, number) for number in numbers]
        killed(partial(killpoint.main, str(vault), str(step), *map(str, again)))
        seal_unless_sealed(vault, *again)
        check_whole(vault, again[0], archives=3)


def test_group_with_wrong_and_doubled_folders(tmp_path: Path) -> None:
    vault, good = make_vault(tmp_path / "vault"), make_incident(tmp_path / "good")
    (tmp_path / "empty").mkdir()
    outcomes = seal_all(vault, [tmp_path / "empty", good, good, tmp_path / "absent"])
    assert [type(outcome) for outcome in outcomes] == [Failed, Sealed, Failed, Failed]
    check_whole(vault, good)
    again = seal_all(vault, [good, good])  # the second must not wait for the lock of the first
    assert [type(outcome) for outcome in again] == [Failed, Failed]
    check_whole(vault, good)


def kill_and_recover(folder: Path, step: str) -> None:
    """Kill a seal with SIGKILL, then run the command again."""
    vault, incident = make_vault(folder / "vault"), make_incident(folder / "incident")
    killed(partial(killpoint.main, str(vault), step, str(incident)))
    seal_unless_sealed(vault, incident)
    check_whole(vault, incident)


def test_power_cut_ahead_of_every_step_with_unsynced_data_lost(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    seal(vault, incident, Seams(durable=durable))
    durable.cut()
    assert len(durable.cuts) > 15
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        heads = Seams().user.state / "heads"
        shutil.rmtree(
            heads, ignore_errors=True
        )  # the user's state lies on the same disk and may be lost with it
        seal_unless_sealed(restored, incident)
        check_whole(restored, incident)


@pytest.mark.parametrize("seed", range(4))
def test_power_cut_with_part_of_the_unsynced_data_on_the_disk(tmp_path: Path, seed: int) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    durable = Reordered(vault, vault / "register" / "register.sqlite", seed)
    seal(vault, incident, Seams(durable=durable))
    durable.cut()
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
        seal_unless_sealed(restored, incident)
        check_whole(restored, incident)


@pytest.mark.parametrize("remainder", range(4))
def test_disk_full_from_every_step_on(tmp_path: Path, remainder: int) -> None:
    steps = recorded_steps(tmp_path)
    for number in range(1 + remainder, len(steps) + 1, 4):
        vault, incident = make_vault(tmp_path / f"v{number}"), make_incident(tmp_path / f"i{number}")
        try:
            seal(vault, incident, Seams(durable=Full(number)))
        except (OSError, StoreError):
            pass
        else:
            assert "remove" in steps[number - 1 :][0]  # nothing after it needs room
        seal_unless_sealed(vault, incident)
        check_whole(vault, incident)


def test_copy_of_a_vault_that_goes_on_elsewhere_is_refused(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    backup = copy_vault(vault, tmp_path / "backup")
    seal(vault, incident)
    with pytest.raises(StateError, match="signed head with 2 entries was seen before"):
        seal(backup, make_incident(tmp_path / "other", "INC-2"))
