"""A sealed vault that tests spoil, and what an audit says of it."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from evidence.clock import Clock, system_clock
from evidence.findings import Finding
from evidence.operations.audit.run import Audited, Request, audit
from evidence.operations.opening import open_for_reading
from evidence.operations.seams import Seams
from tests.operations.scene import make_incident, make_vault, seal_all

COUNT = 4
"""Archives in a prepared vault."""


@dataclass
class Heard:
    """Findings of an audit, kept."""

    findings: list[Finding] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    on_step: Callable[[str], None] = lambda _name: None

    def found(self, finding: Finding) -> None:
        self.findings.append(finding)

    def step(self, name: str, total: int) -> None:
        assert total >= 0
        self.steps.append(name)
        self.on_step(name)

    def progress(self, count: int) -> None:
        assert count >= 0

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


def audited(
    root: Path,
    request: Request | None = None,
    clock: Clock = system_clock,
    on_step: Callable[[str], None] = lambda _name: None,
) -> tuple[Heard, Audited]:
    """Audit a vault."""
    heard, seams = Heard(on_step=on_step), Seams(clock=clock)
    with open_for_reading(root, seams) as (vault, reader):
        answer = audit(vault, reader, request or Request(), seams, heard)
    return heard, answer


def found(root: Path, request: Request | None = None, clock: Clock = system_clock) -> list[tuple[str, str]]:
    """Code and subject of every finding."""
    heard, answer = audited(root, request, clock)
    assert sum(answer.counts.values()) == len(heard.findings)
    return [(finding.code, finding.subject) for finding in heard.findings]


def make(root: Path, count: int = COUNT) -> Path:
    """A vault with sealed incidents INC-1 …; the incidents' folders stand beside it."""
    vault = make_vault(root / "vault")
    incidents = [make_incident(root / "incidents" / str(n), f"INC-{n}") for n in range(1, count + 1)]
    seal_all(vault, incidents)
    return vault


def copied(vault: Path, target: Path) -> Path:
    """A copy to spoil; the user's own folders know nothing of it."""
    shutil.copytree(vault, target, symlinks=True)
    return target


def archives(vault: Path) -> list[Path]:
    """Its archives by name."""
    return sorted(path for path in (vault / "archives").glob("*/*.asice") if path.is_file())


def name_of(vault: Path, archive: Path) -> str:
    """An archive's name as findings have it."""
    return archive.relative_to(vault / "archives").as_posix()


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


def at(time: dt.datetime) -> Clock:
    """A clock that stands still."""
    return lambda: time
