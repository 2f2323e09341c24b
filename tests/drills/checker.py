"""What must hold of a vault after whatever happened to it, judged without any code of the program.

``check`` wants a vault at rest, everything sealed; ``check_killed`` a vault whose writer was just killed.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.drills import registerfile
from tests.drills.archivefile import Archive
from tests.drills.registerfile import Register

UID = "incident.uid"
"""What the program adds to an incident's folder."""


@dataclass(frozen=True)
class Original:
    """Something put into an inbox.

    Attributes:
        number: the incident's number.
        files: every file's path and digest.
        recordings: digests of those that archives hold as they are.
    """

    number: str
    files: Mapping[Path, str]
    recordings: tuple[str, ...]


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder(path: Path) -> Original:
    """An incident's folder, as it is before anything happens."""
    files = {file: digest(file) for file in sorted(path.iterdir()) if file.name != UID}
    document = json.loads((path / "incident.json").read_text(encoding="utf-8"))
    sounds = tuple(value for file, value in files.items() if file.suffix == ".wav")
    return Original(document["number"], files, sounds)


def drop(sidecar: Path) -> Original:
    """A recording that was dropped with a document beside it, as they are before anything happens."""
    sound = sidecar.with_suffix(".wav")
    document = json.loads(sidecar.read_text(encoding="utf-8"))
    return Original(document["number"], {path: digest(path) for path in (sidecar, sound)}, (digest(sound),))


def check(
    vault: Path, originals: Sequence[Original], environment: Mapping[str, str], *, are_kept: bool = True
) -> None:
    """Every original is sealed exactly once, the register is whole, nothing is left over.

    Args:
        vault: its folder; nobody works in it.
        originals: what was to be sealed.
        environment: under which the program remembers what it saw.
        are_kept: whether the originals must still be there.
    """
    register = registerfile.load(vault)
    registerfile.check(register)
    archives = [Archive(path) for path in published(vault)]
    for archive in archives:
        archive.check(register)
        archive.check_signature(vault / "keys" / "sealing.crt")
    _check_once(register, archives, originals)
    _check_heads(vault, register)
    _check_nothing_left(vault, register)
    for original in originals:
        check_untouched(original, are_kept=are_kept)
    check_passed([archive.path for archive in archives], environment)


def check_killed(vault: Path, originals: Sequence[Original]) -> tuple[int, int]:
    """What holds at any moment: no original is lost, and nothing is out that isn't in the register.

    Returns:
        how many entries the register has, and how many archives are published.
    """
    register = registerfile.load(vault)
    registerfile.check(register)
    archives = [Archive(path) for path in published(vault)]
    for archive in archives:
        archive.check(register)
    for name in ("register/head", "archives/.register-head"):
        registerfile.check_note(register, (vault / name).read_bytes())
    safe = {archive.number for archive in archives}
    for original in originals:
        check_untouched(original, are_kept=original.number not in safe)
    return len(register.documents), len(archives)


def published(vault: Path) -> Iterator[Path]:
    """The archives, by their paths."""
    yield from sorted(path for path in (vault / "archives").rglob("*.asice"))


def check_untouched(original: Original, *, are_kept: bool) -> None:
    """The original's files are as they were; unless they must be kept, they may be gone."""
    for path, expected in original.files.items():
        if path.exists() or are_kept:
            assert digest(path) == expected, f"{path} was changed"
    for parent in {path.parent for path in original.files}:
        if parent.name == original.number and parent.is_dir():
            there = {path for path in parent.iterdir() if path.name != UID}
            assert there <= set(original.files), f"{parent} holds something new"


def check_passed(archives: Sequence[Path], environment: Mapping[str, str]) -> None:
    """`evidence verify` says PASSED of each."""
    if not archives:
        return
    command = [sys.executable, "-m", "evidence", "verify", "--json", *map(str, archives)]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert (done.returncode, verdicts) == (0, ["PASSED"] * len(archives)), done.stderr


def _check_once(register: Register, archives: Sequence[Archive], originals: Sequence[Original]) -> None:
    sealed = [entry for entry in register.entries if entry["type"] == "sealed"]
    assert not [entry for entry in register.entries if entry["type"] == "void"], "an archive was lost"
    assert Counter(archive.number for archive in archives) == Counter(o.number for o in originals)
    ids = sorted(archive.entry["archive_id"] for archive in archives)
    assert ids == sorted(entry["archive_id"] for entry in sealed), "entries without archives"
    held = {archive.number: archive.recordings for archive in archives}
    for original in originals:
        assert held[original.number] == Counter(original.recordings), f"{original.number}: other recordings"


def _check_heads(vault: Path, register: Register) -> None:
    newest = register.notes[len(register.documents)]
    for name in ("register/head", "archives/.register-head"):
        assert (vault / name).read_bytes() == newest, f"{name} isn't the newest head"


def _check_nothing_left(vault: Path, register: Register) -> None:
    assert [path.name for path in (vault / "staging").iterdir()] == []
    assert set(register.states) <= {"published"}
    temporary = [str(path) for path in vault.rglob(".*") if path.name.endswith(".new")]
    assert temporary == []
    lock = vault / "batch.lock"
    assert not lock.exists() or lock.read_bytes() == b"", "a batch that ended still is named"
