"""What reaches a terminal, a pipe or a file, whatever was given to be printed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cli import console, progress, terminal
from evidence.text import visible
from tests.cli.conftest import ROOT, Act

ANYTHING = st.text(st.characters(exclude_categories=()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANYTHING,
    lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner),
    max_leaves=10,
)
HOSTILE = "\x1b]0;title\x07[red]\u202egpj.exe\r\n=cmd()\x7f\x9b31m</script>"
Start = Callable[..., subprocess.Popen[str]]


@given(ANYTHING)
def test_whatever_is_printed_is_harmless(text: str) -> None:
    assert terminal.harmless(text).isprintable()


@given(ANYTHING)
def test_what_was_made_visible_stays_as_it_is(text: str) -> None:
    assert terminal.harmless(visible(text)) == visible(text)


@given(JSON)
def test_json_text_can_be_read_back(document: object) -> None:
    """``json.loads(json_text(x)) == x``, and it is harmless on a terminal."""
    text = console.json_text(document)
    assert json.loads(text) == document
    assert text.isprintable()


def test_hostile_text_is_printed_harmlessly(capfd: pytest.CaptureFixture[str]) -> None:
    console.line("name: ", (HOSTILE, "red"))
    console.page(HOSTILE)
    console.json_line({"name": HOSTILE})
    console.error(HOSTILE, HOSTILE)
    console.warning(HOSTILE)
    console.note(HOSTILE)
    for text in capfd.readouterr():
        assert text.replace("\n", "").isprintable()
        assert "[red]\\u" in text


def test_words_show_values_as_they_are_to_be_read() -> None:
    assert console.words("cli.no_such_option", option="\\u{1b}\x1b") == (
        "there is no option \\\\u{1b}\\u{1b}"
    )


def test_json_keeps_letters_and_is_utf_8_whatever_the_terminal_is(start: Start) -> None:
    process = start("act", "json", env={"PYTHONIOENCODING": "cp1251"})
    assert process.communicate() == ('{"name":"Ім\'я \\u202e"}\n', "")


def test_every_hint_has_its_prefix(act: Act) -> None:
    assert act("act", "warn") == (
        0,
        "",
        (
            "evidence: warning: careful\nevidence: hint: first\nevidence: hint: second\n"
            "evidence: note: by the way\n"
        ),
    )


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "\\u041f\\u0435\\u0440"),
        ({"PYTHONIOENCODING": "latin-1"}, "\\u041f\\u0435\\u0440"),
        ({"LC_ALL": "C"}, "Перевірено"),
    ],
)
def test_letters_that_the_output_lacks_become_escapes(
    start: Start, environment: dict[str, str], shown: str
) -> None:
    process = start("act", "cyrillic", env=environment)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert shown in out


def test_ukrainian_help_and_errors_survive_an_ascii_output(start: Start) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    process = start("--lang", "uk", "--help", module="evidence", env=ascii_only)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "\n  verify " in out
    assert "\\u043f" in out
    process = start("--lang", "uk", "sael", module="evidence", env=ascii_only)
    assert process.communicate()[1].startswith("evidence: error: \\u043d")
    assert process.returncode == 2


def test_windows_code_page_is_kept(start: Start) -> None:
    process = start("act", "cyrillic", env={"PYTHONIOENCODING": "cp1251"}, encoding="cp1251")
    assert process.communicate() == ("Перевірено\n", "")


class Terminal:
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    console.line("integrity ", ("PASS", "green"))
    assert terminal.text == ("integrity \x1b[32mPASS\x1b[0m\n" if coloured else "integrity PASS\n")


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from("ab  ґ"), max_size=30), st.sampled_from(["", "red"])), max_size=5
    ),
    st.integers(20, 60),
    st.none() | st.integers(0, 30),
)
def test_a_broken_line_has_the_same_words_and_no_row_too_wide(
    pieces: list[tuple[str, str]], width: int, hanging: int | None
) -> None:
    """Only a word that is wider than a row makes one; colours stay with their words."""
    text = "".join(piece for piece, _colour in pieces)
    rows = ["".join(piece for piece, _colour in row) for row in terminal.rows(pieces, width, hanging)]
    assert " ".join(rows).split() == text.split()
    for row in rows[1:]:
        assert row.startswith(" " * (len(row) - len(row.lstrip())))
        assert row.strip()
    for row in rows:
        assert len(row) <= width or " " not in row.strip() or not text.strip()
    red = [piece for row in terminal.rows(pieces, width, hanging) for piece, colour in row if colour]
    assert "".join(red).split() == "".join(p for p, c in pieces if c).split() or len(rows) > 1


def test_a_long_line_is_broken_on_a_terminal_only(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console.line("  word" * 40)
    assert capfd.readouterr().out == "  word" * 40 + "\n"
    monkeypatch.setenv("TERM", "xterm")
    terminals = [Terminal(), Terminal()]
    monkeypatch.setattr(sys, "stdout", terminals[0])
    monkeypatch.setattr(sys, "stderr", terminals[1])
    for columns, widest in (("60", 60), ("500", 120)):
        monkeypatch.setenv("COLUMNS", columns)
        for each in terminals:
            each.text = ""
        console.line("  it", " is" * 80)
        console.error("it" + " is" * 80, "do" + " it" * 80)
        for each in terminals:
            rows = [re.sub("\x1b\\[[0-9]*m", "", row) for row in each.text.splitlines()]
            assert widest - 3 < max(map(len, rows)) <= widest
        assert terminals[0].text.splitlines()[1].startswith("      is")
        assert terminals[1].text.splitlines()[1].startswith("    is")
    terminals[0].text = ""
    console.exact("copy " * 40)
    assert terminals[0].text.count("\n") == 1


def test_no_colour_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    console.line(("PASS", "green"))
    assert capfd.readouterr().out == "PASS\n"


def test_progress_is_silent_and_cheap_where_nobody_watches(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setitem(sys.modules, "evidence.cli.bar", None)  # importing it would fail
    with progress.progress(100, "reading") as step:
        step(10)
        step(100, 100)
    assert capfd.readouterr() == ("", "")


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setitem(sys.modules, "evidence.cli.bar", None)
    with progress.progress(100, "reading") as step:
        step(100)
    assert terminal.text == ""


def on_a_terminal(*arguments: str, answer: bytes = b"") -> tuple[int, bytes]:
    """Run the dummy program with a terminal for all three streams; return exit code and what is seen."""
    main, side = os.openpty()
    # the first terminal that the leader of a session opens becomes its own, and /dev/tty with it
    own = "import os, runpy, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
    own += "sys.argv[0] = 'evidence'; runpy.run_module('tests.cli.dummies', run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, "-c", own, *arguments],
        stdin=side,
        stdout=side,
        stderr=side,
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(side)
    seen = b""
    while data := _read(main):
        seen += data
        if answer and seen.endswith(b": "):
            reply, _, answer = answer.partition(b"|")
            os.write(main, reply)
    os.close(main)
    return process.wait(), seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""


def test_a_bar_on_a_terminal_leaves_lines_whole_and_shows_hostile_text_harmlessly() -> None:
    code, seen = on_a_terminal("act", "progress")
    assert code == 0
    assert rb"reading \u{1b}[31m[red]a.wav\u{202e}" in seen
    assert b"\x1b[31m[red]" not in seen
    assert b"75%" in seen
    assert seen.startswith(b"line 0\r\n")  # no bar yet
    for number in range(1, 5):
        assert b"\x1b[2Kline %d\r\n" % number in seen  # the bar is wiped away before a line is printed
    assert seen.endswith(b"\x1b[2K")


def test_an_error_on_a_terminal_is_red() -> None:
    assert on_a_terminal("act", "StateError") == (
        5,
        b"evidence: \x1b[31merror:\x1b[0m it is so\r\nevidence: \x1b[36mhint:\x1b[0m do this\r\n",
    )
