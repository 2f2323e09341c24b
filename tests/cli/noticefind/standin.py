"""A stand-in for the search for the notice, which answers what a test tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Self

import pytest

from evidence.cli import main
from evidence.errors import ExitCode
from evidence.media.search import Announcement
from evidence.model.noticesearch import FOUND, NOT_DETECTED, Match, NoticeSearch, Segment, Waveform

Capture = pytest.CaptureFixture[str]
HOSTILE = "\x1b[2J\u202e[red]x.wav"


@dataclass
class Asked:
    """One recording that the stand-in was to search."""

    name: str
    data: bytes
    announcements: tuple[Announcement, ...]
    seconds: int | None


@dataclass
class StandIn:
    """Searches nothing; the first announcement is where ``answer`` says."""

    answer: Callable[[Sequence[Announcement]], NoticeSearch]
    asked: list[Asked] = field(default_factory=list)

    def __call__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def search(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        announcements: Sequence[Announcement],
        seconds: int | None,
        *,
        progress: Callable[[float], None],
    ) -> NoticeSearch:
        progress(0.0)
        progress(1.0)
        self.asked.append(Asked(name, file.read(size), tuple(announcements), seconds))
        return self.answer(announcements)


def found(announcements: Sequence[Announcement]) -> NoticeSearch:
    """The first announcement at 2.1 s in channel 0, nothing in channel 1."""
    segments = (Segment(0, 1000, 980, 0, True), Segment(1000, 2000, 990, 0, True))
    matches = [
        Match(announcement.id, channel, NOT_DETECTED) for announcement in announcements for channel in (0, 1)
    ]
    matches[0] = Match(announcements[0].id, 0, FOUND, 2100, 978, 1000, 900, 900, 0, segments)
    return NoticeSearch(
        "evidence-notice-search-1", 120_000, False, 2, tuple(matches), Waveform(1000, (b"\x80" * 120,) * 2)
    )


def nothing(announcements: Sequence[Announcement]) -> NoticeSearch:
    """Everything was searched, nothing was found."""
    whole = found(announcements)
    matches = tuple(Match(match.version, match.channel, NOT_DETECTED) for match in whole.matches)
    return replace(whole, is_whole=True, matches=matches)


def run(*arguments: str | Path) -> int:
    """The command's exit code."""
    return main(["notice", "find", *map(str, arguments)])


def refused(code: ExitCode, capfd: Capture, *arguments: str | Path) -> str:
    """What a command that must be refused says, on one line."""
    assert run(*arguments) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "evidence: hint: " in err
    assert "Traceback" not in err
    return " ".join(err.split())
