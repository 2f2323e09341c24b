"""A vault, an incident folder, and what must hold after whatever happened to a seal."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from evidence import resources
from evidence.clock import system_clock
from evidence.crypto import notes
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.errors import StateError
from evidence.findings import Status
from evidence.model.recording import RecordingFacts
from evidence.operations.init import default_origin, init, self_issued
from evidence.operations.recover import Recovered
from evidence.operations.seal import Failed, Sealed, Sealer
from evidence.operations.seams import Seams
from evidence.register import checkpoint, entries
from evidence.vault import archive_store
from evidence.vault.config import Config
from evidence.vault.vault import Vault, load_keys
from evidence.verify.verifier import Options, verify

SAMPLE_FILES = ("call.wav", "notice.wav", "incident.json", "markers.json")


@dataclass
class Heard:
    """Events of a seal, kept."""

    recovered_: list[Recovered] = field(default_factory=list)
    on_progress: Callable[[], None] = lambda: None

    def waiting(self) -> None:
        pass

    def started(self, total: int) -> None:
        assert total > 0

    def progress(self, count: int) -> None:
        assert count > 0
        self.on_progress()

    def recovered(self, what: Recovered) -> None:
        self.recovered_.append(what)


def no_probe(_file: object, _size: int, _name: str) -> RecordingFacts:
    """The recording's facts don't matter here."""
    return RecordingFacts()


def make_vault(root: Path, seams: Seams | None = None) -> Path:
    """A vault with plain keys."""
    seams = seams or Seams()
    init(root, Config("ТОВ Приклад", default_origin(seams)), self_issued("ТОВ Приклад", seams), None, seams)
    return root


def make_incident(folder: Path, number: str = "INC-2026-000001") -> Path:
    """The sample incident under a number of its own."""
    folder.mkdir(parents=True)
    for name in SAMPLE_FILES:
        (folder / name).write_bytes(resources.sample(name))
    document = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    document["number"] = number
    (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def seal_all(
    vault_root: Path, incidents: list[Path], seams: Seams | None = None, heard: Heard | None = None
) -> list[Sealed | Failed]:
    """Recover, then seal, as `evidence seal` does."""
    seams = seams or Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    try:
        keys = load_keys(vault, lambda: b"")
        sealer = Sealer(vault, lambda: keys, no_probe, seams, heard or Heard())
        sealer.recover()
        return list(sealer.seal_all(incidents))
    finally:
        vault.close()


def seal(vault_root: Path, incident: Path, seams: Seams | None = None, heard: Heard | None = None) -> Sealed:
    """Seal one incident that must be sealed, or raise why it wasn't."""
    (outcome,) = seal_all(vault_root, [incident], seams, heard)
    if isinstance(outcome, Failed):
        raise outcome.error
    return outcome


def seal_unless_sealed(vault_root: Path, *incidents: Path) -> None:
    """What a person does after a crash: the same command again."""
    for outcome in seal_all(vault_root, list(incidents)):
        if isinstance(outcome, Failed):
            assert isinstance(outcome.error, StateError)
            assert "sealed already" in outcome.error.message


def check_whole(vault_root: Path, incident: Path, archives: int = 1) -> None:
    """The incident is sealed exactly once, the register is whole, nothing is left over."""
    seams = Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    try:
        vault.check_heads()
        documents = list(vault.store.documents())
        parsed = [entries.parse(document) for document in documents]
        assert [entry.sequence for entry in parsed] == list(range(len(parsed)))
        for before, entry in zip(documents, parsed[1:], strict=False):
            assert entry.previous == hashlib.sha256(b"\x00" + before).digest()
        voided = {entry.fields["voids"]["sequence"] for entry in parsed if entry.type == "void"}
        sealed = [e for e in parsed if e.type == "sealed" and e.sequence not in voided]
        assert len(sealed) == archives, parsed
        head = checkpoint.parse(notes.parse(vault.store.checkpoint()).text)
        assert (head.size, head.root) == (len(parsed), vault.store.root(len(parsed)))
        left = [path.name for path in vault.layout.staging.iterdir()]
        assert left == [], left
        published = list(archive_store.published(vault.layout))
        assert len(published) == archives, published
        certificate = pem_to_der(vault.layout.sealing_chain.read_bytes())
    finally:
        vault.close()
    ids = set()
    for archive in published:
        with archive.open("rb") as file:
            found = verify(
                file, Options(Anchors(certificate, frozenset()), Anchors((), frozenset()), system_clock())
            )
        assert found.verdict is Status.PASSED, found.findings
        ids.add(found.archive_id)
    assert ids == {entry.text("archive_id") for entry in sealed}
    for name in SAMPLE_FILES:
        if name != "incident.json":
            assert (incident / name).read_bytes() == resources.sample(name)


def copy_vault(source: Path, target: Path) -> Path:
    """A vault as it lies on the disk."""
    shutil.copytree(source, target)
    return target
