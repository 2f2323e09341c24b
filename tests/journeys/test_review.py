"""`evidence mark review` as people run it: in a real terminal, killed, or where it can't run at all."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.review.scene import documents
from tests.journeys.desk import NUMBER, Desk
from tests.journeys.suggested import begin
from tests.journeys.terminal import PATIENCE, Terminal
from tests.requirements import SOUNDS, need, need_file


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    begin(found)
    return found


def spoken(folder: Path) -> Path:
    """A call of two people, of true human speech: 16 prompts of a Russian voice on two channels."""
    sounds = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    prompts = sorted(path for path in sounds.glob("*.wav") if path.stat().st_size > 20_000)[:16]
    for name, chosen in (("caller", prompts[::2]), ("agent", prompts[1::2])):
        subprocess.run([need("sox"), *chosen, "-c", "1", folder / f"{name}.wav"], check=True)
    call = folder / "in-0443900000-380990000123-20261105-101502-1793866502.4711.wav"
    subprocess.run([need("sox"), "-M", folder / "caller.wav", folder / "agent.wav", call], check=True)
    return call


class Tmux:
    """A terminal of a given size in which the screen runs."""

    def __init__(self, desk: Desk, size: tuple[int, int], language: str, folder: Path) -> None:
        self.size = size
        self._socket = folder / "tmux"
        named = {**desk.env, "PYTHONUTF8": "1", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        given = " ".join(f"{name}={shlex.quote(value)}" for name, value in named.items())
        arguments = f"-m evidence mark review {NUMBER} --lang {language}"
        command = f"env -u SSH_CONNECTION -u SSH_TTY PATH= {given} {sys.executable} {arguments}; echo code $?; read x"
        wide, high = map(str, size)
        self("-f", "/dev/null", "new-session", "-d", "-x", wide, "-y", high, "/bin/sh", "-c", command)

    def __call__(self, *arguments: str) -> str:
        tmux = [need("tmux"), "-S", str(self._socket), *arguments]
        return subprocess.run(tmux, check=True, capture_output=True, encoding="utf-8").stdout

    def rows(self) -> list[str]:
        """What is on the terminal."""
        return self("capture-pane", "-p").split("\n")[: self.size[1]]

    def until(self, *words: str) -> list[str]:
        """Wait until all these words are on the terminal."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            rows = self.rows()
            if all(word in "\n".join(rows) for word in words):
                return rows
            time.sleep(0.1)
        raise AssertionError("\n".join([*words, "don't come:", *self.rows()]))

    def press(self, *keys: str) -> None:
        for key in keys:
            self("send-keys", "--", key)
            time.sleep(0.05)

    @property
    def screen_process(self) -> int:
        """The process id of the program."""
        shell = self("display-message", "-p", "#{pane_pid}").strip()
        found = subprocess.run(["pgrep", "-P", shell], check=True, capture_output=True, text=True).stdout
        return int(found.split()[0])


@pytest.fixture
def spoken_desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    found.do("new", spoken(found.pbx), "--channels", "caller,agent")
    found.do("mark", "add", NUMBER, "0:05-0:06", "--class", "threat", "--words", "Я вас знайду 漢字")
    return found


@pytest.fixture
def tmux(spoken_desk: Desk, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tmux]:
    size, language = request.param
    found = Tmux(spoken_desk, size, language, tmp_path)
    yield found
    found("kill-server")


KEYS = {"en": "space play", "uk": "пробіл слухати"}


