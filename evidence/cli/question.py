"""Questions that are answered with yes or no, on a terminal only."""

import sys

import click

from evidence.cli import console
from evidence.cli.terminal import is_terminal
from evidence.messages import t


def can_ask() -> bool:
    """Whether there is somebody who sees a question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and is_terminal(sys.stderr)


def ask(question: str) -> bool:
    """Ask on stderr; only a word of ``cli.keys_yes`` is a yes.

    Raises:
        click.Abort: the input ended instead of an answer.
    """
    console.flush()
    console.prompt(question + " ")
    answer = sys.stdin.readline()
    if not answer:
        raise click.Abort
    return answer.strip().lower() in t("cli.keys_yes").split()
