"""The program as its users run it: its command line from the arguments to the exit code.

Most tests don't care which process a command runs in, and starting one costs ten times what most commands do.
`evidence` therefore calls ``main`` here. What a process alone has (its standard streams, its end, what it
imports) is shown by those tests that use `process`, and by the sessions, whose commands are all processes.
"""

import contextlib
import io
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from evidence import messages
from evidence.cli import main


def evidence(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal, in this process; its output as text."""
    assert threading.current_thread() is threading.main_thread(), "several at once need processes"
    command = [*map(str, arguments)]
    with _streams() as (out, err), mock.patch.dict(os.environ, env or {}), warnings.catch_warnings():
        warnings.simplefilter("error")
        before = messages.language()
        try:
            code = main(command)
        finally:
            messages.set_language(before)
    return subprocess.CompletedProcess(command, code, *map(_text, (out, err)))


@contextlib.contextmanager
def _streams() -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """An empty standard input, and what is kept of standard output and standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        Path(os.devnull).open(encoding="utf-8") as nothing,
        mock.patch.object(sys, "stdin", nothing),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        yield out, err


def _text(stream: io.TextIOWrapper) -> str:
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode("utf-8")


def process(
    *arguments: str | Path, env: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal in a process of its own; its output as text."""
    return subprocess.run(
        [sys.executable, "-m", "evidence", *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=pass_fds,
        env={**os.environ, "PYTHONWARNINGS": "error", **(env or {})},
    )


def done(*arguments: str | Path, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed; its standard output."""
    process = evidence(*arguments, env=env)
    assert process.returncode == 0, process.stderr + process.stdout
    return process.stdout


def archive_of(vault: Path, name: str = "INC-2026-000001") -> Path:
    """The one archive of that name in a vault."""
    (found,) = (vault / "archives").glob(f"*/{name}.asice")
    return found


def new_vault(root: Path) -> Path:
    """A vault with plain keys, made by the program."""
    done("init", root, "--organisation", "ТОВ Приклад", "--plain-keys")
    return root
