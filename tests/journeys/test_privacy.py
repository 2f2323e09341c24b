"""The register, its journal and all else the vault keeps outside archives tell nothing about a person."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from evidence.operations.seams import Seams
from tests.operations.durables import Stepping
from tests.operations.scene import make_incident, make_vault, seal, seal_unless_sealed

RECORDING = "external-101-+380671234567-20261105-101502-1793348102.77.wav"
TELLING = [
    "380671234567",
    "1793348102.77",
    "INC-2026-000777",
    "Іваненко",
    "Петренко",
    "падлюка",
    "secret-folder",
    "external-101",
]


def telling_incident(folder: Path) -> Path:
    """An incident full of words that must stay inside the archive."""
    make_incident(folder, "INC-2026-000777")
    (folder / "call.wav").rename(folder / RECORDING)
    incident = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    incident["subscriber"] = {"name": "Іваненко", "phone": "+380671234567"}
    incident["agent"] = {"name": "Петренко"}
    incident["calls"][0] |= {"recording": RECORDING, "id": "1793348102.77"}
    incident["notice"]["recording"] = RECORDING
    incident["acquisitions"][0] |= {"files": [RECORDING], "taken_by": "Петренко", "system": "external-101"}
    incident["measures"][0] |= {"by": "Петренко", "note": "падлюка"}
    (folder / "incident.json").write_text(json.dumps(incident), encoding="utf-8")
    markers = json.loads((folder / "markers.json").read_text(encoding="utf-8"))
    markers["markers"][0] |= {"recording": RECORDING, "words": "падлюка", "asserted_by": "Петренко"}
    (folder / "markers.json").write_text(json.dumps(markers), encoding="utf-8")
    return folder


def check_silent(vault: Path) -> None:
    """Look for every telling word in every file and file name but archives and erasable records."""
    looked_at = 0
    for path in vault.rglob("*"):
        place = path.relative_to(vault)
        if not path.is_file() or place.parts[0] in {"archives", "custody"} or path.suffix == ".staged":
            continue
        data = path.read_bytes()
        looked_at += 1
        for word in TELLING:
            assert word not in str(place)
            assert word.encode("utf-8") not in data, (place, word)
            assert word.encode("utf-16-le") not in data, (place, word)
    assert looked_at >= 7


def test_nothing_is_told_after_a_seal_or_after_a_kill_before_publication(tmp_path: Path) -> None:
    incident = telling_incident(tmp_path / "secret-folder")
    recorded = Stepping()
    whole = make_vault(tmp_path / "whole")
    seal(whole, incident, Seams(durable=recorded))
    check_silent(whole)
    for step in range(2, recorded.steps.index("link") + 2, 3):
        vault = make_vault(tmp_path / str(step))
        command = [sys.executable, "-m", "tests.operations.killpoint", str(vault), str(step), str(incident)]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        check_silent(vault)
        seal_unless_sealed(vault, incident)
        check_silent(vault)


def test_one_erasable_file_for_each_archive(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    sealed = seal(vault, telling_incident(tmp_path / "secret-folder"))
    assert [p.name for p in (vault / "custody").iterdir()] == [f"{sealed.archive_id}.json"]


def test_erasing_it_leaves_the_register_whole(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    seal(vault, telling_incident(tmp_path / "secret-folder"))
    shutil.rmtree(vault / "custody")
    (vault / "custody").mkdir()
    assert seal(vault, make_incident(tmp_path / "next", "INC-2")).sequence == 2
