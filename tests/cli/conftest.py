"""Runs the dummy program in this process and in others."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence import messages
from evidence.cli import run
from tests.cli.dummies import program

ROOT = Path(__file__).parents[2]
Act = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The dummies' required option is given, and nothing of the tester's own environment matters."""
    for name in [*os.environ]:
        if name.startswith(("EVIDENCE_", "_EVIDENCE", "LC_", "LANG", "PYTHON", "NO_COLOR", "COLUMNS")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DUMMY_NEEDED", "x")
    yield
    messages.set_language("en")


@pytest.fixture
def act(capfd: pytest.CaptureFixture[str]) -> Act:
    """Run the dummy program here; return its exit code, stdout and stderr."""

    def dummy(*arguments: str, language: str = "en") -> tuple[int, str, str]:
        messages.set_language(language)
        code = run(program, arguments)
        out, err = capfd.readouterr()
        return code, out, err

    return dummy


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Start the dummy program (or a module) in a process of its own."""

    def begin(
        *arguments: str, module: str = "tests.cli.dummies", **settings: object
    ) -> subprocess.Popen[str]:
        environment = {**os.environ, **settings.pop("env", {})}  # type: ignore[dict-item]
        defaults = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
        }
        process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment,
            **{**defaults, **settings},  # type: ignore[call-overload]
        )
        return process

    return begin
