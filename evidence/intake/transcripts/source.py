"""What all transcripts have in common: limits, cues that hold, and how a mistake in them is told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence.errors import FormatError
from evidence.intake.positions import MAX_MS
from evidence.messages import t
from evidence.model.transcript import Cue, Word
from evidence.text import visible

MAX_BYTES = 64 * 1024 * 1024
"""Longest transcript that is read, in bytes."""

MAX_CUES = 200_000
"""Most cues of one transcript."""

MAX_TEXT = 4000
"""Most characters of one cue."""

_SHOWN = 40
_LAST_SECOND = MAX_MS / 1000
_SURROGATE = re.compile("[\ud800-\udfff]")
_WRITTEN_SPEAKER = re.compile(r"\s*(?:\[(SPEAKER_[0-9]{1,4})\]:|\(speaker ([0-9]{1,4}|\?)\))\s*")


@dataclass(frozen=True, slots=True)
class Timed:
    """A word before its time is sure.

    Attributes:
        text: the word; untrusted.
        start_ms: where it begins; None where its program doesn't say.
        end_ms: where it ends; None where its program doesn't say.
        probability: as in evidence.model.transcript.
    """

    text: str
    start_ms: int | None
    end_ms: int | None
    probability: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript while it is read.

    Attributes:
        file: name of the file; untrusted.
        is_json: whether its places are segments; else they are lines.
    """

    file: str
    is_json: bool = False

    def wrong(self, number: int, reason: str, text: str = "", **values: str | int) -> FormatError:
        """What to raise for a cue that can't be read.

        Args:
            number: the line, or the segment, from 1.
            reason: name of the message; its hint is named ``…_hint``.
            text: what stands there; untrusted.
            values: further values of the message, fit to be shown.
        """
        said = t(reason, text=shown(text), **values)
        file, hint = shown(self.file), t(f"{reason}_hint", **values)
        if self.is_json:
            return FormatError(t("transcripts.at_segment", file=file, number=number, reason=said), hint)
        return FormatError(t("transcripts.at_line", file=file, line=number, reason=said), hint)

    def refused(self, reason: str, **values: str | int) -> FormatError:
        """What to raise for the file as a whole."""
        file = shown(self.file)
        return FormatError(t(reason, file=file, **values), t(f"{reason}_hint", **values))

    def seconds(self, number: int, value: Any) -> int:
        """Seconds of a JSON document as whole milliseconds.

        Raises:
            FormatError: no number, none that is finite, below zero, or later than a week.
        """
        # a comparison with NaN is always false, so that it is refused, too
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise self.wrong(number, "transcripts.no_seconds", _written(value))
        if value > _LAST_SECOND:
            raise self.wrong(number, "transcripts.late", _written(value))
        return round(value * 1000)

    def milliseconds(self, number: int, value: Any) -> int:
        """Whole milliseconds of a JSON document.

        Raises:
            FormatError: no whole number, below zero, or later than a week.
        """
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(number, "transcripts.no_milliseconds", _written(value))
        if value > MAX_MS:
            raise self.wrong(number, "transcripts.late", _written(value))
        return value

    def cue(
        self,
        number: int,
        start_ms: int,
        end_ms: int,
        text: str,
        *,
        words: Iterable[Timed] = (),
        speaker: str = "",
    ) -> Cue:
        """A cue that holds: its text on one line, its words with times in their order.

        Raises:
            FormatError: it ends before it starts, or its text is too long.
        """
        if end_ms < start_ms:
            raise self.wrong(number, "transcripts.ends_early", text, start=start_ms, end=end_ms)
        if len(text) > MAX_TEXT:
            raise self.wrong(number, "transcripts.text_too_long", text, limit=MAX_TEXT)
        whole = one_line(text)
        written = _WRITTEN_SPEAKER.match(whole)
        if written is not None and not speaker:
            speaker, whole = written[1] or written[2], whole[written.end() :]
        found = tuple(_placed(list(words), start_ms, end_ms))
        return Cue(number, start_ms, end_ms, whole, found, one_line(speaker)[:MAX_TEXT])


def one_line(text: str) -> str:
    """Text without line ends and lone surrogates, its words apart by one space."""
    return " ".join(_SURROGATE.sub("\ufffd", text).split())


def shown(text: str) -> str:
    """Untrusted text fit for a message: visible, and cut to 40 characters of it."""
    return visible(text) if len(text) <= _SHOWN else f"{visible(text[:_SHOWN])}…"


def parts_in_thousand(value: Any) -> int | None:
    """A probability from 0 to 1 in parts in a thousand; None when it is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return round(value * 1000) if is_number and 0 <= value <= 1 else None


def _written(value: Any) -> str:
    """A value of a JSON document as it is told; what is no number or text is told by its kind."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return {None: "null", True: "true", False: "false"}.get(value) or str(value)


def _placed(words: list[Timed], start_ms: int, end_ms: int) -> Iterable[Word]:
    """The words; one without times lies between those around it, one that ends too early is a point."""
    if all(word.start_ms is None for word in words):
        return
    after = end_ms
    nexts: list[int] = []
    for word in reversed(words):
        nexts.append(after)
        after = after if word.start_ms is None else word.start_ms
    before = start_ms
    for word, follows in zip(words, reversed(nexts), strict=True):
        start = before if word.start_ms is None else word.start_ms
        end = follows if word.end_ms is None else word.end_ms
        text = one_line(word.text)
        before = max(start, end)
        if text:
            yield Word(text, start, before, word.probability)
