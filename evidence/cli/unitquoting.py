"""Paths and words as systemd's unit files and crontabs want them written.

systemd.service(5), "COMMAND LINES"; systemd.syntax(7), "QUOTING"; systemd.unit(5), "SPECIFIERS"; crontab(5).
"""

import shlex
from collections.abc import Iterable

from evidence.errors import UsageError
from evidence.messages import t
from evidence.text import visible

LONGEST_CRON_LINE = 998
"""What cron takes as a command, at most; it is silent about longer ones."""


def require_writable(text: str) -> str:
    """The text, where it can stand in a unit file and a crontab at all.

    Raises:
        UsageError: it holds line breaks, or other characters that can't be seen or aren't UTF-8: such files
            can't hold them, nor can they be copied from a terminal.
    """
    if not text.isprintable():
        raise UsageError(t("ops.unit_path", path=visible(text)), t("ops.unit_path_hint"))
    return text


def setting(text: str) -> str:
    """A word of a setting such as ReadWritePaths=, quoted, its % not taken for specifiers."""
    escaped = require_writable(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def settings(texts: Iterable[str]) -> str:
    """Several words of a setting."""
    return " ".join(map(setting, texts))


def rest_of_line(text: str) -> str:
    """A value that systemd doesn't unquote and takes up to the end of its line.

    Raises:
        UsageError: it ends with what the end of a line swallows.
    """
    if text.endswith(("\\", " ")):
        raise UsageError(t("ops.unit_path", path=visible(text)), t("ops.unit_path_hint"))
    return require_writable(text).replace("%", "%%")


def exec_line(command: Iterable[str]) -> str:
    """A command for ExecStart=, its $ not taken for variables; the first word is an absolute path.

    In that word systemd takes neither quotes nor backslashes, and no $ can be escaped: env(1) runs such a
    program.
    """
    words = list(command)
    if set("$\"'\\") & set(words[0]):
        words.insert(0, "/usr/bin/env")
    return " ".join(setting(word).replace("$", "$$") for word in words)


def cron_command(command: Iterable[str], environment: Iterable[tuple[str, str]] = ()) -> str:
    """A command for a crontab, for /bin/sh; cron makes line breaks of bare %.

    cron takes a backslash before % away, unless another backslash stands before it, as it may in a path: an
    empty piece of quotes keeps the two apart.
    """
    words = [f"{name}={shlex.quote(require_writable(value))}" for name, value in environment]
    words += [shlex.quote(require_writable(word)) for word in command]
    return " ".join(words).replace("%", "''\\%")
