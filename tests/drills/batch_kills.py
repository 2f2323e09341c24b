"""Batches over drops, calls and quarantine, killed at every durable step, whatever becomes of originals.

On demand: ``python -m pytest tests/drills/batch_kills.py``. The suite itself tries some of the steps.
"""

from pathlib import Path

import pytest

from tests.batch.test_crashes_drops import SCENES, check_kills, check_retry_kills
from tests.batch.test_stamped import check_stamped_kills


@pytest.mark.parametrize("mode", ["keep", "move", "delete"])
@pytest.mark.parametrize("what", SCENES)
def test_batch(tmp_path: Path, what: str, mode: str) -> None:
    check_kills(tmp_path, what, mode, 1)


@pytest.mark.parametrize("mode", ["keep", "delete"])
def test_retry(tmp_path: Path, mode: str) -> None:
    check_retry_kills(tmp_path, mode, 1)


def test_stamped(tmp_path: Path) -> None:
    check_stamped_kills(tmp_path, 1)
