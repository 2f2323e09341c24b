"""What is accepted becomes the person's marker, once; what a program said stays apart from it."""

import copy
from typing import Any

import pytest

from evidence import resources
from evidence.errors import StateError, UsageError
from evidence.operations.markers import changes, decisions
from tests.operations.markers.dummies import AT, BY, LATER, LATEST, OTHER, a_draft, a_marker, a_suggestion

OF_PROGRAM = {
    "class": "insult",
    "start_ms": 1240,
    "end_ms": 1690,
    "words": "ідіотка",
    "entry": "ідіотка",
    "lexicon_sha256": "ab" * 32,
}


def holds(draft: Any) -> None:
    """Both documents follow their schemas."""
    assert resources.problem("markers.v1", {"format": 1, "markers": draft.markers}) == ""
    assert resources.problem("suggestions.v1", {"format": 1, "suggestions": draft.suggestions}) == ""


def test_an_accepted_suggestion_is_the_person_s_marker() -> None:
    draft = a_draft([a_marker()], [a_suggestion()])
    assert decisions.accept(draft, 1, OTHER, LATER) == 2
    assert draft.markers[1] == {
        "recording": "call.wav",
        "channel": 0,
        "start_ms": 1240,
        "end_ms": 1690,
        "class": "insult",
        "words": "ідіотка",
        "language": "uk",
        "asserted_by": OTHER,
        "asserted_at": LATER,
        "how": "transcript_confirmed",
        "suggestion": OF_PROGRAM,
    }
    decided = {"as": "accepted", "by": OTHER, "at": LATER, "marker": 2}
    assert draft.suggestions == [a_suggestion(decided=decided)]
    holds(draft)


def test_everything_the_program_said_of_its_sources_is_kept() -> None:
    said = {
        "transcript": "t.json",
        "transcript_sha256": "cd" * 32,
        "transcribed_by": "whisper small",
        "probability": 912,
    }
    draft = a_draft([], [a_suggestion(**said)])
    decisions.accept(draft, 1, BY, AT)
    assert draft.markers[0]["suggestion"] == OF_PROGRAM | said
    holds(draft)


def test_what_the_person_heard_otherwise_is_the_marker_s() -> None:
    draft = a_draft([], [a_suggestion()])
    heard = {
        "start_ms": 1200,
        "end_ms": None,
        "words": "ідіот",
        "class": "threat",
        "channel": "caller",
        "language": None,
        "confidence": "probable",
        "note": "нерозбірливо",
    }
    decisions.accept(draft, 1, BY, AT, heard)
    marker = draft.markers[0]
    assert {name: marker.get(name) for name in heard} == heard
    assert marker["suggestion"] == OF_PROGRAM
    assert "corrections" not in marker
    holds(draft)


def test_an_accepted_suggestion_is_decided_while_its_marker_holds() -> None:
    draft = a_draft([], [a_suggestion()])
    decisions.accept(draft, 1, BY, AT)
    before = copy.deepcopy((draft.markers, draft.suggestions))
    with pytest.raises(StateError):
        decisions.accept(draft, 1, OTHER, LATER)
    with pytest.raises(StateError):
        decisions.reject(draft, 1, OTHER, LATER)
    with pytest.raises(StateError):
        decisions.reopen(draft, 1)
    assert (draft.markers, draft.suggestions) == before
    changes.withdraw(draft.markers[0], BY, LATER, "помилка")
    assert decisions.accept(draft, 1, OTHER, LATEST) == 2
    assert [marker["asserted_by"] for marker in draft.markers] == [BY, OTHER]
    assert draft.suggestions[0]["decided"]["marker"] == 2
    changes.withdraw(draft.markers[1], BY, LATEST, "таки помилка")
    decisions.reject(draft, 1, BY, LATEST)
    holds(draft)


def test_a_rejection_can_be_taken_back() -> None:
    draft = a_draft([], [a_suggestion(), a_suggestion(start_ms=5)])
    decisions.reject(draft, 1, BY, AT, "це цитата")
    assert draft.suggestions[0]["decided"] == {"as": "rejected", "by": BY, "at": AT, "reason": "це цитата"}
    holds(draft)
    with pytest.raises(StateError):
        decisions.reject(draft, 1, OTHER, LATER)
    decisions.reopen(draft, 1)
    assert draft.suggestions[0] == a_suggestion()
    with pytest.raises(StateError):
        decisions.reopen(draft, 1)
    decisions.reject(draft, 2, BY, AT)
    assert "reason" not in draft.suggestions[1]["decided"]
    assert decisions.accept(draft, 2, OTHER, LATER) == 1
    assert draft.suggestions[1]["decided"]["as"] == "accepted"


def test_a_marker_that_was_saved_before_the_power_went_is_found_again() -> None:
    """markers.json was written, suggestions.json wasn't."""
    draft = a_draft([], [a_suggestion(), a_suggestion()])
    decisions.accept(draft, 1, BY, AT)
    del draft.suggestions[0]["decided"]
    assert decisions.accept(draft, 1, OTHER, LATER, {"words": "ідіот"}) == 1
    (marker,) = draft.markers
    assert (marker["asserted_by"], marker["words"]) == (BY, "ідіот")
    assert marker["corrections"][0]["was"] == {"words": "ідіотка"}
    assert decisions.accept(draft, 2, OTHER, LATER) == 2  # the same words once more, another suggestion
    holds(draft)


def test_a_place_that_ends_before_it_starts_makes_no_marker() -> None:
    draft = a_draft([], [a_suggestion()])
    with pytest.raises(UsageError):
        decisions.accept(draft, 1, BY, AT, {"start_ms": 2000})
    assert draft.markers == []
    assert draft.suggestions == [a_suggestion()]


@pytest.mark.parametrize("number", [0, -1, 2, 10**30])
def test_there_is_no_such_number(number: int) -> None:
    draft = a_draft([a_marker()], [a_suggestion()])
    for call in (decisions.suggestion_of, decisions.marker_of, decisions.reopen):
        with pytest.raises(UsageError):
            call(draft, number)


def test_a_decision_that_names_a_marker_which_is_not_there_counts_for_none() -> None:
    """suggestions.json is a file that people can write, too."""
    draft = a_draft([], [a_suggestion(decided={"as": "accepted", "by": BY, "at": AT, "marker": 7})])
    assert decisions.accept(draft, 1, OTHER, LATER) == 1
