"""`evidence report`: which files it writes and refuses to write, and its exit codes."""

import hashlib
import re
from pathlib import Path

import pytest

from evidence.cli import main
from tests.requirements import need_module
from tests.vectors.test_vectors import FOLDER, read

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("typst", "segno"):
        need_module(name, name)


def report(vector: str, *arguments: str) -> int:
    told = read(vector)
    trust = [part for file in told["trust"] for part in ("--trust", str(FOLDER / file))]
    return main(["report", str(FOLDER / f"{vector}.asice"), "--at", told["now"], *trust, *arguments])


def files() -> set[str]:
    return {path.name for path in Path().iterdir()}


def test_without_an_option_it_writes_a_pdf_here(capfd: Capture) -> None:
    assert report("PASSED") == 0
    assert files() == {"PASSED.pdf"}
    assert Path("PASSED.pdf").read_bytes().startswith(b"%PDF-")
    assert "PASSED.pdf" in capfd.readouterr().out


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_document_is_written_as_asked(language: str) -> None:
    wanted = ["--pdf", "a.pdf", "--short", "b.pdf", "--html", "c.html", "--verifier", "d.html"]
    assert report("PASSED_MARKERS", *wanted, "--lang", language) == 0
    assert files() == {"a.pdf", "b.pdf", "c.html", "d.html"}
    tag = f"/Lang({language})".encode()
    assert tag in Path("a.pdf").read_bytes().replace(b"/Lang (", b"/Lang(")
    assert f'"language":"{language}"' in Path("c.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("vector", "code"), [("SIGNER_UNKNOWN", 3), ("MEMBER_ALTERED", 1)])
def test_the_exit_code_is_that_of_the_verdict(vector: str, code: int, capfd: Capture) -> None:
    assert report(vector, "--pdf", "a.pdf", "--html", "b.html") == code
    assert files() == {"a.pdf", "b.html"}
    assert vector in capfd.readouterr().out


def test_nothing_is_stated_to_the_police_of_an_altered_archive(capfd: Capture) -> None:
    assert report("MEMBER_ALTERED", "--short", "a.pdf", "--html", "b.html") == 1
    assert files() == {"b.html"}
    assert "evidence: warning:" in capfd.readouterr().err


def test_what_is_no_archive_gets_no_report() -> None:
    assert report("NOT_AN_ARCHIVE", "--pdf", "a.pdf") == 4
    assert files() == set()


@pytest.mark.parametrize("name", ["pdf", "short", "html", "verifier"])
def test_no_file_is_overwritten(name: str, capfd: Capture) -> None:
    Path("there").write_text("mine", encoding="utf-8")
    assert report("PASSED", "--pdf", "new.pdf", f"--{name}", "there") == 5
    assert Path("there").read_text(encoding="utf-8") == "mine"
    assert files() == {"there"}
    assert "evidence: hint:" in capfd.readouterr().err


def test_one_file_cannot_be_two_things() -> None:
    assert report("PASSED", "--pdf", "a", "--html", "./a") == 2
    assert report("PASSED", "--html", "a", "--verifier", "a") == 2
    assert report("PASSED", "--html", str(FOLDER / "PASSED.asice")) == 2
    assert files() == set()


def test_a_folder_that_is_not_there_is_told(capfd: Capture) -> None:
    """Before the archive is read, which may take long."""
    assert report("PASSED", "--html", "nowhere/a.html") == 8
    told = capfd.readouterr()
    assert told.out == ""
    assert "nowhere" in told.err


def test_the_verifier_needs_no_archive_and_tells_its_digest(capfd: Capture) -> None:
    assert main(["report", "--verifier", "verify.html"]) == 0
    out = capfd.readouterr().out
    assert hashlib.sha256(Path("verify.html").read_bytes()).hexdigest() in re.findall(r"[0-9a-f]{64}", out)


@pytest.mark.parametrize("arguments", [[], ["--pdf", "a.pdf"], ["--pdf", "a.pdf", "--verifier", "b.html"]])
def test_a_report_needs_an_archive(arguments: list[str], capfd: Capture) -> None:
    assert main(["report", *arguments]) == 2
    assert files() == set()
    assert "evidence: hint:" in capfd.readouterr().err


def test_without_sound_the_page_says_so_and_is_smaller() -> None:
    assert report("PASSED", "--html", "with.html") == 0
    assert report("PASSED", "--html", "without.html", "--no-sound") == 0
    assert Path("without.html").stat().st_size < Path("with.html").stat().st_size
    assert '<script type="application/octet-stream" data-sound="E1">' in Path("with.html").read_text("utf-8")
    assert '" data-sound="E' not in Path("without.html").read_text("utf-8")


def test_hostile_language_is_refused(capfd: Capture) -> None:
    assert report("PASSED", "--lang", "../../etc") == 2
    assert files() == set()
    assert "evidence: error:" in capfd.readouterr().err
