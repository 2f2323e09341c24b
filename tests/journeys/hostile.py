"""A vault with one incident, hostile input beside it, and what must hold whatever a command is given."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.cli import main
from tests.journeys import program

NUMBER = "INC-2026-000001"
RECORDING = resources.sample("call.wav")
UNKNOWN = ("--started", "unknown")
BY = "Олена Коваль"

DONE, USAGE, MALFORMED, STATE, STORE, INTERRUPTED = 0, 2, 4, 5, 8, 130
"""Exit codes of README's table that preparing and sealing an incident can end with."""

Shape = tuple[str, int, str]
_LARGE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Said:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """The lines of JSON on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Ground:
    """A vault, its incident NUMBER with ``call.wav``, and a folder of hostile things that the tests stand in.

    Args:
        root: holds ``vault`` and ``there``.
        capture: what the program prints in this process.
    """

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.vault = root / "vault"
        self.there = root / "there"
        self.incidents = self.vault / "incidents"
        self.incident = self.incidents / NUMBER
        self._capture = capture

    def source(self, name: str | bytes, data: bytes = RECORDING) -> str:
        """Make a file among the hostile things; returns its name as a command gets it."""
        path = self.there / os.fsdecode(name)
        path.write_bytes(data)
        return path.name

    def command(self, *arguments: str | Path) -> Said:
        """Run a command in this process, as it is."""
        self._capture.readouterr()
        code = main([*map(str, arguments)])
        out, err = self._capture.readouterr()
        return Said(code, out, err)

    def process(self, *arguments: str | Path) -> Said:
        """Run a command in a process of its own, as it is."""
        ended = program.process(*arguments)
        return Said(ended.returncode, ended.stdout, ended.stderr)

    def run(self, *arguments: str | Path, code: int, is_process: bool = False) -> Said:
        """Run a command that must end with that exit code, and check everything that always holds."""
        sources, before = shapes(self.there), shapes(self.incidents)
        held = [path for path in documents(self.incidents) if holds(path)]
        said = (self.process if is_process else self.command)(*arguments)
        assert said.code == code, f"{said.code}: {said.err}"
        check_words(said)
        assert shapes(self.there) == sources, "an original was touched"
        after = shapes(self.incidents)
        assert left_over(after) <= left_over(before), "a temporary file stays"
        assert all(holds(path) for path in held if path.parent.exists()), "a document doesn't hold any more"
        if code:
            assert without_new_uids(after, before) == before, "something was refused and changed all the same"
        return said

    def new(self, *arguments: str | Path, code: int = DONE, is_process: bool = False) -> Said:
        """``evidence new`` with everything it must be told where nobody can be asked."""
        options = ["--vault", str(self.vault), "--by", BY, "--no-input", "--json"]
        return self.run("new", *options, *arguments, code=code, is_process=is_process)

    def add(self, *arguments: str | Path, code: int = DONE, is_process: bool = False) -> Said:
        """``evidence add`` to the incident."""
        options = ["--vault", str(self.vault), "--by", BY, "--no-input", "--json"]
        return self.run("add", *options, NUMBER, *arguments, code=code, is_process=is_process)

    def mark(self, *arguments: str | Path, code: int = DONE, is_process: bool = False) -> Said:
        """``evidence mark add`` in the incident."""
        options = ["--vault", str(self.vault), "--by", BY, "--no-input", "--json"]
        return self.run("mark", "add", *options, NUMBER, *arguments, code=code, is_process=is_process)

    def bring_markers(self, *arguments: str | Path, code: int = DONE) -> Said:
        """``evidence mark import`` into the incident."""
        options = ["--vault", str(self.vault), "--by", BY, "--no-input", "--json", "--class", "insult"]
        return self.run("mark", "import", *options, NUMBER, *arguments, code=code)

    def measure(self, *arguments: str | Path, code: int = DONE) -> Said:
        """``evidence measure`` in the incident."""
        options = ["--vault", str(self.vault), "--by", BY, "--no-input", "--json"]
        return self.run("measure", *options, NUMBER, *arguments, code=code)

    def on_vault(self, *arguments: str | Path, code: int) -> Said:
        """A command that takes nothing but the vault besides these."""
        return self.run(*arguments, "--vault", self.vault, "--json", code=code)

    def script_made(self, files: dict[str, bytes], **stated: Any) -> Path:
        """The folder of another incident in the vault, N, as a script makes it."""
        folder = self.incidents / "N"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        document = json.dumps({"format": 1, "number": "N", **stated})
        (folder / "incident.json").write_text(document, encoding="utf-8")
        return folder

    def document(self, number: str = NUMBER) -> dict[str, Any]:
        """The incident's incident.json."""
        path = self.incidents / number / "incident.json"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def markers(self) -> list[dict[str, Any]]:
        """The incident's markers."""
        path = self.incident / "markers.json"
        markers: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["markers"]
        return markers


def check_words(said: Said) -> None:
    """What a command says can be shown, and an error says what to do next."""
    assert "Traceback" not in said.err + said.out
    for line in [*said.out.split("\n"), *said.err.split("\n")]:
        assert line.isprintable(), ascii(line)
    rows = said.err.splitlines()
    for row in rows:
        assert row.startswith(
            ("evidence: error: ", "evidence: hint: ", "evidence: warning: ", "evidence: note: ")
        )
        assert len(row) < 2000
    errors = [number for number, row in enumerate(rows) if row.startswith("evidence: error: ")]
    assert bool(errors) == bool(said.code)
    for number in errors:
        assert rows[number + 1].startswith("evidence: hint: "), rows[number]


def shapes(folder: Path) -> dict[str, Shape]:
    """Everything below a folder: what it is, when it was changed, what it holds; nothing is followed."""
    return dict(_shapes(folder, folder)) if folder.is_dir() else {}


def _shapes(root: Path, folder: Path) -> Iterator[tuple[str, Shape]]:
    for path in sorted(folder.iterdir()):
        status = path.lstat()
        name = ascii(str(path.relative_to(root)))
        yield name, (stat.filemode(status.st_mode), _changed(status), _held(path, status))
        if stat.S_ISDIR(status.st_mode):
            yield from _shapes(root, path)


def _changed(status: os.stat_result) -> int:
    return 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns


def _held(path: Path, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return os.fspath(path.readlink())
    if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGE:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return str(status.st_size)


def left_over(found: dict[str, Shape]) -> set[str]:
    """Temporary files: their names begin with a dot."""
    return {name for name in found if Path(name.strip("'\"")).name.startswith(".")}


def without_new_uids(after: dict[str, Shape], before: dict[str, Shape]) -> dict[str, Shape]:
    """The same without files ``incident.uid`` that weren't there: an incident gets one when it is looked at."""
    return {name: shape for name, shape in after.items() if name in before or "incident.uid" not in name}


def documents(incidents: Path) -> list[Path]:
    """The documents of the incidents."""
    if not incidents.is_dir():
        return []
    return [path for name in ("incident.json", "markers.json") for path in incidents.glob(f"*/{name}")]


def holds(path: Path) -> bool:
    """Whether a document is one of its schema."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGE:
        return False
    try:
        return resources.find(f"{path.stem}.v1", json.loads(path.read_text(encoding="utf-8"))) is None
    except (ValueError, RecursionError):
        return False
