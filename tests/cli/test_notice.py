"""`evidence notice`: what it prints, what it asks, and with which exit codes it ends."""

import json
import os
import re
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode
from tests.cli.conftest import ROOT
from tests.journeys.program import done, evidence
from tests.operations.notice_scene import TEXT, check_notices, make_sound
from tests.operations.scene import make_vault

COMMON = (
    "--language",
    "uk",
    "--approved-by",
    "Наказ № 14",
    "--valid-from",
    "2026-01-01",
    "--zone",
    "Europe/Kyiv",
)
CLAUSE = ("--key-clause", "0.5-1.5")
WORDING = ("--text", TEXT, "--key-clause-text", "розмова записується")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return make_sound(tmp_path / "вітання.wav")


def add(vault: Path, *arguments: str | Path) -> dict[str, Any]:
    """Add a notice that must be added; what it prints as JSON."""
    loaded: dict[str, Any] = json.loads(done("notice", "add", *arguments, "--vault", vault, "--json"))
    return loaded


def refused(code: ExitCode, *arguments: str | Path) -> str:
    """Run a command that must be refused; what it says, on one line."""
    process = evidence("notice", *arguments)
    assert process.returncode == code, process.stderr
    assert process.stdout == ""
    assert "Traceback" not in process.stderr
    assert "evidence: hint: " in process.stderr
    return " ".join(process.stderr.split())


# Without a terminal


def test_added_listed_and_shown(vault: Path, sound: Path) -> None:
    out = done("notice", "add", sound, *COMMON, *CLAUSE, "--title", "Вітання", "--vault", vault)
    found = re.match(r"notice added: ([0-9a-f-]{36})\nregister entry 1\n", out)
    assert found is not None
    check_notices(vault)
    (heading, row) = done("notice", "list", "--vault", vault).splitlines()
    assert heading.split("  ")[0] == "ID"
    assert re.split(r" {2,}", row) == [found[1][:8], "uk", "Вітання", "2026-01-01 – …", "yes", "Наказ № 14"]
    shown = done("notice", "show", found[1][:4], "--vault", vault)
    for text in (
        f"Recording notice {found[1]}\n",
        "key clause: 0:00.500 – 0:01.500\n",
        "valid from: 2026-01-01 (notice add --valid-from --zone Europe/Kyiv; UTC 2025-12-31T22:00:00.000Z)\n",
        "in force now: yes\n",
        "taken from the file: вітання.wav\n",
        "coding: PCM, 16 bit\n",
        "duration: 0:02.000\n",
    ):
        assert text in shown


def test_json_is_one_object_a_line(vault: Path, sound: Path) -> None:
    assert done("notice", "list", "--vault", vault, "--json") == ""
    first = add(vault, sound, *COMMON, *CLAUSE)
    assert (first["sequence"], first["milliseconds"], first["recording_problems"]) == (1, 2000, [])
    second = add(vault, *WORDING, *COMMON, "--replaces", first["notice_id"][:8])
    assert (second["replaces"], second["sound_sha256"]) == (first["notice_id"], None)
    rows = [json.loads(line) for line in done("notice", "list", "--vault", vault, "--json").splitlines()]
    assert [row["notice_id"] for row in rows] == [first["notice_id"], second["notice_id"]]
    assert [row["in_force"] for row in rows] == [False, True]
    assert [row["replaced_by"] for row in rows] == [second["notice_id"], None]
    assert [row["ends"] for row in rows] == ["2025-12-31T22:00:00.000Z", None]
    document = json.loads(done("notice", "show", first["notice_id"], "--vault", vault, "--json"))
    assert document["custody_sha256"] == first["custody_sha256"]
    assert document["notice"]["key_clause"] == {"start_ms": 500, "end_ms": 1500}
    assert document["problem"] is None
    log = [json.loads(line) for line in done("register", "log", "--vault", vault, "--json").splitlines()]
    assert log[1]["custody_sha256"] == first["custody_sha256"]


def test_an_empty_vault_says_so(vault: Path) -> None:
    process = evidence("notice", "list", "--vault", vault)
    assert (process.returncode, process.stdout) == (0, "")
    assert "holds no recording notice yet" in process.stderr