@pytest.mark.parametrize(
    "tmux",
    [((80, 24), "uk"), ((200, 50), "en"), ((80, 24), "en")],
    indirect=True,
    ids=["80uk", "200en", "80en"],
)
def test_in_a_real_terminal(tmux: Tmux, spoken_desk: Desk) -> None:
    rows = tmux.until("caller  ", "agent  ", "> ", "знайду", "? q")
    is_ukrainian = KEYS["uk"] in "\n".join(rows)
    assert is_ukrainian or KEYS["en"] in "\n".join(rows)
    assert "? q" in [row for row in rows if row][-1]
    assert len(rows) == tmux.size[1]
    assert all(cell_len(row) <= tmux.size[0] for row in rows)
    assert {"▃", "▄", "▅", "▆", "▇"} & set("".join(rows))
    tmux.press("j", "p")
    tmux.until("0:04.000", "0:06.000")
    tmux.press("]", "Enter")
    tmux.until("0:05.000-0:06.100", "0:06.000")
    tmux.press("w")
    tmux.press("нi")  # both alphabets
    tmux.until("нi")
    tmux.press("Enter")
    tmux.until("відкликано" if is_ukrainian else "withdrawn")
    tmux.press("q")
    tmux.until("code 0")
    (marker,) = documents(spoken_desk)["markers"]["markers"]
    assert marker["end_ms"] == 6100
    assert marker["withdrawn"]["reason"] == "нi"


@pytest.mark.parametrize("tmux", [((80, 24), "en")], indirect=True)
def test_killed_in_the_midst_the_documents_are_whole(tmux: Tmux, spoken_desk: Desk) -> None:
    tmux.until("> ", "знайду")
    for number in range(12):
        tmux("send-keys", "--", "]" if number % 2 == 0 else "Enter")
    time.sleep(0.4)
    os.kill(tmux.screen_process, signal.SIGKILL)
    tmux.until("code 137")
    (marker,) = documents(spoken_desk)["markers"]["markers"]
    assert 6000 <= marker["end_ms"] <= 6600
    told = spoken_desk.json("mark", "list", NUMBER)
    assert len(told) == 1
    spoken_desk.do("mark", "withdraw", NUMBER, "1", "--reason", "x")  # nothing is held any more
    spoken_desk.do("seal", NUMBER)


def test_the_person_is_asked_once(desk: Desk) -> None:
    del desk.env["EVIDENCE_BY"]
    with Terminal("mark", "review", NUMBER, env={**desk.env, "SSH_CONNECTION": "x"}) as terminal:
        terminal.answer("Your name or personnel number", "Мирослава")
        terminal.expect("nobody's word yet")
        terminal.type("a")
        terminal.expect("accepted: it is your marker now")
        terminal.type("q")
        terminal.end(0)
    (marker,) = documents(desk)["markers"]["markers"]
    assert marker["asserted_by"] == "Мирослава"


@pytest.mark.parametrize("term", ["vt100", "xterm", "linux", "screen"])
def test_any_terminal_will_do(desk: Desk, term: str) -> None:
    with Terminal("mark", "review", NUMBER, env={**desk.env, "TERM": term}) as terminal:
        terminal.expect("nobody's word yet")
        terminal.type("q")
        set_colours = re.findall(r"\x1b\[([0-9;]*)m", terminal.end(0))
        codes = {int(code) for found in set_colours for code in found.split(";") if code}
        assert not codes & {*range(30, 39), *range(40, 49), *range(90, 108)}  # NO_COLOR: the terminal's own


def test_without_a_terminal_plain_commands_are_named(desk: Desk) -> None:
    told = desk.refuse(2, "mark", "review", NUMBER)
    for command in ("list", "suggestions", "accept", "reject", "edit", "confirm", "withdraw", "add"):
        assert command in told
    with Terminal("mark", "review", NUMBER, env={**desk.env, "TERM": "dumb"}) as terminal:
        assert "the review needs a terminal" in terminal.end(2)


def test_without_the_library_the_extra_is_named(desk: Desk, tmp_path: Path) -> None:
    """What Python reads at its start hides the library."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['textual'] = None\n", encoding="utf-8")
    with Terminal("mark", "review", NUMBER, env={**desk.env, "PYTHONPATH": str(hidden)}) as terminal:
        told = terminal.end(5)
    assert "evidence-archiver[review]" in told.replace("\n    ", " ")
    assert "mark suggestions" in told.replace("\n    ", " ")


def test_a_sealed_incident_is_refused(desk: Desk) -> None:
    desk.do("seal", NUMBER)
    with Terminal("mark", "review", NUMBER, env=desk.env) as terminal:
        assert "evidence new --corrects" in terminal.end(5)
