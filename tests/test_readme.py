"""README's commands and tables are what the project really does."""

import re
import shlex
from pathlib import Path

import click
import pytest

from evidence import messages
from evidence.cli.failures import BROKEN_PIPE
from evidence.cli.program import Program
from evidence.errors import ExitCode
from evidence.messages import t

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_first_screen_has_the_two_commands() -> None:
    commands = re.findall(r"^    (python3 -m venv .+)$", "\n".join(README.splitlines()[:24]), re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("evidence demo")
    assert commands[1].endswith("python -m pytest")


def test_ci_runs_the_same_test_command() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = re.search(r"^    (python3 -m venv .+ pytest)$", README, re.MULTILINE)
    assert command is not None
    assert f"\n{command[1]}\n" in ci


def test_exit_codes_are_those_of_the_program() -> None:
    messages.set_language("en")
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE))
    expected = {str(code.value): t(f"cli.exit_{code.name}") for code in ExitCode}
    expected[str(BROKEN_PIPE)] = t("cli.exit_BROKEN_PIPE")
    assert {code: text.replace("…", "...") for code, text in rows.items()} == expected


def test_documents_stand_alone() -> None:
    for path in (*ROOT.glob("*.md"), *(ROOT / "schemas").glob("*.md")):
        assert "shared/" not in path.read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """The commands in the README's blocks, as a shell would take them apart."""
    text = re.sub(r"\\\n +", "", README).replace("FINGERPRINT", "ab" * 32)
    rows = re.findall(r"^    evidence (.+)$", text, re.MULTILINE)
    return [shlex.split(re.split(r"  +", row)[0]) for row in rows]


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_commands_of_the_readme_exist_with_their_options(arguments: list[str]) -> None:
    command: click.Command = Program()
    context = click.Context(command)
    while isinstance(command, click.Group):
        name, arguments = arguments[0], arguments[1:]
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    command.make_context("evidence", arguments)
