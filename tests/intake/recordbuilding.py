"""Incidents and the records that are made of them."""

from pathlib import Path
from typing import Any

from evidence.digests import sha256
from evidence.entropy import Entropy, system_entropy
from evidence.intake.folder import IncidentFolder, ensure_uid, open_exhibit, read_folder, read_paper
from evidence.intake.plan import FolderFile
from evidence.intake.records import build_records
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts
from tests.intake.folders import call, make, marker

RECORDING = RecordingFacts("wav", "mulaw", 8000, 2, 16_000, "frames", {"header_samples": 99}, ("truncated",))


def facts(folder: IncidentFolder, file: FolderFile) -> ExhibitFacts:
    """Facts of a file, read from its bytes."""
    with open_exhibit(folder, file) as source:
        data = source.read()
    inside = read_paper(folder, file) if file.member is None else None
    sound = RECORDING if file.is_sound else None
    return ExhibitFacts(
        file.id, file.member, file.name, file.role, len(data), sha256(data), sound, inside, file.title
    )


def build(path: Path, entropy: Entropy = system_entropy) -> list[tuple[str, dict[str, Any]]]:
    """All records of an incident, by their names."""
    folder = ensure_uid(read_folder(path), entropy)
    return list(build_records(folder, [facts(folder, file) for file in folder.files], entropy))


def of_kind(records: list[tuple[str, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    """Those of one kind."""
    return [record for _, record in records if record["kind"] == kind]


def full(path: Path) -> Path:
    """An incident with something of every kind."""
    make(
        path,
        recordings=("call.wav", "second.gsm", "notice.wav"),
        title="Образи",
        summary="",
        subscriber={"name": "Приходько", "phone": "", "account": "4400217"},
        agent={},
        calls=[call("second.gsm", ended="2026-11-05T10:16:00.5+02:00"), call(channels=["caller", "agent"])],
        notice={"grade": "in_recording", "recording": "call.wav", "channel": 0, "at_milliseconds": 0},
        exhibits=[{"file": "card.txt", "role": "card", "title": "Картка"}],
        markers=[marker(start_ms=0, end_ms=0, channel=0), marker(channel="caller", words="=cmd()", note="")],
    )
    (path / "card.txt").write_bytes(b"card")
    return path
