"""The media process: what it finds, what becomes of one that misbehaves, what it may do at all."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import evidence
from evidence.media import child
from evidence.media.probe import MediaProcess
from tests.media import wav
from tests.media.confinement import BAD, BOTH, LINUX, confined, descriptors, gone, resident, root
from tests.requirements import need

CALL = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.wav"
    path.write_bytes(CALL)
    return path


def bad(mode: str, timeout: float = 10.0) -> MediaProcess:
    command = child.worker_command()
    return MediaProcess(timeout, [*command[:3], str(BAD), mode, *command[6:]])


# What is asked


def test_position_of_an_open_file_stays(call: Path, media: MediaProcess) -> None:
    with call.open("rb") as file:
        file.seek(100)
        assert media.probe_file(file).samples == 8000
        assert file.tell() == os.lseek(file.fileno(), 0, os.SEEK_CUR) == 100
        assert file.read() == CALL[100:]


def test_first_bytes_of_a_growing_file(call: Path, media: MediaProcess) -> None:
    with call.open("rb") as file:
        assert media.probe_file(file.fileno(), 44 + 4000).samples == 2000
        assert media.probe_file(file.fileno(), 10**6).samples == 8000


def test_name_of_an_open_file(tmp_path: Path, media: MediaProcess) -> None:
    """It tells what sound without a header is, and goes no further than the parent."""
    path = tmp_path / "4711"
    path.write_bytes(wav.noise(8000))
    with path.open("rb") as file:
        assert media.probe_file(file).problems == ("unknown_format",)
        facts = media.probe_file(file, name="Виклик 4711.ulaw")
        assert (facts.codec, facts.milliseconds, facts.problems) == ("mulaw", 1000, ("headerless",))
        assert media.probe_file(file, 4000, name="call.PCMA").milliseconds == 500


@pytest.mark.parametrize("name", [b"\xff\xfe.wav", "дзвінок\u202e\n.wav".encode(), b"=cmd() [red]\x1b.wav"])
def test_names_that_are_no_names(name: bytes, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(CALL)
    assert media.probe(path).samples == 8000


def test_empty_file(tmp_path: Path, media: MediaProcess) -> None:
    (tmp_path / "empty.wav").touch()
    assert media.probe(tmp_path / "empty.wav").problems == ("empty",)


def test_only_regular_files(call: Path, tmp_path: Path, media: MediaProcess) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "link.wav").symlink_to(call)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.wav"))
    others = [tmp_path / name for name in ("pipe.wav", "link.wav", "socket.wav")]
    for path in [*others, tmp_path, Path("/dev/zero")]:
        assert media.probe(path).problems == ("not_regular_file",), path
    assert media.probe(tmp_path / "missing.wav").problems == ("unreadable",)


def test_a_million_chunks_are_no_work(tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / "tiny.wav"
    path.write_bytes(wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)), b"junk\0\0\0\0" * 10**6))
    started = time.monotonic()
    facts = media.probe(path)
    assert time.monotonic() - started < 2
    assert (facts.samples, facts.problems) == (8000, ("too_many_chunks",))


def test_tags_too_large_for_the_memory_limit(tmp_path: Path, media: MediaProcess) -> None:
    head = wav.riff(
        wav.form(), wav.chunk(b"data", wav.noise(16000)), b"id3 " + (700 * 2**20).to_bytes(4, "little")
    )
    with (tmp_path / "tags.wav").open("wb") as out:
        out.write(head + b"ID3\x03\0\0\x7f\x7f\x7f\x7f")
        out.truncate(len(head) + 700 * 2**20)
    facts = media.probe(tmp_path / "tags.wav")
    assert (facts.samples, facts.problems) == (8000, ("tags_unreadable",))


# What misbehaves


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("crash", "crashed"),
        ("memory", "crashed"),
        ("cpu_limit", "timeout"),
        ("alarm", "timeout"),
        ("not_json", "unreadable"),
        ("wrong_number", "unreadable"),
        ("true_number", "unreadable"),
        ("missing_key", "unreadable"),
        ("float", "unreadable"),
        ("huge", "unreadable"),
        ("negative", "unreadable"),
        ("codec", "unreadable"),
        ("flood", "unreadable"),
        ("no_start", "not_started"),
    ],
)
def test_misbehaviour_is_a_finding(mode: str, problem: str, call: Path) -> None:
    with bad(mode) as process:
        facts = process.probe(call)
        assert (facts.samples, facts.method, facts.problems) == (None, "unknown", (problem,))
        assert process.process_id is None


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("crash_late", "crashed"),
        ("bad_claims", "unreadable"),
        ("control", "unreadable"),
        ("long_tag", "unreadable"),
        ("many_tags", "unreadable"),
        ("bad_problem", "unreadable"),
    ],
)
def test_frames_survive_what_happens_after_them(mode: str, problem: str, call: Path) -> None:
    with bad(mode) as process:
        facts = process.probe(call)
        assert (facts.samples, facts.claims, facts.problems) == (8000, {}, (problem,))


@pytest.mark.parametrize(
    ("mode", "samples", "problem"),
    [("hang", None, "timeout"), ("hang_late", 8000, "timeout"), ("unready", None, "not_started")],
)
def test_hang_is_a_finding(mode: str, samples: int | None, problem: str, call: Path) -> None:
    started = time.monotonic()
    with bad(mode, timeout=0.4) as process:
        process.start()
        pid = process.process_id
        facts = process.probe(call)
    assert time.monotonic() - started < 3
    assert (facts.samples, facts.problems) == (samples, (problem,))
    assert pid is not None
    assert gone(pid)


def test_a_closed_connection_does_not_make_the_parent_wait(call: Path) -> None:
    with bad("deaf") as process:
        started = time.monotonic()
        assert process.probe(call).problems == ("crashed",)
        assert time.monotonic() - started < 5


def test_no_process_to_be_had(call: Path) -> None:
    with MediaProcess(command=["/nonexistent"]) as process:
        assert process.probe(call).problems == ("not_started",)


def test_the_next_recording_gets_another_process(call: Path) -> None:
    with MediaProcess() as process:
        assert process.probe(call).samples == 8000
        first = process.process_id
        assert first is not None
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert process.probe(call).samples == 8000
        assert process.process_id not in {None, first}


def test_killed_while_it_reads(call: Path) -> None:
    with bad("hang") as process:
        process.start()
        pid = process.process_id
        assert pid is not None
        timer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
        timer.start()
        assert process.probe(call).problems == ("crashed",)
        timer.join()


@pytest.fixture
def _heeding_ctrl_c() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and so do the tests in it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heeding_ctrl_c")
def test_interrupted_by_the_user(call: Path) -> None:
    """Ctrl-C reaches the parent, which ends the child; its late answer belongs to no later request."""
    with bad("hang") as process:
        process.start()
        pid = process.process_id
        assert pid is not None
        assert os.getsid(pid) == pid
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            process.probe(call)
        timer.join()
        assert process.process_id is None
        assert gone(pid)


@pytest.mark.parametrize("idle", [True, False])
def test_it_dies_with_its_parent(idle: bool, call: Path) -> None:  # noqa: FBT001
    script = f"""
