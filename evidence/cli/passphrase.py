"""Where passphrases come from: a file descriptor, a file, a terminal. Never the command line.

A passphrase is asked for only when a key needs it. It isn't kept in any message or exception.
"""

import os
import stat
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import click

from evidence.cli.failures import reason
from evidence.errors import CryptoError
from evidence.messages import t
from evidence.text import visible

VARIABLE = "EVIDENCE_PASSPHRASE_FILE"
LIMIT = 1023
"""Longest passphrase in bytes; what OpenSSL takes."""


def passphrase_source(fd: int | None) -> Callable[[], bytes]:
    """A function that gets the passphrase of existing keys when it is first called, and remembers it.

    The file descriptor goes before EVIDENCE_PASSPHRASE_FILE, that before a question on the terminal. One
    newline at the end of a file is not part of the passphrase.

    Raises (when called):
        CryptoError: there is no source, it can't be read, it is empty, or others may read the file.
        click.Abort: the question was not answered.
    """
    return cache(lambda: _passphrase(fd, lambda: _ask(t("cli.passphrase_prompt"))))


def new_passphrase_source(fd: int | None) -> Callable[[], bytes]:
    """The same for keys that are being made: on a terminal it is asked for twice."""
    return cache(lambda: _passphrase(fd, _ask_twice))


def _passphrase(fd: int | None, ask: Callable[[], bytes]) -> bytes:
    path = os.environ.get(VARIABLE, "")
    if fd is not None:
        found = _from_descriptor(fd)
    elif path:
        found = _from_file(path)
    else:
        found = ask()
    if not found:
        raise CryptoError(t("cli.passphrase_empty"), t("cli.passphrase_sources"))
    if len(found) > LIMIT:
        raise CryptoError(t("cli.passphrase_long", n=LIMIT), t("cli.passphrase_sources"))
    return found


def _from_descriptor(fd: int) -> bytes:
    try:
        if os.isatty(fd):
            raise CryptoError(t("cli.passphrase_fd_terminal", fd=fd), t("cli.passphrase_fd_terminal_hint"))
        with open(fd, "rb", closefd=fd > 2) as source:
            return _first(source.read(LIMIT + 3))
    except (OSError, OverflowError) as error:
        raise CryptoError(t("cli.passphrase_fd_bad", fd=fd), t("cli.passphrase_fd_bad_hint")) from error


def _from_file(path: str) -> bytes:
    shown = visible(path)
    try:
        with open(path, "rb") as source:  # noqa: PTH123
            if not _is_credential(path) and _others_may_read(os.fstat(source.fileno())):
                raise CryptoError(
                    t("cli.passphrase_file_open", file=shown), t("cli.passphrase_file_open_hint", file=shown)
                )
            return _first(source.read(LIMIT + 3))
    except OSError as error:
        raise CryptoError(
            t("cli.passphrase_file_bad", file=shown, reason=reason(error)), t("cli.passphrase_sources")
        ) from error


def _is_credential(path: str) -> bool:
    """Whether systemd hands the file to its service alone: by an access list, which looks like a group's."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(folder) and os.path.dirname(path) == folder.rstrip("/")  # noqa: PTH120


def _others_may_read(facts: os.stat_result) -> bool:
    is_file = os.name == "posix" and stat.S_ISREG(facts.st_mode)  # a pipe is nobody else's
    return is_file and bool(facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _first(data: bytes) -> bytes:
    return data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data


def _ask_twice() -> bytes:
    passphrase = _ask(t("cli.passphrase_new"))
    if passphrase and _ask(t("cli.passphrase_again")) != passphrase:
        raise CryptoError(t("cli.passphrase_differs"), t("cli.passphrase_differs_hint"))
    return passphrase


def _ask(prompt: str) -> bytes:
    if not _has_terminal():
        raise CryptoError(t("cli.passphrase_none"), t("cli.passphrase_sources"))
    from getpass import GetPassWarning, getpass

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # it would echo what is typed
            return getpass(prompt).encode("utf-8")
    except EOFError:
        raise click.Abort from None
    except GetPassWarning:
        raise CryptoError(t("cli.passphrase_none"), t("cli.passphrase_sources")) from None
    except UnicodeError:
        raise CryptoError(t("cli.passphrase_not_text"), t("cli.passphrase_sources")) from None


def _has_terminal() -> bool:
    with suppress(OSError):
        if os.name == "posix":
            os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
            return True
        return os.isatty(0)
    return False
