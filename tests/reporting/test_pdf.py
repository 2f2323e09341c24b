"""The file: the same bytes anywhere, PDF/A, fonts, attachments, properties, QR code."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from evidence import canonical
from evidence.digests import sha256
from evidence.errors import UsageError
from evidence.register import entries
from evidence.reporting import pdf
from tests.builder import Document, Register
from tests.reporting import archives, reading
from tests.vectors.archives import with_token
from tests.verify.case import check

ROOT = Path(__file__).parents[2]
MAKE = """
import sys
from evidence.reporting import pdf
from tests.reporting import archives
found = archives.long(2, 5)
sys.stdout.buffer.write(pdf.report_pdf(found, "uk") + pdf.short_pdf(found, "en"))
"""


def made_elsewhere(folder: Path, zone: str, seed: str) -> bytes:
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "LANG": "C"}
    command = [sys.executable, "-c", MAKE]
    return subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment).stdout


def test_the_same_bytes_in_another_place_and_zone(tmp_path: Path) -> None:
    one = made_elsewhere(tmp_path, "Europe/Kyiv", "1")
    two = made_elsewhere(ROOT, "America/Lima", "2")
    assert one.startswith(b"%PDF-1.7")
    assert one == two


def test_the_same_bytes_on_another_day() -> None:
    def made(now: str) -> bytes:
        members = archives.archive(_records, [archives.recording(1)])
        return pdf.report_pdf(check(members, now=dt.datetime.fromisoformat(f"{now}T09:00:00+00:00")), "en")

    assert made("2027-01-15") == made("2027-06-30")


def _records(_register: Register) -> list[Document]:
    return [
        archives.incident(),
        {"kind": "notice", "grade": "none", "exhibits": []},
        archives.exhibit(1, "call.wav"),
    ]


@pytest.mark.parametrize("size", [(1, 3), (5, 40), (20, 300)])
def test_pdf_a(size: tuple[int, int], tmp_path: Path) -> None:
    made = pdf.report_pdf(archives.long(*size), "uk", "a-1b")
    assert "is a valid PDF/A-1b file" in reading.preflight(made, tmp_path)


def test_pdf_a_of_everything(tmp_path: Path) -> None:
    made = pdf.report_pdf(archives.fullest(), "en", "a-1b")
    assert "is a valid PDF/A-1b file" in reading.preflight(made, tmp_path)
    short = pdf.short_pdf(archives.fullest(), "en", "a-1b")
    assert "is a valid PDF/A-1b file" in reading.preflight(short, tmp_path)


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    """The oracle isn't blind: the usual file isn't PDF/A-1b."""
    made = pdf.report_pdf(archives.small(), "en")
    assert "is not a valid PDF/A-1b file" in reading.preflight(made, tmp_path)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_all_fonts_are_embedded(language: str, tmp_path: Path) -> None:
    found = reading.fonts(pdf.report_pdf(archives.fullest(), language), tmp_path)
    assert len(found) >= 3
    assert all(row == ["yes", "yes", "yes"] for row in found)


def test_the_qr_code_is_the_fingerprint(tmp_path: Path) -> None:
    found = archives.fullest()
    assert reading.qr_codes(pdf.report_pdf(found, "uk"), tmp_path) == [found.identity]


def reader(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def test_manifest_and_entry_are_attached() -> None:
    found = archives.fullest()
    assert found.contents is not None
    read = reader(pdf.report_pdf(found, "en"))
    manifest, entry = (b"".join(read.attachments[name]) for name in ("manifest.json", "register-entry.json"))
    assert sha256(manifest) == found.contents.digests["manifest.json"]
    assert canonical.decode(manifest, 10**6)["archive_id"] == found.archive_id
    assert found.contents.entry == entries.parse(entry)
    kinds = [item.get_object()["/AFRelationship"] for item in read.trailer["/Root"]["/AF"]]  # type: ignore[index]
    assert sorted(kinds) == ["/Source", "/Supplement"]


def test_properties() -> None:
    read = reader(pdf.report_pdf(archives.fullest(), "uk"))
    told = read.metadata
    assert told is not None
    assert told.title == "Звіт про архів доказів, INC-2026-000123"
    assert told.author is None
    assert read.trailer["/Root"]["/Lang"] == "uk"  # type: ignore[index]
    xmp = read.trailer["/Root"]["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in xmp


def test_the_date_is_the_proven_time_else_the_claimed_one() -> None:
    proven = check(with_token())
    assert proven.proven is not None
    for found, time in ((proven, proven.proven.time), (archives.small(), archives.small().claimed.entry)):
        told = reader(pdf.report_pdf(found, "en")).metadata
        assert told is not None
        assert time is not None
        assert told.creation_date == time.replace(microsecond=0)


def test_a_report_without_typst_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="typst") as raised:
        pdf.report_pdf(archives.small(), "en")
    assert "evidence-archiver[report]" in raised.value.hint
