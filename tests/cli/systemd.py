"""systemd's own reading of a unit file: ``systemd-analyze verify``, and the dump of ``systemd --test``."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.requirements import need, need_file

_NOBODY = 65534
_ESCAPED = re.compile(r'\\(["\\$`])')
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass(frozen=True)
class Read:
    """A service as systemd took it.

    Attributes:
        settings: the dump's lines; several of one name are joined by newlines.
        command: the words of ExecStart.
    """

    settings: Mapping[str, str]
    command: list[str]


def complaints(name: str, text: str) -> str:
    """What ``systemd-analyze verify`` says about a unit; its program must exist."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [need("systemd-analyze"), "verify", "--man=no", str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
        )
    ours = [line for line in done.stderr.splitlines() if name.partition(".")[0] in line]
    return "\n".join(ours) or ("" if done.returncode == 0 else done.stderr)


def read(name: str, text: str) -> Read:
    """The unit as a system manager loads it; nothing is started."""
    program = need_file(Path("/usr/lib/systemd/systemd"), "systemd")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / name).write_text(text, encoding="utf-8")
        nobody = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        done = subprocess.run(
            [str(program), "--test", "--system", f"--unit={name}"],
            capture_output=True,
            text=True,
            check=False,
            env={"SYSTEMD_UNIT_PATH": f"{folder}:", "SYSTEMD_LOG_TARGET": "console", "LC_ALL": "C.UTF-8"},
            **nobody,  # type: ignore[call-overload]
        )
    return _parsed(done.stdout, name)


def _parsed(dump: str, name: str) -> Read:
    block = dump.partition(f"-> Unit {name}:\n")[2].partition("\t-> Unit ")[0]
    assert block, dump[-2000:]
    found: dict[str, str] = {}
    for line in block.splitlines():
        key, _, value = line.strip().partition(": ")
        found[key] = f"{found[key]}\n{value}" if key in found else value
    return Read(found, words(found.get("Command Line", "")))


def words(line: str) -> list[str]:
    """The words of a command as systemd prints them."""
    return [
        _ESCAPED.sub(r"\1", quoted) if quoted or not bare else _ESCAPED.sub(r"\1", bare)
        for quoted, bare in _WORD.findall(line)
    ]
