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
        return [checker.folder(path) for path in sorted(self.inbox.iterdir())]

    def copy(self, root: Path) -> "Scene":
        """The same elsewhere, with the files' times."""
        shutil.copytree(self.root, root)
        return Scene(root)


def make(root: Path, incidents: int) -> Scene:
    """A vault with plain keys and an inbox of so many incidents, each with a recording of its own."""
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
        _incident(scene.inbox / f"INC-2026-{place:06}", place)
    return scene


def _incident(folder: Path, place: int) -> None:
    folder.mkdir(parents=True)
    for name in _FILES:
        (folder / name).write_bytes(resources.sample(name))
    speech = bytearray(resources.sample("call.wav"))
    speech[-8:] = place.to_bytes(8, "little")  # four samples of its own: no two recordings are equal
    (folder / "call.wav").write_bytes(speech)
    document = json.loads(resources.sample("incident.json"))
    document["number"] = folder.name
    (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        before = path.stat().st_mtime - SECONDS_AGO  # nobody has written to it for a while
        os.utime(path, (before, before))