import os
from evidence.media.probe import MediaProcess
process = MediaProcess()
if {idle}:
    process.probe({str(call)!r})
else:
    process.start()
print(process.process_id, flush=True)
os.kill(os.getpid(), 9)
"""
    environment = {**os.environ, "PYTHONPATH": str(root())}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == -signal.SIGKILL
    assert gone(int(done.stdout))


# What it may do


@LINUX
def test_it_inherits_nothing(call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", "/run/secret-passphrase")
    monkeypatch.setenv("PYTHONPATH", "/tmp/evil")
    secret = os.open(call, os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with MediaProcess() as process:
            assert process.probe(call).samples == 8000
            folder = Path(f"/proc/{process.process_id}")
            descriptors = {int(path.name) for path in (folder / "fd").iterdir()}
            assert descriptors == {0, 1, 2}
            assert (folder / "cwd").readlink() == Path("/")
            assert str((folder / "fd/2").readlink()) == os.devnull
            environment = (folder / "environ").read_bytes()
            assert b"secret" not in environment
            assert b"PYTHON" not in environment
            assert b"call" not in (folder / "cmdline").read_bytes()
    finally:
        os.close(secret)


@LINUX
def test_its_limits(call: Path) -> None:
    with MediaProcess() as process:
        process.probe(call)
        lines = Path(f"/proc/{process.process_id}/limits").read_text(encoding="ascii").splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max address space"] == [str(512 * 2**20)] * 2
    assert limits["Max file size"] == limits["Max core file size"] == limits["Max processes"] == ["0", "0"]
    assert limits["Max open files"] == ["16", "16"]
    assert 20 <= int(limits["Max cpu time"][0]) <= 30


@BOTH
def test_it_writes_no_file(before: str, tmp_path: Path) -> None:
    done = confined(f"import pathlib; pathlib.Path({str(tmp_path / 'written')!r}).write_text('x')", before)
    assert done.returncode == 1
    assert "File too large" in done.stderr or "Permission denied" in done.stderr
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_bytes()


@BOTH
def test_it_takes_no_more_memory(before: str) -> None:
    done = confined("bytearray(600 * 2**20)", before)
    assert done.returncode == 1
    assert done.stderr.endswith("MemoryError\n")


@BOTH
def test_it_reaches_no_network(before: str) -> None:
    """Only where the system allows namespaces at all; elsewhere nothing is promised."""
    possible = subprocess.run([need("unshare"), "-rn", "true"], capture_output=True, check=False)
    if possible.returncode:
        pytest.skip("this system allows no network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = confined(f"import socket; socket.create_connection(('127.0.0.1', {port}))", before)
    assert done.returncode == 1
    assert "unreachable" in done.stderr or "Permission denied" in done.stderr


def test_ctrl_c_is_not_its_business() -> None:
    assert confined("import os; os.kill(os.getpid(), 2); print('here')").stdout == "here\n"


def test_it_starts_from_any_place(call: Path, tmp_path: Path) -> None:
    """From a copy that is found by sys.path alone, as an installation with --user or --target is."""
    shutil.copytree(Path(str(evidence.__file__)).parent, tmp_path / "site" / "evidence")
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path / "site")!r})
from evidence.media import child, probe
assert {str(tmp_path)!r} in probe.__file__
assert any("site" in part for part in child.worker_command())
with probe.MediaProcess() as process:
    print(process.probe({str(call)!r}).samples, process.probe({str(call)!r}).claims)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout == "8000 {'header_samples': 8000, 'mutagen_milliseconds': 1000}\n", done.stderr


# What it costs


@LINUX
def test_many_recordings_leak_nothing(call: Path) -> None:
    with MediaProcess() as process:
        for _ in range(20):
            process.probe(call)
        pid = process.process_id
        before = (resident(pid), descriptors(pid), descriptors(os.getpid()))
        started = time.process_time()
        for _ in range(300):
            assert process.probe(call).samples == 8000
        spent = time.process_time() - started
        assert process.process_id == pid
        after = (resident(pid), descriptors(pid), descriptors(os.getpid()))
    assert before[1:] == after[1:]
    assert after[0] - before[0] < 2**20
    assert after[0] < 64 * 2**20
    assert spent / 300 < 0.025
