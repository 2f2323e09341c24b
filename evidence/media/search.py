"""The search for the recording notice in a recording's sound, by a confined process of its own.

As for examining (evidence.media.probe), the parent opens files and never parses them. What the process
answers is a finding, never a reason to seal or not to seal.
"""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from evidence import digests
from evidence.media import searchanswers, supervised
from evidence.media.headerless import hint_of
from evidence.media.supervised import Answers, SupervisedProcess, Unusable
from evidence.messages import t
from evidence.model.noticesearch import NoticeSearch
from evidence.model.waveform import Drawing

SECONDS = 120
"""How much of a recording is searched unless more is asked for: announcements stand at the beginning."""
_LEAST_TIME, _MOST_TIME = 30.0, 3600.0
"""Seconds that a recording may take at least, and never more than."""
_TIME_SHARE = 0.1
"""Seconds for each second of sound that is asked for, and as much again for each announcement."""
_BYTES_A_SECOND = 32_000
"""The whole of a recording may take a second for so many bytes, and as much again for each announcement: some
times what it takes for telephone codecs of few bits, far more than that for others."""
_SOFT_END = 0.6
"""The part of its time after which the child stops listening and tells what it has."""
_MOST_DRAWING = 600.0
_BYTES_DRAWN = 64_000
"""A drawing may take a second for so many bytes, on top of the least time: ten times what Opus takes that
transmits little, and never more than _MOST_DRAWING, which draws a week of telephone sound."""
_MOST_ANNOUNCEMENT = 64 * 1024 * 1024
_NEEDED = ("av", "numpy")


@dataclass(frozen=True, slots=True)
class Announcement:
    """The sound of a version of the notice, as the notice register keeps it.

    Attributes:
        id: the version's id.
        path: the file; the ending of its name tells what sound without a header is.
        sha256: the file's digest, 32 bytes.
        clause_start_ms: where the key clause begins in it.
        clause_end_ms: where it ends.
    """

    id: str
    path: Path
    sha256: bytes
    clause_start_ms: int
    clause_end_ms: int


class _Recording(NamedTuple):
    """An open file, what its name says, how many seconds of it are searched, and whether it is drawn."""

    descriptor: int
    size: int
    hint: str
    seconds: int | None
    draws: bool


