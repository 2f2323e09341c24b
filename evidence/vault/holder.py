"""Who holds a lock, as its file tells; what it says is a courtesy, the kernel alone decides who holds it."""

import datetime as dt
import getpass
import json
import os
import platform
from dataclasses import asdict, dataclass

from evidence import strict
from evidence.text import visible

LIMIT = 4096
"""Bytes of a lock file that are read, at most."""
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lock.

    Attributes:
        pid: its number.
        host: the machine's name.
        account: the account it runs under.
        command: the command of the program.
        since: when it took the lock.
    """

    pid: int
    host: str
    account: str
    command: str
    since: dt.datetime

    def to_bytes(self) -> bytes:
        """One line of JSON."""
        document = asdict(self) | {"since": strict.format_timestamp(self.since)}
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def this_process(command: str, now: dt.datetime) -> Holder:
    """The process that runs this."""
    return Holder(os.getpid(), _short(platform.node()), _account(), command, now)


def parse(data: bytes) -> Holder | None:
    """Who a lock file says holds it; None where it says nothing that can be believed.

    A process of this machine that doesn't exist any more left its name behind: it isn't the holder.
    """
    try:
        document = json.loads(data.decode("utf-8"))
        pid, texts = document["pid"], [document[name] for name in ("host", "account", "command")]
        since = strict.timestamp(document["since"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_number = isinstance(pid, int) and not isinstance(pid, bool) and 0 < pid < 2**31
    if not is_number or not all(isinstance(text, str) for text in texts):
        return None
    host, account, command = map(_short, texts)
    if host == _short(platform.node()) and not _exists(pid):
        return None
    return Holder(pid, host, account, command, since)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another account's
        return True
    return True


def _account() -> str:
    try:
        return _short(getpass.getuser())
    except (KeyError, OSError):
        return str(os.getuid())


def _short(text: str) -> str:
    return visible(text[:_LONGEST])
