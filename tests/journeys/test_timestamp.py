"""Time stamps as users get them: vault with an authority, dead authorities, and the way by files."""

import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests import tsa
from tests.crypto import pki
from tests.journeys.program import archive_of, done, evidence
from tests.journeys.test_privacy import TELLING, check_silent, telling_incident
from tests.network.tsaserver import Served, refused_url
from tests.operations.scene import make_incident
from tests.operations.stamp_scene import check_token, configure, sidecar_of
from tests.requirements import need


def new_vault(folder: Path, authority: tsa.Authority, *options: str) -> Path:
    roots = folder / "roots.pem"
    roots.write_bytes(authority.root.pem)
    init = ("init", folder / "vault", "--organisation", "ТОВ Приклад", "--plain-keys")
    done(*init, "--tsa-roots", roots, *options)
    return folder / "vault"


def test_with_an_authority_that_answers(tmp_path: Path, authority: tsa.Authority, server: Served) -> None:
    vault = new_vault(tmp_path, authority, "--tsa", server.url)
    assert (vault / "keys" / "tsa-roots.pem").read_bytes() == authority.root.pem
    incident = make_incident(tmp_path / "i")
    process = evidence("seal", incident, "--vault", vault, "--json")
    assert process.returncode == 0, process.stderr
    sealed = json.loads(process.stdout)
    assert sealed["time_stamp_pending"] is False
    assert sealed["time_stamp"]["authority"] == "O=Test time stamps,C=UA"
    assert sealed["time_stamp"]["size"] == 2
    archive = archive_of(vault)
    check_token(archive, authority, tmp_path)
    verified = json.loads(done("verify", archive, "--json"))
    assert verified["verdict"] == "PASSED"
    assert verified["times"]["proven"] == sealed["time_stamp"]["time"]
    assert verified["times"]["token"] == "META-INF/register-001-token-1.tsr"
    assert verified["times"]["token_in_proof_file"] is False
    assert verified["proof_file"] is None
    process = evidence("timestamp", "--vault", vault)
    assert (process.returncode, process.stdout) == (0, "")
    assert "no archive waits for a time stamp" in process.stderr


