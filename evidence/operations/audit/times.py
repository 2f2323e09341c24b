"""Whether work is overdue, and whether the host's clock can be right."""

import datetime as dt
from dataclasses import dataclass

from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.strict import format_timestamp, timestamp

CLOCK_TOLERANCE = dt.timedelta(seconds=60)
"""How far a clock may be set back in the course of being kept right."""


@dataclass(frozen=True, slots=True)
class Newest:
    """Claimed times in a register; empty where there is no such entry.

    Attributes:
        created: of entry 0.
        sealed: of the newest ``sealed`` entry.
        latest: the latest of all entries; a clock that was set back makes newer entries with earlier times.
    """

    created: str = ""
    sealed: str = ""
    latest: str = ""


def check(newest: Newest, now: dt.datetime, overdue: dt.timedelta, found: Found) -> None:
    """Compare the register's newest entries with the clock.

    Args:
        newest: their times.
        now: the clock, read after the register.
        overdue: after which time without a seal there is an alarm.
        found: takes findings.
    """
    if newest.latest and timestamp(newest.latest) > now + CLOCK_TOLERANCE:
        found(Finding("CLOCK_BACK", "", {"newest": newest.latest, "now": format_timestamp(now)}))
        return  # a clock that is wrong can't tell what is overdue
    last = newest.sealed or newest.created
    if last and timestamp(last) < now - overdue:
        hours = int(overdue.total_seconds() // 3600)
        found(Finding("SEAL_OVERDUE", "", {"last": last, "hours": hours}))
