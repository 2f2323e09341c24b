"""Passphrases come from a descriptor, a file or a terminal, and are shown nowhere."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evidence.cli.passphrase import LIMIT, new_passphrase_source, passphrase_source
from evidence.errors import CryptoError, ExitCode
from tests.cli.test_console import on_a_terminal

SECRET = b"correct horse"
Start = Callable[..., subprocess.Popen[str]]


@contextmanager
def descriptor(data: bytes) -> Iterator[int]:
    """A file descriptor from which these bytes can be read."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    try:
        yield reading
    finally:
        with pytest.raises(OSError, match="Bad file descriptor"):  # it was read and closed
            os.close(reading)


def secret_file(folder: Path, data: bytes, mode: int = 0o600) -> str:
    path = folder / "passphrase"
    path.write_bytes(data)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("data", "passphrase"),
    [
        (SECRET, SECRET),
        (SECRET + b"\n", SECRET),
        (SECRET + b"\r\n", SECRET),
        (SECRET + b"\n\n", SECRET + b"\n"),
        (SECRET + b" ", SECRET + b" "),
        (SECRET + b"\r", SECRET + b"\r"),
        ("пароль\n".encode(), "пароль".encode()),
        (b"x" * LIMIT + b"\r\n", b"x" * LIMIT),
    ],
)
def test_one_newline_at_the_end_is_not_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, passphrase: bytes
) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", secret_file(tmp_path, data))
    assert passphrase_source(None)() == passphrase
    assert new_passphrase_source(None)() == passphrase
    with descriptor(data) as fd:
        assert passphrase_source(fd)() == passphrase


def test_it_is_read_when_it_is_needed_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    source = passphrase_source(None)
    path = Path(secret_file(tmp_path, SECRET))
    assert source() == SECRET
    path.unlink()
    assert source() == SECRET


def test_the_descriptor_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", secret_file(tmp_path, b"other"))
    with descriptor(SECRET) as fd:
        assert passphrase_source(fd)() == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", secret_file(tmp_path, SECRET, mode))
    with pytest.raises(CryptoError, match="others may read") as caught:
        passphrase_source(None)()
    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the passphrase is empty"),
        (b"\n", "the passphrase is empty"),
        (b"x" * (LIMIT + 1), "longer than 1023 bytes"),
        (b"x" * 100_000, "longer than 1023 bytes"),
    ],
)
def test_an_unusable_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str
) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", secret_file(tmp_path, data))
    with pytest.raises(CryptoError, match=message):
        passphrase_source(None)()


def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CryptoError, match="file descriptor 987"):
        passphrase_source(987)()
    with pytest.raises(CryptoError, match="file descriptor"):
        passphrase_source(2**40)()
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", str(tmp_path / "no\x1b"))
    with pytest.raises(CryptoError, match=r"no\\u\{1b\} can't be read: no such file"):
        passphrase_source(None)()


@pytest.mark.parametrize("option", [(), ("--new-passphrase",)])
def test_without_a_terminal_the_options_are_named(start: Start, option: tuple[str, ...]) -> None:
    process = start("act", "passphrase", *option, start_new_session=True)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (ExitCode.KEY, "")
    assert "there is no terminal to ask on" in err
    assert "--passphrase-fd" in err
    assert "EVIDENCE_PASSPHRASE_FILE" in err


def test_it_is_asked_for_without_showing_it() -> None:
    code, seen = on_a_terminal("act", "passphrase", answer=SECRET + b"\n")
    assert code == 0
    assert seen == b"Passphrase: \r\npassphrase of 13 bytes\r\n"


def test_a_new_one_is_asked_for_twice() -> None:
    twice = SECRET + b"\n|" + SECRET + b"\n"
    code, seen = on_a_terminal("act", "passphrase", "--new-passphrase", answer=twice)
    assert code == 0
    assert seen == b"New passphrase: \r\nThe same again: \r\npassphrase of 13 bytes\r\n"


def test_a_new_one_that_differs_is_refused() -> None:
    code, seen = on_a_terminal("act", "passphrase", "--new-passphrase", answer=b"one\n|two\n")
    assert code == ExitCode.KEY
    assert b"the two passphrases differ" in seen


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (b"\n", ExitCode.KEY, b"the passphrase is empty"),
        (b"\x04", ExitCode.INTERRUPTED, b"interrupted"),
        (b"\x03", ExitCode.INTERRUPTED, b"interrupted"),
        (b"\xff\xfe\n", ExitCode.KEY, b"can't pass on"),
    ],
)
def test_no_answer_ends_the_command(answer: bytes, code: ExitCode, message: bytes) -> None:
    got, seen = on_a_terminal("act", "passphrase", answer=answer)
    assert got == code
    assert message in b" ".join(seen.split())
    assert b"Traceback" not in seen


def test_a_terminal_as_descriptor_is_refused() -> None:
    code, seen = on_a_terminal("act", "passphrase", "--passphrase-fd", "0")
    assert code == ExitCode.KEY
    assert b"is the terminal, which would show the passphrase" in b" ".join(seen.split())
