"""A listening copy of a recording that browsers can't play: decoded and encoded by a confined process.

It is FLAC: without loss beyond the recording's own, played everywhere, with every place where it is in the
recording, half as large as WAV, and the same bytes each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from evidence import strict
from evidence.media import child, shapes, supervised
from evidence.media.headerless import hint_of
from evidence.media.search import is_installed
from evidence.media.supervised import Answers, SupervisedProcess, Unusable
from evidence.model.noticesearch import MOST_CHANNELS, PROBLEMS

CODEC = "flac"
MEDIA_TYPE = "audio/flac"
RATES = (8000, 16_000)
"""Samples a second of a copy: the lowest that holds the recording's, for speech at most the last."""
FEWEST, MOST = 1, 5
"""Channels of a copy; a recording's others are left out."""
_LEAST_TIME, _TIME_SHARE = 60.0, 0.05
"""Seconds that it may take at least, and for each second of the recording."""
_LONGEST_TIME = 3600.0
_PIECE = {"n", "at", "data"}
_END = {"n", "channels", "problems"}


class TooLarge(Exception):
    """The copy would be larger than it may be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a copy is to be like.

    Attributes:
        rate: one of RATES.
        channels: FEWEST to MOST.
        milliseconds: length of the recording, as far as known; it only says how long the work may take.
        most: bytes of the copy, at most.
    """

    rate: int
    channels: int
    milliseconds: int
    most: int

    @classmethod
    def of(cls, rate: int | None, channels: int | None, milliseconds: int | None, most: int) -> "Wanted":
        """A copy of a recording of that form, as far as it is known."""
        fits = next((each for each in RATES if (rate or 0) <= each), RATES[-1])
        return cls(fits, min(max(channels or FEWEST, FEWEST), MOST), milliseconds or 0, most)


@dataclass(frozen=True, slots=True)
class AccessCopy:
    """What came of it.

    Attributes:
        size: bytes that were written; 0 without any sound.
        is_whole: whether all channels of it are in the copy, to its end.
        problems: some of noticesearch.PROBLEMS.
    """

    size: int = 0
    is_whole: bool = False
    problems: tuple[str, ...] = ()


class AccessProcess(SupervisedProcess):
    """Makes copies in a confined child. Whatever happens to the child, an AccessCopy is returned."""

    def __init__(self, timeout: float | None = None, command: Sequence[str] | None = None) -> None:
        """Start nothing yet.

        Args:
            timeout: seconds by the clock that one may take, if not as many as its length allows.
            command: another child than evidence.media.accessworker (tests).
        """
        super().__init__(command, "accessworker")
        self._timeout = timeout

    def copy(self, file: BinaryIO | int, name: str, wanted: Wanted, out: BinaryIO) -> AccessCopy:
        """Write a listening copy.

        Args:
            file: a file object with a descriptor, or the descriptor; its position stays as it is.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
            wanted: what it is to be like.
            out: an empty file that can be written anywhere; unfinished unless the copy has a size.

        Raises:
            TooLarge: it would have more than ``wanted.most`` bytes.
        """
        if not is_installed():
            return AccessCopy(problems=("no_media",))
        try:
            with supervised.handed_over(file, None) as (descriptor, size):
                request: child.Request = {
                    "size": size,
                    "hint": hint_of(name),
                    "rate": wanted.rate,
                    "channels": wanted.channels,
                }
                return self._guarded(request, descriptor, wanted, out)
        except Unusable:
            return AccessCopy(problems=("unreadable",))

    def _guarded(self, request: child.Request, descriptor: int, wanted: Wanted, out: BinaryIO) -> AccessCopy:
        """The copy, or why there is none; ends the child unless it answered well."""
        by_length = min(_LONGEST_TIME, _LEAST_TIME + wanted.milliseconds / 1000 * _TIME_SHARE)
        longest = self._timeout or by_length
        return self._answered(
            request,
            descriptor,
            longest,
            lambda asked: _read(asked, wanted, out),
            lambda problem: AccessCopy(problems=(problem,)),
        )


def _read(asked: Answers, wanted: Wanted, out: BinaryIO) -> AccessCopy:
    """All answers, read strictly.

    Raises:
        TooLarge: more bytes than are wanted.
        TimeoutError, EOFError, OSError, ValueError: as ``Answers.next``; an answer that can't be one.
    """
    size = 0
    while True:
        line = asked.next()
        if set(shapes.an_object(strict.json_document(line, shapes.LIMIT))) != _PIECE:
            said = shapes.answer(line, asked.number, _END)
            problems = shapes.problems(said["problems"], PROBLEMS)
            channels = shapes.integer(said["channels"], 0, MOST_CHANNELS)
            if not channels or "out_of_memory" in problems:
                return AccessCopy(problems=problems)
            return AccessCopy(size, not problems and channels <= wanted.channels, problems)
        size = max(size, _put(shapes.answer(line, asked.number, _PIECE), size, wanted.most, out))


def _put(said: dict[str, Any], size: int, most: int, out: BinaryIO) -> int:
    """Write a piece where it belongs, which is never beyond the end; where it ends."""
    if not isinstance(said["data"], str):
        raise ValueError("not a piece")  # noqa: TRY004  hostile data, not a wrong call
    at, data = shapes.integer(said["at"], 0, size), strict.base64_bytes(said["data"])
    if at + len(data) > most:
        raise TooLarge
    out.seek(at)
    out.write(data)
    return at + len(data)
