"""Which archives are read when not all are: in the end every one, and what was wrong again and again."""

import datetime as dt
import resource
import sqlite3
import time
from pathlib import Path

import pytest

from evidence.errors import ExitCode
from evidence.operations.audit.run import Request
from tests import builder
from tests.operations.audit import many
from tests.operations.audit.ground import archives, at, audited, copied, flip, name_of

DAY = dt.timedelta(days=1)


def remembered(vault: Path) -> dict[str, int]:
    """What the memory holds, read by sqlite3."""
    connection = sqlite3.connect(vault / "audit.sqlite")
    found = dict(connection.execute("SELECT archive_id, at FROM read"))
    connection.close()
    return found


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of ten archives."""
    return many.make(tmp_path_factory.mktemp("ten") / "vault", 10, batch=4)


@pytest.fixture
def vault_of_ten(ten: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copied(ten, tmp_path / "ten")


def run(vault: Path, of: int, day: int) -> tuple[list[str], int]:
    """Codes that an audit on a later day finds apart from what is overdue, and how many it read."""
    heard, answer = audited(vault, Request(of=of), clock=at(builder.NOW + day * DAY))
    assert heard.codes[-1] == "SEAL_OVERDUE"
    return heard.codes[:-1], answer.read


def test_everything_is_read_in_that_many_runs(vault_of_ten: Path) -> None:
    for day in range(3):
        assert run(vault_of_ten, 3, day) == ([], 4)
    assert len(remembered(vault_of_ten)) == 10
    days = sorted(remembered(vault_of_ten).values())
    assert len(set(days)) == 3
    for day in range(3, 6):
        run(vault_of_ten, 3, day)
    assert min(remembered(vault_of_ten).values()) >= int((builder.NOW + 3 * DAY).timestamp())


def test_an_altered_archive_is_found_in_time_and_told_each_time_after(vault_of_ten: Path) -> None:
    altered = archives(vault_of_ten)[-1]
    flip(altered, 120)
    told = [run(vault_of_ten, 5, day)[0] for day in range(8)]
    first = told.index(["ARCHIVE_ALTERED"])
    assert first < 5
    assert told == [[]] * first + [["ARCHIVE_ALTERED"]] * (8 - first)


def test_presence_is_checked_for_all_each_time(vault_of_ten: Path) -> None:
    for day, archive in enumerate(archives(vault_of_ten)[:3]):
        archive.unlink()
        assert run(vault_of_ten, 10, day)[0] == ["ARCHIVE_MISSING"] * (day + 1)


def test_times_ahead_of_the_clock_come_first(vault_of_ten: Path) -> None:
    run(vault_of_ten, 1, 400)  # the clock was wrong that day
    run(vault_of_ten, 10, 1)
    assert min(remembered(vault_of_ten).values()) == int((builder.NOW + DAY).timestamp())


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
def test_a_memory_that_is_none_is_begun_anew(vault_of_ten: Path, content: bytes | None) -> None:
    memory = vault_of_ten / "audit.sqlite"
    if content is None:
        connection = sqlite3.connect(memory)
        connection.execute("CREATE TABLE read (something TEXT)")
        connection.close()
    else:
        memory.write_bytes(content)
    answer = audited(vault_of_ten, clock=at(builder.NOW))[1]
    assert answer.memory == ""
    assert len(remembered(vault_of_ten)) == 10
    assert memory.stat().st_mode & 0o077 == 0 or content is not None


def test_a_memory_that_cannot_be_kept_is_told_and_stops_nothing(vault_of_ten: Path) -> None:
    (vault_of_ten / "audit.sqlite").mkdir()
    heard, answer = audited(vault_of_ten, clock=at(builder.NOW))
    assert answer.memory
    assert (heard.codes, answer.read) == (["SEAL_OVERDUE"], 10)


def test_nothing_else_is_written(vault_of_ten: Path) -> None:
    def listing() -> dict[str, tuple[int, int]]:
        files = (path for path in vault_of_ten.rglob("*") if path.is_file())
        return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in files}

    before = listing()
    audited(vault_of_ten, clock=at(builder.NOW))
    after = listing()
    made = {Path(name).name for name in after.keys() - before.keys()}
    assert made <= {"audit.sqlite", "register.sqlite-wal", "register.sqlite-shm"}
    assert {name: after[name] for name in before} == before


def test_two_thousand_archives_in_bounded_time_and_memory(tmp_path: Path) -> None:
    vault = many.make(tmp_path / "vault", 2000)
    victim, gone = archives(vault)[700], archives(vault)[1400]
    flip(victim, 120)
    gone.unlink()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    heard, answer = audited(vault, clock=at(builder.NOW))
    spent = time.process_time() - begin
    assert answer.archives == 1999
    assert [(f.code, f.subject) for f in heard.findings][:1] == [("ARCHIVE_ALTERED", name_of(vault, victim))]
    assert heard.codes == ["ARCHIVE_ALTERED", "ARCHIVE_MISSING", "SEAL_OVERDUE"]
    assert answer.exit_code is ExitCode.FAILED
    assert spent < 40  # 9 s on the machine on which it was written
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024  # kilobytes


def test_an_archive_that_rests_on_another_register(vault_of_ten: Path) -> None:
    """Its own entry is the register's; the checkpoint, signed by the register's key, is over other entries."""
    connection = sqlite3.connect(vault_of_ten / "register" / "register.sqlite")
    documents = connection.execute("SELECT document FROM entries ORDER BY sequence LIMIT 2").fetchall()
    connection.close()
    forked = builder.Register(chain=[bytes(row[0]) for row in documents])
    forked.seal(builder.seal(99).facts)
    archive = archives(vault_of_ten)[0]
    archive.write_bytes(builder.pack(builder.members(builder.seal(1), forked, 1)))
    heard, answer = audited(vault_of_ten, clock=at(builder.NOW))
    assert [(f.code, f.subject) for f in heard.findings[:1]] == [
        ("ARCHIVE_FORK", name_of(vault_of_ten, archive))
    ]
    assert heard.codes[1:] == ["SEAL_OVERDUE"]
    assert answer.exit_code is ExitCode.FAILED
