"""Incident folders for the tests of intake."""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from evidence.errors import EvidenceError
from evidence.intake.folder import IncidentFolder, read_folder
from evidence.intake.plan import FolderFile

NOBODY = 65534
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt "


def make(
    path: Path, *, markers: Any = None, recordings: tuple[str, ...] = ("call.wav",), **incident: Any
) -> Path:
    """An incident folder: incident.json with these fields, recordings, and markers.json if there are any."""
    path.mkdir(exist_ok=True)
    document = {"format": 1, "number": "INC-2026-000123", **incident}
    write(path, "incident.json", document)
    if markers is not None:
        write(path, "markers.json", {"format": 1, "markers": markers})
    for name in recordings:
        (path / name).write_bytes(SOUND)
    return path


def write(path: Path, name: str, document: Any) -> None:
    (path / name).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def marker(**fields: Any) -> dict[str, Any]:
    """A marker in call.wav."""
    return {
        "recording": "call.wav",
        "start_ms": 1000,
        "class": "insult",
        "asserted_by": "204",
        "asserted_at": "2026-11-05T10:48:12+02:00",
        "how": "listened",
        **fields,
    }


def call(recording: str = "call.wav", **fields: Any) -> dict[str, Any]:
    """A call that has a recording."""
    return {"started": "2026-11-05T10:15:02+02:00", "recording": recording, **fields}


def refused(path: Path, kind: type[EvidenceError]) -> EvidenceError:
    """The error with which a folder is refused; it is fit to be shown and tells what to do."""
    with pytest.raises(EvidenceError) as caught:
        read_folder(path)
    assert type(caught.value) is kind
    assert caught.value.message.isprintable()
    assert caught.value.hint.isprintable()
    assert caught.value.hint
    assert len(caught.value.message) < 600
    return caught.value


def named(folder: IncidentFolder, name: str) -> FolderFile:
    """The exhibit of that file name."""
    return next(file for file in folder.files if file.name == name)


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Without the rights of root, who may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """What takes longer than five seconds of work here, or half a minute, waits for something that never comes."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError("it waits")

    timers = {signal.SIGALRM: (signal.ITIMER_REAL, 30), signal.SIGPROF: (signal.ITIMER_PROF, 5)}
    before = {number: signal.signal(number, late) for number in timers}
    for timer, seconds in timers.values():
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for number, (timer, _) in timers.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])
