"""`evidence batch` as cron and its operators see it: a process of its own, exit codes, lines, JSON, metrics."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from evidence import resources
from tests.batch.scene import OLD, PYTHON, check_sealed, files_under, make_inbox
from tests.journeys.program import done, evidence, new_vault
from tests.media import wav
from tests.operations.notice_scene import a_draft, from_time, make_sound
from tests.operations.scene import make_vault
from tests.operations.searching_scene import added, incident, real, records_of, sample_notice


def lines(text: str) -> list[dict[str, object]]:
    """The objects of a JSON output."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_night(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2, 1)
    first = evidence("batch", inbox, "--vault", vault)
    assert first.returncode == 9
    *sealed, summary = first.stdout.splitlines()
    assert [line.split(":")[0] for line in sealed] == ["sealed", "sealed"]
    assert "QUARANTINED: 1, sealed: 2" in summary
    assert "i2 is in quarantine" in first.stderr
    assert "evidence: hint:" in first.stderr
    again = evidence("batch", inbox, "--vault", vault, "--json")
    assert again.returncode == 0
    (only,) = lines(again.stdout)
    assert (only["event"], only["sealed"], only["quarantined"]) == ("summary", 0, 0)
    assert again.stderr == ""
    check_sealed(vault, {"INC-0", "INC-1"})


def test_json_tells_each_outcome_and_what_examining_cost(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1, 1)
    *events, summary = lines(evidence("batch", inbox, "--vault", vault, "--json").stdout)
    by_item = {event["item"]: event for event in events}
    assert by_item["i0"]["event"] == "sealed"
    assert Path(str(by_item["i0"]["archive"])).exists()
    assert by_item["i1"]["event"] == "quarantined"
    assert by_item["i1"]["exit_code"] == 4
    assert (Path(str(by_item["i1"]["folder"])) / "reason.json").exists()
    table = summary["examination"]
    assert isinstance(table, list)
    assert {row["format"] for row in table} == {"wav/mulaw", "wav/pcm_s16le"}
    assert all(row["milliseconds"] > 1000 and row["recordings"] == 1 for row in table), table


def with_notices(folder: Path) -> Path:
    """A vault that knows the sample call's announcement, and one that is nowhere."""
    vault = make_vault(folder / "v")
    added(
        vault, sample_notice(folder), from_time(a_draft(make_sound(folder / "n.wav")), "2026-01-01T00:00:00Z")
    )
    return vault


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_notice_is_looked_for_by_workers(tmp_path: Path, workers: str) -> None:
    """In two of three calls it is; the third is noise. Nothing but numbers is told of it."""
    real().close()
    vault, inbox = with_notices(tmp_path), make_inbox(tmp_path / "i", 2)
    incident(inbox / "i9", "INC-9", measures=[])
    (inbox / "i9" / "markers.json").unlink()
    (inbox / "i9" / "call.wav").write_bytes(wav.riff(wav.form(), wav.chunk(b"data", wav.noise(40000))))
    for path in inbox.rglob("*"):
        os.utime(path, (OLD, OLD))
    prom = tmp_path / "evidence.prom"
    told = done("batch", inbox, "--vault", vault, "--json", "--workers", workers, "--metrics", prom)
    summary = lines(told)[-1]
    grades = {"in_recording": 2, "pbx_log": 0, "config_snapshot": 0, "operator_statement": 0, "none": 1}
    assert summary["notice_grades"] == grades
    for grade, count in grades.items():
        assert f'notice_grade="{grade}"}} {count}\n' in prom.read_text(encoding="utf-8")
    for archive in (vault / "archives").glob("*/*.asice"):
        kinds = [record["kind"] for record in records_of(vault, archive)]
        counted = [kinds.count(kind) for kind in ("announcement", "notice_search", "notice_evidence")]
        assert counted == [2, 1, 1]


