"""Sealing with versions of the notice in the vault, and what its archives hold; each must be PASSED."""

import json
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from evidence import resources
from evidence.clock import system_clock
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.findings import Status
from evidence.media import search as media
from evidence.media.probe import MediaProcess
from evidence.media.search import Announcement, SearchProcess, is_installed
from evidence.model.notice import KeyClause
from evidence.model.noticesearch import FOUND, Match, NoticeSearch, Segment, Waveform
from evidence.model.waveform import Drawing
from evidence.operations.notice_folder import Draft
from evidence.operations.notices import NoticeVersion
from evidence.operations.seal import Failed, Sealed, Sealer
from evidence.operations.seams import Seams
from evidence.operations.searching import Search, Searcher, search_of
from evidence.vault.vault import Vault, load_keys
from evidence.verify.verifier import Options, verify
from tests.operations.notice_scene import a_draft, add_notice, from_time, open_vault
from tests.operations.scene import Heard, make_incident
from tests.requirements import missing

Record = dict[str, Any]
STARTED = "2026-11-05T08:15:02Z"
"""When the sample call began."""
AT, IN = 2100, 1
"""Where the stand-in finds the first version, in milliseconds, and in which channel."""


@dataclass
class StandIn:
    """Searches nothing: the first announcement is found, the others aren't; what it was asked is kept."""

    asked: list[tuple[str, tuple[Announcement, ...], int | None]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    during: Callable[[], None] = lambda: None

    def search(
        self,
        _file: BinaryIO,
        _size: int,
        name: str,
        announcements: Sequence[Announcement],
        seconds: int | None,
    ) -> NoticeSearch:
        self.during()
        self.asked.append((name, tuple(announcements), seconds))
        pieces = (Segment(0, 500, 980, 0, is_heard=True), Segment(500, 1000, 120, 3, is_heard=False))
        matches = [Match(each.id, channel, "not_detected") for each in announcements for channel in (0, IN)]
        matches[IN] = Match(announcements[0].id, IN, FOUND, AT, 978, 1000, 900, 910, 12, pieces)
        drawn = Waveform(1000, (bytes(60), bytes(60)))
        return NoticeSearch("stand-in-1", 60_000, False, 2, tuple(matches), drawn)

    def hear(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        announcements: Sequence[Announcement] | None,
        seconds: int | None,
    ) -> media.Heard:
        """It draws nothing."""
        found = self.search(file, size, name, announcements, seconds) if announcements else None
        return media.Heard(found, Drawing(problems=("not_started",)))

    def start(self) -> None:
        self.opened += 1

    def close(self) -> None:
        self.closed += 1


def real() -> SearchProcess:
    """The search as it is shipped."""
    if not is_installed():
        missing("av and numpy", "evidence-archiver[media]")
    return SearchProcess()


def sealed_all(
    vault_root: Path,
    incidents: Sequence[Path],
    searcher: Searcher | None = None,
    extent: str | None = None,
    seams: Seams | None = None,
    *,
    between: Callable[[Search], Search] = lambda search: search,
) -> list[Sealed | Failed]:
    """Seal as `evidence seal` does."""
    seams = seams or Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    try:
        keys = load_keys(vault, lambda: b"")
        search = between(search_of(vault, extent))
        with MediaProcess() as prober:
            sealer = Sealer(
                vault, lambda: keys, prober.probe_file, seams, Heard(), search=search, searcher=searcher
            )
            sealer.recover()
            return list(sealer.seal_all(incidents))
    finally:
        vault.close()


def sealed(vault_root: Path, incident: Path, searcher: Searcher | None = None, **how: Any) -> "Sealing":
    """Seal one incident that must be sealed; its archive is PASSED."""
    (outcome,) = sealed_all(vault_root, [incident], searcher, **how)
    if isinstance(outcome, Failed):
        raise outcome.error
    return Sealing(outcome, records_of(vault_root, outcome.archive))


def records_of(vault_root: Path, archive: Path) -> list[Record]:
    """The records of an archive that is PASSED; each satisfies the schema."""
    certificate = _anchor(vault_root)
    with archive.open("rb") as file:
        options = Options(Anchors(certificate, frozenset()), Anchors((), frozenset()), system_clock())
        found = verify(file, options)
    assert found.verdict is Status.PASSED, found.findings
    with zipfile.ZipFile(archive) as members:
        names = [name for name in members.namelist() if name.startswith("records/")]
        found_records = [json.loads(members.read(name)) for name in names]
    for record in found_records:
        assert resources.problem("record.v1", record) == ""
    return found_records


def _anchor(vault_root: Path) -> tuple[bytes, ...]:
    vault = open_vault(vault_root)
    try:
        return tuple(pem_to_der(vault.layout.sealing_chain.read_bytes()))
    finally:
        vault.close()


@dataclass
class Sealing:
    """An archive that was made, and its records."""

    outcome: Sealed
    records: list[Record]

    def of(self, kind: str) -> list[Record]:
        """The records of a kind."""
        return [record for record in self.records if record["kind"] == kind]

    def versions(self) -> set[str]:
        """Ids of the announcements in the archive."""
        return {record["version"] for record in self.of("announcement")}

    def exhibits(self, role: str = "notice") -> dict[str, str]:
        """Names of the exhibits with a role, by their ids."""
        return {r["exhibit"]: r["name"] for r in self.of("exhibit") if r["role"] == role}

    def evidence(self, name: str = "call.wav") -> Record:
        """What is said of one recording."""
        (exhibit,) = [id_ for id_, called in self.exhibits("recording").items() if called == name]
        (found,) = [record for record in self.of("notice_evidence") if record["exhibit"] == exhibit]
        return found

    def codes(self, name: str = "call.wav") -> dict[str, list[str]]:
        """The codes that are said of one recording."""
        found = self.evidence(name)
        return {part: [item["code"] for item in found[part]] for part in ("for", "against", "unseen")}


def incident(folder: Path, number: str = "INC-1", **changes: Any) -> Path:
    """The sample incident with other statements, without its own announcement."""
    make_incident(folder, number)
    (folder / "notice.wav").unlink()
    path = folder / "incident.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["exhibits"] = [e for e in document.get("exhibits", ()) if e["file"] != "notice.wav"]
    document["acquisitions"] = []
    document["notice"] = {"grade": "none"}
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return folder


def sample_notice(folder: Path, begin: str = "2026-01-01T00:00:00Z", end: str = "") -> Draft:
    """The announcement that stands in the sample call."""
    path = folder / "announcement.wav"
    path.write_bytes(resources.sample("notice.wav"))
    draft = replace(a_draft(path), key_clause=KeyClause(100, 1750), title="Зразок", text="")
    return from_time(draft, begin, end)


def added(vault_root: Path, *drafts: Draft) -> list[NoticeVersion]:
    """Versions of the notice, in their order."""
    return [add_notice(vault_root, draft) for draft in drafts]


def children() -> Iterator[tuple[int, str]]:
    """Number and command line of this process's children that still run."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                yield int(path.parent.name), (path.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
