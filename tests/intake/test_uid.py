"""incident.uid: made once, kept for ever, the same for everybody who comes."""

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from evidence.entropy import system_entropy
from evidence.errors import FormatError, StoreError
from evidence.intake.folder import ensure_uid, read_folder
from tests.entropy import counting
from tests.intake.folders import make, refused, unprivileged

ONE = "0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10"
OTHER = "1c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10"


def contents(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_made_once_and_kept(tmp_path: Path) -> None:
    given = (make(tmp_path) / "incident.json").read_bytes()
    first = ensure_uid(read_folder(tmp_path), counting("a"))
    again = ensure_uid(read_folder(tmp_path), counting("b"))
    assert first.uid == again.uid != ""
    assert (tmp_path / "incident.uid").read_bytes() == f"{first.uid}\n".encode()
    assert (tmp_path / "incident.json").read_bytes() == given
    assert contents(tmp_path) == ["call.wav", "incident.json", "incident.uid"]


def test_is_no_exhibit(tmp_path: Path) -> None:
    folder = ensure_uid(read_folder(make(tmp_path)), system_entropy)
    assert folder.files == read_folder(tmp_path).files
    assert [file.name for file in folder.files] == ["call.wav", "incident.json"]
    assert folder.ignored == ()


def test_of_incident_json_makes_no_file(tmp_path: Path) -> None:
    folder = ensure_uid(read_folder(make(tmp_path, uid=ONE.upper())), system_entropy)
    assert folder.uid == ONE
    assert not (tmp_path / "incident.uid").exists()


def test_two_that_agree_and_two_that_do_not(tmp_path: Path) -> None:
    make(tmp_path, uid=ONE)
    (tmp_path / "incident.uid").write_text(f"{ONE.upper()}\r\n")
    assert read_folder(tmp_path).uid == ONE
    (tmp_path / "incident.uid").write_text(f"{OTHER}\n")
    assert "incident.json, uid: " in refused(tmp_path, FormatError).message


@pytest.mark.parametrize(
    "text", ["", "\n", "INC-1", ONE[:-1], f"{ONE}{ONE}", f"{{{ONE}}}", ONE.replace("-", ""), "0" * 200]
)
def test_spoilt(tmp_path: Path, text: str) -> None:
    make(tmp_path)
    (tmp_path / "incident.uid").write_text(text)
    assert "incident.uid" in refused(tmp_path, FormatError).message


def test_the_one_of_zeros_is_nobodys(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "incident.uid").write_text("00000000-0000-0000-0000-000000000000\n")
    refused(tmp_path, FormatError)


def test_loser_of_a_race_takes_the_winners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read_folder(make(tmp_path))
    real = os.link

    def overtaken(source: Path, target: Path, **more: Any) -> None:
        target.write_text(f"{OTHER}\n")
        real(source, target, **more)

    monkeypatch.setattr(os, "link", overtaken)
    assert ensure_uid(folder, system_entropy).uid == OTHER
    assert contents(tmp_path) == ["call.wav", "incident.json", "incident.uid"]


def test_racing_threads_agree(tmp_path: Path) -> None:
    folder = read_folder(make(tmp_path))
    barrier = threading.Barrier(12)
    found: list[str] = []

    def race() -> None:
        barrier.wait()
        found.append(ensure_uid(folder, system_entropy).uid)

    threads = [threading.Thread(target=race) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert len(set(found)) == 1
    assert contents(tmp_path) == ["call.wav", "incident.json", "incident.uid"]


def test_racing_processes_agree(tmp_path: Path) -> None:
    make(tmp_path)
    script = (
        "import sys; from pathlib import Path; from evidence.entropy import system_entropy;"
        "from evidence.intake.folder import ensure_uid, read_folder;"
        "folder = read_folder(Path(sys.argv[1])); print('ready', flush=True); sys.stdin.readline();"
        "print(ensure_uid(folder, system_entropy).uid)"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    found = {racer.communicate("go\n")[0] for racer in racers}
    assert found == {(tmp_path / "incident.uid").read_text()}


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    folder = read_folder(make(tmp_path))

    def no_links(_source: Path, _target: Path, **_more: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", no_links)
    first = ensure_uid(folder, system_entropy).uid
    assert ensure_uid(folder, system_entropy).uid == first
    assert contents(tmp_path) == ["call.wav", "incident.json", "incident.uid"]


def test_where_files_need_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read_folder(make(tmp_path))
    monkeypatch.delattr(os, "O_TMPFILE")
    first = ensure_uid(folder, system_entropy).uid
    assert (tmp_path / "incident.uid").read_text() == f"{first}\n"
    assert contents(tmp_path) == ["call.wav", "incident.json", "incident.uid"]


@pytest.mark.parametrize("call", ["fsync", "link", "unlink"])
def test_a_process_killed_meanwhile_leaves_nothing_else(tmp_path: Path, call: str) -> None:
    """Only incident.uid is ever written into the folder, whole or not at all."""
    make(tmp_path)
    script = (
        "import os, signal, sys; from pathlib import Path; from evidence.entropy import system_entropy;"
        "from evidence.intake.folder import ensure_uid, read_folder;"
        "folder = read_folder(Path(sys.argv[1]));"
        "setattr(os, sys.argv[2], lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL));"
        "ensure_uid(folder, system_entropy)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), call], check=False)
    assert done.returncode in (-9, 0)
    assert (done.returncode == 0) is (call == "unlink")  # nothing is left that would have to be removed
    there = contents(tmp_path)
    assert [name for name in there if name != "incident.uid"] == ["call.wav", "incident.json"]
    if "incident.uid" in there:
        assert len((tmp_path / "incident.uid").read_text()) == 37


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read_folder(make(tmp_path))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError):
        ensure_uid(folder, system_entropy)
    assert contents(tmp_path) == ["call.wav", "incident.json"]


def test_file_and_folder_are_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read_folder(make(tmp_path))
    steps: list[str] = []
    sync, link = os.fsync, os.link

    def watched_sync(descriptor: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "file")
        sync(descriptor)

    def watched_link(source: Path, target: Path, **more: Any) -> None:
        steps.append("link")
        link(source, target, **more)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(os, "link", watched_link)
    ensure_uid(folder, system_entropy)
    assert steps == ["file", "link", "folder"]


def test_read_only_folder(tmp_path: Path) -> None:
    path = make(tmp_path / "incident")
    for parent in [path, *path.parents]:
        if parent.stat().st_mode & 0o055 != 0o055:
            parent.chmod(0o755)
    path.chmod(0o555)
    folder = read_folder(path)
    with unprivileged(), pytest.raises(StoreError) as caught:
        ensure_uid(folder, system_entropy)
    assert '"uid"' in caught.value.hint
    path.chmod(0o755)
    (path / "incident.json").write_text(json.dumps({"format": 1, "number": "INC-1", "uid": ONE}))
    path.chmod(0o555)
    with unprivileged():
        assert ensure_uid(read_folder(path), system_entropy).uid == ONE
    path.chmod(0o755)
