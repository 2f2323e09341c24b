"""Batches over dropped recordings, tables of calls and quarantine, killed at every durable step."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from evidence.intake.inbox.rules import Rules
from evidence.operations.seams import Seams
from evidence.vault.durable import Durable
from evidence.vault.userstore import UserStore
from tests.batch.scene import OLD, check_sealed, files_under, fresh, reasons, run_batch
from tests.intake.inbox.boxes import mapping, wav
from tests.operations.durables import Killing, Stepping
from tests.operations.forked import killed
from tests.operations.scene import copy_vault, make_vault

STARTED = dt.datetime.fromtimestamp(OLD - 60, dt.UTC)
DROPS = Rules("UTC", 0, 0, 0)
CALLS = Rules(
    "UTC",
    0,
    0,
    0,
    (
        mapping(
            kind="csv",
            files=["cdr.csv"],
            directory="rec",
            recording="{file}",
            fields={"started": "started"},
        ),
    ),
)


def sound(number: int) -> bytes:
    """A recording like no other one."""
    return wav(80 + number)


def old(folder: Path) -> Path:
    """The folder, all of it changed long ago."""
    for path in folder.rglob("*"):
        os.utime(path, (OLD, OLD))
    return folder


def drops(inbox: Path) -> Path:
    """One recording alone, one with a sidecar, one with a torn sidecar, and something strange."""
    inbox.mkdir()
    for number in range(3):
        (inbox / f"INC-{number}.wav").write_bytes(sound(number))
    document = f'{{"format": 1, "calls": [{{"started": "{STARTED.isoformat()}"}}]}}'
    (inbox / "INC-1.json").write_text(document)
    (inbox / "INC-2.json").write_text('{"format": 1, ')
    (inbox / "strange.bin").write_bytes(b"strange")
    return old(inbox)


def calls(inbox: Path) -> Path:
    """Two recordings that a table names."""
    (inbox / "rec").mkdir(parents=True)
    rows = ["started,file"]
    for number in range(2):
        (inbox / "rec" / f"INC-{number}.wav").write_bytes(sound(number))
        rows.append(f"{STARTED:%Y-%m-%d %H:%M:%S},INC-{number}.wav")
    (inbox / "cdr.csv").write_text("\n".join([*rows, ""]))
    return old(inbox)


def seams_for(folder: Path, durable: Durable | None = None) -> Seams:
    """Those of a user who has seen no head of the copied vaults but this one's."""
    user = UserStore(folder / "config", folder / "state")
    return Seams(durable=durable, user=user) if durable else Seams(user=user)


def everything(vault: Path, inbox: Path) -> dict[str, bytes]:
    """Every original, wherever it is now, by its last name."""
    folders = [inbox, *vault.glob("done/*"), *vault.glob("quarantine/*/content")]
    return {Path(name).name: data for folder in folders for name, data in files_under(folder).items()}


def check_nothing_lost(vault: Path, inbox: Path, before: dict[str, bytes], mode: str) -> None:
    """Each original is somewhere, whole; a deleted one is in a published archive."""
    now = everything(vault, inbox)
    published = {path.stem for path in vault.glob("archives/*/*.asice")} if mode == "delete" else set()
    for name, data in before.items():
        original = Path(name).name
        assert now.get(original) == data or (original not in now and Path(original).stem in published), name


SCENES = {"drops": (drops, DROPS, 2), "calls": (calls, CALLS, 0)}


@pytest.mark.parametrize(("what", "mode"), [("drops", "keep"), ("drops", "move"), ("calls", "delete")])
def test_killed_at_durable_steps(tmp_path: Path, what: str, mode: str) -> None:
    """At every fifth one; tests/drills has all of them, and all modes."""
    check_kills(tmp_path, what, mode, 5)


def check_kills(tmp_path: Path, what: str, mode: str, stride: int) -> None:
    """Kill a batch at durable steps, one in ``stride``, and let the next one finish."""
    make, rules, aside = SCENES[what]
    ground, empty, durable = make(tmp_path / "ground"), make_vault(tmp_path / "empty"), Stepping()
    before = files_under(ground)
    vault, inbox = copy_vault(empty, tmp_path / "rv"), fresh(ground, tmp_path / "ri")
    told = run_batch(vault, inbox, seams_for(tmp_path / "ru", durable), originals=mode, rules=rules)
    assert told.kinds() == ["Sealed"] * 2 + ["SetAside"] * aside, told
    assert len(durable.steps) > 15
    for number, step in list(enumerate(durable.steps, 1))[::stride]:
        vault, inbox = copy_vault(empty, tmp_path / f"v{number}"), fresh(ground, tmp_path / f"i{number}")
        user = tmp_path / f"u{number}"

        def run(seams: Seams, vault: Path = vault, inbox: Path = inbox) -> list[str]:
            return run_batch(vault, inbox, seams, originals=mode, rules=rules).kinds()

        killed(lambda u=user, n=number, r=run: r(seams_for(u, Killing(n))))  # type: ignore[misc]
        check_nothing_lost(vault, inbox, before, mode)
        run(seams_for(user))
        check_sealed(vault, {"INC-0", "INC-1"}, seams_for(user))
        check_nothing_lost(vault, inbox, before, mode)
        assert len(reasons(vault)) == aside, step
        assert not list(vault.glob("quarantine/.new-*"))
        assert run(seams_for(user)) == []
        shutil.rmtree(vault)


def test_retry_killed_at_durable_steps(tmp_path: Path) -> None:
    """At every fourth one; tests/drills has all of them."""
    check_retry_kills(tmp_path, "delete", 4)


def check_retry_kills(tmp_path: Path, mode: str, stride: int) -> None:
    """One of two in quarantine is mended, the other one isn't."""
    ground, empty, durable = drops(tmp_path / "ground"), make_vault(tmp_path / "empty"), Stepping()
    run_batch(empty, ground, originals="move", rules=DROPS)
    (torn,) = empty.glob("quarantine/*/content/INC-2.json")
    torn.write_text('{"format": 1}')
    before = everything(empty, ground)

    def again(vault: Path, seams: Seams) -> object:
        return run_batch(vault, ground, seams, originals=mode, retry=True, rules=DROPS)

    again(copy_vault(empty, tmp_path / "rv"), seams_for(tmp_path / "ru", durable))
    assert len(durable.steps) > 15
    for number, step in list(enumerate(durable.steps, 1))[::stride]:
        vault, user = copy_vault(empty, tmp_path / f"v{number}"), tmp_path / f"u{number}"
        killed(lambda v=vault, u=user, n=number: again(v, seams_for(u, Killing(n))))  # type: ignore[misc]
        check_nothing_lost(vault, ground, before, mode)
        again(vault, seams_for(user))
        check_nothing_lost(vault, ground, before, mode)
        check_sealed(vault, {"INC-0", "INC-1", "INC-2"}, seams_for(user))
        assert [reason["item"] for reason in reasons(vault)] == ["strange.bin"], step
        shutil.rmtree(vault)
