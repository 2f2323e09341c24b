"""`evidence receive` as recorders, timers and supervisors run it: real processes, hostile names, hostile spools."""

import hashlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import canonical
from evidence.cli import main
from tests.operations.receive_scene import (
    check_entered,
    documents,
    enter,
    entries,
    make_recordings,
    receive,
    rows,
)
from tests.operations.scene import make_incident, make_vault, seal
from tests.requirements import missing

EVIDENCE = [sys.executable, "-m", "evidence"]
PROCESSES = 100
ID = "822b6f79-0cc4-451e-9403-1f7add422ab6"
NOBODY = 65534

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


@pytest.fixture
def run(vault: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs ``evidence receive``; gives exit code, stdout and stderr."""

    def act(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["receive", *map(str, arguments), "--vault", str(vault)])
        return code, *capfd.readouterr()

    return act


def test_a_hundred_processes_at_once(tmp_path: Path, vault: Path) -> None:
    recordings = make_recordings(tmp_path / "calls", *(f"{n}.wav" for n in range(PROCESSES)))
    environment = {**os.environ, "EVIDENCE_VAULT": str(vault)}
    running = [
        subprocess.Popen([*EVIDENCE, "receive", path], env=environment, cwd="/", stdout=subprocess.DEVNULL)
        for path in recordings
    ]
    assert [process.wait() for process in running] == [0] * PROCESSES
    assert len(documents(vault / "spool")) == PROCESSES
    assert len(enter(vault).sequences) == PROCESSES
    assert rows(vault, "SELECT size FROM checkpoints") == [(1,), (1 + PROCESSES,)]
    check_entered(vault, recordings)


def test_what_is_noted(tmp_path: Path, vault: Path, run: Run) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "in.wav")
    os.utime(recording, ns=(0, 1_772_704_938_870_900_000))
    before = recording.stat()
    code, out, err = run(recording, "--note", "1772704742.4711", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    (document,) = documents(vault / "spool").values()
    sound = b"sound of in.wav" * 100
    assert (
        document["facts"].items()
        >= {
            "name": "in.wav",
            "path": str(recording),
            "size": "1500",
            "sha256": hashlib.sha256(sound).hexdigest(),
            "mtime": "2026-03-05T10:02:18.870Z",
            "note": "1772704742.4711",
            "host": os.uname().nodename,
        }.items()
    )
    assert told["received_id"] == document["received_id"]
    assert told["sha256"] == document["facts"]["sha256"]
    after = recording.stat()
    assert recording.read_bytes() == sound
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_mode) == (
        *(before.st_mtime_ns, before.st_ctime_ns, before.st_mode),
    )
    (path,) = (vault / "spool").glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert path.read_bytes() == written.encode()


def test_the_register_learns_nothing_personal(tmp_path: Path, vault: Path, run: Run) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "in-380501234567.wav")
    run(recording, "--note", "Іваненко")
    assert run("--register")[:2] == (0, "1 receipt entered in the register\n")
    digest = hashlib.sha256(recording.read_bytes())
    for path in (vault / "register").iterdir():
        data = path.read_bytes()
        for personal in (b"380501234567", "Іваненко".encode(), b"calls", digest.digest()):
            assert personal not in data
        assert digest.hexdigest().encode() not in data


def test_files_that_are_no_recordings_and_others_that_are(tmp_path: Path, vault: Path, run: Run) -> None:
    good, last = make_recordings(tmp_path / "calls", "a.wav", "z.wav")
    folder = tmp_path / "calls"
    (folder / "link.wav").symlink_to(good)
    os.mkfifo(folder / "pipe.wav")
    (folder / "empty.wav").touch()
    names = ["a.wav", "absent.wav", "link.wav", "pipe.wav", "", "empty.wav", "z.wav"]
    code, out, err = run(*(folder / name for name in names), "--json")
    assert code == 8  # the first that failed is missing
    codes = [json.loads(line).get("exit_code") for line in out.splitlines()]
    assert codes == [None, 8, 4, 4, 4, None, None]
    assert err.count("evidence: error: ") == 4
    assert "evidence: warning: " in err
    assert "empty.wav is empty" in err
    assert run(folder / "link.wav")[0] == 4
    enter(vault)
    check_entered(vault, [good, folder / "empty.wav", last])


def test_a_recording_that_still_grows_is_refused(tmp_path: Path, vault: Path, run: Run) -> None:
    growing = tmp_path / "growing.wav"
    growing.write_bytes(bytes(64 * 1024 * 1024))
    script = "import sys\nwhile True:\n with open(sys.argv[1], 'ab') as f: f.write(b'x')"
    writer = subprocess.Popen([sys.executable, "-c", script, str(growing)])
    try:
        size = growing.stat().st_size
        while growing.stat().st_size == size:
            pass
        code, _out, err = run(growing)
    finally:
        writer.kill()
        writer.wait()
    assert code == 5
    assert "is still being written" in err
    assert documents(vault / "spool") == {}


HOSTILE = [
    b"two\nlines.wav",
    b"\x1b[31mred.wav",
    "\u202egnp.wav".encode(),
    b"\xff\xfe.wav",
    b"-rf.wav",
    b'"],"x":[".wav',
    "я".encode() * 125 + b".wav",
    b"%s{0}.wav",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_kept_exactly_and_shown_harmlessly(
    tmp_path: Path, vault: Path, run: Run, name: bytes
) -> None:
    folder = os.fsencode(tmp_path)
    with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123
        file.write(b"sound")
    code, out, _err = run(os.fsdecode(folder + b"/" + name))
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.count("\n") == 1
    assert run("--register")[0] == 0
    (document,) = documents(vault / "received").values()
    facts = document["facts"]
    kept = facts["name"].encode() if "name" in facts else __import__("base64").b64decode(facts["name_base64"])
    assert kept == name
    code, out, _err = run("--list")
    assert code == 0
    assert out.count("\n") == 1
    assert out.isprintable() or out[:-1].isprintable()


def whole(**changes: Any) -> bytes:
    """A receipt of that id, as `evidence receive` would write it, with changes."""
    facts = {"name": "a.wav", "size": "5", "sha256": "ab" * 32, "path": "/a.wav"}
    document = {
        "salt": "cd" * 32,
        "kind": "custody",
        "event": "received",
        "received_id": ID,
        "claimed_time": "2026-03-05T10:02:19.031Z",
        "facts": facts,
    }
    return canonical.encode({**document, **changes})


def deep() -> bytes:
    return b"[" * 50_000 + b"]" * 50_000


REFUSED: list[tuple[str, bytes]] = [
    (f"{ID}.json", b""),
    (f"{ID}.json", b"{}"),
    (f"{ID}.json", whole() + b"\n"),
    (f"{ID}.json", whole(event="sealed", archive_id=ID)),
    (f"{ID}.json", whole(claimed_time="2026-02-30T10:02:19.031Z")),
    (f"{ID}.json", whole(surplus=1)),
    (f"{ID}.json", whole(facts={"name": "a.wav", "size": "5"})),
    (f"{ID}.json", whole(facts={"name_base64": "/x==", "size": "5", "sha256": "ab" * 32})),
    (f"{ID}.json", bytes(200_000)),
    (f"{ID}.json", deep()),
    (f"{ID}.json", b"\xff" * 100),
    (f"{ID[:-1]}7.json", whole()),
    ("receipt.json", whole()),
    ("reason.json", whole()),
    ("b\x1b[2J\n.json", whole()),
]


@pytest.mark.parametrize(("name", "data"), REFUSED)
def test_a_spool_file_that_is_no_receipt_is_set_aside(
    tmp_path: Path, vault: Path, run: Run, name: str, data: bytes
) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "good.wav")
    receive(vault, recording)
    (vault / "spool" / name).write_bytes(data)
    code, out, err = run("--register", "--json")
    assert code == 9
    assert json.loads(out)["entered"] == 1
    assert "is not a receipt and was set aside" in err
    assert "\x1b" not in err
    (folder,) = (vault / "spool" / "refused").iterdir()
    assert json.loads((folder / "reason.json").read_bytes())["reason"]
    kept = [path for path in folder.iterdir() if path.name != "reason.json"]
    assert [path.read_bytes() for path in kept] == [data]
    check_entered(vault, [recording])
    assert run("--register")[0] == 0


def test_links_pipes_and_folders_in_the_spool_are_not_opened(tmp_path: Path, vault: Path, run: Run) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "good.wav")
    receive(vault, recording)
    outside = tmp_path / "outside.json"
    outside.write_bytes(whole())
    spool = vault / "spool"
    (spool / f"{ID}.json").symlink_to(outside)
    os.mkfifo(spool / "pipe.json")
    (spool / "folder.json").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()  # noqa: PTH109  the path of a socket must be short
        os.chdir(spool)
        listening.bind("socket.json")
        os.chdir(here)
    code, out, _err = run("--register", "--json")
    assert code == 9
    assert len(json.loads(out)["refused"]) == 4
    assert outside.read_bytes() == whole()
    check_entered(vault, [recording])


def test_a_trap_where_refused_things_go_is_not_walked_into(tmp_path: Path, vault: Path, run: Run) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "good.wav")
    receive(vault, recording)
    (vault / "spool" / "refused").symlink_to(vault / "keys")
    (vault / "spool" / "x.json").write_bytes(b"{}")
    before = sorted((vault / "keys").iterdir())
    code, _out, err = run("--register")
    assert code == 8
    assert "is not a folder of the account" in err
    assert sorted((vault / "keys").iterdir()) == before


def test_an_id_is_entered_once_whoever_uses_it_again(tmp_path: Path, vault: Path, run: Run) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "a.wav")
    receive(vault, recording)
    ((received_id, document),) = documents(vault / "spool").items()
    (path,) = (vault / "spool").glob("*.json")
    same = path.read_bytes()
    enter(vault)
    path.write_bytes(same)
    assert run("--register")[:2] == (0, "0 receipts entered in the register\n")
    path.write_bytes(canonical.encode({**document, "salt": "00" * 32}))
    assert run("--register")[0] == 9
    check_entered(vault, [recording])
    assert list(entries(vault)) == [received_id]


def test_what_isn_t_a_mode_is_a_mistake(tmp_path: Path, run: Run) -> None:
    for arguments in ([], ["--register", "--list"], ["--register", "a.wav"], ["--list", "--note", "x"]):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("evidence: error: ")
    assert run(tmp_path / "a.wav", "--note", "x" * 4097)[0] == 2


def test_only_a_vault_gets_a_spool(tmp_path: Path) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "a.wav")
    (tmp_path / "empty").mkdir()
    assert main(["receive", str(recording), "--vault", str(tmp_path / "empty")]) == 5
    assert main(["receive", str(recording), "--vault", str(tmp_path / "absent")]) == 5
    assert list((tmp_path / "empty").iterdir()) == []


def test_the_list_tells_what_is_not_sealed_yet(tmp_path: Path, vault: Path, run: Run) -> None:
    incident = make_incident(tmp_path / "incident")
    (other,) = make_recordings(tmp_path / "calls", "other.wav")
    receive(vault, incident / "call.wav")
    enter(vault)
    receive(vault, other)
    told = [json.loads(line) for line in run("--list", "--json")[1].splitlines()]
    assert [(row["name"], row["state"]) for row in told] == [
        ("call.wav", "entered"),
        ("other.wav", "spooled"),
    ]
    seal(vault, incident)
    told = [json.loads(line) for line in run("--list", "--json")[1].splitlines()]
    assert [row["name"] for row in told] == ["other.wav"]
    (vault / "spool" / f"{told[0]['received_id']}.json").unlink()
    assert run("--list")[:2] == (0, "no recording that came in is waiting to be sealed\n")


AS_NOBODY = """
import os, sys, pwd, signal, traceback  # now: the interpreter may lie where that account can't read
import evidence.cli.receive, evidence.operations.receive, evidence.clock, evidence.entropy, evidence.cli.bugs
from evidence.cli import main
os.setgroups([int(sys.argv[1])]); os.setgid(int(sys.argv[1])); os.setuid(65534)
sys.exit(main(["receive", *sys.argv[2:]]))
"""


def test_a_recorder_without_access_to_keys_and_register() -> None:
    """The recorder's own account, in the group that may write to the spool and to nothing else."""
    if os.geteuid() != 0:
        missing("the right to become another account", "sudo")
    group = 54321
    place = Path("/tmp") / f"receive-{os.getpid()}"
    try:
        vault = make_vault(place / "vault")
        (recording,) = make_recordings(place / "calls", "a.wav")
        spool = vault / "spool"
        spool.mkdir()
        os.chown(vault, 0, group)
        vault.chmod(0o710)
        os.chown(spool, 0, group)
        spool.chmod(0o3770)
        place.chmod(0o755)
        for path in (vault / "keys", vault / "register"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        command = [sys.executable, "-c", AS_NOBODY, str(group), str(recording), "--vault", str(vault)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert not ran.stderr
        assert ran.returncode == 0
        (path,) = spool.glob("*.json")
        status = path.stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (NOBODY, group, 0o640)
        secret = place / "secret.wav"
        secret.touch(mode=0o600)
        ran = subprocess.run(
            [*command, "--", str(secret), str(recording)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        assert ran.returncode == 8
        assert "secret.wav can't be read" in ran.stderr
        assert len(ran.stdout.splitlines()) == 2
        for path in [*spool.glob("*.json")][1:]:
            path.unlink()
        spool.chmod(0o700)
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert ran.returncode == 8
        assert "no receipt can be written" in ran.stderr
        enter(vault)
        check_entered(vault, [recording])
        (kept,) = (vault / "received").glob("*.json")
        assert (kept.stat().st_uid, stat.S_IMODE(kept.stat().st_mode)) == (os.geteuid(), 0o600)
    finally:
        shutil.rmtree(place, ignore_errors=True)
