"""A report inside an archive: derived, signed, made before sealing; never in the way of sealing."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from evidence.errors import StateError, UsageError
from evidence.operations import inside
from evidence.reporting.installed import is_installed
from evidence.vault.config import load
from tests.batch.scene import run_batch
from tests.journeys.program import archive_of, done, evidence, new_vault
from tests.operations.scene import make_incident
from tests.operations.searching_scene import records_of
from tests.requirements import missing, need


@pytest.fixture(autouse=True)
def typst() -> None:
    if not is_installed():
        missing("typst and segno", "evidence-archiver[report]")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return new_vault(tmp_path / "vault")


def text_of(pdf: Path) -> str:
    return subprocess.run(
        [need("pdftotext"), str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout


def test_sealed_shown_and_extracted(vault: Path, tmp_path: Path) -> None:
    folder = make_incident(tmp_path / "i")
    told = done("seal", folder, "--vault", vault, "--report", "uk")
    assert "report.pdf" in told
    archive = archive_of(vault)
    assert records_of(vault, archive)  # it is PASSED
    with zipfile.ZipFile(archive) as members:
        names = members.namelist()
        report, sums = members.read("report.pdf"), members.read("SHA256SUMS").decode()
        manifest = members.read("manifest.json")
    assert names.index("report.pdf") + 1 == names.index("manifest.json")
    assert f"{hashlib.sha256(report).hexdigest()}  report.pdf\n" in sums
    assert b"report.pdf" not in manifest
    assert "Derived members\n  report.pdf\n" in done("show", archive)
    done("extract", archive, "--to", tmp_path / "plain")
    assert not (tmp_path / "plain" / "report.pdf").exists()
    told = done("extract", archive, "--to", tmp_path / "out", "--derived")
    assert (tmp_path / "out" / "report.pdf").read_bytes() == report
    assert str(tmp_path / "out" / "report.pdf") in told
    words = "".join(text_of(tmp_path / "out" / "report.pdf").split())
    assert hashlib.sha256(manifest).hexdigest() in words
    assert "Складенодозапечатування" in words


def test_none_without_being_asked(vault: Path, tmp_path: Path) -> None:
    (told,) = map(
        json.loads, done("seal", make_incident(tmp_path / "i"), "--vault", vault, "--json").splitlines()
    )
    assert told["has_report"] is False
    archive = archive_of(vault)
    assert "report.pdf" not in zipfile.ZipFile(archive).namelist()
    assert "Derived" not in done("show", archive)


def test_two_reports_of_the_same_words_have_different_digests() -> None:
    """So that the digest of one that is left out of a copy doesn't tell what it said."""
    salts = iter([bytes(32), bytes([1]) * 32])
    records = [{"kind": "incident", "id": "r-00000000", "number": "1", "calls": []}]
    one, two = (inside.draft(records, b"{}", "en", lambda _count: next(salts)) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one != two


def test_a_batch_puts_one_into_each(vault: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for number in range(2):
        make_incident(inbox / f"i{number}", f"INC-{number}")
    assert run_batch(vault, inbox, report="en").kinds() == ["Sealed"] * 2
    for archive in (vault / "archives").rglob("*.asice"):
        assert records_of(vault, archive)
        assert "report.pdf" in zipfile.ZipFile(archive).namelist()


def test_one_that_fails_keeps_nothing_from_being_sealed(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> bytes:
        raise RuntimeError("typst: anything")

    monkeypatch.setattr("evidence.reporting.pdf.draft_pdf", fails)
    make_incident(tmp_path / "inbox" / "i")
    told = run_batch(vault, tmp_path / "inbox", report="en")
    assert told.kinds() == ["Sealed"]
    (archive,) = (vault / "archives").rglob("*.asice")
    assert records_of(vault, archive)
    assert "report.pdf" not in zipfile.ZipFile(archive).namelist()


def test_the_configuration_and_the_option(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load(vault / "evidence.toml")
    assert inside.language_of(plain, None) == inside.language_of(plain, "off") == ""
    assert inside.language_of(plain, "en") == "en"
    with (vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write('\n[report]\nlanguage = "uk"\n')
    asked = load(vault / "evidence.toml")
    assert [inside.language_of(asked, chosen) for chosen in (None, "en", "off")] == ["uk", "en", ""]
    with pytest.raises(UsageError):
        inside.language_of(plain, "tlh")
    monkeypatch.setattr(inside, "is_installed", lambda: False)
    assert inside.language_of(asked, "off") == ""
    with pytest.raises(StateError):
        inside.language_of(asked, None)


def test_a_cluster_is_refused(vault: Path) -> None:
    ended = evidence("batch", "--vault", vault, "--report", "en", "--executor", "dask://127.0.0.1:1")
    assert ended.returncode == 2
    assert "--report off" in ended.stderr
