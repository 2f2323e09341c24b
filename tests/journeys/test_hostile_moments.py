"""Commands at the worst moment: several at once, killed, without room, on files that change under them."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.operations.body import BodyWriter
from evidence.vault.copying import copy_range
from evidence.vault.durable import Durable
from tests.journeys.hostile import (
    BY,
    DONE,
    INTERRUPTED,
    NUMBER,
    RECORDING,
    STATE,
    STORE,
    UNKNOWN,
    USAGE,
    Ground,
    check_words,
    documents,
    holds,
    shapes,
)
from tests.journeys.program import archive_of
from tests.journeys.stopped import STEPS, watch

KILLED = -signal.SIGKILL


def start(
    ground: Ground, *arguments: str | Path, module: str = "evidence", step: str = ""
) -> subprocess.Popen[str]:
    """A command in a process of its own, begun."""
    stated = [*map(str, arguments), "--vault", str(ground.vault), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", module, *([step] if step else []), *stated],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and standard output of a process that says nothing odd."""
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode != 70, err
    return process.returncode, out


def marking(words: str) -> list[str]:
    """``evidence mark add`` with these words."""
    return ["mark", "add", NUMBER, "0:01", "--class", "insult", "--words", words, "--by", BY, "--no-input"]


# Several at once


def test_markers_added_at_once_are_all_kept(ground: Ground) -> None:
    running = [start(ground, *marking(f"words {n}")) for n in range(4)]
    assert [ended(process)[0] for process in running] == [DONE] * 4
    assert {marker["words"] for marker in ground.markers()} == {f"words {n}" for n in range(4)}


def test_incidents_made_at_once_have_numbers_of_their_own(ground: Ground) -> None:
    source = ground.source("ok.wav")
    running = [start(ground, "new", source, *UNKNOWN, "--by", BY, "--no-input") for _ in range(4)]
    results = [ended(process) for process in running]
    assert [code for code, _ in results] == [DONE] * 4
    assert len({json.loads(out)["number"] for _, out in results}) == 4
    assert all(holds(path) for path in documents(ground.incidents))


def test_one_number_wanted_by_two(ground: Ground) -> None:
    source = ground.source("ok.wav")
    wanted = ("new", source, *UNKNOWN, "--number", "N", "--by", BY, "--no-input")
    running = [start(ground, *wanted) for _ in range(3)]
    assert sorted(ended(process)[0] for process in running) == [DONE, STATE, STATE]


@pytest.mark.parametrize("wait", [0.0, 0.1, 0.2])
def test_a_marker_added_while_it_is_sealed(ground: Ground, wait: float) -> None:
    """It is in the archive, or it is refused; never lost."""
    sealing = start(ground, "seal", NUMBER)
    time.sleep(wait)
    code, _ = ended(start(ground, *marking("who was first")))
    assert code in {DONE, STATE}
    sealed, out = ended(sealing)
    assert sealed == DONE
    shown = ground.command("show", json.loads(out)["archive"], "--json").out
    assert ("who was first" in shown) == (code == DONE)


def test_one_file_added_by_two_at_once(ground: Ground) -> None:
    source = ground.source("ok.wav")
    adding = ("add", NUMBER, source, *UNKNOWN, "--by", BY, "--no-input")
    running = [start(ground, *adding) for _ in range(2)]
    assert [ended(process)[0] for process in running] == [DONE, DONE]
    assert (ground.incident / source).read_bytes() == RECORDING


# Killed


def check_after_a_kill(ground: Ground, sources: dict[str, tuple[str, int, str]]) -> None:
    """Documents are whole, originals are as they were."""
    assert all(holds(path) for path in documents(ground.incidents))
    assert all((folder / "incident.json").exists() for folder in ground.incidents.glob("[!.]*"))
    assert shapes(ground.there) == sources
    assert (ground.incident / "call.wav").read_bytes() == RECORDING


@pytest.mark.parametrize("step", [1, 3, 5, 6, 8, 10, 12])
def test_killed_while_an_incident_is_made(ground: Ground, step: int) -> None:
    source = ground.source("ok.wav")
    before = shapes(ground.there)
    making = ("new", source, "--started", "2026-11-05T10:15:02Z", "--number", "N", "--by", BY, "--no-input")
    killed = start(ground, *making, module="tests.journeys.stopped", step=str(step))
    assert ended(killed)[0] == KILLED
    check_after_a_kill(ground, before)
    is_there = (ground.incidents / "N").exists()
    again = ("add", "N", source, "--started", "2026-11-05T10:15:02Z", "--by", BY, "--no-input")
    assert ground.command(*(again if is_there else making), "--vault", ground.vault).code == DONE
    assert ground.document("N")["calls"][0]["recording"] == source
    assert not list((ground.incidents / "N").glob(".*"))