def test_a_wording_comes_from_a_file(vault: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8-sig")
    added = add(vault, "--text-file", text, "--key-clause-text", "розмова записується", *COMMON)
    shown = done("notice", "show", added["notice_id"], "--vault", vault)
    assert f"wording: {TEXT}\n" in shown
    assert 'key clause: "розмова записується"\n' in shown


@pytest.mark.parametrize("name", ["--language", "--approved-by", "--valid-from", "--zone", "--key-clause"])
def test_without_a_terminal_what_is_missing_is_named(vault: Path, sound: Path, name: str) -> None:
    given = dict(zip((*COMMON, *CLAUSE)[::2], (*COMMON, *CLAUSE)[1::2], strict=True))
    del given[name]
    rest = [part for pair in given.items() for part in pair]
    assert name in refused(ExitCode.USAGE, "add", sound, *rest, "--vault", vault)
    check_notices(vault, 0)


def test_what_a_key_clause_is_and_how_to_find_it_is_told(vault: Path, sound: Path) -> None:
    said = refused(ExitCode.USAGE, "add", sound, *COMMON, "--vault", vault)
    assert "the decisive words by which a caller learns that the call is recorded" in said
    assert "Audacity" in said
    said = refused(ExitCode.USAGE, "add", "--text", TEXT, *COMMON, "--vault", vault)
    assert "--key-clause-text" in said
    said = refused(ExitCode.USAGE, "add", "--text", TEXT, *COMMON, *CLAUSE, "--vault", vault)
    assert "no sound" in said
    said = refused(ExitCode.USAGE, "add", *COMMON, *CLAUSE, "--vault", vault)
    assert "its sound or its wording" in said
    check_notices(vault, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--key-clause", "1.5-0.5"), "ends before it begins"),
        (("--key-clause", "0.5-0.5"), "does not end after it begins"),
        (("--key-clause", "0.5-2.001"), "lasts only 2.000 s"),
        (("--key-clause", "soon"), "is no range of two positions"),
        ((*CLAUSE, "--language", "Ukrainian language"), "not the code of a language"),
        ((*CLAUSE, "--valid-to", "2025-12-31T23:59:59+02:00"), "ends before it begins"),
        ((*CLAUSE, "--valid-from", "yesterday"), "is no date and time"),
        ((*CLAUSE, "--zone", "Kyiv"), "no time zone"),
        ((*CLAUSE, "--title", ""), "one line of 1 to 300"),
        ((*CLAUSE, "--approved-by", "a\nb"), "one line of 1 to 300"),
        ((*CLAUSE, "--text", "a", "--text-file", "b"), "given twice"),
        ((*CLAUSE, "--replaces", "0123"), "no notice has an id"),
        ((*CLAUSE, "--played-as", ""), "1 to 200 characters"),
        ((*CLAUSE, "--played-as", "a\x1bb"), "1 to 200 characters"),
        ((*CLAUSE, "--played-as", "a" * 201), "1 to 200 characters"),
        ((*CLAUSE, *(x for i in range(21) for x in ("--played-as", f"a{i}"))), "at most 20 names"),
    ],
)
def test_what_cannot_be_is_a_usage_error(
    vault: Path, sound: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(ExitCode.USAGE, "add", sound, *COMMON, *options, "--vault", vault)
    check_notices(vault, 0)


def test_hostile_text_is_shown_harmlessly(vault: Path, tmp_path: Path) -> None:
    hostile = "\x1b[31m\u202e[red].wav"
    path = tmp_path / hostile
    path.write_bytes(b"no sound")
    text = "Увага!\n\u202eРозмова записується\nnotice added: 1"
    options = (*COMMON, *CLAUSE, "--text", text, "--title", "[bold]\u202e", "--vault", vault)
    outputs = []
    process = evidence("notice", "add", path, *options)
    outputs.append(process)
    assert process.returncode == 0, process.stderr
    assert "kept as it is; its duration is unknown" in process.stderr
    notice_id = process.stdout.split()[2]
    outputs += [
        evidence("notice", "list", "--vault", vault),
        evidence("notice", "show", notice_id, "--vault", vault),
    ]
    outputs.append(evidence("notice", "show", "\x1b[31m\u202e", "--vault", vault))
    outputs.append(evidence("notice", "add", tmp_path / "\x1b\u202e", *options))
    for process in outputs:
        assert not set(process.stdout + process.stderr) & {"\x1b", "\u202e"}
    assert "\\u{1b}[31m\\u{202e}[red].wav" in outputs[2].stdout
    assert "  | notice added: 1\n" in outputs[2].stdout  # behind a bar, so that it passes for no line of ours
    document = json.loads(done("notice", "show", notice_id, "--vault", vault, "--json"))
    assert document["notice"]["text"] == text
    assert document["notice"]["sound"]["name"] == hostile


def test_the_names_by_which_the_pbx_plays_it_are_kept_and_can_be_corrected(vault: Path, sound: Path) -> None:
    first = add(vault, sound, *COMMON, *CLAUSE)
    names = ("--played-as", "custom/notice-uk", "--played-as", "notice", "--played-as", "notice")
    said = refused(ExitCode.REFUSED, "add", sound, *COMMON, *CLAUSE, *names, "--vault", vault)
    assert "something else is said of it" in said
    second = add(vault, sound, *COMMON, *CLAUSE, *names, "--replaces", first["notice_id"])
    document = json.loads(done("notice", "show", second["notice_id"], "--vault", vault, "--json"))
    assert document["notice"]["played_as"] == ["custom/notice-uk", "notice"]
    shown = done("notice", "show", second["notice_id"], "--vault", vault)
    assert "played by the PBX as: custom/notice-uk, notice\n" in shown
    assert "played by the PBX" not in done("notice", "show", first["notice_id"], "--vault", vault)
    check_notices(vault, 2)


def test_the_same_once_more_is_refused(vault: Path, sound: Path) -> None:
    add(vault, sound, *COMMON, *CLAUSE)
    said = refused(ExitCode.REFUSED, "add", sound, *COMMON, *CLAUSE, "--vault", vault)
    assert "in the vault already" in said
    check_notices(vault)


def test_what_was_tampered_with_ends_with_exit_code_1(vault: Path, sound: Path) -> None:
    notice_id = add(vault, sound, *COMMON, *CLAUSE)["notice_id"]
    copy = vault / "notices" / notice_id / "sound.wav"
    data = copy.read_bytes()
    copy.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    process = evidence("notice", "show", notice_id, "--vault", vault)
    assert process.returncode == ExitCode.FAILED
    assert "evidence: error: FAILED: the notice" in process.stderr
    assert "sound isn't the one that was added" in process.stderr
    document = vault / "notices" / notice_id / "notice.json"
    document.write_bytes(document.read_bytes().replace("Наказ № 14".encode(), "Наказ № 99".encode()))
    for arguments in (("show", notice_id), ("list",), ("show", notice_id, "--json"), ("list", "--json")):
        process = evidence("notice", *arguments, "--vault", vault)
        assert process.returncode == ExitCode.FAILED
        assert "FAILED" in process.stderr
        assert "Наказ" not in process.stdout
    assert json.loads(process.stdout)["problem"] == "document_altered"


def test_an_encrypted_key_is_asked_for_only_when_all_else_holds(tmp_path: Path, sound: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_bytes(b"correct horse")
    secret.chmod(0o600)
    environment = {"EVIDENCE_PASSPHRASE_FILE": str(secret)}
    vault = tmp_path / "vault"
    done("init", vault, "--organisation", "ТОВ", env=environment)
    assert "no terminal" in refused(ExitCode.KEY, "add", sound, *COMMON, *CLAUSE, "--vault", vault)
    said = refused(ExitCode.USAGE, "add", sound, *COMMON, "--key-clause", "1-9", "--vault", vault)
    assert "lasts only" in said
    done("notice", "add", sound, *COMMON, *CLAUSE, "--vault", vault, env=environment)
    check_notices(vault)


def test_it_speaks_ukrainian(vault: Path, sound: Path) -> None:
    assert done("notice", "add", sound, *COMMON, *CLAUSE, "--vault", vault, "--lang", "uk").startswith(
        "сповіщення додано: "
    )
    assert "хто затвердив" in done("notice", "list", "--vault", vault, "--lang", "uk")
    said = refused(ExitCode.USAGE, "add", sound, *COMMON, "--vault", vault, "--lang", "uk")
    assert "не додають без ключової фрази" in said


# On a terminal


def on_a_terminal(answers: list[str], *arguments: str | Path) -> tuple[int, str]:
    """Run a command with a terminal for all three streams; each question gets the next answer.

    Returns:
        exit code and everything that was seen, answers included.
    """
    main, side = os.openpty()
    # the first terminal that the leader of a session opens becomes its own, so that Ctrl-C reaches it
    own = "import os, runpy, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
    own += "sys.argv[0] = 'evidence'; runpy.run_module('evidence', run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, "-c", own, *map(str, arguments)],
        stdin=side,
        stdout=side,
        stderr=side,
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "500"},
    )
    os.close(side)
    seen, rest = b"", list(answers)
    while data := _read(main):
        seen += data
        if seen.endswith((b": ", b"[y/N] ", "[т/Н] ".encode())):
            os.write(main, rest.pop(0).encode() if rest else b"\x04")
    os.close(main)
    assert rest == []
    return process.wait(), " ".join(seen.decode().split())


