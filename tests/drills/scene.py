"""A vault and an inbox with incidents of real speech, made once and copied for every run."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from evidence import resources
from tests.drills import checker
from tests.drills.checker import Original

SECONDS_AGO = 3600
_FILES = ("call.wav", "notice.wav", "markers.json")


@dataclass(frozen=True)
class Scene:
    """A folder with ``vault``, ``inbox`` and ``home`` in it.

    Attributes:
        root: the folder.
    """

    root: Path

    @property
    def vault(self) -> Path:
        """The vault."""
        return self.root / "vault"

    @property
    def inbox(self) -> Path:
        """What is to be sealed."""
        return self.root / "inbox"

    @property
    def environment(self) -> dict[str, str]:
        """The user's folders."""
        return {name: str(self.root / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}

    def originals(self) -> list[Original]:
        """What is in the inbox now."""
        there = sorted(self.inbox.iterdir())
        folders = [checker.folder(path) for path in there if path.is_dir()]
        return folders + [checker.drop(path) for path in there if path.suffix == ".json"]

    def copy(self, root: Path) -> "Scene":
        """The same elsewhere, with the files' times."""
        shutil.copytree(self.root, root)
        return Scene(root)


def make(root: Path, incidents: int) -> Scene:
    """A vault with plain keys and an inbox of so many incidents, each with a recording of its own.

    Two of three are folders, one of three is a recording with a document beside it.
    """
    scene = Scene(root)
    root.mkdir(parents=True)
    command = ["init", str(scene.vault), "--organisation", "ТОВ Приклад", "--plain-keys"]
    subprocess.run(
        [sys.executable, "-m", "evidence", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **scene.environment},
    )
    for place in range(incidents):
        make_one = _drop if place % 3 == 2 else _incident
        make_one(scene.inbox / f"INC-2026-{place:06}", place)
    return scene


def _incident(folder: Path, place: int) -> None:
    folder.mkdir(parents=True)
    for name in _FILES:
        (folder / name).write_bytes(resources.sample(name))
    (folder / "call.wav").write_bytes(_speech(place))
    document = json.loads(resources.sample("incident.json"))
    document["number"] = folder.name
    (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    _make_old(*folder.iterdir(), folder)


def _drop(stem: Path, place: int) -> None:
    sound, sidecar = stem.with_suffix(".wav"), stem.with_suffix(".json")
    sound.write_bytes(_speech(place))
    sidecar.write_text(json.dumps({"format": 1, "number": stem.name}), encoding="utf-8")
    _make_old(sound, sidecar)


def _speech(place: int) -> bytes:
    """The sample call, its end a number of its own: no two recordings are equal."""
    return resources.sample("call.wav")[:-8] + place.to_bytes(8, "little")


def _make_old(*paths: Path) -> None:
    """Nobody has written to them for a while."""
    for path in paths:
        before = path.stat().st_mtime - SECONDS_AGO
        os.utime(path, (before, before))
