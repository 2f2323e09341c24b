"""What the recognising process may do, and what becomes of one that misbehaves."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.media import child
from evidence.media.asr import modelfolder
from evidence.media.asr.process import Limits, RecognisingProcess
from evidence.media.asr.worker import PACKAGES
from tests.media import wav
from tests.media.asr.test_babble import prompt
from tests.media.asr.test_words import hear, sox
from tests.media.confinement import BAD, LINUX, confined, root
from tests.media.test_landlock import needs
from tests.requirements import need

GIB = 1 << 30
TOLD = {("out_of_memory",), ("crashed",), ("model_unusable",)}
"""C++ libraries don't always survive it in order; the hints of all three speak of memory."""


def bad(folder: Path, mode: str, limits: Limits | None = None) -> RecognisingProcess:
    command = child.worker_command()
    model = modelfolder.look(folder)
    return RecognisingProcess(
        model, limits or Limits(seconds=10), [*command[:3], str(BAD), mode, *command[6:]]
    )


def command(folder: Path, memory: int = 4 * GIB) -> list[str]:
    """The one that starts the process, with so many bytes of address space."""
    files = [str(file) for file in modelfolder.look(folder).files]
    settings = json.dumps({"folder": str(folder), "files": files, "memory": memory, "threads": 2})
    modules = ("faster_whisper", "ctranslate2", "onnxruntime", "tokenizers", "tqdm")
    return child.worker_command("asr.worker", settings, modules)


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.wav"
    path.write_bytes(wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000))))
    return path


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("crash", "model_unusable"),
        ("no_start", "not_started"),
        ("unready", "not_started"),
        ("hang", "timeout"),
        ("alarm", "timeout"),
        ("cpu_limit", "timeout"),
        ("deaf", "model_unusable"),
        ("flood", "crashed"),
        ("not_json", "crashed"),
        ("wrong_number", "crashed"),
        ("good", "crashed"),
        ("searched", "crashed"),
    ],
)
def test_misbehaviour_is_an_answer(mode: str, problem: str, many_languages: Path, call: Path) -> None:
    with bad(many_languages, mode, Limits(seconds=10, silence=1)) as process:
        started = time.monotonic()
        assert hear(process, call).problems == (problem,)
        assert time.monotonic() - started < 9
        assert process.process_id is None
        assert hear(process, call).problems == (problem,)


def test_too_little_time(english: Path, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    sox(*[prompt("demo-instruct")] * 6, path)
    with RecognisingProcess(modelfolder.look(english), Limits(seconds=3)) as process:
        started = time.monotonic()
        assert hear(process, path).problems == ("timeout",)
        assert time.monotonic() - started < 9
        assert process.process_id is None


@LINUX
def test_too_little_memory(english: Path, many_languages: Path) -> None:
    """Whether it ends while the model is loaded or later, it is told as what it is."""
    path = prompt("demo-congrats")
    for folder, memory in ((english, 700), (many_languages, 550)):
        model = modelfolder.look(folder)
        with RecognisingProcess(model, command=command(folder, memory << 20)) as process:
            assert hear(process, path).problems in TOLD, memory


@LINUX
def test_its_limits(babbler: RecognisingProcess, many_languages: Path) -> None:
    hear(babbler, prompt("vm-intro"))
    lines = Path(f"/proc/{babbler.process_id}/limits").read_text(encoding="ascii").splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    size = (many_languages / "model.bin").stat().st_size
    assert limits["Max address space"] == [str(3 * GIB + 4 * size)] * 2
    assert limits["Max file size"] == limits["Max core file size"] == ["0", "0"]
    assert limits["Max open files"] == ["64", "64"]


@LINUX
def test_it_inherits_nothing(many_languages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", "/run/secret-passphrase")
    monkeypatch.setenv("HF_TOKEN", "secret")
    with RecognisingProcess(modelfolder.look(many_languages)) as process:
        assert hear(process, prompt("vm-intro")).problems == ()
        folder = Path(f"/proc/{process.process_id}")
        assert {int(path.name) for path in (folder / "fd").iterdir()} == {0, 1, 2}
        assert (folder / "cwd").readlink() == Path("/")
        assert b"secret" not in (folder / "environ").read_bytes()
        assert b"vm-intro" not in (folder / "cmdline").read_bytes()


@LINUX
def test_no_socket_is_made(many_languages: Path, tmp_path: Path) -> None:
    """From its start to its last word; the connection to the parent is there before it."""
    trace = tmp_path / "trace"
    options = ["-f", "-qq", "-e", "trace=%network,execve", "-o", str(trace)]
    traced = [need("strace"), *options, *command(many_languages)]
    with RecognisingProcess(modelfolder.look(many_languages), command=traced) as process:
        assert hear(process, prompt("vm-intro")).problems == ()
    made = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(encoding="utf-8"), re.MULTILINE))
    assert "sendto" in made
    assert made <= {"execve", "sendto", "recvmsg", "recvfrom", "getsockname", "getsockopt", "getpeername"}
    assert len(re.findall("execve", trace.read_text(encoding="utf-8"))) == 1


