"""What `--help` and complaints say, in both languages, and what `--help` costs."""

import re
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from evidence import __version__
from evidence.cli import chosen_language, expanded, main
from evidence.cli.group import Command, Group
from evidence.cli.program import SECTIONS
from evidence.errors import ExitCode
from evidence.messages import LANGUAGES, t
from tests.cli.conftest import Act

COMMANDS = {name: module for rows in SECTIONS.values() for name, module in rows.items()}
HEAVY = {
    "asyncio",
    "cryptography",
    "dataclasses",
    "importlib.resources",
    "jsonschema_rs",
    "mutagen",
    "platformdirs",
    "rfc8785",
    "rich",
    "sqlite3",
    "subprocess",
}
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_command_and_exit_code(capfd: Capture, language: str) -> None:
    assert main(["--lang", language, "--help"]) == 0
    page, err = capfd.readouterr()
    assert err == ""
    rows = dict(re.findall(r"^  (\w+) +(\S.*)$", page, re.MULTILINE))
    for name in COMMANDS:
        assert t(f"cli.{name}_short").startswith(rows[name])
    for code in ExitCode:
        assert t(f"cli.exit_{code.name}").startswith(rows[str(code.value)])
    assert "141" in rows


def test_help_begins_with_the_everyday_verbs_and_ends_with_the_exit_codes(capfd: Capture) -> None:
    main(["--help"])
    page = capfd.readouterr().out
    places = [page.index(text) for text in ("\n  seal ", "\n  verify ", "\n  show ", "\n  init ", "--lang")]
    assert places == sorted(places)
    assert page.rindex("--help") < page.index(t("cli.exit_codes"))
    assert page.rstrip("\n").endswith(t("cli.exit_BROKEN_PIPE"))


def test_ukrainian_help_has_no_words_of_click(capfd: Capture) -> None:
    main(["--lang", "uk", "--help"])
    page = capfd.readouterr().out
    for word in ("Usage", "Options", "OPTIONS", "COMMAND", "Commands", "Show", "exit."):
        assert word not in page
    assert page.startswith("Використання: evidence [ПАРАМЕТРИ] КОМАНДА")


def test_help_of_a_command_is_ukrainian_too(start: Callable[..., subprocess.Popen[str]]) -> None:
    out, err = start("--lang", "uk", "act", "--help").communicate()
    assert err == ""
    assert out.startswith("Використання: evidence act [ПАРАМЕТРИ] WHAT\n")
    assert "Параметри:\n" in out
    assert "--passphrase-fd N" in out
    assert "Показати цю сторінку." in out


def test_help_has_no_remarks_of_click(act: Act) -> None:
    for language, wanted in (("en", "(required)"), ("uk", "(обов'язковий)")):
        page = act("act", "--help", language=language)[1]
        assert wanted in page
        for remark in ("[required]", "x>=", "x<=", "[default"):
            assert remark not in page


def test_the_language_may_stand_behind_the_command(capfd: Capture) -> None:
    for arguments in (["explain", "--lang", "uk", "PASSED"], ["explain", "PASSED", "--lang=uk"]):
        assert main(arguments) == 0
        assert "Що це означає" in capfd.readouterr().out
    assert main(["keys", "--lang", "uk", "show", "--help"]) == 0
    assert "Використання: " in capfd.readouterr().out
    assert main(["explain", "PASSED", "--lang", "de"]) == ExitCode.USAGE
    assert "--lang: choose from en, uk" in capfd.readouterr().err


