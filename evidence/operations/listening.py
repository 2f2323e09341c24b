"""Playing a few seconds of sound to the person at this machine, by a player that the system has."""

import io
import os
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_FROM_INPUT: Sequence[tuple[str, tuple[str, ...]]] = (
    ("ffplay", ("-nodisp", "-autoexit", "-loglevel", "quiet", "-f", "wav", "-i", "pipe:0")),
    ("mpv", ("--no-config", "--no-video", "--really-quiet", "--no-terminal", "-")),
    ("play", ("-q", "-t", "wav", "-")),
    ("aplay", ("-q", "-t", "wav", "-")),
)
"""Players that take a WAV file by standard input, and their arguments."""
_FROM_FILE = ("paplay", "afplay")
"""Players that need the file's name."""
_REMOTE = ("SSH_CONNECTION", "SSH_TTY")
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Player:
    """A player of this machine.

    Attributes:
        path: of its program.
        arguments: for it; none where it needs the name of a file.
    """

    path: str
    arguments: tuple[str, ...] = ()


def find_player(environment: Mapping[str, str]) -> Player | None:
    """The player to use; None where there is none, or where nobody would hear it: at the other end of ssh."""
    if any(environment.get(name) for name in _REMOTE):
        return None
    search = environment.get("PATH", os.defpath)
    for name, arguments in _FROM_INPUT:
        if found := shutil.which(name, path=search):
            return Player(found, arguments)
    for name in _FROM_FILE:
        if found := shutil.which(name, path=search):
            return Player(found)
    return None


class Playing:
    """Sound that is played while the program goes on. A context manager: it ends with the block.

    Args:
        player: plays it.
        wav: a WAV file.

    Raises:
        OSError: the player can't be started.
    """

    def __init__(self, player: Player, wav: bytes) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        arguments = list(player.arguments)
        if not arguments:  # a folder that only its owner can enter, and that goes when the sound ends
            self._folder = tempfile.TemporaryDirectory(prefix="evidence-")
            path = Path(self._folder.name, "excerpt.wav")
            path.write_bytes(wav)
            arguments = [str(path)]
        try:
            self._process = subprocess.Popen(  # noqa: S603  no shell; nothing in it comes from outside
                [player.path, *arguments],
                stdin=subprocess.DEVNULL if self._folder else subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            self._clean()
            raise
        self._wav = wav

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> bool:
        """Hand the sound over and wait until it was played; whether it was.

        Players that find no sound device may end at once and say that all is well, so the time counts, too.
        """
        begun = time.monotonic()
        try:
            self._process.communicate(None if self._folder else self._wav)
        except OSError:  # the player is gone
            self._process.wait()
        finally:
            self._clean()
        took = time.monotonic() - begun
        return self._process.returncode == 0 and took >= _seconds(self._wav) / 2

    def stop(self) -> None:
        """End it; may be called by another thread than the one that waits."""
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        self._clean()

    def _clean(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _seconds(wav: bytes) -> float:
    """How long a WAV file of our own lasts."""
    with wave.open(io.BytesIO(wav)) as file:
        return float(file.getnframes() / file.getframerate())
