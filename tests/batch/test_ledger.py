"""The ledger: whatever becomes of batch.sqlite, every recording is sealed once and no strange file is touched."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.errors import StoreError
from evidence.operations.originals import Disposal
from evidence.vault.ledger import Ledger
from tests.batch.scene import check_sealed, files_under, make_inbox, run_batch
from tests.journeys.program import done, evidence, new_vault
from tests.operations.scene import make_vault

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda data: b"garbage" * len(data),
    "empty": lambda data: data[:0],
    "header only": lambda data: data[:100],
    "truncated": lambda data: data[: len(data) // 2],
    "flipped": lambda data: data[:4096] + bytes(byte ^ 0xFF for byte in data[4096:8192]) + data[8192:],
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged(tmp_path: Path, damage: str) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 2)
    run_batch(vault, inbox)
    ledger = vault / "batch.sqlite"
    ledger.write_bytes(DAMAGES[damage](ledger.read_bytes()))
    (vault / "batch.sqlite-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    assert run_batch(vault, inbox).kinds() == ["Already", "Already"]
    assert run_batch(vault, inbox).kinds() == []
    check_sealed(vault, {"INC-0", "INC-1"})


def test_other_tables(tmp_path: Path) -> None:
    """Somebody else's database under its name is no ledger: begun anew."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    other = sqlite3.connect(vault / "batch.sqlite")
    other.execute("CREATE TABLE seen (x TEXT)")
    other.commit()
    other.close()
    assert run_batch(vault, inbox).kinds() == ["Sealed"]


def test_from_another_vault(tmp_path: Path) -> None:
    """It says that everything is sealed; here nothing is."""
    one, two = make_vault(tmp_path / "one"), make_vault(tmp_path / "two")
    inbox = make_inbox(tmp_path / "i", 2)
    run_batch(one, inbox)
    shutil.copyfile(one / "batch.sqlite", two / "batch.sqlite")
    assert run_batch(two, inbox).kinds() == ["Sealed", "Sealed"]
    check_sealed(two, {"INC-0", "INC-1"})


def test_newer_than_a_restored_register(tmp_path: Path) -> None:
    """A register that comes from a backup, or forked since: what the ledger says of it is forgotten."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    ledger = Ledger(vault / "batch.sqlite")
    ledger.follow("other key", 5, lambda size: b"%d" % size)
    ledger.put(inbox, "i0", "fp", "sealed")
    ledger.follow("other key", 6, lambda size: b"%d" % size)
    assert ledger.outcome(inbox, "i0", "fp") == "sealed"
    ledger.follow("other key", 4, lambda size: b"%d" % size)
    assert ledger.outcome(inbox, "i0", "fp") == ""
    ledger.put(inbox, "i0", "fp", "sealed")
    ledger.follow("other key", 7, lambda size: b"fork %d" % size)
    assert ledger.outcome(inbox, "i0", "fp") == ""
    ledger.close()
    assert run_batch(vault, inbox).kinds() == ["Sealed"]


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_not_a_file(tmp_path: Path, kind: str) -> None:
    """A link might lead to anybody's database; nothing is written through it."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    other = tmp_path / "other.sqlite"
    sqlite3.connect(other).close()
    other.chmod(0o644)
    ledger = vault / "batch.sqlite"
    if kind == "link":
        ledger.symlink_to(other)
    elif kind == "folder":
        ledger.mkdir()
    else:
        os.mkfifo(ledger)
    said = evidence("batch", inbox, "--vault", vault)
    assert said.returncode == 8, said.stderr
    assert "batch.sqlite may be removed" in said.stderr
    assert (other.stat().st_mode & 0o777, other.read_bytes()) == (0o644, b"")


def test_locked_by_another_program(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "batch.sqlite")
    ledger._connection.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / "batch.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    for act in (
        lambda: ledger.outcome(tmp_path, "x", "y"),
        lambda: ledger.forget(tmp_path, "x"),
        lambda: ledger.begin(["x"]),
        ledger.pending,
        ledger.end,
    ):
        with pytest.raises(StoreError) as refused:
            act()
        assert "batch.sqlite may be removed" in refused.value.hint
    other.close()
    ledger.close()


def odd_disposals(victim: Path) -> list[str]:
    """Rows that name a file nobody has archived."""
    status = victim.stat()
    row = [str(victim), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    here, folder = str(victim), str(victim.parent)
    found: list[object] = [
        None, 5, [], {}, "x", [[here], [], []], [[here], [row[:4]], []], [[here], [[here, 1, 2, 3, 4]], []],
        [[folder], [], []], [[folder], [row], ["/x", "/y"]], [[f"{folder}/../{victim.parent.name}"], [row], []],
        [[f"{here}\0"], [row], []], [["secret"], [row], []], [[here], [[5, *row[1:]]], []], [[f"{folder}/x"], [row], []],
    ]  # fmt: skip
    return [*map(json.dumps, found), "", "{", "[" * 100_000, "\ud800".encode("utf-8", "replace").decode()]


def test_corrupted_disposals_touch_nothing(tmp_path: Path) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    run_batch(vault, inbox)
    (tmp_path / "home" / "empty").mkdir(parents=True)
    victim = tmp_path / "home" / "secret"
    victim.write_text("of somebody else")
    (tmp_path / "home" / "second").write_text("so the folder isn't what the row says")
    ledger = Ledger(vault / "batch.sqlite")
    ledger.begin([*odd_disposals(victim), json.dumps([[str(tmp_path / "home" / "empty")], [], []])])
    ledger.close()
    told = run_batch(vault, inbox)
    assert told.problems
    assert (tmp_path / "home" / "empty").is_dir()
    assert files_under(tmp_path / "home").keys() == {"secret", "second"}


def test_a_target_that_somebody_made_meanwhile(tmp_path: Path) -> None:
    """An original isn't deleted because something else stands where it was to go."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    (inbox / "loose.wav").write_bytes(b"sound")
    status = (inbox / "loose.wav").stat()
    row = (str(inbox / "loose.wav"), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    target = tmp_path / "done" / "loose.wav"
    target.parent.mkdir()
    target.write_bytes(b"other")
    run_batch(vault, tmp_path / "done")
    ledger = Ledger(vault / "batch.sqlite")
    ledger.begin([Disposal((inbox / "loose.wav",), (row,), (target,)).to_text()])
    ledger.close()
    run_batch(vault, tmp_path / "done")
    assert (inbox / "loose.wav").read_bytes() == b"sound"
    assert target.read_bytes() == b"other"


def test_read_only_ledger(tmp_path: Path) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    done("batch", inbox, "--vault", vault)
    (vault / "batch.sqlite").chmod(0o400)
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {"INC-0"})
