"""Batches killed at every durable step: incidents, drops, calls and quarantine, whatever becomes of originals.

On demand: ``python -m pytest tests/drills/batch_kills.py``. The suite itself tries some of the steps.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch import test_crashes
from tests.batch.scene import make_inbox
from tests.batch.test_crashes_drops import SCENES, check_kills, check_retry_kills
from tests.batch.test_stamped import check_stamped_kills
from tests.operations.scene import make_vault

MODES = ["keep", "move", "delete"]


@pytest.mark.parametrize("check", [test_crashes.check_kills, test_crashes.check_full])
@pytest.mark.parametrize("mode", MODES)
def test_incidents(tmp_path: Path, mode: str, check: Callable[[Path, Path, Path, str, range], None]) -> None:
    ground = make_inbox(tmp_path / "inbox", test_crashes.GOOD, test_crashes.BAD)
    check(ground, make_vault(tmp_path / "empty"), tmp_path, mode, range(1, 90))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("what", SCENES)
def test_batch(tmp_path: Path, what: str, mode: str) -> None:
    check_kills(tmp_path, what, mode, 1)


@pytest.mark.parametrize("mode", ["keep", "delete"])
def test_retry(tmp_path: Path, mode: str) -> None:
    check_retry_kills(tmp_path, mode, 1)


def test_stamped(tmp_path: Path) -> None:
    check_stamped_kills(tmp_path, 1)