@pytest.mark.parametrize("step", [1, 3, 5, 7, 9])
def test_killed_while_a_file_is_added(ground: Ground, step: int) -> None:
    source = ground.source("ok.wav")
    before = shapes(ground.there)
    adding = ("add", NUMBER, source, "--started", "2026-11-05T11:15:02Z", "--by", BY, "--no-input")
    killed = start(ground, *adding, module="tests.journeys.stopped", step=str(step))
    assert ended(killed)[0] in {KILLED, DONE}
    check_after_a_kill(ground, before)
    assert ground.command(*adding, "--vault", ground.vault).code == DONE
    assert len(ground.document()["calls"]) == 2
    assert not list(ground.incident.glob(".*"))


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_killed_while_a_marker_is_added(ground: Ground, step: int) -> None:
    killed = start(ground, *marking("first"), module="tests.journeys.stopped", step=str(step))
    assert ended(killed)[0] == KILLED
    check_after_a_kill(ground, {})
    ground.run(*marking("second"), "--vault", ground.vault, code=DONE)
    assert ground.markers()[-1]["words"] == "second"
    assert not list(ground.incident.glob(".*"))


@pytest.mark.parametrize("wait", [0.12, 0.2, 0.28])
def test_killed_at_any_moment(ground: Ground, wait: float) -> None:
    source = ground.source("ok.wav", RECORDING * 200)
    before = shapes(ground.there)
    running = [
        start(ground, "add", NUMBER, source, *UNKNOWN, "--by", BY, "--no-input"),
        start(ground, "new", source, *UNKNOWN, "--by", BY, "--no-input"),
    ]
    time.sleep(wait)
    for process in running:
        process.kill()
        process.communicate()
    check_after_a_kill(ground, before)
    ground.add("--title", "x")
    assert not list(ground.incident.glob(".*"))


# No room, no folder


def fail_at(wanted: int, number: int) -> Callable[[int, str], None]:
    """A disk that fails from that durable step on."""

    def before(step: int, _name: str) -> None:
        if step >= wanted:
            raise OSError(number, os.strerror(number))

    return before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_disk_that_fails(ground: Ground, monkeypatch: pytest.MonkeyPatch, step: int, number: int) -> None:
    """Before the copy has its name nothing is changed."""
    ground.command(*marking("makes the uid"), "--vault", ground.vault)
    source = ground.source("ok.wav")
    watch(fail_at(step, number), lambda name, instead: monkeypatch.setattr(Durable, name, instead))
    if step <= 3:
        ground.add(source, *UNKNOWN, code=STORE)
    else:
        assert (
            ground.command("add", NUMBER, source, "--by", BY, *UNKNOWN, "--vault", ground.vault).code == STORE
        )
    if step <= 2:
        ground.run(*marking("x"), "--vault", ground.vault, code=STORE)
    ground.new(source, *UNKNOWN, code=STORE)