def test_recordings_without_notice_are_told_in_words(tmp_path: Path) -> None:
    vault, inbox = with_notices(tmp_path), tmp_path / "i"
    for number in range(2):
        incident(inbox / f"i{number}", f"INC-{number}")
    for path in inbox.rglob("*"):
        os.utime(path, (OLD, OLD))
    told = done("batch", inbox, "--vault", vault, "--search", "off")
    assert "sealed: 2, 2 recordings where nothing shows that the notice was played (" in told


def test_configured_inboxes_and_originals(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)
    assert done("batch", "--vault", vault).startswith("batch of ")
    assert (vault / "inbox").is_dir()
    make_inbox(vault / "inbox", 1)
    (vault / "inbox" / "i0").rename(vault / "inbox" / "j0")
    config = vault / "evidence.toml"
    inboxes = json.dumps(["inbox", str(inbox)])
    config.write_text(f'{config.read_text()}\n[batch]\ninboxes = {inboxes}\noriginals = "move"\nsize = 1\n')
    text = (vault / "inbox" / "j0" / "incident.json").read_text().replace("INC-0", "INC-7")
    (vault / "inbox" / "j0" / "incident.json").write_text(text)
    os.utime(vault / "inbox" / "j0" / "incident.json", (OLD, OLD))
    done("batch", "--vault", vault)
    check_sealed(vault, {"INC-0", "INC-1", "INC-7"})
    assert files_under(inbox) == files_under(vault / "inbox") == {}
    assert len(list((vault / "done").glob("*/*"))) == 3


def test_a_missing_inbox_is_told_and_hinders_no_other(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    config = vault / "evidence.toml"
    inboxes = json.dumps(["inbux", str(inbox)])
    config.write_text(f"{config.read_text()}\n[batch]\ninboxes = {inboxes}\n")
    said = evidence("batch", "--vault", vault)
    assert said.returncode == 9
    assert "there is no folder" in said.stderr
    assert "NEEDS A LOOK: 1, sealed: 1" in said.stdout


def test_a_recording_of_a_table_is_the_same_in_every_language(tmp_path: Path) -> None:
    """What the incident says of itself depends on the language and on the row's line; what was sealed doesn't."""
    vault, inbox = new_vault(tmp_path / "v"), tmp_path / "i"
    (inbox / "rec").mkdir(parents=True)
    call = inbox / "rec" / "17.1.wav"
    call.write_bytes(resources.sample("call.wav"))
    row = "17.1,2026-11-05 10:15:02\n"
    (inbox / "calls.csv").write_text(f"id,start\n{row}")
    section = 'kind = "csv"\nfiles = ["calls.csv"]\ndirectory = "rec"\nrecording = "{id}.wav"\n'
    section += 'header = true\ntime_format = "iso"\nfields = { id = "id", started = "start" }\n'
    config = vault / "evidence.toml"
    config.write_text(f'{config.read_text()}\n[intake]\ntime_zone = "Europe/Kyiv"\n\n[inbox.pbx]\n{section}')
    for path in (call, inbox / "calls.csv"):
        os.utime(path, (OLD, OLD))
    assert "sealed: 1" in done("batch", inbox, "--vault", vault)
    (inbox / "calls.csv").write_text(f"id,start\n0,2026-11-05 09:00:00\n{row}")
    for path in (call, inbox / "calls.csv"):
        os.utime(path, (OLD + 60, OLD + 60))
    again = evidence("batch", inbox, "--vault", vault, "--lang", "uk", "--json")
    assert [line["event"] for line in lines(again.stdout)][-2:] == ["already", "summary"], again.stdout


def test_two_batches_at_once(tmp_path: Path) -> None:
    """The second one is told who runs; nothing is doubled."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 40)
    command = [PYTHON, "-m", "evidence", "batch", str(inbox), "--vault", str(vault)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (vault / "batch.lock").exists() or not (vault / "batch.lock").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = evidence("batch", inbox, "--vault", vault)
    assert second.returncode == 5
    assert f"process {first.pid}" in second.stderr
    first.communicate()
    assert first.returncode == 0
    check_sealed(vault, {f"INC-{n}" for n in range(40)})


def test_a_batch_and_seals_at_once(tmp_path: Path) -> None:
    """Single seals of the same incidents meanwhile: each is sealed by one of them."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 24)
    batch = [PYTHON, "-m", "evidence", "batch", str(inbox), "--vault", str(vault), "--size", "4"]
    seal = [PYTHON, "-m", "evidence", "seal", *map(str, sorted(inbox.iterdir(), reverse=True))]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in (batch, [*seal, "--vault", str(vault)])
    ]
    said = [process.communicate() for process in both]
    assert both[0].returncode == 0, said
    assert both[1].returncode in {0, 5}, said
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {f"INC-{n}" for n in range(24)})


