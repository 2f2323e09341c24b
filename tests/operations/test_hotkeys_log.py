"""The vault's log of hot keys: what was answered is in it, once, whatever happens."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.errors import StoreError
from evidence.intake.hotkeys.event import Event
from evidence.vault import hotkeys
from evidence.vault.durable import Durable
from evidence.vault.hotkeylines import LONGEST, Logged, logged
from evidence.vault.hotkeys import KNOWN_DAYS, Arriving, HotkeyLog, Noted
from evidence.vault.layout import Layout
from tests.operations.durables import Full, PowerCut, Stepping
from tests.operations.hotkeys_killpoint import NOON

DAY = dt.timedelta(days=1)
KILL = [sys.executable, "-m", "tests.operations.hotkeys_killpoint"]


def put(log: HotkeyLog, *ids: str, now: dt.datetime = NOON, agent: str = "a") -> list[Noted]:
    return log.append([Arriving(Event(id=name, agent=agent)) for name in ids], now)


def lines(root: Path) -> list[Logged]:
    return list(logged(Layout(root), NOON - 1000 * DAY))


def ids(root: Path) -> list[str]:
    return [found.event.id for found in lines(root) if found.event is not None]


@pytest.fixture
def log(tmp_path: Path) -> HotkeyLog:
    return HotkeyLog(Layout(tmp_path), Durable())


def test_an_event_is_a_line_that_nobody_else_may_read(log: HotkeyLog, tmp_path: Path) -> None:
    told = Event(id="1", at="2026-11-05T10:15:02+02:00", marker_class="insult", words="козел\u202e\n")
    (noted,) = log.append([Arriving(told, "events.csv:7")], NOON)
    assert noted == Noted("hotkeys-2026-11-05:1", is_new=True)
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    data = path.read_bytes()
    assert data.count(b"\n") == 1
    assert data.isascii()
    assert json.loads(data) == {
        "received": "2026-11-05T12:00:00.000Z",
        "id": "1",
        "at": "2026-11-05T10:15:02+02:00",
        "class": "insult",
        "words": "козел\u202e\n",
        "source": "events.csv:7",
    }
    assert [oct(name.stat().st_mode & 0o777) for name in (path.parent, path)] == ["0o700", "0o600"]
    (found,) = lines(tmp_path)
    assert found == Logged(path.name, 1, told, "2026-11-05T12:00:00.000Z", "events.csv:7")
    assert found.name == noted.name


def test_an_event_that_comes_again_is_not_added_again(log: HotkeyLog, tmp_path: Path) -> None:
    assert [noted.name for noted in put(log, "1", "2", "1")] == [f"hotkeys-2026-11-05:{n}" for n in (1, 2, 1)]
    again = put(HotkeyLog(Layout(tmp_path), Durable()), "2", "3", now=NOON + DAY)
    assert again == [
        Noted("hotkeys-2026-11-05:2", is_new=False),
        Noted("hotkeys-2026-11-06:1", is_new=True),
    ]
    assert put(log, "3", agent="b", now=NOON + DAY) == [
        Noted("hotkeys-2026-11-06:1", is_new=False, is_same=False)
    ]
    assert ids(tmp_path) == ["1", "2", "3"]


def test_after_a_month_an_id_may_come_again(log: HotkeyLog, tmp_path: Path) -> None:
    put(log, "1")
    for days, is_new in ((KNOWN_DAYS, False), (KNOWN_DAYS + 1, True)):
        (noted,) = put(HotkeyLog(Layout(tmp_path), Durable()), "1", now=NOON + days * DAY)
        assert noted.is_new == is_new


def test_two_that_add_see_what_the_other_added(tmp_path: Path) -> None:
    one, other = (HotkeyLog(Layout(tmp_path), Durable()) for _ in range(2))
    names = [put(log, name)[0].name for log, name in ((one, "1"), (other, "2"), (one, "3"), (other, "1"))]
    assert names == [f"hotkeys-2026-11-05:{number}" for number in (1, 2, 3, 1)]
    assert ids(tmp_path) == ["1", "2", "3"]


def test_processes_lose_and_tear_no_line(tmp_path: Path) -> None:
    count = 40
    running = [
        subprocess.Popen(
            [*KILL, str(tmp_path), "0", name, str(count)], stdout=subprocess.PIPE, encoding="utf-8"
        )
        for name in ("a", "b")
    ]
    said = [process.communicate()[0].split("\n")[:-1] for process in running]
    assert [len(rows) for rows in said] == [count, count]
    found = {entry.name: entry.event.id for entry in lines(tmp_path) if entry.event is not None}
    assert [
        f"{name} {found[name]}" for row in said for name in [row_name.split()[0] for row_name in row]
    ] == [row_name for row in said for row_name in row]
    assert len(found) == 2 * count == len(lines(tmp_path))


def test_killed_ahead_of_every_step_what_was_told_is_there(tmp_path: Path) -> None:
    steps = Stepping()
    log = HotkeyLog(Layout(tmp_path / "recorded"), steps)
    (tmp_path / "recorded").mkdir()
    for number in range(3):
        put(log, str(number))
    for step in range(1, len(steps.steps) + 1):
        vault = tmp_path / str(step)
        vault.mkdir()
        process = subprocess.run(
            [*KILL, str(vault), str(step), "k", "3"], check=False, capture_output=True, encoding="utf-8"
        )
        assert process.returncode == -signal.SIGKILL
        told = [row.split()[1] for row in process.stdout.splitlines()]
        assert ids(vault)[: len(told)] == told
        put(HotkeyLog(Layout(vault), Durable()), "k-0", "k-1", "k-2", "k-3", agent="Олена")
        assert ids(vault) == ["k-0", "k-1", "k-2", "k-3"]


def test_power_cut_ahead_of_every_step(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    log, told = HotkeyLog(Layout(vault), durable), {0: 0}
    for number in range(3):
        put(log, str(number), now=NOON + (number == 2) * DAY)
        told[len(durable.cuts)] = number + 1
    durable.cut()
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        least = max(count for at, count in told.items() if at <= number)
        assert ids(restored)[:least] == [str(n) for n in range(least)]
        put(HotkeyLog(Layout(restored), Durable()), "0", "1", "2", "3")
        assert sorted(ids(restored)) == ["0", "1", "2", "3"]


def test_a_full_disk_adds_nothing_and_says_so(tmp_path: Path) -> None:
    steps = Stepping()
    (tmp_path / "recorded").mkdir()
    put(HotkeyLog(Layout(tmp_path / "recorded"), steps), "1")
    hindered = 0
    for step in range(1, len(steps.steps) + 1):
        vault = tmp_path / str(step)
        vault.mkdir()
        try:
            put(HotkeyLog(Layout(vault), Full(step)), "1")
        except StoreError as error:
            hindered += "No space left" in error.message
            assert ids(vault) == []
        put(HotkeyLog(Layout(vault), Durable()), "1", "2")
        assert ids(vault) == ["1", "2"]
    assert hindered >= 2


class FullOnce(Durable):
    """Fails to sync once, after the bytes have been written."""

    def __init__(self) -> None:
        super().__init__()
        self.fails = False

    def sync(self, file: object) -> None:
        if self.fails:
            self.fails = False
            raise OSError(28, os.strerror(28))
        super().sync(file)  # type: ignore[arg-type]


def test_what_could_not_be_synced_is_taken_back(tmp_path: Path) -> None:
    durable = FullOnce()
    log = HotkeyLog(Layout(tmp_path), durable)
    put(log, "1")
    durable.fails = True
    with pytest.raises(StoreError):
        put(log, "2", "3")
    assert ids(tmp_path) == ["1"]
    assert [noted.name for noted in put(log, "3", "2")] == ["hotkeys-2026-11-05:2", "hotkeys-2026-11-05:3"]


@pytest.mark.parametrize(
    "tail", [b"{", b'{"received":"2026-11-05T12:00:00.000Z","id":"2"', b"\0" * 100, b"\xff"]
)
def test_a_torn_line_is_ended_and_told_and_no_other_is_lost(
    log: HotkeyLog, tmp_path: Path, tail: bytes
) -> None:
    put(log, "1")
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    with path.open("ab") as file:
        file.write(tail)
    for again in (log, HotkeyLog(Layout(tmp_path), Durable())):
        (noted,) = put(again, "2")
        assert noted.name == "hotkeys-2026-11-05:3"
    assert [found.event.id if found.event else None for found in lines(tmp_path)] == ["1", None, "2"]
    assert path.read_bytes().startswith(path.read_bytes().split(b"\n")[0] + b"\n" + tail + b"\n")


def test_a_whole_line_that_only_lacks_its_end_counts(log: HotkeyLog, tmp_path: Path) -> None:
    put(log, "1")
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert put(HotkeyLog(Layout(tmp_path), Durable()), "1", "2") == [
        Noted("hotkeys-2026-11-05:1", is_new=False),
        Noted("hotkeys-2026-11-05:2", is_new=True),
    ]
    assert ids(tmp_path) == ["1", "2"]


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b'{"id":"9"}',
        b'{"id":"9","received":"yesterday"}',
        b'{"id":"9","received":"2026-11-05T12:00:00.000Z","at":"2026-13-05T12:00:00Z"}',
        b'{"id":"9","received":"2026-11-05T12:00:00.000Z","class":"[red]"}',
        b'{"id":9,"received":"2026-11-05T12:00:00.000Z"}',
        b'{"id":"9","received":"2026-11-05T12:00:00.000Z","words":"' + b"x" * 5000 + b'"}',
        b"x" * (3 * LONGEST),
        b'{"id":"9","received":NaN}',
        b"[" * 10_000,
    ],
)
def test_a_line_that_somebody_spoilt_is_passed_over(log: HotkeyLog, tmp_path: Path, line: bytes) -> None:
    put(log, "1")
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    with path.open("ab") as file:
        file.write(line + b"\n")
    assert put(log, "2")[0].name == "hotkeys-2026-11-05:3"
    assert [found.event.id if found.event else None for found in lines(tmp_path)] == ["1", None, "2"]


def test_erasing_a_day_hinders_nothing(log: HotkeyLog, tmp_path: Path) -> None:
    put(log, "1", "2")
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    assert put(log, "3")[0].name == "hotkeys-2026-11-05:2"
    path.unlink()
    assert put(log, "4")[0].name == "hotkeys-2026-11-05:1"
    assert ids(tmp_path) == ["4"]


def test_a_day_takes_no_more_than_it_may(
    log: HotkeyLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(log, "1")
    path = tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl"
    monkeypatch.setattr(hotkeys, "MOST", 2 * path.stat().st_size)
    put(log, "2")
    with pytest.raises(StoreError, match="hotkeys-2026-11-05"):
        put(log, "3")
    put(log, "3", now=NOON + DAY)
    assert ids(tmp_path) == ["1", "2", "3"]


def test_a_link_in_the_log_is_not_followed(log: HotkeyLog, tmp_path: Path) -> None:
    (tmp_path / "hotkeys").mkdir()
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    (tmp_path / "hotkeys" / "hotkeys-2026-11-05.jsonl").symlink_to(target)
    with pytest.raises(StoreError):
        put(log, "1")
    assert target.read_bytes() == b""
