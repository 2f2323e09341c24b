"""Questions that are answered with yes or no, or with a line of text, on a terminal only."""

import sys

import click

from evidence.cli import console
from evidence.cli.terminal import is_terminal
from evidence.errors import UsageError
from evidence.messages import t


def can_ask() -> bool:
    """Whether there is somebody who sees a question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and is_terminal(sys.stderr)


def ask(question: str) -> bool:
    """Ask on stderr; only a word of ``cli.keys_yes`` is a yes.

    Raises:
        click.Abort: the input ended instead of an answer.
    """
    return _answer(question + " ").strip().lower() in t("cli.keys_yes").split()


def ask_line(question: str, default: str = "") -> str:
    """Ask on stderr for a line of text, without white space around it.

    Args:
        question: what is asked; a colon is put behind it.
        default: what an empty line means; shown in brackets.

    Raises:
        UsageError: what was typed isn't text in the terminal's encoding.
        click.Abort: the input ended instead of an answer.
    """
    shown = f" [{default}]" if default else ""
    try:
        return _answer(f"{question}{shown}: ").strip() or default
    except UnicodeError as error:
        raise UsageError(t("notice.answer"), t("notice.answer_hint")) from error


def _answer(prompt: str) -> str:
    console.flush()
    console.prompt(prompt)
    answer = sys.stdin.readline()
    if not answer:
        raise click.Abort
    return answer
