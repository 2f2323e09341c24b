"""A whole session at the command line, kept as a text that people read and that is replayed by a test.

Lines with ``$`` are commands, those below are what they print; what differs each time is replaced as the text
itself explains. ``python -m tests.journeys.session`` writes the texts anew.
"""

import datetime as dt
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.journeys.desk import event_log, recording

TEXTS = {language: Path(__file__).with_name(f"session.{language}.txt") for language in ("en", "uk")}
_WIDTH = 100
_YEAR = "INC-2026-"
_GROUPS = re.compile(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY = re.compile(r"[a-z0-9./-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}")
_ORIGIN = re.compile(r"evidence-register/[0-9a-f]{16}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d| UTC)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def replay(text: str, language: str, root: Path) -> str:
    """The text with what its commands print now.

    Args:
        text: remarks (``#``), empty lines and commands (``$``), which are kept, and what they printed.
        language: of the messages.
        root: an empty folder, the home folder of the session.
    """
    (root / "pbx").mkdir()
    recording(root / "pbx")
    event_log(root / "pbx")
    env = {**os.environ, "HOME": str(root), "LANG": f"{language}.UTF-8", "PYTHONWARNINGS": "error"}
    for name in ("CONFIG", "STATE", "CACHE"):
        env[f"XDG_{name}_HOME"] = str(root / ".user")
    rows: list[str] = []
    for part in _kept(text):
        rows.append(part)
        if part.startswith("$ "):
            rows += _run(part[2:], root, env)
    return "\n".join(rows) + "\n"


def _kept(text: str) -> Iterator[str]:
    """Remarks, commands with the rows that continue them, and the empty line before each."""
    rows = text.splitlines()
    while rows:
        row = rows.pop(0)
        if row.startswith("$ "):
            while row.endswith("\\"):
                row = f"{row}\n{rows.pop(0)}"
        elif not row.startswith("#") and not (not row and rows and rows[0][:1] in {"#", "$"}):
            continue
        yield row


def _run(command: str, root: Path, env: dict[str, str]) -> list[str]:
    command = command.replace("\\\n", " ")
    words = shlex.split(command.replace(_YEAR, f"INC-{dt.datetime.now(dt.UTC).year}-"))
    words = [_there(word.replace("~", str(root))) for word in words]
    if words[0] == "export":
        name, _, value = words[1].partition("=")
        env[name] = value
        return []
    assert words[0] == "evidence", command
    process = subprocess.run(
        [sys.executable, "-m", "evidence", *words[1:]],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=root,
        env=env,
        start_new_session=True,
    )
    printed = _without_what_differs(process.stdout, root)
    code = [] if process.returncode == 0 else [f"(exit code {process.returncode})"]
    return [short for row in printed.splitlines() for short in _folded(row)] + code


def _there(word: str) -> str:
    """What a pattern matches, as a shell would fill it in."""
    return str(next(Path("/").glob(word[1:]), word)) if "*" in word else word


def _without_what_differs(text: str, root: Path) -> str:
    today = dt.datetime.now(dt.UTC)
    text = text.replace(str(root), "~").replace(f"INC-{today.year}-", _YEAR)
    text = _GROUPS.sub(" ".join(["····"] * 8), text)
    text = _UUID.sub("(uuid)", text)
    text = _ORIGIN.sub("(register)", _KEY.sub("(key)", text))
    near = {str((today + dt.timedelta(days)).date()) for days in (-1, 0, 1)}
    text = _TIME.sub(lambda found: _named(found[0], near, today.year, "(now)"), text)
    return _DATE.sub(lambda found: _named(found[0], near, today.year, "(today)"), text)


def _named(time: str, near: set[str], year: int, now: str) -> str:
    if time[:10] in near:
        return now
    return "(in ten years)" if time.startswith(str(year + 10)) else time


def _folded(row: str) -> list[str]:
    if len(row) <= _WIDTH:
        return [row]
    leading = len(row) - len(row.lstrip(" "))
    indent = " " * (leading + 4)
    return textwrap.wrap(
        row, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def main(texts: Mapping[str, Path] = TEXTS) -> None:
    """Write the texts anew."""
    for language, path in texts.items():
        with tempfile.TemporaryDirectory() as root:
            made = replay(path.read_text(encoding="utf-8"), language, Path(root))
            path.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
