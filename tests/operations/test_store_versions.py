"""The register database of version 1 is brought up to date once; a newer one is left alone."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence.errors import ExitCode, StateError
from evidence.operations.seams import Seams
from tests.operations.durables import Stepping
from tests.operations.scene import check_whole, make_incident, make_vault, seal, seal_unless_sealed
from tests.operations.stamp_scene import open_vault

VERSION_1 = """
CREATE TABLE old (uid TEXT PRIMARY KEY, claim TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
                  state TEXT NOT NULL, archive_id TEXT NOT NULL, cites TEXT, body_length INTEGER,
                  identity BLOB, signature_sha256 BLOB, members BLOB, sequence INTEGER) STRICT;
INSERT INTO old SELECT uid, claim, epoch, state, archive_id, cites, body_length, identity, signature_sha256,
                       members, sequence FROM claims;
DROP TABLE claims;
ALTER TABLE old RENAME TO claims;
PRAGMA user_version = 1;
"""
"""Makes of a database what 0.1.0 made."""


def database(root: Path) -> sqlite3.Connection:
    return sqlite3.connect(root / "register" / "register.sqlite")


def made_old(root: Path) -> Path:
    connection = database(root)
    connection.executescript(VERSION_1)
    connection.close()
    return root


def columns(root: Path) -> list[str]:
    connection = database(root)
    found = [row[1] for row in connection.execute("PRAGMA table_info(claims)")]
    connection.close()
    return found


def version(root: Path) -> int:
    connection = database(root)
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(found)


def test_an_old_database_is_migrated_when_it_is_opened(tmp_path: Path) -> None:
    root, incident = make_vault(tmp_path / "v"), make_incident(tmp_path / "a", "A")
    fresh = columns(root)
    seal(root, incident)
    made_old(root)
    assert columns(root) == fresh[:-2]
    open_vault(root).close()
    assert (columns(root), version(root)) == (fresh, 2)
    with pytest.raises(StateError, match="sealed already"):
        seal(root, incident)
    check_whole(root, incident)
    seal(root, make_incident(tmp_path / "b", "B"))
    check_whole(root, incident, archives=2)


def test_a_seal_that_the_old_program_left_behind_is_finished(tmp_path: Path) -> None:
    """Entered in the register, published or not; the evidence that it gets is the old program's."""
    root, incident = make_vault(tmp_path / "v"), make_incident(tmp_path / "a", "A")

    class Dying(Stepping):
        def before(self, step: str) -> None:
            super().before(step)
            if step == "link":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(root, incident, Seams(durable=Dying()))
    made_old(root)
    seal_unless_sealed(root, incident)
    check_whole(root, incident)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    root = made_old(make_vault(tmp_path / "v"))

    class Failing(Stepping):
        def before(self, step: str) -> None:
            if step == "commit":
                raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        open_vault(root, Seams(durable=Failing()))
    assert version(root) == 1
    open_vault(root).close()
    assert version(root) == 2


def test_several_processes_may_open_it_at_once(tmp_path: Path) -> None:
    root = made_old(make_vault(tmp_path / "v"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: open_vault(root).close(), range(8)))
    assert version(root) == 2


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    root = make_vault(tmp_path / "v")
    connection = database(root)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(StateError, match="newer version") as caught:
        open_vault(root)
    assert caught.value.exit_code == ExitCode.REFUSED
    assert version(root) == 3
