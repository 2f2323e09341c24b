"""Adding a notice that is killed, runs out of disk or loses power: a whole version, or none."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from evidence.errors import StoreError
from evidence.operations.seams import Seams
from tests.operations import notice_killpoint
from tests.operations.durables import Full, PowerCut, Stepping
from tests.operations.forked import killed
from tests.operations.notice_scene import a_draft, add_notice, add_unless_added, check_notices, make_sound
from tests.operations.scene import make_vault

MODULE = "tests.operations.notice_killpoint"


def recorded_steps(tmp_path: Path) -> list[str]:
    """The durable steps of one undisturbed add."""
    durable = Stepping()
    sound = make_sound(tmp_path / "recorded.wav")
    add_notice(make_vault(tmp_path / "recorded"), a_draft(sound), Seams(durable=durable))
    return durable.steps


def test_files_are_durable_before_they_are_entered(tmp_path: Path) -> None:
    steps = recorded_steps(tmp_path)
    entered = steps.index("commit")
    assert steps.count("commit") == 1
    assert 7 <= entered < len(steps) < 40
    last = [step for step in steps[:entered] if not step.startswith("make_directory")][-1]
    assert last.startswith("sync_directory")
    assert steps[:entered].count("sync") == 2


def test_killed_at_every_durable_step(tmp_path: Path) -> None:
    for number in range(1, len(recorded_steps(tmp_path)) + 1):
        vault, sound = make_vault(tmp_path / f"v{number}"), make_sound(tmp_path / f"{number}.wav")
        killed(partial(notice_killpoint.main, str(vault), str(number), str(sound)))
        add_unless_added(vault, a_draft(sound))
        check_notices(vault)


def test_power_cut_ahead_of_every_step_with_unsynced_data_lost(tmp_path: Path) -> None:
    vault, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "a.wav")
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    add_notice(vault, a_draft(sound), Seams(durable=durable))
    durable.cut()
    assert len(durable.cuts) > 10
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)
        add_unless_added(restored, a_draft(sound))
        check_notices(restored)


def test_disk_full_from_every_step_on(tmp_path: Path) -> None:
    steps = recorded_steps(tmp_path)
    for number in range(1, len(steps) + 1):
        vault, sound = make_vault(tmp_path / f"v{number}"), make_sound(tmp_path / f"{number}.wav")
        before = _names(vault)
        try:
            add_notice(vault, a_draft(sound), Seams(durable=Full(number)))
        except (OSError, StoreError):
            if number <= steps.index("commit") + 1:  # nothing is left behind
                assert _names(vault) == before
        else:
            assert not {step.split()[0] for step in steps[number - 1 :]} & {
                "create",
                "sync",
                "commit",
                "replace",
            }
        add_unless_added(vault, a_draft(sound))
        check_notices(vault)


def test_disk_full_in_an_old_vault_without_the_folder(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    (vault / "notices").rmdir()
    with pytest.raises(OSError, match="No space left"):
        add_notice(vault, a_draft(None), Seams(durable=Full(1)))
    add_notice(vault, a_draft(None))
    check_notices(vault)


def test_processes_that_add_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Four different notices are all entered; of four equal ones exactly one is."""
    vault = make_vault(tmp_path / "vault")
    sounds = [make_sound(tmp_path / f"{n}.wav", n) for n in range(4)]
    assert _codes(vault, sounds) == [0, 0, 0, 0]
    check_notices(vault, 4)
    same = [make_sound(tmp_path / f"same-{n}.wav", 9) for n in range(4)]
    assert sorted(_codes(vault, same)) == [0, 1, 1, 1]
    check_notices(vault, 5)


def _codes(vault: Path, sounds: list[Path]) -> list[int]:
    commands = [[sys.executable, "-m", MODULE, str(vault), "0", str(sound)] for sound in sounds]
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    return [process.wait(120) for process in running]


def _names(vault: Path) -> set[Path]:
    return {path for path in vault.rglob("*") if path.name not in {"lock", "notices.lock"}}