@LINUX
def test_only_the_models_files_can_be_read(tmp_path: Path) -> None:
    needs(1)
    mine, other = tmp_path / "model.bin", tmp_path / "other"
    mine.write_bytes(b"weights")
    other.write_bytes(b"secret")
    before = f"""
from evidence.media import confine
from evidence.media.asr import worker
confine.confine(confine.Needs(1 << 30, 64, worker.PACKAGES, ({str(mine)!r},), has_threads=True))
"""
    assert confined(f"print(open({str(mine)!r}).read())", before).stdout == "weights\n"
    for code in (
        f"open({str(other)!r})",
        f"import os; os.listdir({str(tmp_path)!r})",
        f"open({str(mine)!r}, 'r+')",
        "open('/proc/' + str(__import__('os').getppid()) + '/environ')",
        "import os; os.execv('/bin/true', ['true'])",
    ):
        assert "PermissionError" in confined(code, before).stderr, code


def test_nothing_is_there_to_download_with() -> None:
    assert "huggingface_hub" not in PACKAGES
    code = """
from evidence.media.asr import engine
library = engine._library()
import sys
assert not hasattr(sys.modules["huggingface_hub"], "__file__")
try:
    library.download_model("tiny")
except AttributeError as error:
    print("refused")
"""
    environment = {**os.environ, "PYTHONPATH": str(root())}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stdout == "refused\n", done.stderr


@LINUX
def test_it_dies_with_its_parent(english: Path, tmp_path: Path) -> None:
    """Killed in the midst of listening, the parent takes it along within moments."""
    path = tmp_path / "call.wav"
    sox(*[prompt("demo-instruct")] * 8, path)
    script = f"""
import os
from pathlib import Path
from evidence.media.asr import modelfolder
from evidence.media.asr.process import RecognisingProcess
process = RecognisingProcess(modelfolder.look(Path({str(english)!r})))
def progress(done, total):
    if done:
        print(process.process_id, flush=True)
        os.kill(os.getpid(), 9)
with open({str(path)!r}, "rb") as file:
    process.transcribe(file, None, "call.wav", language="en", progress=progress)
"""
    environment = {**os.environ, "PYTHONPATH": str(root())}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    deadline = time.monotonic() + 5
    state = Path(f"/proc/{int(done.stdout)}/stat")
    while state.exists() and state.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ctrl_c_ends_it(babbler: RecognisingProcess) -> None:
    def interrupt(done: float, _total: float) -> None:
        if done:
            raise KeyboardInterrupt

    path = prompt("demo-congrats")
    with pytest.raises(KeyboardInterrupt), path.open("rb") as file:
        babbler.transcribe(file, None, path.name, progress=interrupt)
    assert babbler.process_id is None
    assert hear(babbler, prompt("vm-intro")).problems == ()
