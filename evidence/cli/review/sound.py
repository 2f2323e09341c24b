"""The sound behind the screen: decoded and played by other processes, waited for by threads."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO

from evidence.errors import EvidenceError
from evidence.media import search
from evidence.media.excerpt import ExcerptProcess
from evidence.media.search import SearchProcess
from evidence.media.supervised import SupervisedProcess
from evidence.messages import t
from evidence.model.noticesearch import Waveform
from evidence.operations.listening import Player, Playing

_PATIENCE, _MOMENT = 10.0, 0.05
"""Seconds that everything may take to end, and between two attempts."""
Open = Callable[[str], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known of a recording's waveform.

    Attributes:
        recording: its name.
        waveform: None while, or when, there is none.
        said: how far it is, or why there is none.
    """

    recording: str
    waveform: Waveform | None
    said: str


@dataclass(frozen=True, slots=True)
class Played:
    """That playing came to its end.

    Attributes:
        problem: what kept it from being heard; empty when nothing did.
    """

    problem: str


Tell = Callable[[Drawn | Played], None]


class Sound:
    """Draws and plays. Everything it finds out is told by another thread than the caller's.

    Args:
        opened: opens a recording by its name.
        player: plays; None where nothing can be heard.
        tell: is told what is known.
    """

    def __init__(self, opened: Open, player: Player | None, tell: Tell) -> None:
        self.player = player
        self._opened = opened
        self._tell = tell
        self._asked: set[str] = set()
        self._drawing = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._decoders: set[SupervisedProcess] = set()
        self._playing: Playing | None = None
        self._turn = 0
        self._guard = threading.Lock()
        self._is_closed = False

    def draw(self, recording: str) -> None:
        """Have a recording's waveform made, once."""
        if recording not in self._asked:
            self._asked.add(recording)
            self._begin(self._draw, recording)

    def _draw(self, recording: str) -> None:
        def progress(share: float) -> None:
            self._say(Drawn(recording, None, t("review.decoding", percent=str(int(share * 100)))))

        with self._drawing:  # one recording at a time
            if self._is_closed:
                return
            progress(0)
            try:
                with self._opened(recording) as file, SearchProcess() as searcher, self._at_work(searcher):
                    found = searcher.search(file, None, recording, (), None, progress=progress)
            except (EvidenceError, OSError):
                self._say(Drawn(recording, None, t("review.no_waveform", reason=search.words("unreadable"))))
                return
        reasons = "; ".join(map(search.words, found.problems))
        said = "" if found.waveform else t("review.no_waveform", reason=reasons)
        self._say(Drawn(recording, found.waveform, said))

    @property
    def is_playing(self) -> bool:
        """Whether something is decoded or played to be listened to."""
        return self._turn % 2 == 1

    def play(self, recording: str, start: int, end: int) -> None:
        """Play a part of a recording, in milliseconds; there must be a player."""
        self.stop()
        with self._guard:
            self._turn += 1
            turn = self._turn
        self._begin(self._play, turn, recording, start, end)

    def _play(self, turn: int, recording: str, start: int, end: int) -> None:
        try:
            with self._opened(recording) as file, ExcerptProcess() as decoder, self._at_work(decoder):
                found = decoder.excerpt(file, recording, start, end)
            problem = "; ".join(map(search.words, found.problems)) or t("review.no_sound_there")
            if found.wav:
                problem = "" if self._heard(turn, found.wav) else t("review.player_failed")
        except (EvidenceError, OSError):
            problem = t("review.player_failed")
        with self._guard:
            is_current = turn == self._turn
            self._turn += is_current
        if is_current:
            self._say(Played(problem))

    def _heard(self, turn: int, wav: bytes) -> bool:
        """Play it, unless something else was wanted meanwhile; whether it was played or stopped."""
        with self._guard:
            if turn != self._turn or self.player is None:
                return True
            playing = self._playing = Playing(self.player, wav)
        with playing:
            is_whole = playing.wait()
        return is_whole or turn != self._turn

    def stop(self) -> None:
        """End what is played."""
        with self._guard:
            self._turn += self._turn % 2
            playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()

    def close(self) -> None:
        """End everything; afterwards nothing is told any more."""
        self._is_closed = True
        until = time.monotonic() + _PATIENCE
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < until:
            self.stop()
            for decoder in tuple(self._decoders):
                if decoder.process_id is not None:
                    with suppress(OSError):
                        os.kill(decoder.process_id, signal.SIGTERM)  # the thread that waits sees the end
            for thread in self._threads:
                thread.join(_MOMENT)

    def _begin(self, work: Callable[..., None], *given: object) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(threading.Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()

    @contextmanager
    def _at_work(self, decoder: SupervisedProcess) -> Iterator[None]:
        """Know a decoder while it is at work, so that it can be ended."""
        self._decoders.add(decoder)
        try:
            yield
        finally:
            self._decoders.discard(decoder)

    def _say(self, said: Drawn | Played) -> None:
        if not self._is_closed:
            self._tell(said)
