"""Whether a file is still being written: by its age, by who has it open, by its header."""

import datetime as dt
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from evidence.intake import files, roles
from evidence.intake.inbox.headers import is_unfinished
from evidence.intake.inbox.rules import Rules
from evidence.model import names

with suppress(ImportError):  # Windows verifies only
    import fcntl

_SECOND = 1_000_000_000
_HOUR = 3600 * _SECOND


class Watch:
    """Judges files by the rules, as of one moment.

    Args:
        rules: see evidence.intake.inbox.rules.
        now: aware.
    """

    def __init__(self, rules: Rules, now: dt.datetime) -> None:
        since = now - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        self._now = since // dt.timedelta(microseconds=1) * 1000
        self._quiet = rules.quiet_seconds * _SECOND
        self._unfinished = rules.unfinished_hours * _HOUR

    def age(self, status: os.stat_result) -> int:
        """How long ago a file was changed, in nanoseconds.

        A time in the future says that a clock was wrong, not that somebody is writing: then the time counts
        at which the host saw the change, and a file whose times are both impossible counts as old.
        """
        for changed in (status.st_mtime_ns, status.st_ctime_ns):
            if changed <= self._now + self._quiet:
                return max(self._now - changed, 0)
        return self._unfinished + self._quiet

    def is_young(self, status: os.stat_result) -> bool:
        """Whether a file was changed within the quiet time."""
        return self.age(status) < self._quiet

    def is_within(self, status: os.stat_result, hours: int) -> bool:
        """Whether a file was changed within that many hours."""
        return self.age(status) < hours * _HOUR

    def is_recent(self, status: os.stat_result) -> bool:
        """Whether a recorder may still come back to a file."""
        return self.age(status) < self._unfinished

    def unsettled(self, folder: Path, name: str, status: os.stat_result) -> str:
        """Why a file is left: ``writing``, ``open`` or ``unfinished``; empty when it can be taken.

        Raises:
            FormatError: it isn't a regular file any more.
            StoreError: the file system refuses.
        """
        if self.is_young(status):
            return "writing"
        if not self.is_recent(status):
            return ""
        descriptor = files.open_descriptor(folder, name)
        try:
            if is_open_for_writing(descriptor):
                return "open"
            is_late = roles.is_sound(name, "") and is_unfinished(descriptor, status.st_size)
        except OSError as error:
            raise files.unreadable(name, error) from error
        finally:
            os.close(descriptor)
        return "unfinished" if is_late else ""


def is_open_for_writing(descriptor: int) -> bool:
    """Whether some process has the file open for writing; False where that can't be told.

    Linux grants a read lease only on a file that nobody has open for writing, and only to the file's owner or
    to one with CAP_LEASE; network file systems mostly don't. The lease is given back at once. Whoever opens
    the file for writing meanwhile waits for that; its signal is one that does nothing.
    """
    if sys.platform != "linux":
        return False
    lease = fcntl.F_SETLEASE
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, lease, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    with suppress(OSError):
        fcntl.fcntl(descriptor, lease, fcntl.F_UNLCK)
    return False


def name_of(path: Path) -> str:
    """The last part of a path in the form of evidence.model.names."""
    return names.from_bytes(os.fsencode(path.name))
