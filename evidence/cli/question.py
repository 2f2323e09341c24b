"""Questions to the person at the terminal; where there is none, an error names the option instead."""

import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

import click

from evidence.cli import console
from evidence.cli.terminal import is_terminal
from evidence.errors import EvidenceError, UsageError
from evidence.messages import t

T = TypeVar("T")


def can_ask() -> bool:
    """Whether there is somebody who sees a question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and is_terminal(sys.stderr)


def ask(question: str) -> bool:
    """Ask on stderr; only a word of ``cli.keys_yes`` is a yes.

    Raises:
        click.Abort: the input ended instead of an answer.
    """
    return _answer(question + " ").lower() in t("cli.keys_yes").split()


def ask_line(question: str, default: str = "") -> str:
    """Ask on stderr for a line of text, without white space around it.

    Args:
        question: what is asked; a colon is put behind it.
        default: what an empty line means; shown in brackets.

    Raises:
        UsageError: what was typed isn't text in the terminal's encoding.
        click.Abort: the input ended instead of an answer.
    """
    return _answer(_prompt(question, default)) or default


def _answer(prompt: str) -> str:
    console.flush()
    console.prompt(prompt)
    try:
        answer = sys.stdin.readline()
    except UnicodeError as error:
        raise UsageError(t("ask.not_text"), t("ask.not_text_hint")) from error
    if not answer:
        raise click.Abort
    return answer.strip()


class Questions:
    """Asks for what isn't known yet.

    Args:
        is_allowed: whether questions may be asked at all; without a terminal none ever is.
    """

    def __init__(self, *, is_allowed: bool) -> None:
        self.are_asked = is_allowed and can_ask()

    def required(
        self, question: str, missing: Callable[[], UsageError], read: Callable[[str], T], default: str = ""
    ) -> T:
        """Ask until the answer can be used; Enter takes the default.

        Raises:
            UsageError: what ``missing`` makes, where nothing is asked.
            click.Abort: the input ended instead of an answer.
        """
        if not self.are_asked:
            raise missing()
        while True:
            answer = _answer(_prompt(question, default)) or default
            if not answer:
                console.note(t("ask.needed"))
                continue
            found = _try(read, answer)
            if found is not None:
                return found

    def optional(self, question: str, read: Callable[[str], T]) -> T | None:
        """Ask once more after each answer that can't be used; Enter leaves it open, as does no terminal."""
        while self.are_asked:
            answer = _answer(_prompt(question, ""))
            if not answer:
                return None
            found = _try(read, answer)
            if found is not None:
                return found
        return None

    def choice(self, question: str, options: Sequence[tuple[str, str]], *, default: str = "1") -> str:
        """Ask for one of several by its number; without a terminal it is the first.

        Args:
            question: what is asked.
            options: values and what each is called.
            default: the number that Enter takes; empty where a person must decide.
        """
        if not self.are_asked:
            return options[0][0]
        console.page(question, sys.stderr)
        for number, (_value, name) in enumerate(options, 1):
            console.page(f"  {number}  {name}", sys.stderr)

        def read(answer: str) -> str:
            if answer.isdecimal() and len(answer) < 3 and 1 <= int(answer) <= len(options):
                return options[int(answer) - 1][0]
            for value, name in options:
                if answer.lower() in {value, name.lower()}:
                    return value
            _refuse(len(options))

        return self.required(t("ask.number"), lambda: UsageError(question), read, default)


def _refuse(last: int) -> NoReturn:
    raise UsageError(t("ask.no_number", last=last), "")


def _prompt(question: str, default: str) -> str:
    return f"{question} [{default}]: " if default else f"{question}: "


def _try(read: Callable[[str], T], answer: str) -> T | None:
    try:
        return read(answer)
    except EvidenceError as error:
        console.error(error.message, error.hint)
        return None
