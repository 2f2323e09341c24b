"""Sealing as its users do it: human recordings, keys of every kind, several processes, repeated commands."""

import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence import resources
from tests.journeys import program
from tests.journeys.program import archive_of, done, evidence, new_vault
from tests.operations.scene import check_whole, make_incident
from tests.requirements import MUSIC, SOUNDS, need, need_file

PASSPHRASE = "довга парольна фраза"


def test_human_recordings(tmp_path: Path) -> None:
    """Prompts in WAV and GSM and music on hold, as recorders leave them in a folder."""
    incident = tmp_path / "incident"
    incident.mkdir()
    voice = SOUNDS / "ru_RU_f_IvrvoiceRU"
    shutil.copy(
        need_file(voice / "conf-now-recording.wav", "asterisk-core-sounds-ru-wav"), incident / "notice.wav"
    )
    shutil.copy(need_file(voice / "tt-weasels.gsm", "asterisk-core-sounds-ru-gsm"), incident / "a.gsm")
    shutil.copy(need_file(voice / "hello.g722", "asterisk-core-sounds-ru-g722"), incident / "b.g722")
    music = need_file(MUSIC / "reno_project-system.wav", "asterisk-moh-opsound-wav")
    shutil.copy(music, incident / "call.wav")
    for codec, name in (("pcm_mulaw", "u.wav"), ("pcm_alaw", "al.wav"), ("libgsm_ms", "g.wav")):
        command = [need("ffmpeg"), "-v", "error", "-t", "20", "-i", str(music), "-c:a", codec, "-ar", "8000"]
        subprocess.run([*command, str(incident / name)], check=True)
    (incident / "incident.json").write_text('{"format": 1, "number": "INC-7"}', encoding="utf-8")
    vault = new_vault(tmp_path / "vault")
    process = program.process("seal", incident, "--vault", vault)
    assert process.returncode == 0, process.stderr
    assert "nothing shows that the caller was told" in process.stderr
    assert "a.gsm): it has no header" in process.stderr
    shown = json.loads(done("show", archive_of(vault, "INC-7"), "--json"))
    assert shown["verdict"] == "PASSED"
    found = {r["name"]: r.get("recording") for r in shown["records"] if r["kind"] == "exhibit"}
    for name in ("u.wav", "al.wav", "g.wav"):
        milliseconds = found[name]["samples"] * 1000 / found[name]["sample_rate"]
        assert milliseconds == pytest.approx(20_000, abs=20)
    for name, prompt in (("a.gsm", "tt-weasels.wav"), ("b.g722", "hello.wav")):
        seconds = subprocess.run(
            [need("sox"), "--info", "-D", str(voice / prompt)], check=True, capture_output=True, text=True
        )
        length = found[name]["samples"] / found[name]["sample_rate"]
        assert length == pytest.approx(float(seconds.stdout), abs=0.02)
    with_sox = subprocess.run(
        [need("sox"), "--info", "-s", str(music)], check=True, capture_output=True, text=True
    )
    assert found["call.wav"]["samples"] == int(with_sox.stdout)
    for path in incident.iterdir():
        if path.suffix != ".uid" and path.name != "incident.json":
            original = music if path.name == "call.wav" else None
            assert original is None or path.read_bytes() == original.read_bytes()


