"""The case that the examples tell, as an incident folder and as the documents an archive of it would hold.

``python -m tests.schemas.case`` writes the examples of records, manifest and custody record anew.
"""

import json
import struct
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidence import canonical
from evidence.digests import sha256, sha256_hex
from evidence.entropy import new_uuid
from evidence.intake.folder import IncidentFolder, ensure_uid, open_exhibit, read_folder, read_paper
from evidence.intake.plan import FolderFile
from evidence.intake.records import build_records
from evidence.model.manifest import Listed, Manifest
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts
from tests.entropy import counting
from tests.schemas import announced
from tests.vectors import archives

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
INBOUND = "in-0443900000-380990000123-20261105-101502-1793866502.4711.wav"
OUTBOUND = "out-380990000123-201-20261105-103140-1793867500.4715.wav"
RATE = 8000
ANNOUNCEMENT = "notice-7a40ed4c.wav"
SAMPLES = {INBOUND: (2, 1_499_360), OUTBOUND: (1, 384_000), ANNOUNCEMENT: (1, 44_640)}
PAPERS = {
    "notice.txt": "Доброго дня! Ви зателефонували до «Зразок-Телеком». Звертаємо увагу: розмова записується.\n",
    "Пояснення оператора 204.txt": "Абонент двічі образив мене, після попередження я завершила розмову.\n",
    "Договір 4400217, витяг.txt": "7.4. Абонент зобов'язується не ображати працівників Провайдера.\n",
    "cdr.csv": '"380990000123","0443900000","support","2026-11-05 10:15:02",187,"ANSWERED","1793866502.4711"\n',
}


def wav(channels: int, samples: int) -> bytes:
    """Silence: PCM, 16 bits, 8 kHz."""
    size = channels * samples * 2
    form = struct.pack("<HHIIHH", 1, channels, RATE, RATE * channels * 2, channels * 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", size) + bytes(size)


def make_folder(path: Path) -> None:
    """The incident folder of the examples incident.v1.full and markers.v1.full."""
    for name in (INBOUND, OUTBOUND):
        (path / name).write_bytes(wav(*SAMPLES[name]))
    for name, text in PAPERS.items():
        (path / name).write_text(text, encoding="utf-8", newline="\n")
    (path / "incident.json").write_bytes((EXAMPLES / "incident.v1.full.json").read_bytes())
    (path / "markers.json").write_bytes((EXAMPLES / "markers.v1.full.json").read_bytes())


def facts(folder: IncidentFolder, file: FolderFile) -> ExhibitFacts:
    """What sealing would find out about a file of the case."""
    if file.member is None:
        data = read_paper(folder, file)
        return ExhibitFacts(
            file.id, None, file.name, file.role, len(data), sha256(data), None, data, file.title
        )
    with open_exhibit(folder, file) as source:
        data = source.read()
    channels, samples = SAMPLES[file.name]
    claims = {"header_samples": samples}
    recording = RecordingFacts("wav", "pcm_s16le", RATE, channels, samples, "frames", claims)
    return ExhibitFacts(file.id, file.member, file.name, file.role, len(data), sha256(data), recording)


def documents() -> dict[str, Any]:
    """The generated examples, by file name."""
    draw = counting("examples")
    with tempfile.TemporaryDirectory() as directory:
        make_folder(Path(directory))
        folder = with_announcement(ensure_uid(read_folder(Path(directory)), draw), Path(directory))
        exhibits = [facts(folder, file) for file in folder.files]
        further = announced.subjects(exhibits)
        records = dict(build_records(folder, exhibits, draw, further=further))
    fullest = sorted(records.values(), key=_fullness)  # of each kind the one that says most is the example
    found = {f"record.v1.{_kind(record)}.json": record for record in fullest}
    listed = tuple(
        Listed(record_id, f"records/{record_id}.json", sha256(canonical.encode(record)))
        for record_id, record in records.items()
    )
    raw = tuple(Listed(e.id, e.member, e.sha256) for e in exhibits if e.member is not None)
    key = announced.register_key().vkey
    manifest = Manifest(new_uuid(draw), announced.ORIGIN, key, "none", listed, raw)
    found["manifest.v1.sealed.json"] = manifest.to_document()
    found["custody.v1.sealed.json"] = {
        "salt": draw(32).hex(),
        "kind": "custody",
        "event": "sealed",
        "archive_id": manifest.archive_id,
        "claimed_time": "2026-11-05T09:05:31.204Z",
        "facts": {"number": folder.incident.number, "uid": folder.uid, "operator": "levko", "host": "seal1"},
    }
    found["record.v1.later_kind.json"] = {
        "salt": sha256_hex(b"later"),
        "kind": "dissent",
        "id": "r-0badcafe",
        "dissent": "warning",
        "person": "204",
    }
    found["record.v1.receipt.json"] = archives.received().sealed_record(archives.RECEIPT)
    return found


def with_announcement(folder: IncidentFolder, path: Path) -> IncidentFolder:
    """The incident with the sound that the vault adds: the version that was in force."""
    sound = path / "vault" / ANNOUNCEMENT
    sound.parent.mkdir()
    sound.write_bytes(wav(*SAMPLES[ANNOUNCEMENT]))
    exhibit = f"E{len(folder.files) + 1}"
    added = FolderFile(
        exhibit,
        ANNOUNCEMENT,
        "notice",
        sound.stat().st_size,
        f"exhibits/{exhibit}.wav",
        announced.announcement().notice.title,
        at=sound,
        is_own=True,
    )
    return replace(folder, files=(*folder.files, added))


def _fullness(record: dict[str, Any]) -> tuple[int, int]:
    """How much an example says; a call's recording says more than an announcement's sound."""
    fields = 0 if record.get("role") == "notice" else len(record)
    drawn = len(record["channels"]) if record["kind"] == "waveform" else 0
    return fields, len(record.get("matches", ())) + len(record.get("for", ())) + drawn


def _kind(record: dict[str, Any]) -> str:
    if record["kind"] != "exhibit":
        return str(record["kind"])
    return "exhibit_recording" if "member" in record else "exhibit_paper"


def render(document: Any) -> str:
    """An example as it stands in schemas/examples: indented for people; in archives it is RFC 8785."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for file_name, example in documents().items():
        (EXAMPLES / file_name).write_text(render(example), encoding="utf-8", newline="\n")
