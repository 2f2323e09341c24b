"""`evidence mark live` while it runs, for tests of hot keys."""

import http.client
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.journeys.desk import NUMBER, Desk, recording

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


def logged(desk: Desk) -> list[Any]:
    """Every event that was noted."""
    files = sorted((desk.vault / "hotkeys").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text(encoding="ascii").splitlines()]


def new(desk: Desk, *more: str) -> None:
    """Begin an incident of the call in which keys are pressed."""
    desk.do("new", recording(desk.pbx), "--agent", "Олена", "--agent-id", "101", "--no-input", *more)


def waiting(desk: Desk) -> list[int]:
    """How many events the incident is said to wait for."""
    told = desk.json("add", NUMBER, "--title", "x")[0]
    return [gap["n"] for gap in told["gaps"] if gap["code"] == "hotkeys_waiting"]


def agents(desk: Desk) -> list[str]:
    """Who pressed, event by event."""
    return [row["agent"] for row in logged(desk)]


def row(agent: str) -> str:
    """A line of a log of presses."""
    return json.dumps({"at": PRESSED, "agent": agent}) + "\n"
