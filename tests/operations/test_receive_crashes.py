"""Receipts that are killed, run out of disk, or lose power: each is whole or not there, and entered once."""

import os
import shutil
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence.errors import StoreError
from evidence.operations.seams import Seams
from tests.operations import killpoint, receive_killpoint
from tests.operations.durables import Full, PowerCut, Stepping
from tests.operations.forked import killed
from tests.operations.receive_scene import (
    check_entered,
    documents,
    enter,
    entries,
    make_recordings,
    receive,
    rows,
)
from tests.operations.scene import (
    SAMPLE_FILES,
    check_whole,
    copy_vault,
    make_incident,
    make_vault,
    seal,
    seal_unless_sealed,
)

NAMES = ("a.wav", "b.wav", "c.wav")


class InodesKept(PowerCut):
    """Keeps every file open, so that no inode is used again: the power cut knows files by their inodes."""

    def __init__(self, root: Path, database: Path) -> None:
        super().__init__(root, database)
        self._kept: list[BinaryIO] = []

    def sync(self, file: BinaryIO) -> None:
        super().sync(file)
        self._kept.append(os.fdopen(os.dup(file.fileno()), "rb"))

    def close(self) -> None:
        super().close()
        for file in self._kept:
            file.close()


def forget_heads() -> None:
    """The user's state lies on the same disk and may be lost with it."""
    shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)


def with_receipts(root: Path, recordings: list[Path]) -> Path:
    vault = make_vault(root)
    receive(vault, *recordings)
    return vault


def test_receive_killed_at_every_durable_step(tmp_path: Path) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "a.wav")
    recorded = Stepping()
    receive(make_vault(tmp_path / "recorded"), recording, seams=Seams(durable=recorded))
    assert [step.split()[0] for step in recorded.steps] == [
        *("make_directory", "sync_directory", "create", "sync", "replace", "sync_directory")
    ]
    for number in range(1, len(recorded.steps) + 1):
        vault = make_vault(tmp_path / str(number))
        killed(partial(receive_killpoint.main, "receive", str(vault), str(number), str(recording)))
        assert len(documents(vault / "spool")) == (number == len(recorded.steps))
        if not documents(vault / "spool"):
            receive(vault, recording)
        enter(vault)
        check_entered(vault, [recording])


def test_entering_killed_at_every_durable_step(tmp_path: Path) -> None:
    recordings = make_recordings(tmp_path / "calls", *NAMES[:2])
    recorded = Stepping()
    enter(with_receipts(tmp_path / "recorded", recordings), Seams(durable=recorded))
    assert recorded.steps.count("commit") == 1
    assert recorded.steps.count("remove .json") == len(recordings)
    for number in range(1, len(recorded.steps) + 1):
        vault = with_receipts(tmp_path / str(number), recordings)
        killed(partial(receive_killpoint.main, "enter", str(vault), str(number)))
        enter(vault)
        check_entered(vault, recordings)
        assert enter(vault).sequences == ()


def test_power_cut_ahead_of_every_step_with_unsynced_data_lost(tmp_path: Path) -> None:
    recordings = make_recordings(tmp_path / "calls", *NAMES)
    vault = make_vault(tmp_path / "vault")
    durable = InodesKept(vault, vault / "register" / "register.sqlite")
    receive(vault, *recordings, seams=Seams(durable=durable))
    durable.cut()
    received = len(durable.cuts)
    enter(vault, Seams(durable=durable))
    durable.cut()
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        lying = {**documents(restored / "spool"), **documents(restored / "received")}
        if number >= received - 1:
            assert len(lying) == len(NAMES)
        forget_heads()
        enter(restored)
        assert len(entries(restored)) == len(lying)
        assert documents(restored / "received").keys() == entries(restored).keys()
        names = {document["facts"]["name"] for document in lying.values()}
        receive(restored, *(path for path in recordings if path.name not in names))
        enter(restored)
        check_entered(restored, recordings)


