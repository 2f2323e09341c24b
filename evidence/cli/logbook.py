"""What a program without a terminal tells: on stderr in the house style, or to the system's log.

The system's log is read by people who have no business with incidents, and is copied to other machines: what
is personal (paths, numbers, names) is marked ``Private`` by the caller and never goes there. Nor does the
text of an error, since it names files.
"""

import logging
import os
from collections.abc import Mapping
from logging.handlers import SysLogHandler
from types import TracebackType
from typing import Literal, NoReturn, Self

from evidence.cli import console
from evidence.errors import EvidenceError
from evidence.messages import t
from evidence.text import visible

SOCKETS = ("/dev/log", "/var/run/syslog")
"""Where the system's log listens: Linux, macOS."""
FACILITIES = {"daemon": SysLogHandler.LOG_DAEMON, "user": SysLogHandler.LOG_USER}
_LONGEST = 1800
"""Characters of a line; with Cyrillic it still fits what rsyslog takes by default (8 KiB)."""


class Private(str):
    """A value that names a person, an incident or a place; stderr shows it, the system's log doesn't."""

    __slots__ = ()


class Logbook:
    """Tells messages of the catalogue, by their keys; a context manager.

    Every method takes the message's key, the key of a hint (or nothing), and values. Values are made visible.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def info(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what is good to know."""
        console.note(console.words(key, **values), _hint(hint, values))

    def warning(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what should not stay as it is."""
        console.warning(console.words(key, **values), _hint(hint, values))

    def error(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what went wrong."""
        console.error(console.words(key, **values), _hint(hint, values))

    def failed(self, error: EvidenceError) -> None:
        """Tell an error; its text may name files."""
        console.error(error.message, error.hint)

    def close(self) -> None:
        """Let go of what it writes to."""


class Syslog(Logbook):
    """Tells the system's log; where that can't be reached any more, stderr, once saying so.

    Args:
        address: the log's socket; None: the system's own.
        facility: ``daemon`` or ``user``.
    """

    def __init__(self, address: str | None = None, facility: Literal["daemon", "user"] = "daemon") -> None:
        self._handler: _Handler | None = None
        try:
            self._handler = _Handler(address or _own_socket(), facility)
        except OSError as error:
            self._give_up(error)

    def info(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what is good to know, as priority info."""
        if not self._told(logging.INFO, key, values):
            super().info(key, hint, **values)

    def warning(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what should not stay as it is, as priority warning."""
        if not self._told(logging.WARNING, key, values):
            super().warning(key, hint, **values)

    def error(self, key: str, hint: str = "", /, **values: str | int) -> None:
        """Tell what went wrong, as priority err."""
        if not self._told(logging.ERROR, key, values):
            super().error(key, hint, **values)

    def failed(self, error: EvidenceError) -> None:
        """Tell an error by its kind and exit code alone."""
        values: dict[str, str | int] = {"kind": type(error).__name__, "code": int(error.exit_code)}
        if not self._told(logging.ERROR, "ops.log_failed", values):
            super().failed(error)

    def close(self) -> None:
        """Close the socket."""
        if self._handler is not None:
            self._handler.close()
            self._handler = None

    def _told(self, level: int, key: str, values: Mapping[str, str | int]) -> bool:
        """Whether the system's log took the message."""
        if self._handler is None:
            return False
        harmless = {name: t("ops.log_private") if isinstance(v, Private) else v for name, v in values.items()}
        text = console.words(key, **harmless).replace("\n", " ")
        record = {"levelno": level, "levelname": logging.getLevelName(level), "msg": _cut(text), "args": None}
        try:
            self._handler.emit(logging.makeLogRecord(record))
        except OSError as error:
            self.close()
            self._give_up(error)
            return False
        return True

    def _give_up(self, error: OSError) -> None:
        console.warning(t("ops.log_unreachable", reason=visible(error.strerror or str(error))))


class _Handler(SysLogHandler):
    """The standard library's, but it raises what it would print."""

    def __init__(self, address: str, facility: str) -> None:
        super().__init__(address, FACILITIES[facility])
        self.ident = f"evidence[{os.getpid()}]: "
        # as syslog(3) does; a datagram needs no end. Nobody may be listening yet: then the type isn't known
        self.append_nul = getattr(self.socktype, "name", "") == "SOCK_STREAM"

    def handleError(self, record: logging.LogRecord) -> NoReturn:  # noqa: N802, ARG002  their name
        """Raise what hindered the message."""
        raise  # noqa: PLE0704  called where an exception is being handled


def _own_socket() -> str:
    found = [path for path in SOCKETS if os.path.exists(path)]  # noqa: PTH110
    return (found or list(SOCKETS))[0]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _hint(key: str, values: Mapping[str, str | int]) -> str:
    return console.words(key, **values) if key else ""


def logbook(where: str) -> Logbook:
    """The logbook of ``--log``: ``stderr`` or ``syslog``."""
    return Syslog() if where == "syslog" else Logbook()
