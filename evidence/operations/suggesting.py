"""Suggestions from a transcript: what a lexicon finds in its words, with the places in the recording."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from evidence.model.markers import Marker
from evidence.model.transcript import Cue, Transcript
from evidence.text import visible

MOST = 10_000
"""Suggestions of one incident, as in schemas/suggestions.v1.schema.json."""

_PAUSE_MS = 1000
"""Pause between cues over which an utterance goes on."""

_LONGEST_RUN = 200
"""Words of an utterance that are looked at together, about."""

_LONGEST_WORDS = 4000
_SAME = ("recording", "channel", "start_ms", "end_ms", "class", "words")

Suggestion = dict[str, Any]


class Hit(Protocol):
    """What a lexicon finds (evidence.lexicon)."""

    @property
    def first(self) -> int:
        """Index of its first word."""

    @property
    def last(self) -> int:
        """Index of its last word."""

    @property
    def entry(self) -> str:
        """The entry of the lexicon."""

    @property
    def marker_class(self) -> str:
        """Code of the class."""

    @property
    def severity(self) -> int:
        """How coarse it is, 1 to 3."""

    @property
    def language(self) -> str:
        """BCP 47 tag; empty when the entry has none."""

    @property
    def rule(self) -> str:
        """How the words were told to be that entry."""


class Lexicon(Protocol):
    """Finds what may be worth marking."""

    @property
    def sha256(self) -> str:
        """Digest that names it, hexadecimal (FORMAT.md, "Lexicon")."""

    def find(self, words: Sequence[str]) -> Sequence[Hit]:
        """What it finds in the words of an utterance."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A word with its place; ``is_timed`` tells whether the times are its own or those of its cue."""

    text: str
    start_ms: int
    end_ms: int
    cue: Cue
    is_timed: bool
    probability: int | None


def suggestions(
    transcript: Transcript,
    lexicon: Lexicon,
    about: Mapping[str, Any],
    own: Mapping[str, Mapping[str, str]],
) -> Iterator[Suggestion]:
    """What the lexicon finds, in the order of the transcript.

    Args:
        transcript: of one recording, or of one of its channels.
        lexicon: finds it.
        about: fields that all suggestions share: ``recording``, ``channel``, ``transcript`` …; None and empty
            ones are left out.
        own: the vault's own classes, by code.

    Yields:
        suggestions as schemas/suggestions.v1.schema.json has them.
    """
    shared = {key: value for key, value in about.items() if value not in (None, "")}
    for run in _runs(transcript.cues):
        for hit in lexicon.find([word.text for word in run]):
            yield _suggestion(run[hit.first : hit.last + 1], hit, lexicon, shared, own)


def _runs(cues: Iterable[Cue]) -> Iterator[list[_Spoken]]:
    """Utterances: cues of one speaker that follow each other without a pause."""
    run: list[_Spoken] = []
    for cue in cues:
        spoken = _spoken(cue)
        if run and not _goes_on(run, cue):
            yield run
            run = []
        run += spoken
    if run:
        yield run


def _goes_on(run: Sequence[_Spoken], cue: Cue) -> bool:
    last = run[-1]
    pause = cue.start_ms - last.cue.end_ms
    return len(run) < _LONGEST_RUN and last.cue.speaker == cue.speaker and 0 <= pause <= _PAUSE_MS


def _spoken(cue: Cue) -> list[_Spoken]:
    if cue.words:
        return [_Spoken(w.text, w.start_ms, w.end_ms, cue, True, w.probability) for w in cue.words]
    return [_Spoken(word, cue.start_ms, cue.end_ms, cue, False, None) for word in cue.text.split()]


def _suggestion(
    found: Sequence[_Spoken],
    hit: Hit,
    lexicon: Lexicon,
    shared: Mapping[str, Any],
    own: Mapping[str, Mapping[str, str]],
) -> Suggestion:
    cues = list(dict.fromkeys(id(word.cue) for word in found))
    context = " ".join({id(word.cue): word.cue.text for word in found}[cue] for cue in cues)
    sure = [word.probability for word in found if word.probability is not None]
    given = {
        "class_names": dict(own.get(hit.marker_class, {})),
        "context": context[:_LONGEST_WORDS],
        "language": hit.language,
        "line": found[0].cue.line,
        "probability": min(sure) if len(sure) == len(found) else None,
    }
    start = min(word.start_ms for word in found)
    return {
        **shared,
        "start_ms": start,
        "end_ms": max(start, *(word.end_ms for word in found)),
        "timing": "word" if all(word.is_timed for word in found) else "cue",
        "class": hit.marker_class,
        "severity": hit.severity,
        "words": " ".join(word.text for word in found)[:_LONGEST_WORDS],
        "entry": visible(hit.entry)[:300],
        "rule": hit.rule,
        "lexicon_sha256": lexicon.sha256,
        **{key: value for key, value in given.items() if value not in (None, "", {})},
    }


@dataclass(frozen=True, slots=True)
class Added:
    """What became of new suggestions.

    Attributes:
        numbers: numbers of those that were added, from 1.
        known: how many were suggested before.
        marked: how many lie in a marker of the same class.
        left_out: how many found no room.
    """

    numbers: tuple[int, ...]
    known: int
    marked: int
    left_out: int


def add(there: list[Suggestion], new: Iterable[Suggestion], markers: Sequence[Marker]) -> Added:
    """Put new suggestions behind those that are there, whose numbers stay.

    Args:
        there: the suggestions of the incident, changed in place.
        new: what was found now.
        markers: the incident's markers; what lies in a standing one of the same class isn't suggested.
    """
    seen = {_key(one) for one in there}
    standing: dict[str, list[Marker]] = {}
    for marker in markers:
        if marker.withdrawn is None:
            standing.setdefault(_about(marker.document_name, marker.marker_class), []).append(marker)
    numbers: list[int] = []
    known = marked = left_out = 0
    for suggestion in new:
        key = _key(suggestion)
        near = standing.get(_about(suggestion["recording"], suggestion["class"]), ())
        if key in seen:
            known += 1
        elif any(_lies_in(suggestion, marker) for marker in near):
            marked += 1
        elif len(there) >= MOST:
            left_out += 1
        else:
            seen.add(key)
            there.append(suggestion)
            numbers.append(len(there))
    return Added(tuple(numbers), known, marked, left_out)


def _key(suggestion: Suggestion) -> tuple[str, ...]:
    return tuple(repr(suggestion.get(name)) for name in _SAME)


def _about(recording: Any, marker_class: str) -> str:
    """Recording and class, by which markers are looked up."""
    return repr((recording, marker_class))


def _lies_in(suggestion: Suggestion, marker: Marker) -> bool:
    """Whether a marker of the same class and recording speaks of the same place, and of its channel."""
    if None not in (marker.channel, suggestion.get("channel")) and marker.channel != suggestion["channel"]:
        return False
    start, end = int(suggestion["start_ms"]), int(suggestion["end_ms"])
    return marker.start_ms < end and start <= marker.last_ms
