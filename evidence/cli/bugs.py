"""Where a bug showed, told without quoting what the program was working on."""

import traceback
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def place(error: BaseException) -> str:
    """Where in our own code it happened, as ``evidence/verify/steps.py:12``."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(PACKAGE):
            return f"{path.relative_to(PACKAGE.parent).as_posix()}:{frame.lineno}"
    return "?"


def frames(error: BaseException) -> list[str]:
    """The lines of a traceback, causes first, without the exceptions' own texts.

    Those may quote a passphrase, a telephone number or a person's words, and tracebacks end in public bug
    reports.
    """
    lines = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines = [*frames(cause), ""]
    for entry in traceback.format_tb(error.__traceback__):
        lines += entry.rstrip("\n").split("\n")
    return [*lines, type(error).__qualname__]
