"""A code of FORMAT.md in plain words: one line or two for the list, or all that is to be said about it."""

import re
import shutil
import textwrap

from evidence.cli.console import Part, line
from evidence.findings import Status
from evidence.messages import has, t
from evidence.verify.rules import RULES

_WIDEST = 100
_NARROWEST = 40
_INDENT = 4
_COLOURS = {Status.INDETERMINATE: "yellow", Status.FAILED: "red"}
_FIRST_SENTENCE = re.compile(r".*?\.(?=\s|$)")


def print_line(code: str) -> None:
    """Print a code of RULES for the list of all: its step, how grave it is, and what it says in short."""
    rule = RULES[code]
    listed = t("explain.listed", number=rule.step, status=t(f"verify.status_{rule.status.name}"))
    line(_code_part(code), "  ", listed)
    said = t(f"explain.{code}_what")
    sentence = _FIRST_SENTENCE.match(said)
    _prose(sentence[0] if sentence else said)


def print_code(code: str) -> None:
    """Print everything about a code of RULES: where it is found, what it says, why it matters, what to do."""
    rule = RULES[code]
    result, status = t(f"verify.result_{rule.result.value}"), t(f"verify.status_{rule.status.name}")
    line()
    line(_code_part(code))
    line("  ", t("explain.step", number=rule.step, title=t(f"verify.step_{rule.step}")))
    line("  ", t("explain.grade", result=result, status=status))
    for label, text in (
        (t("explain.what"), t(f"explain.{code}_what")),
        (t("explain.why"), t(f"explain.{code}_why")),
        (t("explain.next"), next_step(code)),
    ):
        line("  ", (label, "cyan"))
        _prose(text)


def next_step(code: str) -> str:
    """What whoever gets this code does next, in general; a finding of an archive may say it with values."""
    own = f"explain.{code}_next"
    return t(own) if has(own) else t(f"verify.{code}_next")


def _code_part(code: str) -> Part:
    return code, _COLOURS[RULES[code].status]


def _prose(text: str) -> None:
    """Our own text, as wide as the terminal is, but no wider than it reads well."""
    columns = shutil.get_terminal_size().columns
    width = max(_NARROWEST, min(columns, _WIDEST)) - _INDENT
    for row in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False):
        line(" " * _INDENT, row)
