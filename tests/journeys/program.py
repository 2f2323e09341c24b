"""The program as its users run it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def evidence(
    *arguments: str | Path, env: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal; its output as text."""
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