def test_a_disk_that_is_full_for_the_copy(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("evidence.operations.addfiles.copy_range", full)
    ground.add(ground.source("ok.wav"), *UNKNOWN, code=STORE)


@pytest.mark.parametrize("step", range(1, 9))
def test_a_folder_that_goes_away(ground: Ground, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    def before(number: int, _name: str) -> None:
        if number == step:
            shutil.rmtree(ground.incident)

    source = ground.source("ok.wav")
    watch(before, lambda name, instead: monkeypatch.setattr(Durable, name, instead))
    said = ground.command(
        "add", NUMBER, source, *UNKNOWN, "--title", "x", "--by", BY, "--vault", ground.vault
    )
    assert said.code in {USAGE, STORE}
    check_words(said)


@pytest.mark.parametrize("step", [4, 9, 11, 13])
def test_a_correction_without_room(ground: Ground, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    ground.on_vault("seal", NUMBER, code=DONE)
    watch(fail_at(step, errno.ENOSPC), lambda name, instead: monkeypatch.setattr(Durable, name, instead))
    ground.new("--corrects", NUMBER, "--reason", "x", code=STORE)


def test_ctrl_c_takes_a_half_made_copy_away(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several files, too: all or none."""
    first = ground.source("a.txt")

    def interrupted(source: int, target: int, size: int, offset: int) -> int:
        if (ground.incident / first).exists():
            raise KeyboardInterrupt
        return copy_range(source, target, size, offset)

    monkeypatch.setattr("evidence.operations.addfiles.copy_range", interrupted)
    ground.command(*marking("makes the uid"), "--vault", ground.vault)
    before = shapes(ground.incidents)
    said = ground.command("add", NUMBER, first, ground.source("b.txt"), "--by", BY, "--vault", ground.vault)
    assert said.code == INTERRUPTED
    assert shapes(ground.incidents) == before


@pytest.mark.parametrize("change", ["touch", "chmod", "link"])
def test_a_source_that_only_looks_changed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    source = Path(ground.source("ok.wav"))
    acts: dict[str, Callable[[], None]] = {
        "touch": source.touch,
        "chmod": lambda: source.chmod(0o640),
        "link": lambda: Path("twin.wav").hardlink_to(source),
    }
    while_copied(monkeypatch, acts[change])
    said = ground.command("add", NUMBER, source, *UNKNOWN, "--by", BY, "--vault", ground.vault)
    assert said.code == DONE
    assert "still writing" not in said.err


def test_every_step_is_watched() -> None:
    """A new kind of step that isn't would never fail here."""
    public = {name for name in vars(Durable) if not name.startswith("_")}
    of_seals = {"reopen", "remove", "close", "commit", "sync_all"}  # not of the commands here
    assert public - set(STEPS) == of_seals


# Files that change


def while_copied(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Have something happen to the original while ``add`` copies it."""

    def instead(source: int, target: int, size: int, offset: int) -> int:
        done = copy_range(source, target, size, offset)
        change()
        return done

    monkeypatch.setattr("evidence.operations.addfiles.copy_range", instead)


def append(path: Path) -> None:
    """Let a recorder write on."""
    with path.open("ab") as file:
        file.write(b"more")


def overwrite(path: Path, data: bytes) -> None:
    """Let somebody write the same file anew."""
    path.write_bytes(data)


def test_a_source_that_grows_while_it_is_copied(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(ground.source("ok.wav"))
    while_copied(monkeypatch, lambda: append(source))
    said = ground.command("add", NUMBER, source, *UNKNOWN, "--by", BY, "--vault", ground.vault)
    assert said.code == DONE
    assert "is still writing" in said.err
    assert (ground.incident / source).read_bytes() == RECORDING
    assert f"{len(RECORDING)} bytes" in json.dumps(ground.document()["acquisitions"])


@pytest.mark.parametrize("kind", ["cut", "emptied", "rewritten", "grown and rewritten"])
def test_a_source_that_changes_while_it_is_copied(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    source = Path(ground.source("ok.wav"))
    other = {
        "cut": RECORDING[:-1],
        "emptied": b"",
        "rewritten": bytes(len(RECORDING)),
        "grown and rewritten": bytes(len(RECORDING) + 1),
    }[kind]
    while_copied(monkeypatch, lambda: overwrite(source, other))
    before = shapes(ground.incident)
    said = ground.command("add", NUMBER, source, *UNKNOWN, "--by", BY, "--vault", ground.vault)
    assert said.code == STATE
    check_words(said)
    after = shapes(ground.incident)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {"'incident.uid'"}


@pytest.mark.parametrize("kind", ["grows", "cut", "rewritten"])
def test_a_recording_that_changes_while_it_is_sealed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """What was there when sealing began is archived, with a word about it; anything else is refused."""
    recording = ground.incident / "call.wav"
    copy = BodyWriter._copy

    def instead(*arguments: object) -> bytes:
        digest = copy(*arguments)  # type: ignore[arg-type]
        if kind == "grows":
            append(recording)
        else:
            recording.write_bytes(RECORDING[:-1] if kind == "cut" else bytes(len(RECORDING)))
        return digest

    monkeypatch.setattr(BodyWriter, "_copy", instead)
    said = ground.command("seal", NUMBER, "--vault", ground.vault)
    assert said.code == (DONE if kind == "grows" else STATE)
    check_words(said)
    if kind == "grows":
        assert "still" in said.err
        archive = archive_of(ground.vault, NUMBER)
        trusted = ground.vault / "keys" / "sealing.crt"
        assert ground.command("verify", archive, "--trust", trusted).code == DONE
        ground.command("extract", archive, "--to", ground.there / "out", "--trust", trusted)
        assert (ground.there / "out" / "E1.wav").read_bytes() == RECORDING
