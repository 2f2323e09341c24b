"""The program at a terminal of 80 columns, where somebody reads what it asks and types answers."""

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0
"""Seconds after which what was waited for counts as not coming."""

_TAKE_TERMINAL = (
    "import os, sys; os.login_tty(os.dup(0)); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """One command at a terminal.

    Args:
        arguments: of the program.
        env: variables besides those of this process.
    """

    def __init__(self, *arguments: str | Path, env: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(self._ours, (50, 80))
        command = [sys.executable, "-c", _TAKE_TERMINAL, "-m", "evidence", *map(str, arguments)]
        usual = {"TERM": "xterm", "NO_COLOR": "1", "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **usual, **env}
        )
        os.close(theirs)
        self._bytes = b""
        self._read_to = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """Everything that was on the screen, typed answers too."""
        return self._bytes.decode("utf-8", "replace").replace("\r\n", "\n")

    def expect(self, words: str) -> None:
        """Wait until the words come, behind those that were waited for before."""
        until = time.monotonic() + PATIENCE
        while (found := self.text.find(words, self._read_to)) < 0:
            if not self._more(until):
                raise AssertionError(f"{words!r} doesn't come:\n{self.text}")
        self._read_to = found + len(words)

    def answer(self, question: str, typed: str = "") -> None:
        """Wait for a question, then type an answer and Enter."""
        self.expect(question)
        self.expect(": ")
        self.type(f"{typed}\n")

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def end(self, code: int) -> str:
        """Wait for the end, which must have that exit code; everything that was on the screen."""
        until = time.monotonic() + PATIENCE
        while self._more(until):
            pass
        found = self._process.wait(PATIENCE)
        assert found == code, self.text
        return self.text

    def _more(self, until: float) -> bool:
        """Read what has come; False at the end."""
        left = max(until - time.monotonic(), 0)
        if not select.select([self._ours], [], [], left)[0]:
            raise AssertionError(f"nothing comes any more:\n{self.text}")
        try:
            data = os.read(self._ours, 65_536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self._bytes += data
        return data != b""
