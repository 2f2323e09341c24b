"""Checkpoints in second places: files, a command, witnesses; what contradicts there is an alarm."""

import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from evidence.errors import StateError
from evidence.operations import second_command
from evidence.operations.seams import Seams
from evidence.operations.second_place import Problem, put
from evidence.vault.vault import Vault
from tests.drills import signed
from tests.network.witness import Witness, serving
from tests.operations.scene import copy_vault, make_incident, make_vault, seal


def configure(root: Path, **places: object) -> Path:
    """A vault whose configuration names second places."""
    lines = ["\n[second_place]"]
    witnesses = places.pop("witnesses", [])
    lines += [f"{name} = {json.dumps(value)}" for name, value in places.items()]
    assert isinstance(witnesses, list)
    for witness in witnesses:
        lines += ["[[second_place.witnesses]]", f'url = "{witness.url}"', f'key = "{witness.key}"']
    with (root / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
    return root


def put_all(root: Path) -> tuple[Problem, ...]:
    vault = Vault(root, Seams().durable, Seams().user)
    try:
        return put(vault, Seams())
    finally:
        vault.close()


def forget_user_state() -> None:
    for path in (Seams().user.state / "heads").iterdir():
        path.unlink()


def newest(root: Path) -> bytes:
    return (root / "register/head").read_bytes()


def test_files_hold_the_newest_checkpoint(tmp_path: Path) -> None:
    places = [tmp_path / "one", tmp_path / "two"]
    places[1].write_bytes(b"")  # what a crash may have left
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place) for place in places])
    for name in ("A", "B"):
        seal(vault, make_incident(tmp_path / name, name))
        assert put_all(vault) == ()
        assert [place.read_bytes() for place in places] == [newest(vault)] * 2
    assert put_all(vault) == ()


def test_a_restored_vault_is_refused_and_its_second_place_is_left(tmp_path: Path) -> None:
    place = tmp_path / "place"
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place)])
    backup = copy_vault(vault, tmp_path / "backup")
    seal(vault, make_incident(tmp_path / "A", "A"))
    put_all(vault)
    before = place.read_bytes()
    forget_user_state()
    (problem,) = put_all(backup)
    assert problem.is_alarm
    assert place.read_bytes() == before
    with pytest.raises(StateError, match="2 entries was seen") as caught:
        seal(backup, make_incident(tmp_path / "B", "B"))
    assert "register recover" in caught.value.hint


def test_a_fork_is_refused_and_its_second_place_is_left(tmp_path: Path) -> None:
    place = tmp_path / "place"
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place)])
    other = copy_vault(vault, tmp_path / "other")
    seal(vault, make_incident(tmp_path / "A", "A"))
    forget_user_state()
    for name in ("B", "C"):
        seal(other, make_incident(tmp_path / name, name))
    put_all(vault)
    before = place.read_bytes()
    (problem,) = put_all(other)
    assert problem.is_alarm
    assert place.read_bytes() == before
    with pytest.raises(StateError, match="differs"):
        seal(other, make_incident(tmp_path / "D", "D"))


@pytest.mark.parametrize("content", [b"my notes\n", b"\xff" * 100])
def test_a_file_of_something_else_is_never_overwritten(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "place"
    place.write_bytes(content)
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place)])
    (problem,) = put_all(vault)
    assert problem.is_alarm
    assert place.read_bytes() == content
    seal(vault, make_incident(tmp_path / "A", "A"))


def test_a_checkpoint_of_another_register_is_never_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.write_bytes(newest(make_vault(tmp_path / "stranger")))
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place)])
    (problem,) = put_all(vault)
    assert problem.is_alarm


def test_what_is_out_of_reach_stops_nothing(tmp_path: Path) -> None:
    reachable, folder, pipe = tmp_path / "reachable", tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir()
    os.mkfifo(pipe)
    places = [tmp_path / "absent" / "place", folder, pipe, reachable]
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place) for place in places])
    seal(vault, make_incident(tmp_path / "A", "A"))
    problems = put_all(vault)
    assert [(problem.place, problem.is_alarm) for problem in problems] == [
        (str(place), False) for place in places[:3]
    ]
    assert reachable.read_bytes() == newest(vault)
    opened = Vault(vault, Seams().durable, Seams().user)
    opened.check_heads()
    assert [path for path, _reason in opened.unseen] == places[:3]
    assert pipe.is_fifo()
    opened.close()


