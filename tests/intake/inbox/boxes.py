"""Inboxes for the tests."""

import datetime as dt
import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence.intake.folder import IncidentFolder
from evidence.intake.inbox.model import Item, Scan
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.intake.inbox.scanning import scan

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
"""When the night's batch runs."""

HOUR = 3600
KYIV = "Europe/Kyiv"
STARTED = "2026-11-05T10:15:02+02:00"
FREEPBX = "in-0443900000-0501234567-20261105-101502-1793866502.4711"


def wav(samples: int = 80, data_size: int | None = None) -> bytes:
    """PCM, 16 bits, 8 kHz; its header says ``data_size`` instead of the true one."""
    size = samples * 2 if data_size is None else data_size
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    riff = (36 + size) & 0xFFFFFFFF
    head = b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", size) + bytes(range(1, 3)) * samples


def put(folder: Path, name: str, data: bytes | str | Mapping[str, Any] = b"", age: float = 12 * HOUR) -> Path:
    """A file that was changed so many seconds before NOW; a sound when nothing else is said."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, Mapping):
        data = json.dumps(data, ensure_ascii=False)
    path.write_bytes(data.encode() if isinstance(data, str) else data or wav())
    return aged(path, age)


def aged(path: Path, age: float) -> Path:
    """The path, changed so many seconds before NOW."""
    at = NOW.timestamp() - age
    os.utime(path, (at, at), follow_symlinks=False)
    return path


def look(inbox: Path, *mappings: InboxMapping, **rules: Any) -> Scan:
    """The scan of an inbox at NOW."""
    return scan(inbox, Rules(zone=KYIV, mappings=mappings, **rules), NOW)


def only(found: Scan) -> Item:
    """The one item of a scan that tells of nothing else."""
    assert (found.left, found.bad, found.alarms) == ((), (), ())
    (item,) = found.items
    return item


def mapping(name: str = "pbx", **section: Any) -> InboxMapping:
    """A section ``[inbox.NAME]``."""
    return InboxMapping.of(name, section)


def data_of(folder: IncidentFolder, name: str) -> Any:
    """The value of a JSON exhibit that is held in memory."""
    (file,) = (file for file in folder.files if file.name == name)
    assert file.data is not None
    return json.loads(file.data)
