"""The restore drill: back up while sealing goes on, restore, recover, seal on; nothing doubled, nothing forked.

``python -m tests.drills.restore [ROUNDS] [SEED]`` runs it for long; the test-suite runs one short round of each kind.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.drills import signed
from tests.operations.scene import make_incident, make_vault

KINDS = ("vault", "register", "archives", "database", "vault and state")
"""What is restored."""


@dataclass
class Drill:
    """One round: a vault with a second place outside it, and incidents.

    Attributes:
        folder: scratch.
        chance: what is random.
        notes: every checkpoint that was ever seen anywhere, with the register key it is under.
    """

    folder: Path
    chance: random.Random
    notes: dict[str, set[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vault = make_vault(self.folder / "vault")
        self.place = self.folder / "second-place"
        with (self.vault / "evidence.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[second_place]\nfiles = [{json.dumps(str(self.place))}]\n")
        self.incidents: list[Path] = []

    def evidence(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program."""
        command = [sys.executable, "-m", "evidence", *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def more(self, count: int) -> list[str]:
        """Further incidents."""
        first = len(self.incidents)
        made = [make_incident(self.folder / f"I-{n}", f"I-{n}") for n in range(first, first + count)]
        self.incidents += made
        return [str(path) for path in made]

    def seal(self, incidents: list[str]) -> "subprocess.Popen[bytes]":
        """Begin to seal."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.drills.sealing", str(self.vault), *incidents],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def collect(self) -> None:
        """Keep all checkpoints that lie about, by their register."""
        for note in signed.lying_about(self.vault, self.place):
            self.notes.setdefault(note.split(b"\n")[0].decode(), set()).add(note)

    def back_up(self, state: Path) -> Path:
        """Copy the vault and the user's state as they are, perhaps in the middle of a seal."""
        backup = self.folder / "backup"
        with suppress(shutil.Error):  # files that vanished meanwhile
            shutil.copytree(self.vault, backup / "vault", ignore_dangling_symlinks=True)
        if self.chance.random() < 0.5:
            copy = backup / "vault/register/register.sqlite"
            for path in copy.parent.glob("register.sqlite*"):
                path.unlink()
            source = sqlite3.connect(self.vault / "register/register.sqlite")
            with closing(source), closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        if state.exists():
            shutil.copytree(state, backup / "state", dirs_exist_ok=True)
        return backup

    def restore(self, kind: str, backup: Path, state: Path) -> None:
        """Put back what the backup has."""
        if kind == "database":
            for path in self.vault.glob("register/register.sqlite*"):
                path.unlink()
            for path in backup.glob("vault/register/register.sqlite*"):
                shutil.copy(path, self.vault / "register")
            return
        folders = ["."] if kind.startswith("vault") else [kind]
        for name in folders:
            shutil.rmtree(self.vault / name)
            shutil.copytree(backup / "vault" / name, self.vault / name)
        if kind == "vault and state":
            shutil.rmtree(state)
            shutil.copytree(backup / "state", state)

    def recover(self, export: Path) -> str:
        """Do what the program says; returns how the register came back."""
        first = self.evidence("register", "recover", "--yes", "--vault", str(self.vault))
        if first.returncode == 0:
            return "recovered"
        assert first.returncode == 5, first.stderr
        assert "found nowhere" in first.stderr, first.stderr
        how = ["--new-register", "--reason", "drill"]
        if self.chance.random() < 0.5:
            how = ["--from", str(export)]
        second = self.evidence("register", "recover", "--yes", "--vault", str(self.vault), *how)
        assert second.returncode == 0, (how, second.stderr)
        return how[0]

    def check(self, keys: dict[str, str]) -> None:
        """Nothing is doubled or forked, and every archive passes."""
        self.collect()
        entries = signed.exported(self.vault)
        created = json.loads(entries[0])
        keys[created["origin"]] = created["register_key"]
        signed.assert_consistent(list(self.notes[created["origin"]]), entries, created["register_key"])
        archives = sorted(map(str, self.vault.glob("archives/*/*.asice")))
        verified = self.evidence("verify", *archives)
        assert verified.returncode == 0, verified.stdout
        numbers = Counter(Path(name).stem for name in archives)
        assert max(numbers.values()) == 1
        assert not [name for name in numbers if name.count("-") > 1], numbers
        ids = Counter(entry["archive_id"] for entry in map(json.loads, entries) if entry["type"] == "sealed")
        assert not ids or max(ids.values()) == 1


def run(folder: Path, kind: str, seed: int, count: int = 3) -> str:
    """One round; returns what happened.

    Args:
        folder: scratch, empty.
        kind: one of KINDS.
        seed: of everything random.
        count: incidents that are sealed before and after the backup.
    """
    drill = Drill(folder, random.Random(seed))  # noqa: S311  reproducible
    state = Path(os.environ["XDG_STATE_HOME"]) / "evidence"
    assert drill.seal(drill.more(count)).wait() == 0
    drill.collect()
    running = drill.seal(drill.more(count))
    with suppress(subprocess.TimeoutExpired):
        running.wait(drill.chance.uniform(0, 0.5 * count))
    backup = drill.back_up(state)
    assert running.wait() == 0
    drill.collect()
    entries = signed.exported(drill.vault)
    keys = {json.loads(entries[0])["origin"]: json.loads(entries[0])["register_key"]}
    export = folder / "export"
    exported = drill.evidence("register", "export", "-o", str(export), "--vault", str(drill.vault))
    assert exported.returncode == 0
    drill.restore(kind, backup, state)
    drill.more(1)
    refused = drill.evidence("seal", "--yes", "--vault", str(drill.vault), str(drill.incidents[-1]))
    how = "nothing was lost"
    if refused.returncode:
        assert refused.returncode in {5, 8}, refused.stderr
        assert "register recover" in refused.stderr, refused.stderr
        how = drill.recover(export)
    everything = [str(path) for path in drill.incidents]
    sealed = drill.evidence("seal", "--yes", "--vault", str(drill.vault), *everything)
    assert "Traceback" not in sealed.stderr
    assert sealed.returncode in {0, 5}, sealed.stderr
    drill.check(keys)
    old = min(keys, key=len)
    if how not in {"--new-register", "nothing was lost"}:
        assert signed.exported(drill.vault)[: len(entries)] == entries
    signed.assert_consistent(list(drill.notes[old]), max(entries, _of(drill, old), key=len), keys[old])
    return how


def _of(drill: Drill, origin: str) -> list[bytes]:
    """The entries of the vault's register, if it is still the one of that name."""
    found = signed.exported(drill.vault)
    return found if json.loads(found[0])["origin"] == origin else []


def main(rounds: int, seed: int) -> None:
    """Many rounds, each in folders of its own."""
    told: Counter[str] = Counter()
    for number in range(rounds):
        kind = KINDS[number % len(KINDS)]
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                os.environ[name] = f"{scratch}/home"
            folder = Path(scratch) / "drill"
            folder.mkdir()
            how = run(folder, kind, seed + number)
        told[f"{kind}: {how}"] += 1
        print(f"round {number + 1}, seed {seed + number}: {kind}: {how}", flush=True)
    for line, count in sorted(told.items()):
        print(f"{count:>5}  {line}")


if __name__ == "__main__":
    main(*(int(value) for value in [*sys.argv[1:], *["50", "1"][len(sys.argv) - 1 :]]))
