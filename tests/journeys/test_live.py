"""Hot keys from the press to the archive, with the program as its users run it."""

import datetime as dt
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest

from tests.journeys.desk import NUMBER, Desk, recording, snapshot
from tests.journeys.program import evidence
from tests.journeys.terminal import Terminal

PATIENCE = 30.0
CALL_ID = "1793866502.4711"
PRESSED = "2026-11-05T10:15:08.250+02:00"
"""6.25 s after the beginning of the desk's call."""


class Live:
    """`evidence mark live` that runs until it is ended."""

    def __init__(self, desk: Desk, *arguments: str | Path, stdin: int = subprocess.DEVNULL) -> None:
        self.desk = desk
        self.process = subprocess.Popen(
            [sys.executable, "-m", "evidence", "mark", "live", *map(str, arguments), "--json"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **desk.env, "PYTHONWARNINGS": "error"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.process.wait()

    def line(self) -> Any:
        """The next line of the result."""
        assert self.process.stdout is not None
        row = self.process.stdout.readline()
        assert row, self.process.stderr.read() if self.process.stderr else ""
        return json.loads(row)

    def end(self, number: int, code: int = 0) -> str:
        """Send a signal; what was told on standard error."""
        self.process.send_signal(number)
        _out, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == code, err
        assert "Traceback" not in err
        return err


class Listening(Live):
    """The same with ``--listen``."""

    def __init__(self, desk: Desk, *arguments: str | Path) -> None:
        super().__init__(desk, "--listen", "127.0.0.1:0", *arguments)
        told = self.line()
        self.url = told["listening"]
        self.port = int(self.url.rsplit(":", 1)[1].partition("/")[0])
        self.token = Path(told["token_file"]).read_text(encoding="ascii").strip()

    def post(self, event: dict[str, Any], **headers: str) -> tuple[int, Any]:
        """Post an event; status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        usual = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", "/mark", json.dumps(event), {**usual, **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def logged(desk: Desk) -> list[Any]:
    files = sorted((desk.vault / "hotkeys").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text(encoding="ascii").splitlines()]


def new(desk: Desk, *more: str) -> None:
    desk.do("new", recording(desk.pbx), "--agent", "Олена", "--agent-id", "101", "--no-input", *more)


def waiting(desk: Desk) -> list[int]:
    told = desk.json("add", NUMBER, "--title", "x")[0]
    return [gap["n"] for gap in told["gaps"] if gap["code"] == "hotkeys_waiting"]


# From the press to the archive


def test_a_press_becomes_a_marker_in_an_archive(desk: Desk) -> None:
    press = {
        "at": PRESSED,
        "class": "образа",
        "agent": "101",
        "call_id": CALL_ID,
        "words": "козел",
        "id": "1",
    }
    with Listening(desk) as live:
        assert live.post(press)[0] == 201
        err = live.end(signal.SIGTERM)
    for secret in (live.token, "козел", CALL_ID + '"}', "101\n"):
        assert secret not in err
    new(desk)
    assert waiting(desk) == [1]
    marker, told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1.5", "--before", "4", "--clock-offset", "-0,75"
    )
    assert told == {"taken": 1, "there": 0, "untied": {}, "unread": 0}
    name = f"{logged(desk)[0]['received'][:10]}"
    expected = {
        "n": 1,
        "recording": recording(desk.pbx).name,
        "start_ms": 3000,
        "end_ms": 7000,
        "class": "insult",
        "words": "козел",
        "asserted_by": "101",
        "asserted_at": PRESSED,
        "how": "hot_key",
        "source": f"hotkeys-{name}.jsonl:1",
        "pressed": {
            "at": PRESSED,
            "call_started": "2026-11-05T10:15:02+02:00",
            "offset_ms": -750,
            "uncertainty_ms": 1500,
            "before_ms": 4000,
            "place_ms": 7000,
            "event": "1",
            "tied_by": "call_id",
            "stated_by": "Левко",
            "stated_at": marker["pressed"]["stated_at"],
        },
    }
    assert marker == expected
    assert waiting(desk) == []
    desk.do("seal", NUMBER)
    (record,) = desk.records()["marker"]
    assert record["pressed"]["place_ms"] == 7000
    assert record["pressed"]["at"]["utc"] == "2026-11-05T08:15:08.250Z"


def test_twice_is_harmless(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05 insult козел\n", encoding="utf-8")
    desk.do("mark", "live", "--from", events)
    assert "0 events noted" in desk.do("mark", "live", "--from", events)
    desk.do("mark", "live", NUMBER, "--uncertainty", "1")
    before = snapshot(desk.folder())
    (told,) = desk.json("mark", "live", NUMBER, "--uncertainty", "1")
    assert told == {"taken": 0, "there": 1, "untied": {}, "unread": 0}
    (told,) = desk.json("mark", "live", NUMBER, "--uncertainty", "60", "--from", events)
    assert told == {"taken": 0, "there": 1, "untied": {}, "unread": 0}
    assert snapshot(desk.folder()) == before


def test_what_is_not_taken_is_told(desk: Desk) -> None:
    new(desk)
    rows = [
        "час;оператор;клас;id дзвінка;слова;id",
        f"05.11.2026 10:15:03;олена;образа;{CALL_ID};a;1",
        "05.11.2026 10:15:04;Інша;образа;;b;2",
        "05.11.2026 10:15:05;;образа;999.1;c;3",
        "05.11.2026 10:14:59;;образа;;d;4",
        "05.11.2026 09:00:00;;образа;;e;5",
        "05.11.2026 10:15:06;;образ;;f;6",
        "25.10.2026 03:30;;образа;;g;7",
    ]
    events = desk.pbx / "events.csv"
    events.write_text("\r\n".join(rows), encoding="cp1251")
    process = evidence("mark", "live", NUMBER, "--from", events, "--uncertainty", "5", env=desk.env)
    assert process.returncode == 9
    events.write_text("\r\n".join(rows), encoding="utf-8-sig")
    process = evidence("mark", "live", NUMBER, "--from", events, "--uncertainty", "5", "--json", env=desk.env)
    assert process.returncode == 9
    *markers, told = map(json.loads, process.stdout.splitlines())
    untied = {"other_agent": 1, "other_call": 1, "near": 1, "outside": 1}
    assert told == {"taken": 1, "there": 0, "untied": untied, "unread": 2}
    assert [marker["start_ms"] for marker in markers] == [1000]
    for words in (
        "events.csv, line 7: ",
        "events.csv, line 8: ",
        "--fold first",
        "events.csv:3: ",
        "--agent NAME",
    ):
        assert words in process.stderr
    assert f"evidence mark add {NUMBER}" in process.stderr


def test_a_press_without_class_or_person_needs_both_from_the_command(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05\n", encoding="utf-8")
    told = desk.refuse(2, "mark", "live", NUMBER, "--uncertainty", "1", "--from", events)
    assert "--class" in told
    told = desk.refuse(
        2,
        "mark",
        "live",
        NUMBER,
        "--uncertainty",
        "1",
        "--from",
        events,
        "--class",
        "threat",
        env={"EVIDENCE_BY": ""},
    )
    assert "--by" in told
    told = desk.refuse(2, "mark", "live", NUMBER, "--from", events, "--class", "threat")
    assert "--uncertainty" in told
    assert not (desk.folder() / "markers.json").exists()
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    marker, _told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1", "--from", events, "--class", "погроза"
    )
    assert (marker["class"], marker["asserted_by"], marker["start_ms"]) == ("threat", "Левко", 3000)
    assert "end_ms" not in marker
    # nobody asserted it when the key was pressed
    assert before <= dt.datetime.fromisoformat(marker["asserted_at"]) <= dt.datetime.now(dt.UTC)
    assert marker["pressed"]["at"] == "2026-11-05T10:15:05+02:00"
    assert marker["pressed"]["tied_by"] == "time"


def test_events_that_are_no_use_are_told_where_the_program_listens(desk: Desk) -> None:
    with Listening(desk) as live:
        assert live.post({"at": "2026-11-05 10:15:05", "id": "local"})[0] == 201  # in the vault's zone
        for _ in range(5):
            assert live.post({"at": PRESSED, "class": "козел"})[0] == 400
        err = live.end(signal.SIGTERM)
    assert err.count("an event that can't be used") == 3
    assert "козел" not in err
    assert "refused: 5" in err
    assert [row["at"] for row in logged(desk)] == ["2026-11-05T10:15:05+02:00"]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_uncertainty_and_the_class_are_asked_for(desk: Desk, language: str) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05\n", encoding="utf-8")
    said = {
        "en": ("By how many seconds", "What is asserted?", "Number"),
        "uk": ("На скільки секунд", "Що стверджується?", "Номер"),
    }
    how_many, what, number = said[language]
    arguments = ("mark", "live", NUMBER, "--from", events, "--lang", language)
    with Terminal(*arguments, env=desk.env) as terminal:
        terminal.answer(how_many, "багато")
        terminal.expect("evidence: hint: ")
        terminal.answer(how_many, "2,5")
        terminal.expect(what)
        terminal.answer(number, "3")
        terminal.end(0)
    (marker,) = desk.json("mark", "list", NUMBER)
    assert (marker["class"], marker["pressed"]["uncertainty_ms"]) == ("threat", 2500)


def test_own_classes_carry_their_names(desk: Desk) -> None:
    with (desk.vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write('\n[marker_class.bribe]\nuk = "Пропозиція хабара"\nen = "Offer of a bribe"\n')
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text(
        "2026-11-05 10:15:05 пропозиція хабара: тисяча\n2026-11-05 10:15:06\n", encoding="utf-8"
    )
    *markers, _told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1", "--from", events, "--class", "Offer of a bribe"
    )
    names = {"uk": "Пропозиція хабара", "en": "Offer of a bribe"}
    assert [(marker["class"], marker["class_names"]) for marker in markers] == [("bribe", names)] * 2
    desk.do("seal", NUMBER)


def test_an_incident_whose_call_has_no_beginning(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx, "x.wav"), "--started", "unknown", "--no-input")
    assert "--started" in desk.refuse(2, "mark", "live", NUMBER, "--uncertainty", "1")


def test_a_channel_must_be_one_of_the_recording(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05 insult\n", encoding="utf-8")
    arguments = ("mark", "live", NUMBER, "--uncertainty", "1", "--from", events)
    desk.refuse(2, *arguments, "--channel", "7")
    marker, _told = desk.json(*arguments, "--channel", "1", "--language", "uk")
    assert (marker["channel"], marker["language"]) == (1, "uk")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--listen", "0.0.0.0:8765"),
        ("--listen", "192.168.0.1:8765"),
        ("--listen", "127.0.0.1"),
        ("--listen", "127.0.0.1:99999"),
        ("--listen", "example.com:80"),
        ("--listen", "127.0.0.1:0", "--origin", "*"),
        ("--listen", "127.0.0.1:0", "--origin", "null"),
        ("--listen", "127.0.0.1:0", "--origin", "https://a.example/path"),
        ("--listen", "127.0.0.1:0", "--from", "-"),
        ("--follow",),
        ("--from", "absent.log"),
        ("--from", "-", "--class", "insult"),
        ("--from", "-", "--origin", "https://a.example"),
        (NUMBER, "--listen", "127.0.0.1:0"),
        (NUMBER, "--from", "x", "--follow"),
        (NUMBER, "--uncertainty", "-1"),
        (NUMBER, "--uncertainty", "nan"),
        (NUMBER, "--uncertainty", "1", "--before", "601"),
        (NUMBER, "--uncertainty", "1", "--clock-offset", "86401"),
        (NUMBER, "--uncertainty", "1", "--class", "insutl"),
    ],
)
def test_mistakes(ground_desk: Desk, arguments: tuple[str, ...]) -> None:
    code = 4 if "insutl" in arguments else 2
    ground_desk.refuse(code, "mark", "live", *arguments)


@pytest.fixture(scope="module")
def ground_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("mistakes"))
    new(made)
    return made


# The address


def test_the_same_event_twice_has_one_number(desk: Desk) -> None:
    with Listening(desk) as live:
        first = live.post({"id": "a", "agent": "101"})
        assert live.post({"id": "a", "agent": "101"}) == (200, {**first[1], "is_new": False})
        assert first[0] == 201
        status, answer = live.post({"id": "a", "agent": "102"})
        assert (status, answer["error"]) == (409, "other_event")
        assert live.post({})[1]["event"] == first[1]["event"][:-1] + "2"
        live.end(signal.SIGINT)
    with Listening(desk) as live:
        assert live.post({"id": "a", "agent": "101"})[0] == 200
    assert len(logged(desk)) == 2


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"clas": "insult"}, "unknown_field"),
        ({"class": "\u202e[red]"}, "no_class"),
        ({"at": "2026-10-25 03:30"}, "no_time"),
        ([], "json_syntax"),
        ({"words": "x" * 4001}, "too_long"),
    ],
)
def test_an_event_that_cannot_be_used_is_refused_in_words(ground_desk: Desk, event: Any, code: str) -> None:
    with Listening(ground_desk, "--lang", "uk") as live:
        status, answer = live.post(event)
    assert (status, answer["error"]) == (400, code)
    assert answer["message"]
    assert answer["hint"]
    assert "\u202e" not in answer["message"]
    assert logged(ground_desk) == []


def test_pages_and_tokens(desk: Desk) -> None:
    own = desk.pbx / "token"
    own.write_text("A" * 20 + "\n", encoding="ascii")
    own.chmod(0o644)
    assert "chmod 600" in desk.refuse(6, "mark", "live", "--listen", "127.0.0.1:0", "--token-file", own)
    own.write_text("short", encoding="ascii")
    own.chmod(0o600)
    desk.refuse(6, "mark", "live", "--listen", "127.0.0.1:0", "--token-file", own)
    desk.refuse(6, "mark", "live", "--listen", "127.0.0.1:0", "--token-file", desk.pbx / "absent")
    own.write_text("A" * 20 + "\n", encoding="ascii")
    with Listening(desk, "--token-file", own, "--origin", "https://CRM.example/") as live:
        assert live.token == "A" * 20
        assert live.post({}, Origin="https://crm.example")[0] == 201
        assert live.post({}, Origin="https://evil.example")[0] == 403
        assert live.post({}, Authorization="Bearer " + "A" * 19)[0] == 401
        err = live.end(signal.SIGTERM)
    assert "(origin)" in err
    assert "evil.example" not in err
    assert not (desk.vault / "hotkeys" / "token").exists()


def test_the_token_is_private_and_stays(desk: Desk) -> None:
    tokens = set()
    for _ in range(2):
        with Listening(desk) as live:
            tokens.add(live.token)
    assert len(tokens) == 1
    path = desk.vault / "hotkeys" / "token"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(tokens.pop()) == 43  # 32 bytes


def test_a_port_that_is_taken(desk: Desk) -> None:
    with Listening(desk) as live:
        told = desk.refuse(5, "mark", "live", "--listen", f"127.0.0.1:{live.port}")
    assert str(live.port) in told


def test_what_was_answered_outlives_a_kill(desk: Desk) -> None:
    """Posts from several threads until the server is killed: each that was answered 201 is in the log, once."""
    answered: list[str] = []
    with Listening(desk) as live:

        def work(name: str) -> None:
            number = 0
            while True:
                number += 1
                try:
                    status, answer = live.post({"id": f"{name}-{number}", "words": "слова " * 200})
                except (OSError, http.client.HTTPException, ValueError):
                    return
                if status == 201:
                    answered.append(answer["id"])

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        while len(answered) < 40:
            time.sleep(0.01)
        live.process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join(PATIENCE)
    path = next((desk.vault / "hotkeys").glob("*.jsonl"))
    whole = [json.loads(row)["id"] for row in path.read_bytes().split(b"\n")[:-1]]
    assert len(answered) >= 40
    assert set(answered) <= set(whole)
    assert len(whole) == len(set(whole))
    with Listening(desk) as live:
        assert live.post({"id": answered[0], "words": ("слова " * 200).strip()})[0] == 200
        assert live.post({"id": "after"})[0] == 201


def test_it_ends_at_once_amid_requests(ground_desk: Desk) -> None:
    """Signals come while threads are starting; whoever has an answer has it whole."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) * 3:
        over = threading.Event()
        with Listening(ground_desk) as live:

            def work(live: Listening = live, over: threading.Event = over) -> None:
                while not over.is_set():
                    with suppress(OSError, http.client.HTTPException):
                        assert live.post({}, Authorization="x")[0] == 401

            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(0.15)
            err = live.end(number)
            over.set()
            for thread in threads:
                thread.join(PATIENCE)
        assert "Exception" not in err


def test_a_reader_that_goes_away_ends_it(desk: Desk) -> None:
    with Listening(desk) as live:
        assert live.process.stdout is not None
        live.process.stdout.close()
        live.post({})
        assert live.process.wait(PATIENCE) == 141


def test_a_full_disk_is_answered(desk: Desk) -> None:
    """A limit on the size of files stands for the disk."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from evidence.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    with Listening(desk) as live:  # makes the token
        live.end(signal.SIGTERM)
    limited = Live.__new__(Listening)
    limited.process = subprocess.Popen(
        [sys.executable, "-c", code, "mark", "live", "--listen", "127.0.0.1:0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **desk.env},
    )
    with limited:
        told = limited.line()
        limited.port, limited.token = int(told["listening"].rsplit(":", 1)[1].partition("/")[0]), live.token
        found = [limited.post({"id": str(number), "words": "x" * 1000}) for number in range(6)]
        assert [status for status, _answer in found] == [201, 201, 201, 507, 507, 507]
        assert found[3][1]["error"] == "store"
        assert limited.post({"id": "small"})[0] == 201
        limited.end(signal.SIGTERM)
    assert [row["id"] for row in logged(desk)] == ["0", "1", "2", "small"]


# Files and standard input


@contextmanager
def until(condition: Callable[[], bool]) -> Iterator[None]:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
    yield


def agents(desk: Desk) -> list[str]:
    return [row["agent"] for row in logged(desk)]


def row(agent: str) -> str:
    return json.dumps({"at": PRESSED, "agent": agent}) + "\n"


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
