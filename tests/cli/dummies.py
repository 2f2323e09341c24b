"""A program with one command that ends in every way a command can; `python -m tests.cli.dummies` runs it."""

import errno
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from evidence import errors, messages
from evidence.cli import chosen_language, console, options, progress, run
from evidence.cli.group import Command
from evidence.cli.program import Program
from evidence.errors import ExitCode


def _sleep() -> None:
    try:
        console.line("ready")
        console.flush()
        time.sleep(30)
    finally:
        console.line("put in order")


def _progress() -> None:
    with progress.progress(4, "reading \x1b[31m[red]a.wav\u202e") as step:
        for done in range(5):
            step(done)
            time.sleep(0.2)
            console.line(f"line {done}")


def _warn() -> None:
    console.warning("careful", "first\nsecond")
    console.note("by the way")


def _raise(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


ACTS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "failed": lambda: ExitCode.FAILED,
    "exit": lambda: click.get_current_context().exit(9),
    "text": lambda: "not an exit code",
    "interrupt": _raise(KeyboardInterrupt()),
    "abort": _raise(click.Abort()),
    "eof": _raise(EOFError()),
    "pipe": _raise(BrokenPipeError(errno.EPIPE, "Broken pipe")),
    "full": _raise(OSError(errno.ENOSPC, "No space left on device", "/vault/\x1b[31mregister")),
    "bytes": _raise(FileNotFoundError(errno.ENOENT, "No such file or directory", b"caf\xe9")),
    "strange": _raise(OSError(errno.ENOEXEC, "Exec format error\x1b")),
    "wordless": _raise(OSError("the device went away")),
    "memory": _raise(MemoryError()),
    "recursion": _raise(RecursionError()),
    "file": _raise(click.FileError("a.wav", "gone")),
    "click": _raise(click.ClickException("something")),
    "usage": _raise(click.UsageError("these two don't go together")),
    "lines": lambda: console.page("\n".join(["x" * 80] * 10_000)),
    "cyrillic": lambda: console.line("Перевірено"),
    "json": lambda: console.json_line({"name": "Ім'я \u202e"}),
    "sleep": _sleep,
    "progress": _progress,
    "warn": _warn,
    **{
        name: _raise(kind("it is so", "do this"))
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.EvidenceError)
    },
}


def misuse(secret: bytes) -> None:
    """Quote a secret in an exception and in its cause."""
    words = secret.decode()
    try:
        int(words)
    except ValueError as error:
        raise RuntimeError(f"could not use {words}") from error


@click.command("act", cls=Command, help="Do something.")
@click.argument("what")
@click.option("--how", type=click.Choice(["well", "badly"]))
@click.option("--times", type=int, default=1)
@click.option("--level", type=click.IntRange(1, 3))
@click.option("--size", type=float)
@click.option("--new-passphrase", is_flag=True)
@click.option("--needed", required=True, envvar="DUMMY_NEEDED")
@options.vault_option
@options.json_option
@options.passphrase_option
@options.trust_option
@options.at_option
def command(what: str, passphrase_fd: int | None, *, new_passphrase: bool, **given: object) -> object:
    make = options.new_passphrase_source if new_passphrase else options.passphrase_source
    source = make(passphrase_fd)
    if what == "options":
        for name in ("vault", "as_json", "trust", "at"):
            console.line(f"{name}={given[name]}")
        return None
    if what == "passphrase":
        console.line(f"passphrase of {len(source())} bytes")
        return None
    if what == "misuse":
        misuse(source())
    return ACTS[what]()


def program() -> Program:
    """The program's group with our commands in place of the program's."""
    return Program({"everyday": {"act": "tests.cli.dummies"}, "vault": {"nest": "tests.cli.nested"}})


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
    progress.PATIENCE = 0.1
    messages.set_language(chosen_language(sys.argv[1:], {}))
    sys.path.insert(0, str(Path(__file__).parents[2]))
    raise SystemExit(run(program, sys.argv[1:]))
