"""What a reader sees of an archive: verify, show, extract, and whom they come to trust."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.crypto.certificates import facts, pem_to_der
from evidence.digests import groups
from tests.journeys.program import archive_of, done, evidence, new_vault
from tests.operations.scene import make_incident

Reader = dict[str, str]


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, Path]:
    """A vault and its archive."""
    vault, incident = new_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    document = json.loads((incident / "incident.json").read_text(encoding="utf-8"))
    document["summary"] = "first\r\n  Integrity PASSED\n\x1b[31mlast"
    (incident / "incident.json").write_text(json.dumps(document), encoding="utf-8")
    done("seal", incident, "--vault", vault)
    return vault, archive_of(vault)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """The environment of somebody who trusts nobody yet."""
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state")}


def fingerprint(vault: Path) -> str:
    return facts(pem_to_der((vault / "keys" / "sealing.crt").read_bytes())[0]).sha256


def in_two_rows(digest: str) -> str:
    return f"    {groups(digest[:32])}\n    {groups(digest[32:])}\n"


def test_both_fingerprints_are_labelled(sealed: tuple[Path, Path]) -> None:
    vault, archive = sealed
    identity = json.loads(done("verify", archive, "--json"))["identity"]
    for command in ("verify", "show"):
        out = done(command, archive)
        assert f"archive's fingerprint\n{in_two_rows(identity)}" in out
        assert f"signer's fingerprint (compare this one)\n{in_two_rows(fingerprint(vault))}" in out
        out = done(command, archive, "--lang", "uk")
        assert f"відбиток архіву\n{in_two_rows(identity)}" in out
        assert f"відбиток підписувача (звіряйте саме цей)\n{in_two_rows(fingerprint(vault))}" in out


def test_the_sheet_of_paper_has_the_whole_command(sealed: tuple[Path, Path]) -> None:
    vault, _archive = sealed
    page = done("keys", "show", "--vault", vault, "--print")
    assert f'evidence verify ARCHIVE --trust "sha256:{groups(fingerprint(vault))}"\n' in page


def test_a_time_that_nobody_proves_is_called_claimed(sealed: tuple[Path, Path]) -> None:
    _vault, archive = sealed
    english, ukrainian = done("verify", archive), done("verify", archive, "--lang", "uk")
    assert "  time        CLAIMED  claimed by the sealer's clock" in english
    assert "  час         ЗАЯВЛЕНО " in ukrainian
    assert "entry 1 (counted from 0) in " in english
    assert "the register then held 2 entries" in english
    assert "реєстр тоді налічував 2 записи" in ukrainian
    found = json.loads(done("verify", archive, "--json"))
    assert found["results"]["time"] == "PASSED"
    (ends,) = (note["params"]["date"] for note in found["notes"] if note["code"] == "VERDICT_ENDS")
    assert f"{ends[:10]} {ends[11:19]} UTC" in english
    assert ends not in english


def test_a_failed_result_says_where_to_read_on(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    data = bytearray(sealed[1].read_bytes())
    data[data.index(b"RIFF") + 1000] ^= 1
    (tmp_path / "tampered.asice").write_bytes(data)
    process = evidence("verify", tmp_path / "tampered.asice")
    assert process.returncode == 1
    assert "  integrity   FAILED   1 finding, see below\n" in process.stdout
    (tmp_path / "cut.asice").write_bytes(data[:5000])
    process = evidence("verify", tmp_path / "cut.asice", "--lang", "uk")
    assert "1 зауваження, див. нижче" in process.stdout
    assert "до кінця не перевірено" in process.stdout


def test_show_puts_longer_texts_and_people_on_lines_of_their_own(sealed: tuple[Path, Path]) -> None:
    out = done("show", sealed[1])
    assert "  summary:\n    | first\n    |   Integrity PASSED\n    | \\u{1b}[31mlast\n" in out
    assert "\\u{a}" not in out
    assert "  subscriber:\n    name: Показовий Абонент\n    telephone: +380000000000\n" in out
    assert "samples, says the header: 87483\n" in out
    assert "header_samples" not in out
    assert "кількість відліків за заголовком: 87483\n" in done("show", sealed[1], "--lang", "uk")


def test_extract_tells_original_names_and_what_is_not_confirmed(
    sealed: tuple[Path, Path], reader: Reader, tmp_path: Path
) -> None:
    process = evidence("extract", sealed[1], "--to", tmp_path / "out", env=reader)
    assert process.returncode == 3
    assert (
        f"E1  {tmp_path / 'out' / 'E1.wav'}  (in the archive's incident folder: call.wav)" in process.stdout
    )
    assert "not confirmed: signer INDETERMINATE\n" in process.stderr
    again = evidence("extract", sealed[1], "--to", tmp_path / "out", env=reader)
    assert again.returncode == 5
    assert "evidence: hint: name a new folder with --to\n" in again.stderr
    passed = evidence("extract", sealed[1], "--to", tmp_path / "other")
    assert passed.returncode == 0
    assert "not confirmed" not in passed.stderr


def test_a_missing_file_among_several_is_told_in_our_own_words(
    sealed: tuple[Path, Path], tmp_path: Path
) -> None:
    _vault, archive = sealed
    process = evidence("verify", archive, tmp_path / "absent.asice", "--lang", "uk")
    assert process.returncode == 8
    assert f"{tmp_path / 'absent.asice'}: немає такого файлу чи теки\n" in process.stderr
    process = evidence("verify", archive, archive, "--register", tmp_path / "gone", "--json")
    rows = [json.loads(row) for row in process.stdout.splitlines()]
    assert [row["error"] for row in rows] == [f"{tmp_path / 'gone'}: no such file or folder"] * 2


def test_json_of_an_only_incident_that_is_not_sealed(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    process = evidence("seal", tmp_path / "empty", "--vault", sealed[0], "--json")
    (row,) = map(json.loads, process.stdout.splitlines())
    assert (row["folder"], row["exit_code"]) == (str(tmp_path / "empty"), process.returncode)
    assert row["error"] in process.stderr


def test_warnings_about_several_incidents_name_theirs(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        make_incident(folder, f"INC-{folder.name}")
        document = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
        del document["notice"], document["acquisitions"]
        (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")
        for name in ("markers.json", "notice.wav"):
            (folder / name).unlink()
    err = evidence("seal", *folders, "--vault", sealed[0]).stderr
    for name in ("INC-a", "INC-b"):
        assert f"evidence: warning: {name}: nothing shows" in err
        assert f"evidence: warning: {name}: no marker says" in err
        assert f"evidence: note: {name}: what is told above" in err


def test_trust_needs_the_fingerprint_without_a_terminal(sealed: tuple[Path, Path], reader: Reader) -> None:
    vault, archive = sealed
    certificate = vault / "keys" / "sealing.crt"
    refused = evidence("keys", "trust", certificate, env=reader)
    assert refused.returncode == 2
    assert "--fingerprint sha256:HEX" in refused.stderr
    other = evidence("keys", "trust", certificate, "--fingerprint", f"sha256:{'0' * 64}", env=reader)
    assert other.returncode == 6
    assert evidence("verify", archive, env=reader).returncode == 3
    taken = evidence(
        "keys", "trust", certificate, "--fingerprint", f"sha256:{groups(fingerprint(vault))}", env=reader
    )
    assert taken.returncode == 0, taken.stderr
    remembered = Path(reader["XDG_CONFIG_HOME"]) / "evidence" / "trust" / f"{fingerprint(vault)}.pem"
    assert f"it is remembered in {remembered}; deleting that file" in taken.stderr
    assert evidence("verify", archive, env=reader).returncode == 0
    remembered.unlink()
    assert evidence("verify", archive, env=reader).returncode == 3


def test_only_the_compared_certificate_of_a_file_is_trusted(
    sealed: tuple[Path, Path], reader: Reader, tmp_path: Path
) -> None:
    vault, stranger = sealed[0], new_vault(tmp_path / "stranger")
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join((v / "keys" / "sealing.crt").read_bytes() for v in (stranger, vault)))
    done("keys", "trust", both, "--fingerprint", f"sha256:{fingerprint(vault)}", env=reader)
    trusted = Path(reader["XDG_CONFIG_HOME"]) / "evidence" / "trust"
    assert [path.stem for path in trusted.iterdir()] == [fingerprint(vault)]


@pytest.mark.parametrize(
    ("language", "answer", "question", "code"),
    [
        ("en", b"y\n", "Did you get this fingerprint another way, and is it the same? [y/N]", 0),
        ("en", b"\n", "Did you get this fingerprint another way", 5),
        ("uk", "так\n".encode(), "Чи отримали ви цей відбиток іншим шляхом і чи він той самий? [т/Н]", 0),
        ("uk", "н\n".encode(), "Чи отримали ви цей відбиток", 5),
        ("en", b"\x04", "Did you get this fingerprint another way", 130),
    ],
)
def test_trust_asks_on_a_terminal(
    sealed: tuple[Path, Path], reader: Reader, *, language: str, answer: bytes, question: str, code: int
) -> None:
    main, side = os.openpty()
    command = [sys.executable, "-m", "evidence", "--lang", language, "keys", "trust"]
    process = subprocess.Popen(
        [*command, str(sealed[0] / "keys" / "sealing.crt")],
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
        env={**os.environ, **reader, "TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"},
    )
    os.close(side)
    seen = b""
    while data := read(main):
        seen += data
        if answer and seen.endswith(b"] "):
            os.write(main, answer)
            answer = b""
    os.close(main)
    text = seen.decode("utf-8")
    assert process.wait() == code
    assert question in text
    assert text.index(groups(fingerprint(sealed[0])[:32])) < text.index(question)
    trusted = Path(reader["XDG_CONFIG_HOME"]) / "evidence" / "trust"
    assert trusted.exists() == (code == 0)


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""