def test_help_fits_the_width_it_is_given(capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, width in (("60", 58), ("500", 78), ("1", 50), ("x", 78)):
        monkeypatch.setenv("COLUMNS", columns)
        main(["--help"])
        assert max(len(row) for row in capfd.readouterr().out.split("\n")) <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_imports_nothing_slow(start: Callable[..., subprocess.Popen[str]], language: str) -> None:
    process = start("--lang", language, "--help", module="evidence", env={"PYTHONPROFILEIMPORTTIME": "1"})
    imported = set(re.findall(r"\| +([\w.]+)$", process.communicate()[1], re.MULTILINE))
    assert "click.core" in imported
    assert not {name for name in imported if name in HEAVY or name.partition(".")[0] in HEAVY}
    assert not imported & set(COMMANDS.values())


def test_version_names_program_and_format(capfd: Capture) -> None:
    assert main(["--version"]) == 0
    assert capfd.readouterr().out == f"evidence {__version__} (archive format 1)\n"


@pytest.mark.parametrize(("language", "beginning"), [("en", "Usage: evidence "), ("uk", "Використання: ")])
def test_without_a_command_help_goes_to_stderr(capfd: Capture, language: str, beginning: str) -> None:
    for arguments in (["--lang", language], [f"--lang={language}", "register"]):
        assert main(arguments) == ExitCode.USAGE
        out, err = capfd.readouterr()
        assert out == ""
        assert err.startswith(beginning)


def test_a_group_without_a_sub_command_lists_them(act: Act) -> None:
    code, out, err = act("nest")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "  egg  Lie there.\n" in err


def test_a_sub_command_runs(act: Act) -> None:
    assert act("nest", "egg", "--times", "2") == (0, "egg egg \n", "")
    assert "Lie there." in act("nest", "--help")[1]


COMPLAINTS = [
    (["sael"], 'there is no command "sael"', "немає команди «sael»"),
    (["ac"], "did you mean act?", "можливо, ви мали на увазі act?"),
    (["nest", "eg"], "did you mean egg?", "можливо, ви мали на увазі egg?"),
    (["nest", "egg", "x"], '"x" is one argument too many', "«x» — зайвий аргумент"),
    (["nest", "egg", "--times"], "option --times needs a value", "параметр --times потребує значення"),
    (["nest", "egg", "--times", "9"], "a whole number from 1 to 3", "ціле число від 1 до 3"),
    (["--lnag", "uk"], "there is no option --lnag", "немає параметра --lnag"),
    (["act"], "WHAT is missing", "не вказано WHAT"),
    (["act", "nothing", "--vualt", "x"], "did you mean --vault", "можливо, ви мали на увазі --vault"),
    (["act", "nothing", "--json=x"], "option --json takes no value", "параметр --json не приймає значення"),
    (["act", "nothing", "--how", "so"], "--how: choose from well, badly", "--how: виберіть одне з: well"),
    (["act", "nothing", "--times", "x"], "--times: it must be a whole number", "це має бути ціле число"),
    (["act", "nothing", "--level", "4"], "a whole number from 1 to 3", "це має бути ціле число від 1 до 3"),
    (["act", "nothing", "--passphrase-fd", "-1"], "number, at least 0", "число, не менше за 0"),
    (["act", "nothing", "--at", "2026-11-22"], "neither a time of day nor a zone", "ні часового поясу"),
    (["act", "usage"], "these two don't go together", "these two don't go together"),
]


@pytest.mark.parametrize(("arguments", "english", "ukrainian"), COMPLAINTS)
def test_a_mistake_is_said_in_the_users_language(
    act: Act, arguments: list[str], english: str, ukrainian: str
) -> None:
    for language, words in (("en", english), ("uk", ukrainian)):
        code, out, err = act(*arguments, language=language)
        assert (code, out) == (ExitCode.USAGE, "")
        assert words in err
        assert all(row.startswith(("evidence: error: ", "evidence: hint: ")) for row in err.splitlines())


def test_a_missing_option_is_named(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUMMY_NEEDED")
    assert "option --needed is missing" in act("act", "nothing")[2]
    assert "не вказано параметр --needed" in act("act", "nothing", language="uk")[2]


def test_a_mistake_names_the_help_page(act: Act) -> None:
    assert "evidence act --help" in act("act", "nothing", "--nonsense")[2]
    assert "evidence nest egg --help" in act("nest", "egg", "--times")[2]


def test_hostile_arguments_are_shown_harmlessly(act: Act) -> None:
    for arguments in (["\x1b[31m"], ["--\x1b[31m"], ["act", "nothing", "\x1b[31m\u202e\n"]):
        err = act(*arguments)[2]
        assert "\x1b" not in err
        assert "\u202e" not in err
        assert "\\u{1b}[31m" in err


def test_a_value_given_in_the_wrong_place_is_not_quoted(act: Act) -> None:
    for arguments in (("--passphrase", "horse"), ("--passphrase=horse",)):
        code, out, err = act("act", "nothing", *arguments)
        assert code == ExitCode.USAGE
        assert "horse" not in out + err
        assert "--passphrase-fd" in err


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "uk_UA.UTF-8"}, "uk"),
        (["--lang", "en", "seal"], {"LANG": "uk_UA.UTF-8"}, "en"),
        (["--lang=uk"], {}, "uk"),
        (["--version", "--lang", "uk"], {}, "uk"),
        (["seal", "--lang", "uk"], {}, "uk"),
        (["--lang", "en", "keys", "show", "--lang=uk"], {}, "uk"),
        (["verify", "--", "--lang", "uk"], {}, "en"),
        (["--lang"], {"LC_ALL": "uk_UA"}, "uk"),
    ],
)
def test_the_language_is_known_before_anything_is_said(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


def test_an_unknown_language_is_refused(capfd: Capture) -> None:
    assert main(["--lang", "de", "--help"]) == ExitCode.USAGE
    assert "--lang: choose from en, uk" in capfd.readouterr().err


def test_patterns_are_filled_in_where_the_shell_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.asice", "a.asice", "1.asice", "E[1].asice"):
        (tmp_path / name).touch()
    assert expanded(["verify", "*.asice"], "posix") == ["verify", "*.asice"]
    assert expanded(["verify", "*.asice"], "nt") == ["verify", "1.asice", "E[1].asice", "a.asice", "b.asice"]
    assert expanded(["[1].asice", "E[1].asic?", "none*"], "nt") == ["[1].asice", "E[1].asice", "none*"]


def test_a_shell_can_complete_commands(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_EVIDENCE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "evidence ac")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert act()[:2] == (0, "plain,act\n")


@pytest.mark.parametrize(("name", "module"), COMMANDS.items())
def test_a_command_speaks_the_users_language(name: str, module: str) -> None:
    command = import_module(module).command
    assert isinstance(command, Command)
    assert command.name == name
    if isinstance(command, Group):
        assert all(isinstance(found, Command) for found in command.commands.values())
