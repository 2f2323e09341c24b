"""Each way a command can end has its exit code, and says so without a traceback."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import errors
from evidence.errors import EvidenceError, ExitCode
from tests.cli.conftest import Act

ERRORS = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, EvidenceError)]
Start = Callable[..., subprocess.Popen[str]]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_has_the_exit_code_of_its_class(act: Act, kind: type[EvidenceError]) -> None:
    assert act("act", kind.__name__) == (
        kind.exit_code,
        "",
        "evidence: error: it is so\nevidence: hint: do this\n",
    )


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("nothing", ExitCode.DONE),
        ("failed", ExitCode.FAILED),
        ("exit", ExitCode.QUARANTINED),
        ("interrupt", ExitCode.INTERRUPTED),
        ("abort", ExitCode.INTERRUPTED),
        ("full", ExitCode.STORE),
        ("wordless", ExitCode.STORE),
        ("memory", ExitCode.STORE),
        ("file", ExitCode.STORE),
        ("click", ExitCode.USAGE),
        ("usage", ExitCode.USAGE),
        ("recursion", ExitCode.BUG),
        ("text", ExitCode.BUG),
        ("eof", ExitCode.BUG),
    ],
)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_anything_else_has_one_too(act: Act, what: str, code: ExitCode, language: str) -> None:
    got, out, err = act("act", what, language=language)
    assert got == code
    assert out == ""
    if code in (ExitCode.DONE, ExitCode.FAILED, ExitCode.QUARANTINED):
        assert err == ""
    else:
        assert err.startswith("evidence: error: ")
        assert "Traceback" not in err


def test_a_full_disk_is_said_with_a_hint(act: Act) -> None:
    assert act("act", "full")[2] == (
        "evidence: error: /vault/\\u{1b}[31mregister: the disk is full\n"
        "evidence: hint: free some space and run the same command again\n"
    )
    assert "диск переповнено" in act("act", "full", language="uk")[2]


def test_a_file_name_that_is_not_text_is_shown(act: Act) -> None:
    said = act("act", "bytes")[2].splitlines()
    assert said[0] == "evidence: error: caf\\u{dce9}: no such file or folder"
    assert said[1].startswith("evidence: hint: ")


def test_an_unknown_system_error_is_shown_harmlessly(act: Act) -> None:
    said = act("act", "strange")[2].splitlines()
    assert said[0] == "evidence: error: Exec format error\\u{1b}"
    assert said[1].startswith("evidence: hint: ")


def test_a_bug_says_where_and_nothing_more(act: Act) -> None:
    code, _out, err = act("act", "recursion")
    assert code == ExitCode.BUG
    assert "this is a bug in the program: RecursionError in evidence/cli/" in err
    assert err.count("\n") == 2


def test_debugging_shows_the_traceback(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_DEBUG", "1")
    err = act("act", "recursion")[2]
    assert "dummies.py" in err
    assert err.endswith("RecursionError\n")


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_secret_in_an_exception_is_not_shown(start: Start, debug: str) -> None:
    process = start(
        "act",
        "misuse",
        "--passphrase-fd",
        "0",
        stdin=subprocess.PIPE,
        env={"EVIDENCE_DEBUG": debug},
    )
    out, err = process.communicate("corect horse\n")
    assert process.returncode == ExitCode.BUG
    assert "RuntimeError" in err
    assert ("in misuse" in err) == (debug == "1")
    assert ("ValueError" in err) == (debug == "1")
    assert "horse" not in out + err


def default_signals() -> None:
    """Whoever runs the tests may ignore them: nohup, a shell's background job."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def ignore_hangup() -> None:
    default_signals()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_lets_the_command_put_things_in_order(start: Start, name: str) -> None:
    process = start("act", "sleep", preexec_fn=default_signals)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=20)
    assert process.returncode == ExitCode.INTERRUPTED
    assert (out, err) == ("put in order\n", "evidence: error: interrupted\n")


def test_an_ignored_signal_stays_ignored(start: Start) -> None:
    process = start("act", "sleep", preexec_fn=ignore_hangup)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == ExitCode.INTERRUPTED


def test_signal_handlers_are_put_back(act: Act) -> None:
    before = signal.getsignal(signal.SIGTERM)
    act("act", "nothing")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("arguments", [("--help",), ("act", "lines"), ("act", "json")])
def test_a_reader_that_goes_away_is_not_success(start: Start, arguments: tuple[str, ...]) -> None:
    process = start(*arguments, module="evidence" if arguments == ("--help",) else "tests.cli.dummies")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 141
    process.stderr.close()


@pytest.mark.parametrize("what", ["lines", "cyrillic", "FormatError"])
def test_a_full_disk_behind_stdout_is_noticed(start: Start, what: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = start("act", what, stdout=full)
        err = process.communicate()[1]
    assert process.returncode == (ExitCode.MALFORMED if what == "FormatError" else ExitCode.STORE)
    assert ("the disk is full" in err) == (what != "FormatError")
    assert "Exception ignored" not in err


def test_nothing_to_print_on_is_no_error(start: Start) -> None:
    def close() -> None:
        os.close(1)
        os.close(2)

    process = start("act", "warn", stdout=None, stderr=None, preexec_fn=close)
    assert process.wait() == 0