def _read(terminal: int) -> bytes:
    if not select.select([terminal], [], [], 60)[0]:  # a question that nobody expects would wait for ever
        return b""
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""


def test_on_a_terminal_what_is_missing_is_asked_for(
    vault: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Kyiv")
    answers = [
        f"{sound}\n",
        "1.5-0.5\n",
        "0.5-1.5\n",
        "\n",
        "2026-01-01\n",
        "\n",
        "Наказ № 14\n",
        "a, custom/notice\n",
        "y\n",
    ]
    code, seen = on_a_terminal(answers, "notice", "add", "--vault", vault)
    assert code == 0, seen
    for text in (
        "Sound file of the announcement (Enter: there is only the wording): ",
        "the key clause is the decisive words",
        "Audacity",
        "ends before it begins",
        "Language [uk]: ",
        "Time zone in which the day is meant [Europe/Kyiv]: ",
        "Approved by",
        "by the name under which the PBX plays the announcement",
        "evidence: note: played by the PBX as: a, custom/notice",
        "evidence: note: key clause: 0:00.500 – 0:01.500",
        "Enter this in the register, for good? [y/N]",
        "notice added: ",
    ):
        assert text in seen
    check_notices(vault)
    (row,) = done("notice", "list", "--vault", vault, "--json").splitlines()
    found = json.loads(row)
    shown = json.loads(done("notice", "show", found["notice_id"], "--vault", vault, "--json"))
    assert shown["notice"]["played_as"] == ["a", "custom/notice"]
    assert (found["language"], found["valid_from"]) == ("uk", "2025-12-31T22:00:00.000Z")


def test_on_a_terminal_a_wording_alone_can_be_answered(vault: Path) -> None:
    answers = ["\n", f"{TEXT}\n", "записується розмова\n", "розмова записується\n", "uk\n"]
    answers += ["2026-01-01T00:00:00Z\n", "Директор\n", "\n", "т\n"]
    code, seen = on_a_terminal(answers, "notice", "add", "--vault", vault, "--lang", "uk")
    assert code == 0, seen
    assert "немає в тексті сповіщення" in seen
    check_notices(vault)


def test_today_is_offered_and_what_was_given_is_not_asked(vault: Path, sound: Path) -> None:
    given = (sound, *CLAUSE, "--language", "uk", "--approved-by", "x", "--zone", "UTC")
    code, seen = on_a_terminal(["\n", "\n"], "notice", "add", *given, "--yes", "--vault", vault)
    assert code == 0, seen
    assert re.search(r"Valid from \(a date, or a time with its offset\) \[20\d\d-\d\d-\d\d\]: ", seen)
    assert seen.count("]: ") == 1
    check_notices(vault)


def test_with_everything_given_nothing_is_asked(vault: Path, sound: Path) -> None:
    code, seen = on_a_terminal([], "notice", "add", sound, *COMMON, *CLAUSE, "--vault", vault)
    assert code == 0, seen
    check_notices(vault)


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        (["Директор\n", "\n", "n\n"], ExitCode.REFUSED, "nothing was added"),
        (["Директор\n", "\n", "\n"], ExitCode.REFUSED, "nothing was added"),
        (["Директор\n", "\x04"], ExitCode.INTERRUPTED, "interrupted"),
        (["\x04"], ExitCode.INTERRUPTED, "interrupted"),
        (["\n", "\x03"], ExitCode.INTERRUPTED, "one line of 1 to 300"),
    ],
)
def test_without_a_yes_nothing_is_added(
    vault: Path, sound: Path, answers: list[str], code: ExitCode, said: str
) -> None:
    given = (sound, *CLAUSE, "--language", "uk", "--valid-from", "2026-01-01T00:00:00Z", "--vault", vault)
    got, seen = on_a_terminal(answers, "notice", "add", *given)
    assert (got, said in seen) == (code, True), seen
    assert "Traceback" not in seen
    check_notices(vault, 0)
