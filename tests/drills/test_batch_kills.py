"""Batches over drops, calls and quarantine, killed at every durable step, whatever becomes of originals."""

from pathlib import Path

import pytest

from tests.batch.test_crashes_drops import SCENES, check_kills, check_retry_kills


@pytest.mark.parametrize("mode", ["keep", "move", "delete"])
@pytest.mark.parametrize("what", SCENES)
def test_batch(tmp_path: Path, what: str, mode: str) -> None:
    check_kills(tmp_path, what, mode, 1)


@pytest.mark.parametrize("mode", ["keep", "delete"])
def test_retry(tmp_path: Path, mode: str) -> None:
    check_retry_kills(tmp_path, mode, 1)
