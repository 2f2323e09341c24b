"""Suggestions from transcripts: places, contexts and doubles. The lexicon here knows one word and one phrase."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evidence import resources
from evidence.model.markers import Marker
from evidence.model.transcript import Cue, Transcript, Word
from evidence.operations import suggesting

SHARED = {"recording": "call.wav", "channel": 1, "transcript": "t.vtt", "transcript_sha256": "00" * 32}


@dataclass(frozen=True)
class Found:
    first: int
    last: int
    entry: str = "негідник"
    marker_class: str = "insult"
    severity: int = 2
    language: str = "uk"
    rule: str = "plain"


class OneWord:
    """Finds each ``негідник``, and ``я приїду``, which may run over the end of a cue."""

    sha256 = "ab" * 32

    def find(self, words: Sequence[str]) -> list[Found]:
        plain = [word.strip(".,!?…").lower() for word in words]
        hits = [Found(n, n) for n, word in enumerate(plain) if word == "негідник"]
        pairs = itertools.pairwise(plain)
        return hits + [
            Found(n, n + 1, "я приїду", "threat") for n, pair in enumerate(pairs) if pair == ("я", "приїду")
        ]


def suggested(*cues: Cue, own: Any = None, **about: Any) -> list[dict[str, Any]]:
    transcript = Transcript("webvtt", cues)
    found = list(suggesting.suggestions(transcript, OneWord(), {**SHARED, **about}, own or {}))
    listed = [{**one, "made_at": "2026-11-05T12:00:00+02:00"} for one in found]
    assert resources.problem("suggestions.v1", {"format": 1, "suggestions": listed}) == ""
    return found


def test_a_word_with_a_time_of_its_own() -> None:
    words = (Word("Ти,", 1000, 1200, 990), Word("негідник!", 1250, 1700, 870))
    (found,) = suggested(Cue(3, 900, 1800, "Ти, негідник!", words))
    assert found == {
        **SHARED,
        "start_ms": 1250,
        "end_ms": 1700,
        "timing": "word",
        "class": "insult",
        "severity": 2,
        "words": "негідник!",
        "entry": "негідник",
        "rule": "plain",
        "lexicon_sha256": "ab" * 32,
        "context": "Ти, негідник!",
        "language": "uk",
        "line": 3,
        "probability": 870,
    }


def test_without_times_of_words_it_is_the_whole_cue() -> None:
    (found,) = suggested(Cue(1, 900, 1800, "ти негідник"))
    assert (found["start_ms"], found["end_ms"], found["timing"]) == (900, 1800, "cue")
    assert "probability" not in found


def test_a_phrase_over_the_end_of_a_cue() -> None:
    (found,) = suggested(Cue(1, 0, 900, "от побачиш я"), Cue(4, 1900, 2500, "приїду до вас"))
    assert (found["start_ms"], found["end_ms"], found["line"]) == (0, 2500, 1)
    assert (found["words"], found["context"]) == ("я приїду", "от побачиш я приїду до вас")


def test_a_phrase_ends_with_a_pause_and_with_the_speaker() -> None:
    assert suggested(Cue(1, 0, 900, "я"), Cue(4, 1901, 2500, "приїду")) == []
    assert suggested(Cue(1, 0, 900, "я", speaker="A"), Cue(4, 900, 2500, "приїду", speaker="B")) == []
    assert suggested(Cue(1, 500, 900, "я"), Cue(4, 100, 2500, "приїду")) == []


def test_a_long_monologue_is_cut_between_cues() -> None:
    cues = [Cue(n, n * 100, n * 100 + 100, "слово " * 150 + "негідник") for n in range(1, 5)]
    assert [found["line"] for found in suggested(*cues)] == [1, 2, 3, 4]


def test_own_classes_bring_their_names() -> None:
    own = {"threat": {"uk": "погроза"}}
    assert suggested(Cue(1, 0, 9, "я приїду"), own={"bribe": {"uk": "a", "en": "b"}})[0]["class"] == "threat"
    assert "class_names" not in suggested(Cue(1, 0, 9, "негідник"), own=own)[0]


def test_what_is_unknown_is_left_out() -> None:
    (found,) = suggested(Cue(1, 0, 9, "негідник"), channel=None, transcribed_by="")
    assert not found.keys() & {"channel", "transcribed_by"}


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 5000), st.text(max_size=30)), max_size=8))
def test_any_transcript_makes_suggestions_that_the_schema_accepts(rows: list[tuple[int, int, str]]) -> None:
    cues = [
        Cue(n, start, start + length, f"{text} негідник") for n, (start, length, text) in enumerate(rows, 1)
    ]
    found = suggested(*cues)
    assert len(found) == len(rows)
    for one, (start, length, _) in zip(found, rows, strict=True):
        assert (one["start_ms"], one["end_ms"]) == (start, start + length)


# Adding


def numbered(start: int, **fields: Any) -> dict[str, Any]:
    return {
        **SHARED,
        "start_ms": start,
        "end_ms": start + 100,
        "class": "insult",
        "words": "негідник",
        **fields,
    }


def marker(**fields: Any) -> Marker:
    given = {"channel": 1, **fields}
    return Marker("call.wav", 1000, "insult", "204", "2026-11-05T10:48:12Z", "listened", 2000, **given)


def test_twice_is_once_and_numbers_stay() -> None:
    there = [numbered(0), numbered(5000)]
    added = suggesting.add(there, [numbered(5000), numbered(7000), numbered(7000)], [])
    assert (added.numbers, added.known, added.marked, added.left_out) == ((3,), 2, 0, 0)
    assert [one["start_ms"] for one in there] == [0, 5000, 7000]


def test_what_is_marked_is_not_suggested() -> None:
    new = [
        numbered(1500),
        numbered(901),
        numbered(900),
        numbered(2001),
        numbered(1500, **{"class": "threat"}),
    ]
    there: list[dict[str, Any]] = []
    added = suggesting.add(there, new, [marker()])
    assert (added.marked, [one["start_ms"] for one in there]) == (2, [900, 2001, 1500])


def test_a_marker_of_another_channel_or_one_that_was_withdrawn_hides_nothing() -> None:
    withdrawn = {"at": "2026-11-05T10:49:00Z", "by": "204", "reason": "…"}
    assert suggesting.add([], [numbered(1500)], [marker(channel=0)]).numbers == (1,)
    assert suggesting.add([], [numbered(1500)], [marker(withdrawn=withdrawn)]).numbers == (1,)
    assert suggesting.add([], [numbered(1500)], [marker(channel=None)]).numbers == ()


def test_no_more_than_fit() -> None:
    there = [numbered(n) for n in range(suggesting.MOST - 1)]
    added = suggesting.add(there, [numbered(10**7), numbered(10**7 + 1)], [])
    assert (added.numbers, added.left_out, len(there)) == ((suggesting.MOST,), 1, suggesting.MOST)