def script(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "program.py"
    path.write_text(text, encoding="utf-8")
    return [sys.executable, str(path), str(tmp_path / "got")]


def test_a_command_gets_the_checkpoint(tmp_path: Path) -> None:
    text = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read()); print('thanks')"
    vault = configure(make_vault(tmp_path / "vault"), command=script(tmp_path, text))
    assert put_all(vault) == ()
    assert (tmp_path / "got").read_bytes() == newest(vault)


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    command = script(tmp_path, "import sys; print('no \\x1b[31mroute'); sys.exit(3)")
    (problem,) = second_command.run(command, b"note")
    assert "code 3" in problem.message
    assert "no \\u{1b}[31mroute" in problem.message
    (silent,) = second_command.run(script(tmp_path, "raise SystemExit(1)"), b"note")
    assert "said nothing" in silent.message
    (absent,) = second_command.run([str(tmp_path / "absent")], b"note")
    assert "can't be run" in absent.message


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    text = (
        "import os, sys, time\n"
        "child = os.fork()\n"
        "if child: open(sys.argv[1], 'w').write(str(child))\n"
        "time.sleep(600)\n"
    )
    (problem,) = second_command.run(script(tmp_path, text), b"note", 0.7)
    assert "longer" in problem.message
    child = int((tmp_path / "got").read_text(encoding="ascii"))
    state = Path(f"/proc/{child}/stat")
    deadline = time.monotonic() + 10
    while state.exists() and state.read_text(encoding="utf-8").split()[2] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_witness_cosigns_what_continues(tmp_path: Path) -> None:
    with serving(Witness()) as first, serving(Witness("witness.example/2")) as second:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[first, second])
        for size, name in enumerate("ABCDE", 2):
            seal(vault, make_incident(tmp_path / name, name))
            assert put_all(vault) == ()
            assert (first.size, second.size) == (size, size)
        note, text = newest(vault), newest(vault).partition(b"\n\n")[0] + b"\n"
        kept = sorted((vault / "register/cosigned").iterdir())
        assert len(kept) == 5
        assert kept[-1].read_bytes() == note + first.line(text) + second.line(text)
        assert stat.S_IMODE(kept[-1].stat().st_mode) == 0o600
        assert len(first.asked) == 5  # the size it knows is remembered


def test_a_witness_that_knows_another_size_is_asked_again(tmp_path: Path) -> None:
    with serving(Witness()) as witness:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[witness])
        assert put_all(vault) == ()
        seal(vault, make_incident(tmp_path / "A", "A"))
        for path in (vault / "register/cosigned").iterdir():
            path.unlink()
        assert put_all(vault) == ()
        assert [body.split(b"\n", 1)[0] for body in witness.asked] == [b"old 0", b"old 0", b"old 1"]


def test_a_witness_notices_a_rollback_and_a_fork(tmp_path: Path) -> None:
    with serving(Witness()) as witness:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[witness])
        other = copy_vault(vault, tmp_path / "other")
        seal(vault, make_incident(tmp_path / "A", "A"))
        assert put_all(vault) == ()
        forget_user_state()
        (behind,) = put_all(other)
        assert behind.is_alarm
        assert "has seen 2 entries" in behind.message
        for name in ("B", "C"):
            seal(other, make_incident(tmp_path / name, name))
        (forked,) = put_all(other)
        assert forked.is_alarm
        assert "doesn't accept" in forked.message
        assert not (other / "register/cosigned").exists()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, b"", "status 403"),
        (404, b"", "status 404"),
        (500, b"oops", "status 500"),
        (302, b"", "status 302"),
        (409, b"many\n", "status 409"),
        (409, b"-1\n", "status 409"),
        (200, b"", "no good"),
        (200, b"\xff\n", "no good"),
        (200, "\u2014 witness.example/1 AAAA\n".encode(), "no good"),
        (200, b"x" * 100_000, "no good"),
    ],
)
def test_answers_that_are_no_cosignature(tmp_path: Path, status: int, body: bytes, words: str) -> None:
    with serving(Witness()) as witness:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[witness])
        witness.answers = [(status, body)] * 2
        (problem,) = put_all(vault)
        assert words in problem.message
        assert not problem.is_alarm
        assert not (vault / "register/cosigned").exists()


def test_a_cosignature_over_something_else_is_refused(tmp_path: Path) -> None:
    with serving(Witness()) as witness:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[witness])
        text = newest(vault).partition(b"\n\n")[0] + b"\n"
        for line in (witness.line(text + b"more\n"), witness.line(text) * 2):
            witness.answers = [(200, line)]
            (problem,) = put_all(vault)
            assert "no good" in problem.message


def test_a_witness_out_of_reach_or_with_a_bad_key_stops_nothing(tmp_path: Path) -> None:
    with serving(Witness()) as witness:
        pass
    place = tmp_path / "place"
    vault = configure(make_vault(tmp_path / "vault"), files=[str(place)], witnesses=[witness])
    (problem,) = put_all(vault)
    assert "can't be reached" in problem.message
    assert place.read_bytes() == newest(vault)


def test_cosigned_checkpoints_show_a_rollback(tmp_path: Path) -> None:
    """All of the vault but the cosigned checkpoints was restored."""
    with serving(Witness()) as witness:
        vault = configure(make_vault(tmp_path / "vault"), witnesses=[witness])
        backup = copy_vault(vault, tmp_path / "backup")
        seal(vault, make_incident(tmp_path / "A", "A"))
        put_all(vault)
    (vault / "register/cosigned").rename(backup / "register/cosigned")
    forget_user_state()
    with pytest.raises(StateError, match="2 entries was seen"):
        seal(backup, make_incident(tmp_path / "B", "B"))
    assert signed.lying_about(vault)
