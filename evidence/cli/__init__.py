"""The command line: the program's way in, and the one place where its exit code is decided.

A command's callback returns an exit code or None (done); whatever else ends it is an exception, and
``failures.report`` says what happened and which exit code it has.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

import click

from evidence import messages
from evidence.cli import console, failures
from evidence.cli.program import Program

PROGRAM = "evidence"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (without its name), the process's own by default.

    Returns:
        an exit code of the table that ``evidence --help`` prints.
    """
    arguments = expanded(sys.argv[1:], os.name) if argv is None else list(argv)
    messages.set_language(chosen_language(arguments, dict(os.environ)))
    return run(Program, arguments)


def run(make_group: Callable[[], click.Group], arguments: Sequence[str]) -> int:
    """Run one command of a group; every way in which it can end becomes an exit code."""
    console.prepare()
    try:
        code = int(_invoke(make_group(), list(arguments)) or 0)
        console.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the only one of the program
        code = failures.report(error)
    console.settle()
    return code


def _invoke(group: click.Group, arguments: list[str]) -> Any:
    # click's own main() is these lines in a wrapping that exits 1 on a broken pipe and calls a missing
    # answer an interruption
    instruction = os.environ.get("_EVIDENCE_COMPLETE")
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, PROGRAM, "_EVIDENCE_COMPLETE", instruction)
    try:
        with group.make_context(PROGRAM, arguments) as context, _termination_interrupts():
            return group.invoke(context)
    except click.exceptions.Exit as end:  # --help, --version and the like
        return end.exit_code


def chosen_language(arguments: Sequence[str], environment: dict[str, str]) -> str:
    """The language of the last ``--lang``, wherever it stands, else that of the environment.

    It is needed before the arguments are parsed, since help texts and complaints depend on it.
    """
    language = messages.from_environment(environment)
    following = iter(arguments)
    for argument in following:
        if argument == "--lang":
            language = next(following, language)
        elif argument.startswith("--lang="):
            language = argument.removeprefix("--lang=")
        elif argument == "--":
            break
    return language


def expanded(arguments: Sequence[str], system: str) -> list[str]:
    """The arguments with ``*`` and ``?`` filled in where the shell leaves that to the program (Windows).

    Square brackets aren't patterns here: they are common in file names, and another file must never be
    taken for the one that was named.
    """
    if system != "nt":
        return list(arguments)
    from glob import glob

    found = []
    for argument in arguments:
        is_pattern = "*" in argument or "?" in argument
        found += (sorted(glob(argument.replace("[", "[[]"))) if is_pattern else []) or [argument]  # noqa: PTH207
    return found


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """SIGTERM and SIGHUP end the program as Ctrl-C does, so that what was begun is left in order."""
    import signal

    previous = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # only the main thread may set handlers
                previous[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
