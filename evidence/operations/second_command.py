"""A command of the owner's that takes the checkpoint away, for example by mail."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from evidence.messages import t
from evidence.operations.problem import Problem
from evidence.text import visible

TIMEOUT = 60
"""Seconds that the command may take."""

_SHOWN = 400
"""Characters of its output that are told, the last ones."""


def run(command: Sequence[str], note: bytes, timeout_seconds: float = TIMEOUT) -> list[Problem]:
    """Run a program, no shell, with the signed checkpoint on its standard input.

    Its output is read to its end and shown only when it fails; it never gets to this program's own.
    """
    place = visible(command[0])
    try:
        process = subprocess.Popen(  # noqa: S603  the owner's own program, as the configuration names it
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return [Problem(place, t("recover.command_not_run", reason=visible(reason)))]
    with process:
        try:
            output, _ = process.communicate(note, timeout_seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            return [Problem(place, t("recover.command_slow", n=int(timeout_seconds)))]
        except BaseException:
            _kill(process)
            raise
    if process.returncode == 0:
        return []
    said = visible(output[-4 * _SHOWN :].decode("utf-8", "replace").strip())[-_SHOWN:]
    key = "recover.command_failed" if said else "recover.command_failed_silently"
    return [Problem(place, t(key, code=process.returncode, **({"output": said} if said else {})))]


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the program with everything that it started, so that no pipe is left to be waited for."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
