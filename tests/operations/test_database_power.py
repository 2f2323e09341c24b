"""What SQLite really writes and syncs while an incident is sealed: a head that left is never lost again.

strace records every write, sync and rename in the register's folder. After each of them a disk is laid out that
holds what was synced and any part of what wasn't, and the plain sqlite3 module opens it.
"""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.operations.scene import make_incident, make_vault
from tests.operations.traced import CALLS, Call, Disk, parse
from tests.requirements import need

SEEDS = 4


def recorded(vault: Path, incidents: list[Path], trace: Path) -> list[Call]:
    """The calls of a seal that nothing disturbs (the step at which it would be killed never comes)."""
    command = [need("strace"), "-f", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    program = [sys.executable, "-m", "tests.operations.killpoint", str(vault), "100000", *map(str, incidents)]
    subprocess.run([*command, *program], check=True, capture_output=True)
    return list(parse(trace.read_text(encoding="ascii").splitlines(), vault / "register"))


def check(folder: Path, promised: bytes) -> int:
    """The database opens whole, and holds the head that has left with all entries below it."""
    size = int(promised.split(b"\n")[1])
    with closing(sqlite3.connect(folder / "register.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
        assert count >= size
        note = connection.execute("SELECT note FROM checkpoints WHERE size = ?", (size,)).fetchone()
        assert note == (promised,)
        assert connection.execute("SELECT max(size) FROM checkpoints").fetchone() == (count,)
    return int(count)


def test_a_head_that_left_is_in_the_database_after_any_power_cut(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    register = vault / "register"
    incidents = [make_incident(tmp_path / name, name) for name in ("A", "B")]
    disk = Disk(register, {"register.sqlite": (register / "register.sqlite").read_bytes()})
    promised = (register / "head").read_bytes()
    counts, heads = set(), 0
    for number, call in enumerate(recorded(vault, incidents, tmp_path / "trace")):
        disk.take(call)
        if call.name == "rename" and call.path == register / "head":
            promised = disk.texts.pop(Path(call.data.decode()))
            heads += 1
        for seed in range(SEEDS):
            folder = disk.lay_out(tmp_path / f"disk-{number}-{seed}", random.Random(f"{number}-{seed}"))  # noqa: S311
            counts.add(check(folder, promised))
    assert heads == 1
    assert promised == (register / "head").read_bytes()
    assert counts == {1, 3}
