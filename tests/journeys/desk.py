"""A shift supervisor's desk: a vault, recordings as the PBX left them, and the commands of every day."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from evidence import resources
from tests.intake.pbx.logs import cel
from tests.journeys.program import archive_of, done, evidence

NAME = "in-0443900000-380990000123-20261105-101502-1793866502.4711.wav"
"""As FreePBX names a recording; 1793866502 is 2026-11-05T08:15:02Z, by ``date -u -d @1793866502``."""
STARTED = {
    "utc": "2026-11-05T08:15:02.000Z",
    "text": "2026-11-05T10:15:02+02:00",
    "source": "incident.json, from the recording's name",
}
LENGTH_MS = 10_935
"""Length of the sample call, by ``soxi -s``: 87,483 samples of 8,000 a second."""
NUMBER = f"INC-{dt.datetime.now(dt.UTC).year}-000001"
"""The number of the first incident."""


def recording(folder: Path, name: str = NAME) -> Path:
    """A recording of two channels and eleven seconds."""
    path = folder / name
    path.write_bytes(resources.sample("call.wav"))
    return path


def event_log(folder: Path) -> Path:
    """The PBX's event log of the recording's call, in the midst of another call."""
    own = {"id": "1793866502.4711", "linked": "1793866502.4711", "number": "380990000123"}
    lines = (
        cel("CHAN_START", 0, exten="0443900000", **own),
        cel("CHAN_START", 1),
        cel("ANSWER", 1, **own),
        cel("APP_START", 1, "Playback", "custom/record-notice", **own),
        cel("APP_END", 7, "Playback", "custom/record-notice", **own),
        cel("HANGUP", 9),
        cel("HANGUP", 11, **own),
    )
    path = folder / "cel.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


class Desk:
    """A vault in the time zone of Kyiv, and a folder with recordings.

    Attributes:
        vault: the vault.
        pbx: the folder that recordings are taken from.
        env: variables that every command gets.
    """

    def __init__(self, root: Path, *, zone: str = "Europe/Kyiv") -> None:
        self.vault = root / "vault"
        self.pbx = root / "pbx"
        self.pbx.mkdir()
        chosen = ["--zone", zone] if zone else []
        done("init", self.vault, "--organisation", "ТОВ Приклад", "--plain-keys", *chosen)
        self.env = {"EVIDENCE_VAULT": str(self.vault), "EVIDENCE_BY": "Левко"}

    def do(self, *arguments: str | Path) -> str:
        """Run a command that must succeed; its standard output."""
        return done(*arguments, env=self.env)

    def refuse(self, code: int, *arguments: str | Path, env: dict[str, str] | None = None) -> str:
        """Run a command that must end with that exit code, an error and a hint; its standard error."""
        ended = evidence(*arguments, env={**self.env, **(env or {})})
        assert ended.returncode == code, ended.stderr + ended.stdout
        assert ended.stdout == ""
        assert "evidence: error: " in ended.stderr
        assert "evidence: hint: " in ended.stderr
        return ended.stderr

    def json(self, *arguments: str | Path) -> list[Any]:
        """Run a command with ``--json`` that must succeed; the object of each line."""
        return [json.loads(line) for line in self.do(*arguments, "--json").splitlines()]

    def new(self, *arguments: str | Path) -> Any:
        """Begin an incident; what is told of it."""
        (told,) = self.json("new", *arguments)
        return told

    def incident(self, number: str = NUMBER) -> Any:
        """What incident.json says."""
        return json.loads((self.folder(number) / "incident.json").read_text(encoding="utf-8"))

    def folder(self, number: str = NUMBER) -> Path:
        """The folder of an incident."""
        return self.vault / "incidents" / number

    def archive(self, number: str = NUMBER) -> Path:
        """The archive of an incident."""
        return archive_of(self.vault, number)

    def records(self, number: str = NUMBER) -> dict[str, list[dict[str, Any]]]:
        """The records of a sealed incident by kind, verified and without what is different each time."""
        (shown,) = self.json("show", self.archive(number))
        assert shown["verdict"] == "PASSED"
        found: dict[str, list[dict[str, Any]]] = {}
        for record in shown["records"]:
            kept = {key: value for key, value in record.items() if key not in {"salt", "id", "kind"}}
            found.setdefault(record["kind"], []).append(kept)
        return found


def snapshot(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a folder: its mode and, of files, time of modification and bytes."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        held = (status.st_mtime_ns, path.read_bytes()) if path.is_file() else (0, b"")
        found[str(path.relative_to(root))] = (status.st_mode, *held)
    return found
