"""What is measured with: vaults, incidents, recordings."""

import json
import os
import shutil
import sys
from pathlib import Path

from evidence import resources
from tests.benchmarks.measure import run

GIB = 1024**3
EVIDENCE = [sys.executable, "-m", "evidence"]
PASS = [sys.executable, "-c", "pass"]
_HEADER = bytes.fromhex("0100 0200 401f0000 007d0000 0400 1000")
"""PCM, two channels, 8000 Hz, 16 bits."""
_AGO = 3600


def new_vault(root: Path) -> Path:
    """A fresh vault in place of what was there."""
    shutil.rmtree(root, ignore_errors=True)
    run([*EVIDENCE, "init", str(root), "--organisation", "Benchmark", "--plain-keys"])
    return root


def wav(path: Path, size: int, own: int = 0) -> None:
    """A PCM recording of so many bytes: a header, a number of its own, then noise that repeats every MiB."""
    noise = own.to_bytes(8, "little") + os.urandom(1024 * 1024 - 8)
    left = size - 44
    with path.open("wb") as file:
        file.write(b"RIFF" + (left + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little"))
        file.write(_HEADER + b"data" + left.to_bytes(4, "little"))
        while left:
            left -= file.write(noise[:left])


def incident(folder: Path, number: str) -> Path:
    """A minimal incident folder without its recording."""
    folder.mkdir(parents=True)
    (folder / "incident.json").write_text(json.dumps({"format": 1, "number": number}), encoding="utf-8")
    return folder


def drops(inbox: Path, count: int, size: int) -> Path:
    """An inbox of recordings with a sidecar each, whose writers have been done for a while."""
    inbox.mkdir(parents=True)
    for place in range(count):
        name = f"INC-{place:06}"
        wav(inbox / f"{name}.wav", size, place)
        sidecar = {"format": 1, "number": name, "subscriber": {"phone": f"+38050{place:07}"}}
        (inbox / f"{name}.json").write_text(json.dumps(sidecar), encoding="utf-8")
    _make_old(inbox)
    return inbox


def usual(inbox: Path, count: int) -> Path:
    """An inbox of incidents as people make them: 205 kB, markers, a notice, seven records and more."""
    for place in range(count):
        made = incident(inbox / f"INC-{place:06}", "")
        for name in ("call.wav", "notice.wav", "markers.json"):
            (made / name).write_bytes(resources.sample(name))
        document = json.loads(resources.sample("incident.json")) | {"number": made.name}
        (made / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    _make_old(inbox)
    return inbox


def forget_seals(inbox: Path) -> None:
    """Make the incidents as if they had never been sealed."""
    for path in inbox.glob("*/incident.uid"):
        path.unlink()
    _make_old(inbox)


def _make_old(inbox: Path) -> None:
    for path in (*inbox.glob("*/*"), *inbox.iterdir()):
        before = path.stat().st_mtime - _AGO
        os.utime(path, (before, before))
