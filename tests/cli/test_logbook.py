"""The logbook, with a real socket in place of the system's log."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.cli.logbook import Logbook, Private, Syslog, logbook
from evidence.errors import StoreError
from evidence.messages import set_language

DAEMON, USER = 3, 1
ERR, WARNING, INFO = 3, 4, 6
SECRET = "/srv/inbox/INC-2026-000123"
"""Numbers of RFC 5424, section 6.2.1."""


class Log:
    """A log that listens."""

    def __init__(self, path: Path, kind: socket.SocketKind = socket.SOCK_DGRAM) -> None:
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, kind)
        self.socket.bind(self.path)
        self.socket.settimeout(5)

    def line(self) -> tuple[int, int, str]:
        """Facility, severity and text of the next line."""
        data = self.socket.recv(65536).decode("utf-8")
        found = re.fullmatch(rf"<(\d+)>evidence\[{os.getpid()}\]: (.*)", data)
        assert found, data
        return int(found[1]) >> 3, int(found[1]) & 7, found[2]

    def close(self) -> None:
        self.socket.close()
        Path(self.path).unlink()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path / "log")
    yield made
    made.socket.close()


def test_lines_have_facility_severity_and_identifier(log: Log) -> None:
    with Syslog(log.path) as book:
        book.info("ops.batch_sealed", count=5)
        book.warning("ops.batch_left", count=1)
        book.error("ops.batch_failed", count=2)
    assert log.line() == (DAEMON, INFO, "sealed: 5")
    assert log.line() == (DAEMON, WARNING, "left for later: 1")
    assert log.line() == (DAEMON, ERR, "NOT SEALED, still in the inbox: 2")
    with Syslog(log.path, "user") as book:
        book.info("ops.batch_sealed", count=5)
    assert log.line()[0] == USER


def test_what_is_private_never_goes_to_the_log(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    with Syslog(log.path) as book:
        book.warning("ops.unit_path", path=Private(SECRET))
        book.failed(StoreError(f"no room in {SECRET}", f"look at {SECRET}"))
    assert log.line()[2] == "[not for this log] can't be written into a unit file or a crontab"
    kind, severity, text = log.line()
    assert (kind, severity) == (DAEMON, ERR)
    assert "StoreError" in text
    assert "exit code 8" in text
    assert SECRET not in text
    assert capsys.readouterr().err == ""


def test_a_line_stays_a_line(log: Log) -> None:
    set_language("uk")
    with Syslog(log.path) as book:
        book.error("ops.unit_path", path="a\nb\x1b[2J\u202e")
        book.info("ops.unit_intro")
        book.info("ops.unit_path", path="ї" * 5000)
    for _ in range(3):
        text = log.line()[2]
        assert text.isprintable()
        assert len(text.encode("utf-8")) < 8192 - 64


def test_stderr_shows_everything_in_the_house_style(capsys: pytest.CaptureFixture[str]) -> None:
    with logbook("stderr") as book:
        book.info("ops.batch_sealed", count=5)
        book.warning("ops.unit_path", "ops.unit_path_hint", path=Private(SECRET))
        book.error("ops.batch_failed", count=1)
        book.failed(StoreError("no room", "make room"))
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.splitlines() == [
        "evidence: note: sealed: 5",
        f"evidence: warning: {SECRET} can't be written into a unit file or a crontab",
        "evidence: hint: use a path of printable characters that doesn't end with a space or a backslash",
        "evidence: error: NOT SEALED, still in the inbox: 1",
        "evidence: error: no room",
        "evidence: hint: make room",
    ]


def test_without_a_log_stderr_is_told_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Syslog(str(tmp_path / "nobody")) as book:
        book.info("ops.batch_sealed", count=5)
        book.warning("ops.unit_path", path=Private(SECRET))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("evidence: warning: the system's log can't be reached (No such file")
    assert lines[1] == "evidence: note: sealed: 5"
    assert SECRET in lines[2]


def test_a_log_that_goes_away_and_one_that_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(tmp_path / "log")
    with Syslog(log.path) as book:
        log.close()
        log = Log(tmp_path / "log")
        book.info("ops.batch_sealed", count=1)
        assert log.line()[2] == "sealed: 1"
        log.close()
        book.info("ops.batch_sealed", count=2)
        book.failed(StoreError("no room"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("evidence: warning: the system's log can't be reached")
    assert lines[1:] == ["evidence: note: sealed: 2", "evidence: error: no room"]


def test_a_log_that_takes_connections(tmp_path: Path) -> None:
    log = Log(tmp_path / "log", socket.SOCK_STREAM)
    log.socket.listen()
    with Syslog(log.path) as book:
        connection = log.socket.accept()[0]
        book.info("ops.batch_sealed", count=1)
        assert connection.recv(4096).endswith(b": sealed: 1\0")
        connection.close()
    log.close()


def test_the_choice_of_the_option() -> None:
    with logbook("stderr") as book:
        assert type(book) is Logbook
