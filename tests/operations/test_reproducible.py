"""With clock, randomness and keys fixed, sealing makes the same bytes each time."""

import datetime as dt
import shutil
from pathlib import Path

from evidence.operations.seams import Seams
from tests.entropy import counting
from tests.operations.scene import copy_vault, make_incident, make_vault, seal

NOON = dt.datetime(2027, 11, 5, 12, 0, tzinfo=dt.UTC)


def test_two_runs_make_the_same_archive(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    archives = []
    for name in ("first", "second"):
        copy = copy_vault(vault, tmp_path / name)
        (incident / "incident.uid").unlink(missing_ok=True)
        shutil.rmtree(Seams().user.state / "heads")
        seams = Seams(clock=lambda: NOON, entropy=counting("seal"))
        archives.append(seal(copy, incident, seams).archive.read_bytes())
    assert archives[0] == archives[1]
