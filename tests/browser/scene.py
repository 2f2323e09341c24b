"""Pages of the HTML viewer made for tests: records that the schema accepts, with sound as PBXes record it."""

import base64
import datetime as dt
import struct
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import resources
from evidence.digests import sha256_hex
from evidence.reporting.sounds import PageSound
from evidence.reporting.viewer import ViewerPage, viewer_page
from tests.builder import salt, time
from tests.requirements import need

Document = dict[str, Any]
MADE = dt.datetime(2027, 1, 15, 9, 0, tzinfo=dt.UTC)
RATE = 8000
CLASSES = ("insult", "profanity", "threat", "discrimination", "sexual_harassment", "malicious_call", "other")


def answer(verdict: str = "PASSED", **changes: Any) -> Document:
    """What a verification answers, as evidence.verify.answer has it."""
    names = ("integrity", "signer", "time", "register")
    return {
        "file": "/home/somebody/INC-2026-000001.asice",
        "proof_file": None,
        "verdict": verdict,
        "results": dict.fromkeys(names, verdict),
        "findings": [],
        "notes": [],
        "steps": [{"step": number, "outcome": "PASS", "checks": 3} for number in range(1, 12)],
        "archive_id": "00000000-0000-4000-8000-000000000001",
        "identity": "ab" * 32,
        "signer": {
            "subject": "CN=ТОВ Приклад",
            "issuer": "CN=ТОВ Приклад",
            "certificate_sha256": "cd" * 32,
            "not_before": "2026-01-01T00:00:00.000Z",
            "not_after": "2028-01-01T00:00:00.000Z",
            "trust": "trusted",
        },
        "times": {
            "signing_claimed": "2026-03-02T18:40:01.000Z",
            "entry_claimed": "2026-03-02T18:40:02.517Z",
            "proven": "2026-03-02T18:41:00.000Z",
            "authority": "CN=Test TSA",
            "token": "META-INF/register-001-token-1.tsr",
            "token_in_proof_file": False,
        },
        "register": {
            "origin": "evidence.example.ua/test",
            "sequence": 7,
            "size": 9,
            "root": "ef" * 32,
            "confirmed": False,
        },
        "received": [],
        **changes,
    }


@dataclass
class Scene:
    """Records and sounds of one archive, put together piece by piece."""

    records: list[Document] = field(default_factory=list)
    sounds: list[PageSound] = field(default_factory=list)
    file: str = "INC-2026-000001.asice"
    answer: Document = field(default_factory=answer)
    language: str = "en"

    def add(self, kind: str, **fields: Any) -> Document:
        """A record that the schema accepts."""
        record_id = f"r-{len(self.records):08x}"
        record = {"salt": salt(record_id), "kind": kind, "id": record_id, **fields}
        problem = resources.find("record.v1", record)
        assert problem is None, problem
        self.records.append(record)
        return record

    def incident(self, calls: Sequence[Document], **fields: Any) -> None:
        """The incident with these calls."""
        uid = "00000000-0000-4000-8000-000000000002"
        self.add("incident", number="INC-2026-000001", uid=uid, calls=list(calls), **fields)

    def recording(
        self, number: int, sound: bytes, *, kind: tuple[str, str] = ("wav", "pcm_s16le"), **given: Any
    ) -> str:
        """A recording with its sound in the page; what isn't given is as in a WAV file of two channels."""
        exhibit = f"E{number}"
        facts = {
            "container": kind[0],
            "codec": kind[1],
            "sample_rate": RATE,
            "channels": given.get("channels", 2),
            "samples": given.get("milliseconds", 60_000) * RATE // 1000,
            "method": "frames",
            "claims": given.get("claims", {}),
            "problems": given.get("problems", []),
        }
        member = f"exhibits/{exhibit}.{kind[0]}"
        name = given.get("name", f"in-203-{number}.{kind[0]}")
        digest = sha256_hex(sound)
        common = {"exhibit": exhibit, "role": "recording", "name": name, "size": len(sound), "sha256": digest}
        self.add("exhibit", **common, member=member, recording=facts)
        media = given.get("media_type", "audio/wav")
        self.sounds.append(
            PageSound(exhibit, "master", "", media, len(sound), [sound])
            if sound
            else PageSound(exhibit, "none", "too_large")
        )
        return exhibit

    def waveform(
        self, exhibit: str, peaks: Callable[[int], int], columns: int = 600, channels: int = 2, ms: int = 100
    ) -> None:
        """A drawing."""
        drawn = [
            base64.b64encode(bytes(peaks(column + 37 * c) for column in range(columns))).decode()
            for c in range(channels)
        ]
        digest = next(r["sha256"] for r in self.records if r.get("exhibit") == exhibit)
        common = {"exhibit": exhibit, "recording_sha256": digest, "algorithm": "peaks_1", "column_ms": ms}
        self.add("waveform", **common, channels=drawn, problems=[])

    def marker(self, exhibit: str, start: int, end: int | None = None, **fields: Any) -> None:
        """A marker; an insult unless another class is given."""
        digest = next(r["sha256"] for r in self.records if r.get("exhibit") == exhibit)
        base: Document = {
            "exhibit": exhibit,
            "recording_sha256": digest,
            "start_ms": start,
            "class": "insult",
            "asserted_by": "Агент 203",
            "asserted_at": time(),
            "how": "listened",
        }
        if end is not None:
            base["end_ms"] = end
        self.add("marker", **{**base, **fields})

    def page(self) -> bytes:
        """The whole page."""
        made = ViewerPage(self.file, self.answer, self.records, self.language, MADE)
        return b"".join(viewer_page(made, self.sounds))

    def write(self, folder: Path) -> Path:
        """The page in a file."""
        path = folder / "viewer.html"
        path.write_bytes(self.page())
        return path


def wav(samples: Iterable[int], channels: int = 1) -> bytes:
    """A WAV file of 16 bits and RATE samples a second."""
    data = b"".join(struct.pack("<h", sample) for sample in samples)
    form = struct.pack("<HHIIHH", 1, channels, RATE, RATE * 2 * channels, 2 * channels, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def coded(sound: bytes, *options: str) -> bytes:
    """The same sound in another coding, as ffmpeg writes it."""
    command = [need("ffmpeg"), "-v", "error", "-i", "pipe:0", *options]
    if options[-1].startswith("/"):
        subprocess.run([*command, "-y"], input=sound, check=True)
        return Path(options[-1]).read_bytes()
    return subprocess.run([*command, "pipe:1"], input=sound, capture_output=True, check=True).stdout
