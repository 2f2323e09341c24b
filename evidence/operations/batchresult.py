"""What a batch did: for its last line, its JSON, its metrics and the mail in the morning."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from evidence import strict
from evidence.messages import t
from evidence.model.noticeevidence import GRADES

Stamp = Literal["none", "stamped", "pending"]
"""Of the batch's archives: no token is wanted, each has one, or some wait for one."""

_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class FormatCost:
    """What examining the recordings of one format cost: a line of the analysis table.

    Attributes:
        format: container and codec, as the examination names them.
        recordings: how many there were.
        milliseconds: their sound, as far as its length is known.
        cpu_ms: CPU time of the media process, in milliseconds; its start counts with the first recording.
    """

    format: str
    recordings: int
    milliseconds: int
    cpu_ms: float

    @property
    def per_hour(self) -> int | None:
        """CPU milliseconds for an hour of sound; None where no length is known."""
        return round(self.cpu_ms * _HOUR / self.milliseconds) if self.milliseconds else None

    def to_document(self) -> dict[str, Any]:
        """One line of the table, for JSON."""
        return {
            "format": self.format,
            "recordings": self.recordings,
            "milliseconds": self.milliseconds,
            "cpu_ms": round(self.cpu_ms),
            "cpu_ms_per_hour": self.per_hour,
        }


def total(costs: Sequence[FormatCost]) -> FormatCost:
    """The sum of costs of one format; there is at least one."""
    return FormatCost(
        costs[0].format,
        sum(cost.recordings for cost in costs),
        sum(cost.milliseconds for cost in costs),
        sum(cost.cpu_ms for cost in costs),
    )


def combined(costs: Iterable[FormatCost]) -> tuple[FormatCost, ...]:
    """One line for each format, whichever worker examined it, in the order of their names."""
    lines: dict[str, list[FormatCost]] = {}
    for cost in costs:
        lines.setdefault(cost.format, []).append(cost)
    return tuple(total(lines[name]) for name in sorted(lines))


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What a batch that ran to its end did; nothing personal is in it.

    Attributes:
        started: when it began; aware.
        finished: when it ended; aware.
        sealed: incidents that are archives now.
        already: incidents that had been sealed before; nothing was done.
        left: incidents that aren't finished yet (still being written, say); a later batch takes them.
        quarantined: incidents a person must look at.
        failed: incidents that weren't sealed for a cause outside them; they stay in the inbox.
        received: receipts that were entered in the register.
        bytes: recordings and papers that were sealed.
        stamp: how the time stamps of its archives stand.
        pending: archives of the vault that wait for a time stamp.
        head: entries in the register.
        examination: what examining the recordings cost, a line for each format.
        alarms: what a person must look at besides, e.g. calls in a table whose recordings are missing.
        notice_grades: recordings that were sealed, by how strongly something shows that the notice was played
            (evidence.model.noticeevidence.GRADES).
        has_notices: whether the vault has versions of the notice.
    """

    started: dt.datetime
    finished: dt.datetime
    sealed: int = 0
    already: int = 0
    left: int = 0
    quarantined: int = 0
    failed: int = 0
    received: int = 0
    bytes: int = 0
    stamp: Stamp = "none"
    pending: int = 0
    head: int = 0
    examination: tuple[FormatCost, ...] = ()
    alarms: int = 0
    notice_grades: Mapping[str, int] = field(default_factory=dict)
    has_notices: bool = False

    @property
    def seconds(self) -> float:
        """How long it ran; never negative, though a host's clock may be set back meanwhile."""
        return max(0.0, (self.finished - self.started).total_seconds())

    def to_document(self) -> dict[str, Any]:
        """The last line of ``evidence batch --json``."""
        return {
            "event": "summary",
            "started": strict.format_timestamp(self.started),
            "finished": strict.format_timestamp(self.finished),
            "sealed": self.sealed,
            "already": self.already,
            "left": self.left,
            "quarantined": self.quarantined,
            "failed": self.failed,
            "alarms": self.alarms,
            "received": self.received,
            "bytes": self.bytes,
            "stamp": self.stamp,
            "pending": self.pending,
            "head": self.head,
            "notice_grades": {grade: self.notice_grades.get(grade, 0) for grade in GRADES},
            "examination": [cost.to_document() for cost in self.examination],
        }

    def in_words(self) -> str:
        """One line, for people and the subject of a mail: what needs a person first, nothing that is zero."""
        parts = [
            t(f"ops.batch_{name}", count=getattr(self, name))
            for name in (
                "quarantined",
                "failed",
                "alarms",
                "sealed",
                "already",
                "left",
                "received",
                "pending",
            )
            if getattr(self, name) or name == "sealed"
        ]
        unshown = self.notice_grades.get("none", 0)
        if self.has_notices and unshown:
            parts.append(t("ops.batch_unshown", n=unshown))
        return t(
            "ops.batch",
            finished=f"{self.finished.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC",
            seconds=round(self.seconds),
            parts=", ".join(parts),
            n=self.head,
        )
