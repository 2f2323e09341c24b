"""Links, pipes, sockets, devices and folders where files are expected: never followed, waited for or changed."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake.folders import at_once, unprivileged
from tests.journeys.hostile import (
    DONE,
    MALFORMED,
    NUMBER,
    RECORDING,
    STATE,
    STORE,
    UNKNOWN,
    USAGE,
    Ground,
    shapes,
)

Trap = Callable[[Path], None]


def to(target: str) -> Trap:
    """A symbolic link to that."""
    return lambda path: path.symlink_to(target)


def bound(path: Path) -> None:
    """A socket."""
    before = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(before)


TRAPS: dict[str, Trap] = {
    "link to a file": to("/etc/passwd"),
    "link to a folder": to("/etc"),
    "link to a device": to("/dev/zero"),
    "link to nothing": to("gone"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to its parent": to(".."),
    "pipe": os.mkfifo,
    "socket": bound,
    "folder": Path.mkdir,
}
DEVICES = ["/dev/zero", "/dev/null", "/dev/full", "/dev/random", "/dev/stdin", "/proc/self/fd/0"]


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_traps_are_not_brought_in(ground: Ground, trap: Trap) -> None:
    trap(ground.there / "call2.wav")
    with at_once():
        ground.new("call2.wav", *UNKNOWN, code=MALFORMED)
        ground.add("call2.wav", *UNKNOWN, code=MALFORMED)
        ground.bring_markers("call2.wav", code=MALFORMED)


@pytest.mark.parametrize("path", DEVICES)
def test_devices_are_not_brought_in(ground: Ground, path: str) -> None:
    if path.startswith("/proc") and not Path(path).exists():
        pytest.skip("no /proc")
    with at_once():
        ground.add(path, "--as", "x.wav", *UNKNOWN, code=MALFORMED)
        ground.bring_markers(path, code=MALFORMED)


@pytest.mark.parametrize("path", [".", "..", "/", "", "there/", "//", "/dev"])
def test_folders_are_not_brought_in(ground: Ground, path: str) -> None:
    (ground.there / "there").mkdir()
    ground.add(path, "--as", "x.wav", *UNKNOWN, code=MALFORMED)


@pytest.mark.parametrize(
    "path", ["gone/x.wav", "file/x.wav", "loop/x.wav", "x" * 4000 + "/x.wav", "../x/../x.wav"]
)
def test_ways_that_lead_nowhere(ground: Ground, path: str) -> None:
    ground.source("file")
    to("loop")(ground.there / "loop")
    ground.add(path, *UNKNOWN, code=USAGE)
    ground.bring_markers(path, code=USAGE)


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
@pytest.mark.parametrize("name", ["call.wav", "incident.json", "markers.json", "incident.uid", "paper.pdf"])
def test_traps_in_an_incident_are_refused(ground: Ground, name: str, trap: Trap) -> None:
    folder = ground.script_made({"other.wav": RECORDING})
    (folder / name).unlink(missing_ok=True)
    trap(folder / name)
    with at_once():
        ground.on_vault("list", "N", code=MALFORMED)
        ground.on_vault("add", "N", "--title", "x", "--by", "x", "--no-input", code=MALFORMED)
        ground.on_vault("seal", "--check", "N", code=MALFORMED)
        ground.on_vault("seal", "N", code=MALFORMED)


UUID = "0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10"


@pytest.mark.parametrize("name", [".adding-original.wav", ".adding-x", ".crm.json.new", ".incident.json"])
def test_hidden_files_of_others_stay(ground: Ground, name: str) -> None:
    (ground.incident / name).write_bytes(b"theirs")
    assert ground.command("add", NUMBER, "--title", "x", "--by", "x", "--vault", ground.vault).code == DONE
    assert (ground.incident / name).read_bytes() == b"theirs"


@pytest.mark.parametrize("name", [".incident.json.new", f".adding-{UUID}", ".markers.json.new"])
@pytest.mark.parametrize("trap", ["link to a file", "link to a device", "pipe", "link to itself"])
def test_traps_where_temporary_files_go(ground: Ground, name: str, trap: str) -> None:
    """What lies there is removed or replaced; nothing is ever written through it."""
    target = ground.there / "theirs"
    target.write_bytes(b"theirs")
    path = ground.incident / name
    (to(str(target)) if trap == "link to a file" else TRAPS[trap])(path)
    with at_once():
        assert (
            ground.command("add", NUMBER, "--title", "x", "--by", "x", "--vault", ground.vault).code == DONE
        )
        assert (
            ground.command(
                *("mark", "add", NUMBER, "1", "--class", "insult", "--by", "x", "--vault", ground.vault)
            ).code
            == DONE
        )
    assert not os.path.lexists(path)
    assert target.read_bytes() == b"theirs"


def test_a_folder_where_a_temporary_file_goes(ground: Ground) -> None:
    (ground.incident / ".incident.json.new").mkdir()
    ground.add("--title", "x", code=STORE)


@pytest.mark.parametrize("target", ["/dev/zero", "gone", "/etc/passwd", "self"])
def test_an_incident_that_is_a_link_to_no_folder(ground: Ground, target: str) -> None:
    (ground.there / "self").symlink_to("self")
    (ground.there / "L").symlink_to(target)
    with at_once():
        ground.on_vault("seal", "L", code=USAGE)
        ground.on_vault("list", "L", code=USAGE)
        ground.on_vault("add", "L", "--title", "x", "--by", "x", "--no-input", code=USAGE)


def test_an_incident_that_is_a_link_to_an_incident(ground: Ground) -> None:
    """A person may say where it is in any way; it is the same incident, and sealed once."""
    (ground.there / "L").symlink_to(ground.incident)
    ground.on_vault("mark", "add", "L", "1", "--class", "insult", "--by", "x", "--no-input", code=DONE)
    ground.on_vault("seal", "L", code=DONE)
    ground.on_vault("seal", NUMBER, code=STATE)


def test_two_folders_of_one_number(ground: Ground) -> None:
    (ground.there / NUMBER).mkdir()
    ground.add("--title", "x", code=USAGE)
    ground.on_vault("seal", NUMBER, code=USAGE)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (to("gone"), STORE),
        (Path.touch, STORE),
        (os.mkfifo, STORE),
        (to("/dev/null"), STORE),
        (to("incidents"), STORE),
    ],
    ids=["link to nothing", "file", "pipe", "link to a device", "link to itself"],
)
def test_no_folder_for_incidents(ground: Ground, make: Trap, code: int) -> None:
    source = ground.source("ok.wav")
    ground.incidents.rename(ground.vault / "moved")
    make(ground.incidents)
    with at_once():
        ground.new(source, *UNKNOWN, code=code)


def test_a_folder_for_incidents_elsewhere(ground: Ground, tmp_path: Path) -> None:
    """A vault's incidents may stand on another disk."""
    ground.incidents.rename(tmp_path / "elsewhere")
    ground.incidents.symlink_to(tmp_path / "elsewhere")
    ground.new(ground.source("ok.wav"), *UNKNOWN, "--number", "N")
    ground.on_vault("seal", "N", NUMBER, code=DONE)


