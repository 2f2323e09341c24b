"""Placeholder until the real package is merged."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.entropy import system_entropy
from evidence.errors import EvidenceError
from evidence.intake.folder import IncidentFolder, ensure_uid, read_folder


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules."""

    quiet_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Item:
    """Item."""

    kind: str
    key: str
    inbox: Path
    originals: tuple[Path, ...]
    size: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Left:
    """Left."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bad:
    """Bad."""

    item: Item
    error: EvidenceError


@dataclass(frozen=True, slots=True)
class Scan:
    """Scan."""

    items: tuple[Item, ...]
    left: tuple[Left, ...]
    bad: tuple[Bad, ...]


def scan(inbox: Path, _rules: Rules, _now: dt.datetime) -> Scan:
    """Scan."""
    found = []
    for path in sorted(inbox.iterdir()):
        if path.is_dir() and (path / "incident.json").exists():
            stats = [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(path.iterdir())]
            stats = [row for row in stats if row[0] != "incident.uid"]
            digest = hashlib.sha256(repr(stats).encode()).hexdigest()
            found.append(Item("folder", path.name, inbox, (path,), sum(s[1] for s in stats), digest))
    return Scan(tuple(found), (), ())


def read(item: Item) -> IncidentFolder:
    """Read."""
    return ensure_uid(read_folder(item.originals[0]), system_entropy)


def uid_of(folder: IncidentFolder, _digests: Sequence[tuple[str, bytes]]) -> str:
    """Uid."""
    return folder.uid
