"""An inbox, a batch in this process, and what must hold after whatever happened to it."""

import hashlib
import json
import os
import shutil
import sys
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from evidence.clock import system_clock
from evidence.crypto import notes
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.errors import EvidenceError
from evidence.findings import Status
from evidence.intake.inbox.rules import Rules
from evidence.operations import quarantine
from evidence.operations.batch import Batch, Options
from evidence.operations.batchgroup import Means
from evidence.operations.batchoutcome import Outcome
from evidence.operations.recover import Recovered
from evidence.operations.seams import Seams
from evidence.operations.searching import search_of
from evidence.operations.workforce import Inline
from evidence.register import checkpoint, entries
from evidence.vault import archive_store, locks
from evidence.vault.vault import Vault, load_keys
from evidence.verify.verifier import Options as Verifying
from evidence.verify.verifier import verify
from tests.operations.scene import make_incident

OLD = 1_790_000_000
"""A time of change long ago, so that nobody can still be writing."""
NOW_RULES = Rules(quiet_seconds=0, unfinished_hours=0)


@dataclass
class Told:
    """Events of a batch, kept."""

    outcomes: list[tuple[Outcome, Path | None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def recovered(self, what: Recovered) -> None:
        pass

    def received(self, receipts: int) -> None:
        pass

    def started(self, items: int) -> None:
        pass

    def outcome(self, what: Outcome, place: Path | None) -> None:
        self.outcomes.append((what, place))

    def alarm(self, key: str, error: EvidenceError) -> None:
        self.problems.append(f"{key}: {error.message}")

    def pending(self, archives: int, reasons: str) -> None:
        self.problems.append(f"{archives} pending: {reasons}")

    def problem(self, message: str, hint: str) -> None:
        self.problems.append(f"{message} ({hint})")

    def kinds(self) -> list[str]:
        """The kinds of outcomes, sorted."""
        return sorted(type(outcome).__name__ for outcome, _place in self.outcomes)


def make_inbox(folder: Path, good: int, bad: int = 0) -> Path:
    """An inbox with sample incidents, and some whose incident.json is torn."""
    for number in range(good + bad):
        incident = make_incident(folder / f"i{number}", f"INC-{number}")
        if number >= good:
            (incident / "incident.json").write_text('{"format": 1,')
    for path in folder.rglob("*"):
        os.utime(path, (OLD, OLD))
    return folder


def run_batch(
    vault_root: Path,
    inbox: Path,
    seams: Seams | None = None,
    *,
    originals: str = "keep",
    size: int = 256,
    executor: Executor | None = None,
    retry: bool = False,
    rules: Rules = NOW_RULES,
    draws: bool = False,
    report: str = "",
) -> Told:
    """What `evidence batch` does, in this process."""
    seams, told = seams or Seams(), Told()
    vault = Vault(vault_root, seams.durable, seams.user)
    with locks.tried(vault.layout.batch_lock) as is_alone:
        assert is_alone
        keys = load_keys(vault, lambda: b"")
        options = Options(size, executor is not None, originals, vault_root / "done")
        search = search_of(vault, draws=draws)
        means = Means(vault, lambda: keys, seams, executor or Inline(), 4, search, report)
        batch = Batch(means, options, told)
        try:
            batch.recover()
            again = [batch.retry(each, rules, [inbox]) for each in _listed(vault)] if retry else [inbox]
            if inbox in again:
                batch.run(inbox, rules)
            batch.finish()
        finally:
            batch.close()
            vault.close()
    return told


def _listed(vault: Vault) -> list[quarantine.Quarantined]:
    return list(quarantine.listed(vault.layout))


def check_sealed(vault_root: Path, numbers: set[str], seams: Seams | None = None) -> None:
    """Each incident is sealed exactly once, the register is whole, nothing is left over in staging."""
    seams = seams or Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    try:
        vault.check_heads()
        documents = list(vault.store.documents())
        parsed = [entries.parse(document) for document in documents]
        assert [entry.sequence for entry in parsed] == list(range(len(parsed)))
        for before, entry in zip(documents, parsed[1:], strict=False):
            assert entry.previous == hashlib.sha256(b"\x00" + before).digest()
        sealed = {entry.text("archive_id") for entry in parsed if entry.type == "sealed"}
        assert len(sealed) == len(numbers), (len(sealed), numbers)
        head = checkpoint.parse(notes.parse(vault.store.checkpoint()).text)
        assert (head.size, head.root) == (len(parsed), vault.store.root(len(parsed)))
        assert [path.name for path in vault.layout.staging.iterdir()] == []
        assert {path.stem for path in vault.layout.custody_records.iterdir()} == sealed
        archives = list(archive_store.published(vault.layout))
        certificate = pem_to_der(vault.layout.sealing_chain.read_bytes())
    finally:
        vault.close()
    assert sorted(path.stem for path in archives) == sorted(numbers)
    options = Verifying(Anchors(certificate, frozenset()), Anchors((), frozenset()), system_clock())
    for archive in archives:
        with archive.open("rb") as file:
            found = verify(file, options)
        assert found.verdict is Status.PASSED, found.findings


def reasons(vault_root: Path) -> list[dict[str, object]]:
    """What stands in the reason.json of each folder in quarantine."""
    folders = sorted((vault_root / "quarantine").iterdir()) if (vault_root / "quarantine").exists() else []
    return [json.loads((folder / "reason.json").read_text(encoding="utf-8")) for folder in folders]


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name there, but ``incident.uid``."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "incident.uid"
    }


def fresh(source: Path, target: Path) -> Path:
    """A copy of a folder tree, times and all."""
    return Path(shutil.copytree(source, target))


PYTHON = sys.executable
