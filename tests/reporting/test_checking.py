"""The commands that a report names work on the archive that it is about, and print what it says."""

import re
import subprocess
from itertools import chain
from pathlib import Path

import pytest

from evidence.digests import groups
from evidence.reporting.content import checking
from evidence.reporting.pages import verifier_digest
from evidence.reporting.pdf import report_pdf
from evidence.verify.results import Verification
from tests import builder
from tests.builder import Members
from tests.reporting import archives
from tests.requirements import need
from tests.vectors.archives import with_token, world
from tests.verify.case import check


def commands(found: Verification) -> list[list[str]]:
    """The groups of commands, in order."""
    return [block["code"] for block in checking.section(found)["blocks"] if block["b"] == "code"]


def run(members: Members, folder: Path) -> list[str]:
    """What each group of commands prints, run as a reader would: one after another in one shell's folder."""
    for tool in ("openssl", "unzip"):
        need(tool)
    (folder / "ARCHIVE.asice").write_bytes(builder.pack(members))
    (folder / "tsa.pem").write_bytes((builder.SOURCES / "tsa.pem").read_bytes())
    groups_of = commands(check(members))
    told, place = [], folder
    for group in groups_of:
        script = "\n".join(["set -e", *group])
        done = subprocess.run(["bash", "-c", script], cwd=place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (group, done.stderr)
        told.append(done.stdout + done.stderr)
        place = folder / "check"
    return told


def test_the_commands_print_what_the_report_says(tmp_path: Path) -> None:
    members = world().members
    found = check(members)
    assert found.signer is not None
    _unpacked, identity, signer, signature, listed, files, extra = run(members, tmp_path)
    assert found.identity in identity
    assert found.signer.sha256 in signer.replace(":", "").lower()
    assert "CAdES Verification successful" in signature
    assert listed.strip() == "1"
    assert all(line.endswith(": OK") for line in files.splitlines())
    assert len(files.splitlines()) == len(world().sealed.body) - 1
    assert extra == ""


@pytest.mark.parametrize("language", ["en", "uk"])
def test_commands_can_be_copied_out_of_the_pdf(language: str, tmp_path: Path) -> None:
    """A line that goes on ends in a backslash, and nothing stands in it that isn't the command's."""
    found = check(with_token())
    path = tmp_path / "r.pdf"
    path.write_bytes(report_pdf(found, language))
    done = subprocess.run([need("pdftotext"), "-layout", path, "-"], capture_output=True, check=True)
    lines = done.stdout.decode().replace("\f", "\n").splitlines()
    printed = re.sub(r"\\ *", " ", " ".join(line.strip() for line in lines if line.strip()))
    copied = " ".join(printed.split())
    for command in chain.from_iterable(commands(found)):
        assert command in copied


def test_the_time_stamp_is_checked_by_openssl(tmp_path: Path) -> None:
    told = run(with_token(), tmp_path)
    assert len(told) == 8
    assert "Verification: OK" in told[-1]


@pytest.mark.parametrize("change", ["exhibit", "list"])
def test_the_commands_notice_a_change(change: str, tmp_path: Path) -> None:
    members = world().members
    name = builder.RECORDING if change == "exhibit" else "SHA256SUMS"
    changed = [(member, data[:-1] + b"\0" if member == name else data) for member, data in members]
    with pytest.raises(AssertionError):
        run_of(members, changed, tmp_path)


def run_of(original: Members, changed: Members, folder: Path) -> None:
    """Run the commands of one archive's report on another."""
    (folder / "ARCHIVE.asice").write_bytes(builder.pack(changed))
    place = folder
    for group in commands(check(original)):
        script = "\n".join(["set -e", *group])
        done = subprocess.run(["bash", "-c", script], cwd=place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, group
        place = folder / "check"


def test_the_report_names_the_fingerprints_and_the_published_page() -> None:
    found = archives.fullest()
    assert found.signer is not None
    told = " ".join(str(text) for _path, text in archives.leaves(checking.section(found)))
    for digest in (found.identity, found.signer.sha256, verifier_digest()):
        assert groups(digest) in told


def test_the_commands_are_those_of_verify_txt() -> None:
    """Two ways of saying the same would drift apart."""
    text = (Path(__file__).parents[2] / "schemas" / "VERIFY.txt").read_text(encoding="utf-8")
    told = [line.removeprefix("    $ ") for line in text.splitlines() if line.startswith("    $ ")]
    found = [
        re.sub(r" -attime \d+", "", line) for group in commands(check(world().members)) for line in group
    ]
    assert [line for line in found if line != checking.IDENTITY] == told
