"""The address that hot keys are posted to: answers, tokens, and what becomes of it in the end."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from tests.journeys.desk import Desk
from tests.journeys.live import PATIENCE, Listening, Live, logged


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
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) * 2:
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
            try:
                err = live.end(number)
            finally:
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
