"""One short round of the restore drill for each thing that is restored."""

from pathlib import Path

import pytest

from tests.drills import restore


@pytest.mark.parametrize("kind", restore.KINDS)
def test_restored_and_recovered(tmp_path: Path, kind: str) -> None:
    restore.run(tmp_path, kind, seed=len(kind), count=2)
