"""A few seconds of a recording as a plain WAV file, decoded by a confined process of its own.

A player of the system thus never sees a recording's own bytes, which may be hostile.
"""

import io
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from evidence import strict
from evidence.media import child, shapes, supervised
from evidence.media.headerless import hint_of
from evidence.media.search import is_installed
from evidence.media.supervised import Answers, SupervisedProcess, Unusable
from evidence.model.noticesearch import MOST_CHANNELS, PROBLEMS

LONGEST_MS = 120_000
"""How much can be listened to at once."""
RATE = 8000
"""Samples a second, as evidence.media.resample makes them; it isn't imported, since it needs numpy."""
_LEAST_TIME, _TIME_SHARE = 30.0, 0.1
"""Seconds that it may take at least, and for each second of sound ahead of the excerpt's end."""
_PIECE = {"n", "channel", "pcm"}
_END = {"n", "channels", "problems"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a recording.

    Attributes:
        wav: a WAV file of 16 bits and RATE samples a second with all channels; empty without any sound.
        problems: some of noticesearch.PROBLEMS: what kept (all of) it from being decoded.
    """

    wav: bytes = b""
    problems: tuple[str, ...] = ()


class ExcerptProcess(SupervisedProcess):
    """Decodes excerpts in a confined child. Whatever happens to the child, an Excerpt is returned."""

    def __init__(self, timeout: float | None = None, command: Sequence[str] | None = None) -> None:
        """Start nothing yet.

        Args:
            timeout: seconds by the clock that one may take, if not as many as its place allows.
            command: another child than evidence.media.excerptworker (tests).
        """
        super().__init__(command, "excerptworker")
        self._timeout = timeout

    def excerpt(self, file: BinaryIO | int, name: str, start_ms: int, end_ms: int) -> Excerpt:
        """What is heard from one place to another; at most LONGEST_MS of it.

        Args:
            file: a file object with a descriptor, or the descriptor; its position stays as it is.
            name: the file's name; its ending tells what sound without a header is. The child never sees it.
            start_ms: where it begins, milliseconds; not below zero.
            end_ms: where it ends.
        """
        if not is_installed():
            return Excerpt(problems=("no_media",))
        end_ms = max(start_ms, min(end_ms, start_ms + LONGEST_MS))
        try:
            with supervised.handed_over(file, None) as (descriptor, size):
                request: child.Request = {
                    "size": size,
                    "hint": hint_of(name),
                    "start": start_ms,
                    "end": end_ms,
                }
                return self._guarded(request, descriptor)
        except Unusable:
            return Excerpt(problems=("unreadable",))

    def _guarded(self, request: child.Request, descriptor: int) -> Excerpt:
        """The excerpt, or why there is none; ends the child unless it answered well."""
        start, end = int(request["start"]), int(request["end"])
        longest = self._timeout or _LEAST_TIME + end / 1000 * _TIME_SHARE
        return self._answered(
            request,
            descriptor,
            longest,
            lambda asked: _read(asked, (end - start) * RATE // 1000 + 1),
            lambda problem: Excerpt(problems=(problem,)),
        )


def _read(asked: Answers, most: int) -> Excerpt:
    """All answers, read strictly.

    Args:
        asked: says them.
        most: samples of a channel, at most.

    Raises:
        TimeoutError, EOFError, OSError, ValueError: as ``Answers.next``; an answer that can't be one.
    """
    channels = [array("h") for _ in range(MOST_CHANNELS)]
    while True:
        line = asked.next()
        if set(shapes.an_object(strict.json_document(line, shapes.LIMIT))) != _PIECE:
            said = shapes.answer(line, asked.number, _END)
            count = shapes.integer(said["channels"], 0, MOST_CHANNELS)
            return Excerpt(_wav(channels[:count]), shapes.problems(said["problems"], PROBLEMS))
        said = shapes.answer(line, asked.number, _PIECE)
        _take(channels[shapes.integer(said["channel"], 0, MOST_CHANNELS - 1)], said["pcm"], most)


def _take(channel: "array[int]", pcm: Any, most: int) -> None:
    if not isinstance(pcm, str):
        raise ValueError("not samples")  # noqa: TRY004  hostile data, not a wrong call
    piece = array("h")
    piece.frombytes(strict.base64_bytes(pcm))
    if sys.byteorder == "big":
        piece.byteswap()
    if len(channel) + len(piece) > most:
        raise ValueError("more samples than were asked for")
    channel.extend(piece)


def _wav(channels: Sequence["array[int]"]) -> bytes:
    """A WAV file of these channels; shorter ones are silent at their end."""
    longest = max(map(len, channels), default=0)
    if not longest:
        return b""
    mixed = array("h", bytes(2 * longest * len(channels)))
    for number, channel in enumerate(channels):
        channel.extend([0] * (longest - len(channel)))
        mixed[number :: len(channels)] = channel
    if sys.byteorder == "big":
        mixed.byteswap()
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(mixed.tobytes())
    return written.getvalue()