def test_mistakes_are_told(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "v")
    for arguments, code, words in (
        ([tmp_path / "none"], 2, "there is no folder"),
        (["--retry", "nobody"], 2, "nothing called nobody"),
        (["--executor", "http://x"], 2, "is not an executor"),
        (["--executor", "dask://127.0.0.1:9"], 8, "doesn't answer"),
        (["--workers", "0"], 2, "workers"),
    ):
        said = evidence("batch", *arguments, "--vault", vault)
        assert said.returncode == code, (arguments, said.stderr)
        assert words in said.stderr
        assert "Traceback" not in said.stderr


def test_wrong_passphrase_seals_nothing_and_loses_nothing(tmp_path: Path) -> None:
    word, wrong = tmp_path / "word", tmp_path / "wrong"
    word.write_text("right word\n")
    wrong.write_text("wrong word\n")
    word.chmod(0o600)
    wrong.chmod(0o600)
    vault, inbox = tmp_path / "v", make_inbox(tmp_path / "i", 1)
    done("init", vault, "--organisation", "O", env={"EVIDENCE_PASSPHRASE_FILE": str(word)})
    before = files_under(inbox)
    metrics = tmp_path / "evidence.prom"
    arguments = ("batch", inbox, "--vault", vault, "--metrics", metrics)
    assert evidence(*arguments, env={"EVIDENCE_PASSPHRASE_FILE": str(wrong)}).returncode == 6
    assert files_under(inbox) == before
    assert "run_exit_code{register=" in metrics.read_text()
    assert "} 6\n" in metrics.read_text()
    done(*arguments, env={"EVIDENCE_PASSPHRASE_FILE": str(word)})
    assert "incidents{" in metrics.read_text()


def test_workers_die_with_a_killed_batch(tmp_path: Path) -> None:
    """Kill -9 while two workers write: none of them lives on, and the next run seals everything once."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 60)
    command = [PYTHON, "-m", "evidence", "batch", str(inbox), "--vault", str(vault), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list((vault / "staging").glob("*.staged")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while session := _alive(process.pid):
        assert time.monotonic() < deadline, session
        time.sleep(0.01)
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {f"INC-{n}" for n in range(60)})


def _alive(session: int) -> list[int]:
    """Processes of a session that are not zombies."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, _group, its_session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def test_register_holds_nothing_personal(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1, 1)
    evidence("batch", inbox, "--vault", vault)
    connection = sqlite3.connect(vault / "register" / "register.sqlite")
    dump = "\n".join(connection.iterdump())
    connection.close()
    ledger = (vault / "batch.sqlite").read_bytes()
    for word in ("INC-0", "call.wav", str(inbox)):
        assert word not in dump
        assert word.encode() not in ledger


@pytest.mark.parametrize("where", ["staging", "archives"])
def test_read_only_vault(tmp_path: Path, where: str) -> None:
    """A folder of the vault that can't be written: exit 8, every original stays, and the next run finishes."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)
    before = files_under(inbox)
    subprocess.run(["chattr", "+i", vault / where], check=True)
    try:
        said = evidence("batch", inbox, "--vault", vault)
    finally:
        subprocess.run(["chattr", "-i", vault / where], check=True)
    assert said.returncode in {8, 9}, said.stderr
    assert "Traceback" not in said.stderr
    assert files_under(inbox) == before
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {"INC-0", "INC-1"})
