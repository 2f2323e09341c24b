"""Hot keys from files and standard input: rotation, hostile and damaged lines."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.journeys.desk import NUMBER, Desk, snapshot
from tests.journeys.live import PATIENCE, PRESSED, Live, agents, logged, new, row
from tests.journeys.program import evidence


@contextmanager
def until(condition: Callable[[], bool]) -> Iterator[None]:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
    yield


def test_a_file_is_followed_through_its_rotation(desk: Desk) -> None:
    log = desk.pbx / "keys.log"
    log.write_text(row("1"), encoding="utf-8")
    with Live(desk, "--from", log, "--follow") as live:
        with until(lambda: agents(desk) == ["1"]), log.open("a", encoding="utf-8") as file:
            file.write(row("2")[:20])
            file.flush()
            time.sleep(0.6)
            assert agents(desk) == ["1"]
            file.write(row("2")[20:])
        with until(lambda: agents(desk) == ["1", "2"]):
            with log.open("a", encoding="utf-8") as file:
                file.write(row("3"))
                log.rename(desk.pbx / "keys.log.1")
                file.write(row("4").rstrip("\n"))
            time.sleep(0.6)
            log.write_text(f"time,agent,note\n2026-11-05T10:15:02Z,5,{'x' * 99}\n", encoding="utf-8")
        with until(lambda: agents(desk) == ["1", "2", "3", "4", "5"]):
            log.write_text(row("6"), encoding="utf-8")  # cut short in its place
        with until(lambda: len(agents(desk)) == 6):
            pass
        live.end(signal.SIGTERM)
    assert agents(desk) == ["1", "2", "3", "4", "5", "6"]
    assert evidence("mark", "live", "--from", desk.pbx / "keys.log.1", env=desk.env).returncode == 0
    assert len(agents(desk)) == 6


def test_standard_input_is_noted_line_by_line(desk: Desk) -> None:
    with Live(desk, "--from", "-", "--follow", stdin=subprocess.PIPE) as live:
        assert live.process.stdin is not None
        for number in range(3):
            live.process.stdin.write(json.dumps({"agent": str(number)}) + "\n")
            live.process.stdin.flush()
            assert live.line()["noted"] == 1
            assert len(logged(desk)) == number + 1
        live.process.stdin.write('{"class": "Іваненко"}\n{')
        live.process.stdin.close()
        assert live.process.wait(PATIENCE) == 9
        told = live.process.stderr.read() if live.process.stderr else ""
    assert "line 4: can't be used (no_class)" in told
    assert "line 5: can't be used (json_syntax)" in told
    assert "Іваненко" not in told
    assert agents(desk) == ["0", "1", "2"]


def test_hostile_lines_neither_break_nor_reach_the_terminal(desk: Desk) -> None:
    new(desk)
    bad = [
        '{"class":"\\u001b[31m"}',
        "\x1b]0;x\x07",
        '{"agent":NaN}',
        "[red]",
        "[" * 9000,
        "x" * 100_000,
        '{"a\u202e":1}',
    ]
    good = json.dumps(
        {"at": PRESSED, "class": "insult", "agent": "101", "words": "\x1b[31m\u202eкозел[/red]", "id": "[b]"}
    )
    events = desk.pbx / "\x1b[31m[red]\u202e.log"
    events.write_text("\n".join([good, *bad, good]), encoding="utf-8")
    process = evidence("mark", "live", NUMBER, "--from", events, "--uncertainty", "1", env=desk.env)
    assert process.returncode == 9, process.stderr
    for text in (process.stdout, process.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text
    (marker,) = desk.json("mark", "list", NUMBER)
    assert marker["words"] == "\x1b[31m\u202eкозел[/red]"
    assert "\x1b" not in marker["source"]
    desk.do("seal", NUMBER)


def test_very_many_bad_lines_are_told_by_their_number(desk: Desk) -> None:
    events = desk.pbx / "events.log"
    events.write_text("zzz\n" * 100_000 + row("1"), encoding="utf-8")
    process = evidence("mark", "live", "--from", events, env=desk.env)
    assert process.returncode == 9
    assert process.stderr.count("no event begins with") == 20
    assert "100000 lines can't be used" in process.stderr
    assert agents(desk) == ["1"]


def test_too_many_events_of_one_call_are_refused(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    rows = [json.dumps({"at": PRESSED, "class": "insult", "id": str(number)}) for number in range(2001)]
    events.write_text("\n".join(rows), encoding="utf-8")
    before = snapshot(desk.folder())
    assert "2000" in desk.refuse(2, "mark", "live", NUMBER, "--uncertainty", "1", "--from", events)
    assert snapshot(desk.folder()) == before


def test_a_damaged_line_of_the_log_is_told(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text(row("101"), encoding="utf-8")
    desk.do("mark", "live", "--from", events)
    path = next((desk.vault / "hotkeys").glob("*.jsonl"))
    path.write_bytes(b'{"id":\n' + path.read_bytes())
    process = evidence("mark", "live", NUMBER, "--uncertainty", "1", "--class", "insult", env=desk.env)
    assert process.returncode == 9
    assert f"{path.stem}:1" in process.stderr
    assert len(desk.json("mark", "list", NUMBER)) == 1


def test_special_files_are_refused(desk: Desk) -> None:
    pipe = desk.pbx / "pipe"
    os.mkfifo(pipe)
    assert "--from -" in desk.refuse(4, "mark", "live", "--from", pipe)
    desk.refuse(4, "mark", "live", "--from", desk.pbx)
