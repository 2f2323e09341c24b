"""What a batch did, as a text file for the Prometheus node exporter (text exposition format 0.0.4).

Every figure carries the register's name, so that several vaults of a machine may each have a file. What a run
doesn't know, since it failed, stays as the run before left it; the time of the last success above all. HELP
lines aren't translated: the exporter refuses two files that describe one metric differently.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evidence.model.noticeevidence import GRADES
from evidence.operations.batchresult import BatchSummary
from evidence.text import visible

_LIMIT = 64 * 1024
_READABLE = 0o644
_OUTCOMES = ("sealed", "already", "left", "quarantined", "failed")
_HELP = {
    "evidence_batch_last_run_timestamp_seconds": "When the last batch ended, Unix time.",
    "evidence_batch_last_run_duration_seconds": "How long the last batch ran.",
    "evidence_batch_last_run_success": "1 if the last batch ran to its end, 0 if an error stopped it.",
    "evidence_batch_last_run_exit_code": "Exit code of the last batch.",
    "evidence_batch_last_success_timestamp_seconds": "When a batch last ran to its end, Unix time.",
    "evidence_batch_last_sealed_timestamp_seconds": "When a batch last sealed something, Unix time.",
    "evidence_batch_incidents": "Incidents of the last batch that ran to its end, by what became of them.",
    "evidence_batch_recordings": "Recordings sealed by the last batch that ran to its end, by notice grade.",
    "evidence_batch_receipts": "Receipts entered by the last batch that ran to its end.",
    "evidence_batch_bytes": "Bytes sealed by the last batch that ran to its end.",
    "evidence_batch_pending_stamps": "Archives of the vault that wait for a time stamp.",
    "evidence_batch_register_size": "Entries in the register.",
}
_SAMPLE = re.compile(r"([a-z_]+)(\{[^\n]*\}) ([0-9][0-9.]*)", re.ASCII)

Samples = dict[tuple[str, str], str]
"""Values by metric and labels."""


@dataclass(frozen=True, slots=True)
class Run:
    """A batch that ended, one way or another.

    Attributes:
        register: the register's name (origin).
        started: when it began; aware.
        finished: when it ended; aware.
        exit_code: its exit code.
        summary: what it did; None when an error stopped it.
    """

    register: str
    started: dt.datetime
    finished: dt.datetime
    exit_code: int
    summary: BatchSummary | None = None


def write(path: Path, run: Run) -> str:
    """Replace the file as a whole; other accounts may read it.

    It needn't survive a power cut, so nothing is synced, and a batch never fails over it.

    Returns:
        why it could not be written; empty when it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        text = render(run, _before(path))
        _create(temporary, text.encode("utf-8"))
        temporary.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)
        return visible(getattr(error, "strerror", None) or str(error))
    return ""


def render(run: Run, before: str = "") -> str:
    """The text of the file, given the text that was there."""
    samples = _carried(before, run.register) | dict(_samples(run))
    lines = []
    for name, description in _HELP.items():
        found = [f"{name}{labels} {value}" for (of, labels), value in samples.items() if of == name]
        if found:
            lines += [f"# HELP {name} {description}", f"# TYPE {name} gauge", *found]
    return "\n".join(lines) + "\n"


def _samples(run: Run) -> Iterator[tuple[tuple[str, str], str]]:
    label = _labels(run.register)

    def of(name: str, value: float) -> tuple[tuple[str, str], str]:
        return (f"evidence_batch_{name}", label), _number(value)

    yield of("last_run_timestamp_seconds", run.finished.timestamp())
    yield of("last_run_duration_seconds", max(0.0, (run.finished - run.started).total_seconds()))
    yield of("last_run_success", run.summary is not None)
    yield of("last_run_exit_code", run.exit_code)
    if run.summary is None:
        return
    yield of("last_success_timestamp_seconds", run.finished.timestamp())
    if run.summary.sealed:
        yield of("last_sealed_timestamp_seconds", run.finished.timestamp())
    for outcome in _OUTCOMES:
        labels = _labels(run.register, outcome)
        yield ("evidence_batch_incidents", labels), _number(getattr(run.summary, outcome))
    for grade in GRADES:
        labels = _labels(run.register, grade, "notice_grade")
        yield ("evidence_batch_recordings", labels), _number(run.summary.notice_grades.get(grade, 0))
    yield of("receipts", run.summary.received)
    yield of("bytes", run.summary.bytes)
    yield of("pending_stamps", run.summary.pending)
    yield of("register_size", run.summary.head)


def _carried(before: str, register: str) -> Samples:
    """What an earlier file of this register says; whatever isn't ours is left behind."""
    known = {_labels(register), *(_labels(register, outcome) for outcome in _OUTCOMES)}
    known |= {_labels(register, grade, "notice_grade") for grade in GRADES}
    found = (_SAMPLE.fullmatch(line) for line in before.split("\n"))
    return {(f[1], f[2]): f[3] for f in found if f and f[1] in _HELP and f[2] in known and _is_number(f[3])}


def _is_number(text: str) -> bool:
    return len(text) <= 32 and text.count(".") <= 1 and text[-1] != "."


def _labels(register: str, value: str = "", name: str = "outcome") -> str:
    escaped = register.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    more = f',{name}="{value}"' if value else ""
    return f'{{register="{escaped}"{more}}}'


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"


def _before(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError), path.open("rb") as file:
        return file.read(_LIMIT).decode("utf-8")
    return ""


def _create(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _READABLE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, _READABLE)  # whatever the umask is: the exporter runs under another account
        file.write(data)
