"""README's commands and tables are what the project really does."""

import json
import re
from pathlib import Path

from evidence import messages, resources
from evidence.cli.failures import BROKEN_PIPE
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


def test_incident_of_the_readme_is_a_valid_one() -> None:
    text = re.search(r"^    \{\n(?:      .*\n)+    \}$", README, re.MULTILINE)
    assert text is not None
    assert resources.problem("incident.v1", json.loads(text[0])) == ""