def test_sealing_twice_says_so_and_does_nothing(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    done("seal", incident, "--vault", vault)
    before = done("register", "log", "--vault", vault)
    again = evidence("seal", incident, "--vault", vault)
    assert again.returncode == 5
    assert "sealed already" in again.stderr
    assert done("register", "log", "--vault", vault) == before
    check_whole(vault, incident)


def test_two_processes_seal_the_same_incident_once(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(
            p.returncode
            for p in pool.map(lambda _: program.process("seal", incident, "--vault", vault), range(4))
        )
    assert codes == [0, 5, 5, 5]
    check_whole(vault, incident)


def test_many_processes_seal_many_incidents(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    incidents = [make_incident(tmp_path / f"i{n}", f"INC-{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        processes = list(
            pool.map(lambda folder: program.process("seal", folder, "--vault", vault), incidents)
        )
    assert [p.returncode for p in processes] == [0] * 6, [p.stderr for p in processes]
    check_whole(vault, incidents[0], archives=6)


def test_several_folders_in_one_command_one_of_them_wrong(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    good, bad, good2 = make_incident(tmp_path / "a", "A"), tmp_path / "b", make_incident(tmp_path / "c", "C")
    bad.mkdir()
    process = evidence("seal", good, bad, good2, "--vault", vault, "--json")
    assert process.returncode == 4
    rows = [json.loads(row) for row in process.stdout.splitlines()]
    assert [row.get("number") for row in rows] == ["A", None, "C"]
    assert rows[1]["exit_code"] == 4
    check_whole(vault, good, archives=2)


def test_same_number_twice_keeps_both_archives(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    for name in ("a", "b"):
        done("seal", make_incident(tmp_path / name, "INC-1"), "--vault", vault)
    assert sorted(p.name for p in (vault / "archives").glob("*/*.asice")) == ["INC-1-2.asice", "INC-1.asice"]


def with_passphrase(*arguments: str | Path, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
    """Run a command with the passphrase on a pipe."""
    read, write = os.pipe()
    os.write(write, passphrase.encode())
    os.close(write)
    try:
        return program.process(*arguments, "--passphrase-fd", str(read), pass_fds=(read,))
    finally:
        os.close(read)


def test_keys_under_a_passphrase(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    made = with_passphrase("init", vault, "--organisation", "ТОВ Приклад")
    assert made.returncode == 0, made.stderr
    for name in ("sealing.key", "register.key"):
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in (vault / "keys" / name).read_bytes()
    incident = make_incident(tmp_path / "incident")
    assert with_passphrase("seal", incident, "--vault", vault, passphrase="wrong").returncode == 6
    nothing = evidence("seal", incident, "--vault", vault)
    assert nothing.returncode == 6
    assert "--passphrase-fd" in nothing.stderr
    sealed = with_passphrase("seal", incident, "--vault", vault)
    assert sealed.returncode == 0, sealed.stderr
    check_whole(vault, incident)


def test_passphrase_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    secret.chmod(0o600)
    env = {"EVIDENCE_PASSPHRASE_FILE": str(secret)}
    done("init", tmp_path / "vault", "--organisation", "ТОВ Приклад", env=env)
    done("seal", make_incident(tmp_path / "incident"), "--vault", tmp_path / "vault", env=env)


def test_only_the_owner_may_read_the_vault(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    done("seal", incident, "--vault", vault)
    for path in (vault, *vault.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def openssl(*arguments: str | Path) -> None:
    subprocess.run([need("openssl"), *map(str, arguments)], check=True, capture_output=True)


@pytest.mark.parametrize("algorithm", [["EC", "P-256"], ["EC", "P-384"], ["RSA", "3072"]])
@pytest.mark.parametrize("form", ["pem", "pkcs12"])
def test_own_key_under_an_authority(tmp_path: Path, algorithm: list[str], form: str) -> None:
    """A key that an authority certified, brought in as PEM with its chain or as PKCS #12."""
    kind, size = algorithm
    option = f"ec_paramgen_curve:{size}" if kind == "EC" else f"rsa_keygen_bits:{size}"
    ca, ca_key, key, request, leaf = (
        tmp_path / n for n in ("ca.pem", "ca.key", "key.pem", "req.pem", "leaf.pem")
    )
    make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "99"]
    openssl(*make, "-subj", "/CN=CA", "-keyout", ca_key, "-out", ca)
    openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", key)
    openssl("req", "-new", "-key", key, "-subj", "/O=ACME/CN=ACME seal", "-out", request)
    extensions = tmp_path / "ext"
    extensions.write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
    )
    sign: list[str | Path] = [
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        ca,
        "-CAkey",
        ca_key,
        "-days",
        "9",
        "-extfile",
        extensions,
    ]
    openssl(*sign, "-out", leaf)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(leaf.read_bytes() + ca.read_bytes())
    brought: list[str | Path] = ["--key", key, "--chain", chain]
    if form == "pkcs12":
        p12 = tmp_path / "key.p12"
        openssl(
            "pkcs12", "-export", "-inkey", key, "-in", leaf, "-certfile", ca, "-passout", "pass:", "-out", p12
        )
        brought = ["--key", p12]
    vault = tmp_path / "vault"
    done("init", vault, "--organisation", "ACME", "--plain-keys", *brought)
    done("seal", make_incident(tmp_path / "incident"), "--vault", vault)
    archive = archive_of(vault)
    assert evidence("verify", archive).returncode == 3
    trusted = done("verify", archive, "--trust", ca)
    assert "SIGNER_NOT_EXPECTED" in trusted
    assert "ACME seal" in trusted


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    cases: list[tuple[list[str | Path], int]] = [
        (["seal", incident], 5),
        (["seal", incident, "--vault", tmp_path], 5),
        (["seal", tmp_path / "absent", "--vault", vault], 2),
        (["seal", vault, "--vault", vault], 4),
        (["init", vault, "--organisation", "X", "--plain-keys"], 5),
        (["init", tmp_path / "new", "--organisation", "", "--plain-keys"], 2),
        (["init", tmp_path / "new", "--organisation", "X"], 6),
        (["init", tmp_path / "new", "--organisation", "X", "--origin", "a b", "--plain-keys"], 2),
        (["register", "export", "--vault", vault, "-o", incident / "incident.json"], 5),
        (["keys", "trust", incident / "call.wav"], 4),
        (["verify", incident / "call.wav"], 4),
        (["verify", tmp_path / "absent"], 8),
        (["explain", "NO_SUCH_CODE"], 2),
    ]
    for arguments, code in cases:
        process = evidence(*arguments)
        assert process.returncode == code, (arguments, process.stderr)
        assert process.stderr.startswith("evidence: error: ")
        assert "evidence: hint: " in process.stderr or code == 8
        assert not (tmp_path / "new").exists()


def test_configuration_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    config = vault / "evidence.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[surprise]\nx = "1"\n', encoding="utf-8")
    process = evidence("register", "log", "--vault", vault)
    assert process.returncode == 4
    assert "surprise" in process.stderr


def test_own_vault_is_found_from_below_and_a_strangers_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = new_vault(tmp_path / "vault")
    stranger = shutil.copytree(vault, tmp_path / "stranger")
    monkeypatch.chdir(vault / "archives")
    done("register", "log")
    monkeypatch.chdir(stranger / "archives")
    assert evidence("register", "log").returncode == 5


def test_incident_of_64_mib_is_sealed_and_verified_in_96_mib(tmp_path: Path) -> None:
    incident = make_incident(tmp_path / "incident")
    sound = resources.sample("call.wav")
    with (incident / "call.wav").open("ab") as file:
        for _ in range(64 * 1024 * 1024 // len(sound)):
            file.write(sound)
    vault = new_vault(tmp_path / "vault")
    for verb in ("seal", "verify"):
        arguments = [verb, incident, "--vault", vault] if verb == "seal" else [verb, archive_of(vault)]
        # VmHWM, since a process's ru_maxrss begins with that of its parent
        code = (
            "import sys; from evidence.cli import main; code = main(sys.argv[1:]);"
            "print(next(row for row in open('/proc/self/status') if row.startswith('VmHWM')));"
            "sys.exit(code)"
        )
        command = [sys.executable, "-c", code, *map(str, arguments)]
        process = subprocess.run(command, check=False, capture_output=True, text=True)
        assert process.returncode == 0, process.stderr
        assert int(process.stdout.split("VmHWM:")[1].split()[0]) <= 96 * 1024


def test_copy_of_a_sealed_folder_is_not_taken_for_sealed(tmp_path: Path) -> None:
    """Yesterday's folder as a template: its incident.uid came along, and nothing was sealed."""
    vault, first = new_vault(tmp_path / "vault"), make_incident(tmp_path / "first", "INC-1")
    done("seal", first, "--vault", vault)
    copied = shutil.copytree(first, tmp_path / "second")
    incident = json.loads((copied / "incident.json").read_text(encoding="utf-8"))
    (copied / "incident.json").write_text(json.dumps({**incident, "number": "INC-2"}), encoding="utf-8")
    process = evidence("seal", copied, "--vault", vault)
    assert process.returncode == 5
    assert "NOT SEALED" in process.stderr
    assert "incident.uid of incident INC-1" in process.stderr
    (copied / "incident.uid").unlink()
    done("seal", copied, "--vault", vault)


def test_folder_changed_after_its_seal_is_told(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    done("seal", incident, "--vault", vault)
    (incident / "statement.txt").write_text("later", encoding="utf-8")
    process = evidence("seal", incident, "--vault", vault)
    assert process.returncode == 5
    assert "NOT in the archive" in process.stderr


def test_named_trust_replaces_the_users_own(tmp_path: Path) -> None:
    """Whoever names a fingerprint wants that one confirmed, not one that was trusted before."""
    vault = new_vault(tmp_path / "vault")
    done("seal", make_incident(tmp_path / "incident"), "--vault", vault)
    archive = archive_of(vault)
    found = json.loads(done("verify", archive, "--json"))
    right = found["signer"]["certificate_sha256"]
    assert evidence("verify", archive, "--trust", f"sha256:{right}").returncode == 0
    for wrong, note in (("a" * 64, "TRUST_OTHER"), (found["identity"], "TRUST_IS_ARCHIVE")):
        process = evidence("verify", archive, "--trust", f"sha256:{wrong}", "--json")
        assert process.returncode == 3
        answer = json.loads(process.stdout)
        assert [finding["code"] for finding in answer["findings"]] == ["SIGNER_UNKNOWN"]
        assert note in [item["code"] for item in answer["notes"]]


def test_organisation_of_64_cyrillic_characters(tmp_path: Path) -> None:
    name = ("ТОВ «Телекомунікаційна компанія " + "Україна" * 10)[:63] + "»"
    done("init", tmp_path / "vault", "--organisation", name, "--plain-keys")
    certificate = tmp_path / "vault" / "keys" / "sealing.crt"
    shown = subprocess.run(
        [
            need("openssl"),
            "x509",
            "-in",
            certificate,
            "-noout",
            "-subject",
            "-nameopt",
            "utf8,sep_comma_plus",
        ],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert f"O={name}" in shown.stdout
    too_long = evidence("init", tmp_path / "v2", "--organisation", name + "x", "--plain-keys")
    assert too_long.returncode == 2


def test_refused_export_leaves_no_file(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    (vault / "register" / "head").write_bytes(b"not a checkpoint")
    for command in ("checkpoint", "export"):
        assert evidence("register", command, "--vault", vault, "-o", tmp_path / command).returncode == 5
        assert not (tmp_path / command).exists()


def test_account_name_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    done("seal", incident, "--vault", vault, env={"LOGNAME": "\udcff"})
