"""What a batch makes of an inbox: everything is sealed once, or set aside with a reason; originals as configured."""

import json
import os
import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster

from evidence.operations.originals import Disposal, carry_out, state_of
from evidence.operations.seams import Seams
from evidence.operations.workforce import Processes, cluster
from evidence.vault.durable import Durable
from tests.batch import killpoint
from tests.batch.scene import check_sealed, files_under, make_inbox, reasons, run_batch
from tests.operations.durables import Stepping
from tests.operations.forked import ended
from tests.operations.scene import make_incident, make_vault, seal


def test_groups_are_entered_under_one_checkpoint_each(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 7)
    told = run_batch(vault, inbox, size=3)
    assert told.kinds() == ["Sealed"] * 7
    check_sealed(vault, {f"INC-{n}" for n in range(7)})
    connection = sqlite3.connect(vault / "register" / "register.sqlite")
    sizes = [row[0] for row in connection.execute("SELECT size FROM checkpoints ORDER BY size")]
    connection.close()
    assert sizes == [1, 4, 7, 8]


@pytest.mark.parametrize("mode", ["keep", "move", "delete"])
def test_originals(tmp_path: Path, mode: str) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2, 1)
    before = files_under(inbox)
    assert run_batch(vault, inbox, originals=mode).kinds() == ["Sealed", "Sealed", "SetAside"]
    bad = {name: data for name, data in before.items() if name.startswith("i2/")}
    good = {name: data for name, data in before.items() if name not in bad}
    (aside,) = (vault / "quarantine").iterdir()
    assert files_under(aside / "content") == bad
    assert files_under(inbox) == (good if mode == "keep" else {})
    done = [files_under(folder) for folder in (vault / "done").glob("*")]
    assert done == ([good] if mode == "move" else [])
    assert run_batch(vault, inbox, originals=mode).kinds() == []
    check_sealed(vault, {"INC-0", "INC-1"})


def test_reason_can_be_acted_upon_and_retry_takes_it_back(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 0, 1)
    run_batch(vault, inbox)
    (reason,) = reasons(vault)
    assert reason["item"] == "i0"
    assert reason["exit_code"] == 4
    assert "incident.json" in str(reason["message"])
    (aside,) = (vault / "quarantine").iterdir()
    assert f"evidence batch --retry {aside.name}" in str(reason["next"])
    assert run_batch(vault, inbox, retry=True).kinds() == ["SetAside"]
    assert "tried" in reasons(vault)[0]
    (aside / "content" / "i0" / "incident.json").write_text('{"format": 1, "number": "INC-0"}')
    (aside / "content" / "i0" / "markers.json").unlink()
    assert run_batch(vault, inbox, retry=True).kinds() == ["Sealed"]
    check_sealed(vault, {"INC-0"})
    assert reasons(vault) == []
    assert len(files_under(vault / "done")) == 3


def test_what_was_sealed_by_hand_is_not_sealed_again(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)
    seal(vault, inbox / "i0")
    assert run_batch(vault, inbox).kinds() == ["Already", "Sealed"]
    (vault / "batch.sqlite").unlink()
    assert run_batch(vault, inbox).kinds() == ["Already", "Already"]
    check_sealed(vault, {"INC-0", "INC-1"})


def test_changed_after_the_seal_is_set_aside(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    run_batch(vault, inbox)
    (inbox / "i0" / "statement.txt").write_text("later")
    assert run_batch(vault, inbox).kinds() == ["SetAside"]
    assert "--corrects INC-0" in str(reasons(vault)[0]["hint"])


def test_two_folders_of_one_incident(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    uid = "11111111-1111-4111-8111-111111111111\n"
    (inbox / "i0" / "incident.uid").write_text(uid)
    shutil.copytree(inbox / "i0", inbox / "i1")
    assert run_batch(vault, inbox).kinds() == ["Sealed", "SetAside"]
    check_sealed(vault, {"INC-0"})


def test_void_incident_is_sealed_again_and_cites_its_first_archive(tmp_path: Path) -> None:
    """The body of a committed archive was lost: its entry is voided, and the batch makes a new archive."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    recorded = Stepping()
    scratch = make_inbox(tmp_path / "recorded", 1)
    run_batch(make_vault(tmp_path / "rv"), scratch, Seams(durable=recorded))
    for step in range(recorded.steps.index("commit") + 2, len(recorded.steps)):
        ended(partial(killpoint.main, str(vault), str(inbox), str(step), "keep"))
        staged = list((vault / "staging").glob("*.staged"))
        rows = _states(vault)
        if rows == ["publishing"] and staged:
            break
    staged[0].write_bytes(b"")
    assert run_batch(vault, inbox).kinds() == ["Sealed"]
    assert _states(vault) == ["published"]
    (archive,) = (vault / "archives").glob("*/*.asice")
    assert b'"replaces":"' in archive.read_bytes()


def _states(vault: Path) -> list[str]:
    connection = sqlite3.connect(vault / "register" / "register.sqlite")
    rows = [row[0] for row in connection.execute("SELECT state FROM claims")]
    connection.close()
    return rows


def test_interrupted_deletion_never_touches_what_came_later(tmp_path: Path) -> None:
    inbox = make_inbox(tmp_path / "i", 1)
    loose = tmp_path / "call.wav"
    loose.write_bytes(b"first")
    disposal = Disposal((inbox / "i0", loose), state_of((inbox / "i0", loose)), ())
    loose.unlink()
    loose.write_bytes(b"second")
    (inbox / "i0" / "later.txt").write_text("later")
    carry_out(Disposal.of(disposal.to_text()), Durable())
    assert loose.read_bytes() == b"second"
    assert (inbox / "i0" / "later.txt").read_text() == "later"
    assert (inbox / "i0" / "call.wav").exists()


def test_processes_do_the_same(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 9, 1)
    workers = Processes(2)
    try:
        told = run_batch(vault, inbox, size=4, executor=workers)
    finally:
        workers.shutdown()
    assert told.kinds() == ["Sealed"] * 9 + ["SetAside"]
    check_sealed(vault, {f"INC-{n}" for n in range(9)})


def die(*_arguments: object) -> None:
    """Kill the worker."""
    os.kill(os.getpid(), 9)


def test_a_lost_worker_loses_nothing(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 3)
    workers = Processes(2)
    try:
        workers.submit(die)
        told = run_batch(vault, inbox, executor=workers)
    finally:
        workers.shutdown()
    assert told.kinds() == ["Sealed"] * 3
    check_sealed(vault, {f"INC-{n}" for n in range(3)})


def test_an_unreadable_incident_stays_and_is_told(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), tmp_path / "i"
    incident = make_incident(inbox / "i0", "INC-0")
    (incident / "call.wav").unlink()
    (incident / "call.wav").symlink_to("/dev/zero")
    assert run_batch(vault, inbox).kinds() == ["SetAside"]
    (reason,) = reasons(vault)
    assert json.dumps(reason)
    check_sealed(vault, set())


def test_dask_cluster_with_shared_storage(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 5, 1)
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in ("staging", "archives"):
        shutil.move(vault / name, shared / name)
        (vault / name).symlink_to(shared / name)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        address = local.scheduler_address.replace("tcp://", "dask://")
        with cluster(address) as workers:
            told = run_batch(vault, inbox, Seams(), executor=workers)
    assert told.kinds() == ["Sealed"] * 5 + ["SetAside"]
    check_sealed(vault, {f"INC-{n}" for n in range(5)})