def test_hard_links_are_copies(ground: Ground) -> None:
    """The source keeps its own bytes whatever happens to the incident, and so does another name of a document."""
    source = Path(ground.source("ok.wav"))
    os.link(source, "twin.wav")
    os.link(ground.incident / "incident.json", "kept.json")
    os.link(ground.incident / "call.wav", "kept.wav")
    ground.add(source, *UNKNOWN)
    assert source.stat().st_nlink == 2
    ground.add("--title", "x")
    ground.add("--remove", "ok.wav")
    assert "title" not in Path("kept.json").read_text(encoding="utf-8")
    ground.on_vault("seal", NUMBER, code=DONE)


def test_the_incident_s_own_file_brought_in_again(ground: Ground) -> None:
    ground.add(ground.incident / "call.wav", "--started", "2026-11-05T10:15:02+02:00")
    ground.add(ground.source("call.wav", RECORDING + b"x"), *UNKNOWN, code=STATE)


def test_several_files_of_which_one_is_refused(ground: Ground) -> None:
    """All or none."""
    ground.add(ground.source("b.txt"))
    sources = [ground.source("a.txt"), ground.source("b.txt", b"another"), ground.source("z.txt")]
    ground.add(*sources, code=STATE)
    assert not (ground.incident / "a.txt").exists()


def open_to_all(*paths: Path) -> None:
    """Let an account without rights come as far as these, and do there what it likes."""
    for path in paths:
        for inner in [path, *path.rglob("*")]:
            inner.chmod(0o777 if inner.is_dir() else 0o666)
        for outer in path.parents:
            if outer.stat().st_mode & 0o011 != 0o011:
                outer.chmod(outer.stat().st_mode | 0o011)


@pytest.mark.parametrize(
    ("hidden", "code"),
    [
        ("there/ok.wav", STORE),
        ("vault/incidents/{}/call.wav", STORE),
        ("vault/incidents/{}/incident.json", STORE),
    ],
)
def test_what_the_account_may_not_read(ground: Ground, own_folders: Path, hidden: str, code: int) -> None:
    source = ground.source("ok.wav")
    root = ground.vault.parent
    open_to_all(root, own_folders)
    (root / hidden.format(NUMBER)).chmod(0)
    arguments = ("add", NUMBER, source, *UNKNOWN, "--by", "x", "--no-input", "--vault", ground.vault)
    with unprivileged():
        said = ground.command(*arguments)
    assert said.code == code, said.err


@pytest.mark.parametrize("place", ["vault/incidents", "vault/incidents/{}"])
def test_where_the_account_may_not_write(ground: Ground, own_folders: Path, place: str) -> None:
    source = ground.source("ok.wav")
    open_to_all(ground.vault.parent, own_folders)
    (ground.vault.parent / place.format(NUMBER)).chmod(0o555)
    before = shapes(ground.incidents)
    stated = (source, *UNKNOWN, "--by", "x", "--no-input", "--vault", ground.vault)
    command = ["new"] if place.endswith("incidents") else ["add", NUMBER]
    with unprivileged():
        said = ground.command(*command, *stated)
    assert said.code == STORE, said.err
    assert shapes(ground.incidents) == before
