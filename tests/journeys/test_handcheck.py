"""VERIFY.txt, followed to the letter with openssl, unzip and sha256sum: it passes, and catches what it must."""

import base64
import hashlib
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.crypto.certificates import facts, pem_to_der
from tests.operations.scene import make_incident, make_vault, seal
from tests.requirements import need

Members = dict[str, bytes]


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, str]:
    """An archive, and the fingerprint of its organisation's certificate."""
    need("openssl")
    need("unzip")
    vault = make_vault(tmp_path / "vault")
    archive = seal(vault, make_incident(tmp_path / "incident")).archive
    return archive, facts(pem_to_der((vault / "keys" / "sealing.crt").read_bytes())[0]).sha256


def unix_commands(archive: Path) -> list[str]:
    """The commands of the first part of the archive's own VERIFY.txt, in order."""
    text = zipfile.ZipFile(archive).read("VERIFY.txt").decode("utf-8")
    return re.findall(r"^    \$ (.+)$", text.split("WINDOWS")[0], re.MULTILINE)


def follow(archive: Path, folder: Path) -> list[subprocess.CompletedProcess[str]]:
    """Run every command, in one folder after another as `cd` says."""
    folder.mkdir()
    (folder / "ARCHIVE.asice").write_bytes(archive.read_bytes())
    here, results = folder, []
    for command in unix_commands(archive):
        if command.startswith("cd "):
            here = here / command.removeprefix("cd ")
            continue
        results.append(
            subprocess.run(["bash", "-c", command], check=False, cwd=here, capture_output=True, text=True)
        )
    return results


def test_genuine_archive_passes_every_step(sealed: tuple[Path, str], tmp_path: Path) -> None:
    archive, fingerprint = sealed
    unzip, extract, show, verify, sums, check, *listing = follow(archive, tmp_path / "hand")
    for result in (unzip, extract, show, verify, sums, check, *listing):
        assert result.returncode == 0, (result.args, result.stderr)
    shown = re.search(r"sha256 Fingerprint=(.+)", show.stdout)
    assert shown is not None
    assert shown[1].replace(":", "").lower() == fingerprint
    assert "CAdES Verification successful" in verify.stderr
    assert sums.stdout == "1\n"
    assert set(re.findall(r": (\w+)$", check.stdout, re.MULTILINE)) == {"OK"}
    assert listing[-1].stdout == ""


def repack(archive: Path, target: Path, change: Callable[[Members], None]) -> Path:
    """The archive with other members, packed again by Python's zipfile."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
    return target


def swap_exhibit(members: Members) -> None:
    members["exhibits/E1.wav"] = members["exhibits/E2.wav"]


def swap_exhibit_and_line(members: Members) -> None:
    old, new = members["exhibits/E1.wav"], members["exhibits/E2.wav"]
    members["exhibits/E1.wav"] = new
    members["SHA256SUMS"] = members["SHA256SUMS"].replace(
        hashlib.sha256(old).hexdigest().encode(), hashlib.sha256(new).hexdigest().encode()
    )


def swap_everywhere(members: Members) -> None:
    before = members["SHA256SUMS"]
    swap_exhibit_and_line(members)
    members["META-INF/ASiCManifest001.xml"] = members["META-INF/ASiCManifest001.xml"].replace(
        base64.b64encode(hashlib.sha256(before).digest()),
        base64.b64encode(hashlib.sha256(members["SHA256SUMS"]).digest()),
    )


def add_file(members: Members) -> None:
    members["exhibits/E9.wav"] = b"more"


@pytest.mark.parametrize(
    ("change", "passing", "failing"),
    [
        (swap_exhibit, {"cms", "grep"}, {"sha256sum"}),
        (swap_exhibit_and_line, {"cms", "sha256sum"}, {"grep"}),
        (swap_everywhere, {"grep", "sha256sum"}, {"cms"}),
        (add_file, {"cms", "grep", "sha256sum"}, {"diff"}),
    ],
)
def test_step_catches(
    sealed: tuple[Path, str],
    tmp_path: Path,
    change: Callable[[Members], None],
    passing: set[str],
    failing: set[str],
) -> None:
    archive = repack(sealed[0], tmp_path / "changed.asice", change)
    outcome: dict[str, int] = {}
    for result in follow(archive, tmp_path / "hand"):
        for step in ("cms", "grep", "sha256sum", "diff"):
            if re.search(rf"\b{step}\b", result.args[2]):
                outcome[step] = max(outcome.get(step, 0), abs(result.returncode))
    assert {step for step in passing if outcome[step] == 0} == passing
    assert {step for step in failing if outcome[step] != 0} == failing


def test_paper_comes_out_of_its_record(sealed: tuple[Path, str], tmp_path: Path) -> None:
    """The command of "Reading the records", with the name of the record that holds incident.json."""
    archive = zipfile.ZipFile(sealed[0])
    text = archive.read("VERIFY.txt").decode("utf-8")
    (command,) = re.findall(r"^    (sed .+)$", text, re.MULTILINE)
    archive.extractall(tmp_path / "check")
    record = next(
        n
        for n in archive.namelist()
        if b'"role":"incident"' in archive.read(n)[-400:] and n.startswith("rec")
    )
    command = command.replace("records/r-12345678.json", record)
    subprocess.run(["bash", "-c", command], check=True, cwd=tmp_path / "check")
    assert (tmp_path / "paper").read_bytes() == (tmp_path / "incident" / "incident.json").read_bytes()