@pytest.mark.parametrize("remainder", range(2))
def test_disk_full_from_every_step_on(tmp_path: Path, remainder: int) -> None:
    recordings = make_recordings(tmp_path / "calls", *NAMES)
    steps = Stepping()
    enter(with_receipts(tmp_path / "recorded", recordings), Seams(durable=steps))
    for number in range(1 + remainder, len(steps.steps) + 1, 2):
        vault = with_receipts(tmp_path / str(number), recordings)
        try:
            enter(vault, Seams(durable=Full(number)))
        except (OSError, StoreError):
            pass
        else:
            assert {step.split()[0] for step in steps.steps[number - 1 :]} <= {"remove", "sync_directory"}
        enter(vault)
        check_entered(vault, recordings)


def test_no_receipt_is_left_half_written_on_a_full_disk(tmp_path: Path) -> None:
    (recording,) = make_recordings(tmp_path / "calls", "a.wav")
    for number in (3, 4, 5):
        vault = make_vault(tmp_path / str(number))
        with pytest.raises(StoreError, match="no receipt can be written"):
            receive(vault, recording, seams=Seams(durable=Full(number)))
        assert list((vault / "spool").iterdir()) == []


def noted_incident(folder: Path) -> tuple[Path, Path]:
    """A vault in which an incident's recording has a registered receipt, and that incident."""
    vault, incident = make_vault(folder / "vault"), make_incident(folder / "incident")
    receive(vault, incident / SAMPLE_FILES[0])
    enter(vault)
    return vault, incident


def check_sealed(vault: Path, incident: Path) -> None:
    """The incident is sealed once, with its receipt, which doesn't wait any more."""
    check_whole(vault, incident)
    assert documents(vault / "received") == {}
    assert documents(vault / "custody").keys() == entries(vault).keys()
    assert len(entries(vault)) == 1
    ((archive_id, state),) = rows(vault, "SELECT archive_id, state FROM receipts")
    assert rows(vault, "SELECT archive_id FROM claims WHERE state = 'published'") == [(archive_id,)]
    assert state == 2


@pytest.mark.parametrize("half", ["first", "second"])
def test_seal_with_a_receipt_killed_at_every_durable_step(tmp_path: Path, half: str) -> None:
    vault, incident = noted_incident(tmp_path / "recorded")
    recorded = Stepping()
    seal(vault, incident, Seams(durable=recorded))
    check_sealed(vault, incident)
    steps = range(1, len(recorded.steps) + 1)
    middle = len(steps) // 2
    for number in steps[:middle] if half == "first" else steps[middle:]:
        vault, incident = noted_incident(tmp_path / str(number))
        killed(partial(killpoint.main, str(vault), str(number), str(incident)))
        seal_unless_sealed(vault, incident)
        check_sealed(vault, incident)


def test_seal_with_a_receipt_and_power_cuts(tmp_path: Path) -> None:
    vault, incident = noted_incident(tmp_path)
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    seal(vault, incident, Seams(durable=durable))
    durable.cut()
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        forget_heads()
        seal_unless_sealed(restored, incident)
        check_sealed(restored, incident)


def test_a_receipt_waits_again_when_its_archive_is_voided(tmp_path: Path) -> None:
    """Entered, then the body was lost: the incident is sealed again, and the receipt goes with it."""
    vault, incident = noted_incident(tmp_path)
    steps = Stepping()
    seal(copy_vault(vault, tmp_path / "copy"), incident, Seams(durable=steps))
    forget_heads()
    (incident / "incident.uid").unlink()
    after_commit = [number for number, step in enumerate(steps.steps, 1) if step == "commit"][1] + 1
    killed(partial(killpoint.main, str(vault), str(after_commit), str(incident)))
    assert rows(vault, "SELECT state FROM receipts") == [(1,)]
    (staged,) = (vault / "staging").glob("*.staged")
    staged.unlink()
    seal_unless_sealed(vault, incident)
    check_sealed(vault, incident)
