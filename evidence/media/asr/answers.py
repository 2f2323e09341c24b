"""The strict reading of what the recognising process answers (evidence.media.asr.worker).

It has read hostile bytes, so it isn't trusted: everything but a plausible answer is a ValueError.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence import strict
from evidence.media import shapes
from evidence.model.noticesearch import MOST_CHANNELS
from evidence.model.recognition import FATAL, PROBLEMS, Recognition
from evidence.model.transcript import Cue, Transcript, Word

LONGEST = 100 * 3600 * 1000
"""Milliseconds."""
_MOST_CUES = 200_000
_MOST_WORDS = 1000
_MOST_TEXT = 20_000
_MOST_ALL = 64 * 1024 * 1024
"""Characters of all cues together."""
_DETAIL = 300
_SURVEY = {"n", "length", "channels", "distinct"}
_CUE = {"n", "channel", "cue"}
_DONE = {"n", "done"}
_LAST = {"n", "languages", "is_whole", "problems"}
_REFUSAL = {"n", "problems", "detail"}
Progress = Callable[[float, float], None]


@dataclass(slots=True)
class Answer:
    """What the process says about one recording, put together line by line.

    Attributes:
        made_by: program and model, for the transcripts.
        progress: told how many seconds of the recording are done, and how many there are.
        is_surveyed: whether the model was loaded and the recording decoded once.
    """

    number: int
    made_by: str
    progress: Progress | None = None
    is_surveyed: bool = False
    _length: int = 0
    _channels: int = 0
    _cues: dict[int, list[Cue]] = field(default_factory=dict)
    _count: int = 0
    _characters: int = 0
    _done: int = -1

    def read(self, lines: Iterator[bytes]) -> Recognition:
        """Take in all lines up to the last.

        Raises:
            ValueError: a line that can't be.
        """
        for line in lines:
            keys = set(shapes.an_object(strict.json_document(line, shapes.LIMIT)))
            said = shapes.answer(line, self.number, keys)
            if keys == _REFUSAL:
                return _refusal(said)
            if keys == _LAST:
                return self._last(said)
            self._take(said, keys)
        raise ValueError("no answer")

    def _take(self, said: dict[str, Any], keys: set[str]) -> None:
        if keys == _SURVEY and not self.is_surveyed:
            self._survey(said)
        elif keys == _CUE:
            self._add(said)
        elif keys == _DONE:
            self._done = shapes.integer(said["done"], self._done + 1, self._length)
            self._tell(self._done)
        else:
            raise ValueError("an unknown answer")

    def _survey(self, said: dict[str, Any]) -> None:
        self.is_surveyed = True
        self._length = shapes.integer(said["length"], 0, LONGEST)
        self._channels = shapes.integer(said["channels"], 0, MOST_CHANNELS)
        distinct = shapes.a_list(said["distinct"], self._channels)
        for number in distinct:
            self._cues[shapes.integer(number, max(self._cues, default=-1) + 1, self._channels - 1)] = []
        self._tell(0)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done / 1000, self._length / 1000)

    def _add(self, said: dict[str, Any]) -> None:
        cues = self._cues.get(shapes.integer(said["channel"], 0, MOST_CHANNELS))
        if cues is None:
            raise ValueError("a channel that isn't listened to")
        cue = self._cue(said["cue"], len(cues) + 1)
        self._count += 1
        self._characters += len(cue.text) + sum(len(word.text) for word in cue.words)
        if self._count > _MOST_CUES or self._characters > _MOST_ALL:
            raise ValueError("too much")
        cues.append(cue)

    def _cue(self, value: Any, line: int) -> Cue:
        said = shapes.an_object(value)
        if set(said) != {"start", "end", "text", "words"}:
            raise ValueError("not a cue")
        words = tuple(self._word(word) for word in shapes.a_list(said["words"], _MOST_WORDS))
        return Cue(line, *self._times(said["start"], said["end"]), _text(said["text"], _MOST_TEXT), words)

    def _word(self, value: Any) -> Word:
        text, start, end, probability = shapes.a_list(value, 4)
        times = self._times(start, end)
        return Word(_text(text, _MOST_TEXT), *times, shapes.integer(probability, 0, 1000))

    def _times(self, start: Any, end: Any) -> tuple[int, int]:
        first = shapes.integer(start, 0, self._length)
        return first, shapes.integer(end, first, self._length)

    def _last(self, said: dict[str, Any]) -> Recognition:
        languages = shapes.a_list(said["languages"], len(self._cues))
        if not self.is_surveyed or len(languages) != len(self._cues):
            raise ValueError("not a language for each channel")
        transcripts = tuple(
            (number, Transcript("asr", tuple(cues), _language(language), self.made_by))
            for (number, cues), language in zip(self._cues.items(), languages, strict=True)
        )
        problems = shapes.problems(said["problems"], PROBLEMS)
        is_whole = shapes.boolean(said["is_whole"])
        return Recognition(transcripts, self._channels, self._length, is_whole, problems)


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or value != " ".join(value.split()):
        raise ValueError("not a line of text")
    return value


def _language(value: Any) -> str:
    """Whisper's code of a language, which is its BCP 47 tag too; empty where nobody speaks."""
    is_code = isinstance(value, str) and len(value) <= 3 and value.isascii()
    if not is_code or (value and not (value.isalpha() and value.islower())):
        raise ValueError("not a language")
    return str(value)


def _refusal(said: dict[str, Any]) -> Recognition:
    problems = shapes.problems(said["problems"], FATAL)
    detail = said["detail"]
    if len(problems) != 1 or not isinstance(detail, str) or len(detail) > _DETAIL:
        raise ValueError("not a refusal")
    return Recognition(problems=problems, detail=detail)