_Wanted = tuple[Sequence[Announcement], int | None]
"""What is searched for, in how many seconds."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What the running process was taught: announcements asked for, and those of them it could use."""

    asked: tuple[Announcement, ...]
    usable: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a recording that was decoded.

    Attributes:
        search: what was found; None where nothing was looked for.
        drawing: how loud it is; None where that wasn't asked for.
    """

    search: NoticeSearch | None
    drawing: Drawing | None


class SearchProcess(SupervisedProcess):
    """Searches and draws recordings in a confined child; it answers whatever happens to the child."""

    def __init__(self, timeout: float | None = None, command: Sequence[str] | None = None) -> None:
        """Start nothing yet.

        Args:
            timeout: seconds by the clock that a recording may take, if not as many as its length allows.
            command: another child than evidence.media.searchworker (tests).
        """
        super().__init__(command, "searchworker")
        self._timeout = timeout
        self._held: _Held | None = None

    def start(self) -> None:
        """Start the child unless it runs or there is nothing that it could decode with. OSError as ever."""
        if is_installed():
            super().start()

    def close(self) -> None:
        """End the child; a later search starts another."""
        self._held = None
        super().close()

    def search(
        self,
        file: BinaryIO | int,
        size: int | None,
        name: str,
        announcements: Sequence[Announcement],
        seconds: int | None = SECONDS,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> NoticeSearch:
        """Search an open recording, and draw the part of it that is searched.

        Args:
            file: a file object with a descriptor, or the descriptor; opened for reading only. Its position
                stays as it is.
            size: how many bytes count, where the file may be growing; all of them if None.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
            announcements: what to search for, in the order in which matches are wanted; none for the waveform
                alone.
            seconds: how much of the recording is searched, from its beginning; all of it if None.
            progress: told the share that is done, from 0 to 1, now and then.
        """
        found = self._heard(file, size, name, (announcements, seconds), progress, draws=False)
        return found.search or NoticeSearch()

    def hear(
        self,
        file: BinaryIO | int,
        size: int | None,
        name: str,
        announcements: Sequence[Announcement] | None,
        seconds: int | None = SECONDS,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Heard:
        """Search an open recording and draw all of it, decoding it once.

        What befalls the drawing doesn't touch what was found before.

        Args:
            file: as of ``search``.
            size: likewise.
            name: likewise.
            announcements: what to search for; None to draw alone.
            seconds: how much of the recording is searched; all of it is drawn.
            progress: as of ``search``.
        """
        wanted = None if announcements is None else (announcements, seconds)
        return self._heard(file, size, name, wanted, progress, draws=True)

    def _heard(
        self,
        file: BinaryIO | int,
        size: int | None,
        name: str,
        wanted: _Wanted | None,
        progress: Callable[[float], None] | None,
        *,
        draws: bool,
    ) -> Heard:
        is_searched = wanted is not None
        if not is_installed():
            return _nothing("no_media", is_searched=is_searched, draws=draws)
        announcements, seconds = wanted or ((), None)
        try:
            with supervised.handed_over(file, size) as (descriptor, count):
                recording = _Recording(descriptor, count, hint_of(name), seconds, draws)
                return self._guarded(recording, tuple(announcements) if is_searched else None, progress)
        except Unusable:
            return _nothing("unreadable", is_searched=is_searched, draws=draws)

    def _guarded(
        self,
        recording: _Recording,
        announcements: tuple[Announcement, ...] | None,
        progress: Callable[[float], None] | None,
    ) -> Heard:
        """What was found and drawn, or why it wasn't; ends the child unless it answered well."""
        search, drawing = None, None
        refused: list[str] = []
        finished = False
        try:
            usable = () if announcements is None else self._taught(announcements)
            refused += ["announcement_unreadable"] if len(usable) < len(announcements or ()) else []
            asked = self._asked(recording, None if announcements is None else len(usable))
            if announcements is not None:
                ids = [announcement.id for announcement in usable]
                search = searchanswers.search(_lines(asked), asked.number, ids, progress)
            if recording.draws:
                drawing = _refused(search) or searchanswers.drawing(_lines(asked), asked.number, progress)
            finished = True
        except (EOFError, OSError, ValueError) as error:
            problem = self._problem(error, "crashed")
            search = search or (None if announcements is None else _failed(problem))
            drawing = Drawing(problems=(problem,)) if recording.draws else None
        finally:
            if not finished:  # interrupted, too: what is still to come answers no later request
                self.close()
        return Heard(_with(search, refused) if search else None, drawing)

    def _asked(self, recording: _Recording, count: int | None) -> Answers:
        searching = 0.0 if count is None else self._timeout or _longest(recording, count)
        drawing = (self._timeout or _longest_drawing(recording)) if recording.draws else 0.0
        longest = searching + drawing
        request: dict[str, int | float | str] = {
            "task": "draw" if count is None else "search",
            "size": recording.size,
            "seconds": longest,
            "hint": recording.hint,
            "count": count or 0,
            "limit": recording.seconds or 0,
            "budget": searching * _SOFT_END,
            "draws": drawing * _SOFT_END,
        }
        return self._ask(request, recording.descriptor, supervised.deadline_in(longest))

    def _taught(self, announcements: tuple[Announcement, ...]) -> tuple[Announcement, ...]:
        """Those announcements that the child has and can use; it keeps them for the next recordings."""
        self.start()  # forgets what a child had that is gone
        if self._held is None or self._held.asked != announcements:
            self._held = None
            usable: list[Announcement] = []
            for announcement in announcements:
                if self._teach(announcement, len(usable)):
                    usable.append(announcement)
            self._held = _Held(announcements, tuple(usable))
        return self._held.usable

    def _teach(self, announcement: Announcement, place: int) -> bool:
        """Hand an announcement over, if its bytes are the ones that were registered."""
        try:
            with (
                supervised.opened(announcement.path) as file,
                supervised.handed_over(file, None) as (descriptor, size),
            ):
                return _is_registered(announcement, descriptor, size) and self._learns(
                    announcement, descriptor, size, place
                )
        except Unusable:
            return False

    def _learns(self, announcement: Announcement, descriptor: int, size: int, place: int) -> bool:
        seconds = self._timeout or _LEAST_TIME
        request: dict[str, int | float | str] = {
            "task": "announcement",
            "size": size,
            "seconds": seconds,
            "hint": hint_of(announcement.path.name),
            "place": place,
            "start": announcement.clause_start_ms,
            "end": announcement.clause_end_ms,
        }
        asked = self._ask(request, descriptor, supervised.deadline_in(seconds))
        return not searchanswers.learnt(asked.next(), asked.number)


def is_installed() -> bool:
    """Whether the extra that decodes and searches is there."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def words(problem: str) -> str:
    """What one of noticesearch.PROBLEMS means, in the user's language."""
    return t(f"media.search_problem_{problem}")


def _longest(recording: _Recording, announcements: int) -> float:
    """Seconds that a search for so many announcements may take."""
    whole = recording.size / _BYTES_A_SECOND
    part = whole if recording.seconds is None else min(whole, recording.seconds * _TIME_SHARE)
    return min(_MOST_TIME, _LEAST_TIME + part * (1 + announcements))


def _longest_drawing(recording: _Recording) -> float:
    """Seconds that a drawing may take."""
    return min(_MOST_DRAWING, _LEAST_TIME + recording.size / _BYTES_DRAWN)


def _is_registered(announcement: Announcement, descriptor: int, size: int) -> bool:
    if size > _MOST_ANNOUNCEMENT:
        return False
    try:
        with open(descriptor, "rb", closefd=False) as file:
            return digests.sha256(file.read()) == announcement.sha256
    except OSError:
        return False


def _lines(asked: Answers) -> Iterator[bytes]:
    while True:
        yield asked.next()


def _failed(problem: str) -> NoticeSearch:
    return NoticeSearch(problems=(problem,))


def _nothing(problem: str, *, is_searched: bool, draws: bool) -> Heard:
    return Heard(_failed(problem) if is_searched else None, Drawing(problems=(problem,)) if draws else None)


def _refused(search: NoticeSearch | None) -> Drawing | None:
    """The drawing where the child gave up before anything was found, and says no more."""
    return Drawing(problems=search.problems) if search and not search.algorithm else None


def _with(found: NoticeSearch, problems: Sequence[str]) -> NoticeSearch:
    """The same with these problems before its own."""
    return replace(found, problems=tuple(dict.fromkeys((*problems, *found.problems))))