def test_with_a_dead_authority_and_later_with_a_living_one(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    dead = refused_url()
    vault = new_vault(tmp_path, authority, "--tsa", dead)
    process = evidence("seal", make_incident(tmp_path / "i"), "--vault", vault, "--yes")
    assert process.returncode == 0
    assert "1 archive is sealed and waits for its time stamp" in process.stderr
    assert "hint: when an authority can be reached: evidence timestamp" in process.stderr
    assert f"note: {dead}: no connection: Connection refused" in process.stderr
    archive = archive_of(vault)
    assert evidence("verify", archive).returncode == 3
    process = evidence("timestamp", "--vault", vault)
    assert (process.returncode, process.stdout) == (7, "")
    assert f"hint: {dead}: no connection: Connection refused" in process.stderr
    configure(vault, servers=[dead, server.url])
    process = evidence("timestamp", "--vault", vault, "--json")
    assert process.returncode == 0
    stamp, delivered = map(json.loads, process.stdout.splitlines())
    assert stamp["time_stamp"]["server"] == server.url
    assert delivered["proof_file"] == str(sidecar_of(archive))
    found = json.loads(done("verify", archive, "--json"))
    assert (found["verdict"], found["times"]["proven"]) == ("PASSED", stamp["time_stamp"]["time"])
    assert found["proof_file"] == str(sidecar_of(archive))
    assert "(in the file beside it)" in done("verify", archive)
    assert json.loads(done("show", archive, "--json"))["times"]["token_in_proof_file"] is True


def test_a_sidecar_from_elsewhere(tmp_path: Path, authority: tsa.Authority, server: Served) -> None:
    vault = new_vault(tmp_path, authority, "--tsa", refused_url())
    configure(vault, attempts=1)
    for name in ("A", "B"):
        done("seal", make_incident(tmp_path / name, name), "--vault", vault, "--yes")
    configure(vault, servers=[server.url])
    done("timestamp", "--vault", vault)
    archive, other = archive_of(vault, "A"), archive_of(vault, "B")
    elsewhere = sidecar_of(archive).rename(tmp_path / "proof of A")
    assert evidence("verify", archive).returncode == 3
    assert evidence("verify", archive, "--proof", elsewhere).returncode == 0
    process = evidence("verify", archive, "--proof", sidecar_of(other))
    assert process.returncode == 3
    assert "SIDECAR_IGNORED" in process.stdout
    assert "it belongs to another archive" in process.stdout
    assert evidence("verify", archive, other, "--proof", elsewhere).returncode == 2
    process = evidence("verify", archive, "--proof", tmp_path / "absent")
    assert process.returncode == 8
    assert "absent" in process.stderr
    sidecar_of(archive).mkdir()
    assert evidence("verify", archive).returncode == 3


def test_by_files_without_a_network(tmp_path: Path, authority: tsa.Authority) -> None:
    vault = new_vault(tmp_path, authority)
    request, answer = tmp_path / "head.tsq", tmp_path / "head.tsr"
    process = evidence("seal", make_incident(tmp_path / "i"), "--vault", vault, "--yes")
    assert "no time-stamping authority is configured" in process.stderr
    assert evidence("timestamp", "--vault", vault).returncode == 7
    assert "2 register entries" in done("timestamp", "--vault", vault, "--request", request)
    text = pki.openssl("ts", "-query", "-in", request, "-text").stdout.decode()
    assert "Hash Algorithm: sha256" in text
    with sqlite3.connect(vault / "register" / "register.sqlite") as database:
        ((size, nonce, token),) = database.execute("SELECT size, nonce, token FROM stamps").fetchall()
    database.close()
    assert int(text.partition("Nonce: ")[2].split()[0], 16) == int.from_bytes(nonce)
    assert (size, token) == (2, None)
    assert evidence("timestamp", "--vault", vault, "--request", request).returncode == 5  # not overwritten
    done("seal", make_incident(tmp_path / "next", "N-2"), "--vault", vault, "--yes")
    answer.write_bytes(authority.answer(request.read_bytes()))
    said = done("timestamp", "--vault", vault, "--response", answer)
    archive = archive_of(vault)
    assert said.splitlines()[1:] == [str(sidecar_of(archive))]
    check_token(sidecar_of(archive), authority, tmp_path)
    assert evidence("verify", archive).returncode == 0
    assert evidence("verify", archive_of(vault, "N-2")).returncode == 3  # it still waits
    assert evidence("timestamp", "--vault", vault, "--response", answer).returncode == 0


@pytest.mark.parametrize(
    ("data", "code"), [(b"", 7), (b"<html>", 7), (bytes(300_000), 4), (b"0\x80\0\0", 7), (None, 8)]
)
def test_answers_that_are_none(
    data: bytes | None, code: int, tmp_path: Path, authority: tsa.Authority
) -> None:
    vault = new_vault(tmp_path, authority)
    answer = tmp_path / "answer\x1b[31m"
    if data is not None:
        answer.write_bytes(data)
    process = evidence("timestamp", "--vault", vault, "--response", answer)
    assert process.returncode == code
    assert "evidence: error: " in process.stderr
    assert "\x1b" not in process.stderr


def test_options_that_cannot_be(tmp_path: Path, authority: tsa.Authority) -> None:
    vault = new_vault(tmp_path, authority)
    both = evidence("timestamp", "--vault", vault, "--request", tmp_path / "a", "--response", tmp_path / "b")
    assert both.returncode == 2
    init = ("init", tmp_path / "other", "--organisation", "X", "--plain-keys")
    roots = tmp_path / "roots.pem"
    assert evidence(*init, "--tsa", "http://x/").returncode == 2
    for address in ("ftp://x/", "x", "http://x y/", "http://ї/", "http://" + "x" * 1000):
        assert evidence(*init, "--tsa", address, "--tsa-roots", roots).returncode == 2, address
    (tmp_path / "junk.pem").write_bytes(b"junk")
    assert evidence(*init, "--tsa", "http://x/", "--tsa-roots", tmp_path / "junk.pem").returncode == 4
    assert evidence(*init, "--tsa", "http://x/", "--tsa-roots", tmp_path / "absent.pem").returncode == 8
    assert not (tmp_path / "other").exists()


def test_without_an_authority_in_the_configuration(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    done("init", vault, "--organisation", "X", "--plain-keys")
    process = evidence("timestamp", "--vault", vault)
    assert process.returncode == 0
    assert "no archive waits" in process.stderr
    process = evidence("timestamp", "--vault", vault, "--request", tmp_path / "r.tsq")
    assert process.returncode == 0
    pki.openssl("ts", "-query", "-in", tmp_path / "r.tsq", "-text")


def test_whom_the_verifier_trusts_for_time_stamps(
    tmp_path: Path, authority: tsa.Authority, server: Served, own_folders: Path
) -> None:
    vault = new_vault(tmp_path, authority, "--tsa", server.url)
    done("seal", make_incident(tmp_path / "i"), "--vault", vault, "--yes")
    archive, roots = archive_of(vault), tmp_path / "roots.pem"
    lawyer = {name: str(tmp_path / "lawyer") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    trust = ("--trust", vault / "keys" / "sealing.crt")
    assert evidence("verify", archive, *trust, env=lawyer).returncode == 3
    assert evidence("verify", archive, *trust, "--trust-tsa", roots, env=lawyer).returncode == 0
    fingerprint = ("--fingerprint", f"sha256:{authority.root.sha256}")
    said = done("keys", "trust", roots, *fingerprint, "--tsa", env=lawyer)
    assert "trusted from now on" in said
    assert evidence("verify", archive, *trust, env=lawyer).returncode == 0
    assert (
        evidence(
            "verify", archive, *trust, "--trust-tsa", vault / "keys" / "sealing.crt", env=lawyer
        ).returncode
        == 3
    )
    assert evidence("verify", archive, env=lawyer).returncode == 3  # not trusted for seals
    kept = [path.relative_to(tmp_path / "lawyer").parts[-2:] for path in (tmp_path / "lawyer").rglob("*.pem")]
    assert kept == [("trust-tsa", f"{authority.root.sha256}.pem")]
    assert (own_folders / "evidence" / "trust-tsa" / f"{authority.root.sha256}.pem").exists()
    assert evidence("verify", archive).returncode == 0


def test_the_check_by_hand_in_the_readme(tmp_path: Path, authority: tsa.Authority, server: Served) -> None:
    need("unzip")
    vault = new_vault(tmp_path, authority, "--tsa", refused_url())
    configure(vault, attempts=1)
    done("seal", make_incident(tmp_path / "i"), "--vault", vault, "--yes")
    configure(vault, servers=[server.url])
    done("timestamp", "--vault", vault)
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^    (unzip -p NAME.+|openssl ts .+)$", readme, re.MULTILINE)
    assert len(rows) == 3
    script = "\n".join(["set -e", *rows]).replace("NAME.asice.proof", str(sidecar_of(archive_of(vault))))
    process = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert "Verification: OK" in process.stdout + process.stderr
    (tmp_path / "head.txt").write_bytes((tmp_path / "head.txt").read_bytes() + b"x")
    assert subprocess.run(rows[2].split(), cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_vault_with_time_stamps_tells_nothing_about_a_person(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    vault = new_vault(tmp_path, authority, "--tsa", refused_url())
    configure(vault, attempts=1)
    done("seal", telling_incident(tmp_path / "secret-folder"), "--vault", vault, "--yes")
    check_silent(vault)
    configure(vault, servers=[server.url])
    done("timestamp", "--vault", vault)
    check_silent(vault)
    for word in TELLING:
        assert all(word.encode() not in query for query in server.queries)
