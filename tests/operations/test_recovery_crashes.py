"""A recovery that is killed at any durable step is finished or begun again by the next; nothing is lost."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from evidence.errors import EvidenceError
from evidence.operations.exchange import exchange, is_begun
from evidence.operations.recovery import Ground, survey
from evidence.operations.recovery_act import restore
from evidence.operations.retire import new_register
from evidence.operations.seams import Seams
from evidence.vault.durable import Durable
from tests.drills import signed
from tests.journeys.program import evidence
from tests.operations import forked
from tests.operations.durables import Killing, Stepping
from tests.operations.scene import (
    check_whole,
    copy_vault,
    make_incident,
    make_vault,
    seal,
    seal_unless_sealed,
)

MOST_STEPS = 80


def recover(vault: Path, what: str, durable: Durable) -> None:
    """What ``evidence register recover`` does."""
    ground = Ground.at(vault, Seams(durable=durable))
    if is_begun(ground.layout):
        exchange(ground)
        return
    found = survey(ground, ())
    if what == "restore":
        restore(found, ())
    else:
        new_register(found, (), "lost", lambda: b"")


def restored(folder: Path, how: str) -> tuple[Path, Path, list[bytes]]:
    """A vault in which B was sealed after a backup that was then restored, its incident and all entries.

    It is made once and copied; what the user's own state holds is put back with it.
    """
    base, state = folder.parent / "base", Seams().user.state / "heads"
    if not base.exists():
        make_restored(base, how)
        shutil.copytree(state, base / "heads")
    shutil.copytree(base, folder)
    shutil.rmtree(state)
    shutil.copytree(base / "heads", state)
    return folder / "vault", folder, (base / "entries").read_bytes().split(b"\n")


def make_restored(folder: Path, how: str) -> None:
    vault = make_vault(folder / "vault")
    seal(vault, make_incident(folder / "A", "A"))
    backup = copy_vault(vault, folder / "backup")
    seal(vault, make_incident(folder / "B", "B"))
    (folder / "entries").write_bytes(b"\n".join(signed.exported(vault)))
    if how == "garbled":
        path = vault / "register/register.sqlite"
        data = bytearray(path.read_bytes())
        data[4096::3] = bytes(len(data[4096::3]))
        path.write_bytes(data)
        return
    for name in ["register"] if how == "behind" else ["register", "archives", "custody"]:
        shutil.rmtree(vault / name)
        shutil.copytree(backup / name, vault / name)


def killed(vault: Path, step: int, what: str) -> None:
    forked.killed(lambda: recover(vault, what, Killing(step)))


@pytest.mark.parametrize("how", ["behind", "garbled"])
def test_killed_at_every_step_of_a_recovery(tmp_path: Path, how: str) -> None:
    durable = Stepping()
    recover(restored(tmp_path / "recorded", how)[0], "restore", durable)
    assert 4 < len(durable.steps) < MOST_STEPS
    for step in range(1, len(durable.steps) + 1):
        vault, folder, entries = restored(tmp_path / str(step), how)
        old = (vault / "register/register.sqlite").read_bytes()
        killed(vault, step, "restore")
        recover(vault, "restore", Seams().durable)
        assert signed.exported(vault) == entries
        seal_unless_sealed(vault, folder / "A", folder / "B", make_incident(folder / "C", "C"))
        check_whole(vault, folder / "A", archives=3)
        if how == "garbled":
            kept = [path.read_bytes() for path in vault.glob("register/replaced-*/register.sqlite")]
            assert old in kept


@pytest.mark.parametrize("half", [0, 1])
def test_killed_at_every_step_of_a_new_register(tmp_path: Path, half: int) -> None:
    durable = Stepping()
    recover(restored(tmp_path / "recorded", "lost")[0], "new", durable)
    assert 20 < len(durable.steps) < MOST_STEPS
    assert durable.steps[-2].startswith("replace .register-next.done")  # all is done when that is
    for step in range(1 + half, len(durable.steps), 2):
        vault, folder, _entries = restored(tmp_path / str(step), "lost")
        key = (vault / "keys/register.key").read_bytes()
        killed(vault, step, "new")
        with pytest.raises(EvidenceError, match=r"signed head|interrupted"):
            seal(vault, make_incident(folder / "C", "C"))
        recover(vault, "new", Seams().durable)
        check_exchanged(vault, key)
        seal_unless_sealed(vault, folder / "A", folder / "B", folder / "C")
        found = sorted(path.stem for path in vault.glob("archives/*/*.asice"))
        assert found == ["A", "B", "C"]


def check_exchanged(vault: Path, key: bytes) -> None:
    """Everything old is kept, everything new is in its place."""
    (retired,) = vault.glob("register-retired-*")
    assert (retired / "register.key").read_bytes() == key
    assert (vault / "keys/register.key").read_bytes() != key
    with sqlite3.connect(retired / "register/register.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (2,)
    connection.close()
    assert {path.name for path in retired.iterdir()} >= {"archives-register-head", "evidence.toml"}
    assert not list(vault.glob("*register-next*"))
    assert (vault / "register/head").read_bytes() == (vault / "archives/.register-head").read_bytes()


def test_an_exchange_that_was_begun_is_finished_before_anything_else(tmp_path: Path) -> None:
    vault, folder, _entries = restored(tmp_path / "scene", "lost")
    durable = Stepping()
    recover(copy_vault(vault, tmp_path / "recorded"), "new", durable)
    last = max(n for n, step in enumerate(durable.steps, 1) if step.startswith("replace .register-next.done"))
    killed(vault, last, "new")
    ground = Ground.at(vault, Seams())
    assert is_begun(ground.layout)
    for command in (["seal", str(folder / "A")], ["register", "log"], ["register", "checkpoint"]):
        ended = evidence(*command, "--vault", vault)
        assert ended.returncode == 5
        assert "register recover" in ended.stderr
    exchange(ground)
    assert not is_begun(ground.layout)
