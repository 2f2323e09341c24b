"""Corrections, confirmations and withdrawals: the marker says what holds now and everything it said before."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import resources
from evidence.errors import StateError, UsageError
from evidence.operations.markers import changes
from tests.operations.markers.dummies import AT, BY, LATER, LATEST, OTHER, a_marker

OWN = {"uk": "зверхність", "en": "condescension"}

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "start_ms": st.integers(0, 5000),
        "end_ms": st.none() | st.integers(5000, 9000),
        "channel": st.none() | st.integers(0, 31) | st.just("caller"),
        "words": st.none() | TEXT,
        "language": st.none() | st.sampled_from(["uk", "ru"]),
        "confidence": st.none() | st.sampled_from(["certain", "probable", "possible"]),
        "note": st.none() | TEXT,
        "class": st.sampled_from(["insult", "threat", "other"]),
    },
)


def holds(marker: dict[str, Any]) -> None:
    """A document with the marker follows the schema."""
    assert resources.problem("markers.v1", {"format": 1, "markers": [marker]}) == ""


def test_a_correction_keeps_what_was_said() -> None:
    marker = a_marker()
    wanted = {"start_ms": 7000, "end_ms": None, "words": "Ви безголові", "note": "тихо", "class": "insult"}
    assert changes.edit(marker, wanted, OTHER, LATER, "краще чути")
    assert marker == {
        "recording": "call.wav",
        "start_ms": 7000,
        "class": "insult",
        "words": "Ви безголові",
        "asserted_by": BY,
        "asserted_at": AT,
        "how": "listened",
        "note": "тихо",
        "corrections": [
            {
                "at": LATER,
                "by": OTHER,
                "reason": "краще чути",
                "was": {"start_ms": 7200, "end_ms": 9600, "words": "Ви там усі безголові", "note": None},
            }
        ],
    }
    holds(marker)


@given(st.lists(CHANGES, max_size=8))
def test_what_was_leads_back_to_the_beginning(steps: list[dict[str, Any]]) -> None:
    marker = a_marker(start_ms=100, end_ms=6000)
    original = copy.deepcopy(marker)
    for step in steps:
        before = copy.deepcopy(marker)
        assert changes.edit(marker, step, OTHER, LATER) == (marker != before)
        holds(marker)
    undone = dict(marker)
    for correction in reversed(undone.pop("corrections", [])):
        undone |= correction["was"]
    assert {name: value for name, value in undone.items() if value is not None} == original


@pytest.mark.parametrize(
    "step", [{}, {"start_ms": 7200}, {"words": "Ви там усі безголові", "note": None}, {"note": ""}]
)
def test_what_changes_nothing_is_not_noted(step: dict[str, Any]) -> None:
    marker = a_marker()
    assert not changes.edit(marker, step, OTHER, LATER, "так")
    assert marker == a_marker()


def test_the_names_of_a_class_go_with_the_class() -> None:
    marker = a_marker()
    changes.edit(marker, {"class": "condescension", "class_names": OWN}, OTHER, LATER)
    assert (marker["class"], marker["class_names"]) == ("condescension", OWN)
    holds(marker)
    changes.edit(marker, {"class": "threat", "class_names": None}, OTHER, LATER)
    assert marker["class"] == "threat"
    assert "class_names" not in marker
    assert [correction["was"] for correction in marker["corrections"]] == [
        {"class": "insult"},
        {"class": "condescension"},
    ]
    holds(marker)


def test_an_end_before_the_start_changes_nothing() -> None:
    marker = a_marker()
    for step in ({"start_ms": 9601}, {"end_ms": 7199}, {"start_ms": 3, "end_ms": 2}):
        with pytest.raises(UsageError):
            changes.edit(marker, step, OTHER, LATER)
    assert marker == a_marker()


@pytest.mark.parametrize("name", ["start_ms", "class"])
def test_a_marker_keeps_a_place_and_a_class(name: str) -> None:
    with pytest.raises(ValueError, match="place"):
        changes.edit(a_marker(), {name: None}, OTHER, LATER)


def test_corrections_end_before_there_is_no_room() -> None:
    marker = a_marker()
    for number in range(100):
        changes.edit(marker, {"start_ms": number}, OTHER, LATER)
    holds(marker)
    full = copy.deepcopy(marker)
    with pytest.raises(StateError):
        changes.edit(marker, {"start_ms": 200}, OTHER, LATER)
    assert marker == full
    changes.withdraw(marker, OTHER, LATER, "забагато виправлень")
    holds(marker)


def corrected_until_refused(marker: dict[str, Any]) -> int:
    """How many corrections as long as the schema allows have room."""
    for count in range(100):
        said = {"words": "ї" * 3999 + str(count % 10), "note": "є" * 3999 + str(count % 10)}
        try:
            changes.edit(marker, said, OTHER, LATER, "ґ" * 4000)
        except StateError:
            return count
    return 100


def test_long_corrections_end_far_below_what_a_record_holds() -> None:
    """A record holds 256 KiB (FORMAT.md, "Limits")."""
    marker = a_marker()
    assert 4 <= corrected_until_refused(marker) < 100
    changes.withdraw(marker, OTHER, LATER, "ґ" * 4000)
    holds(marker)
    assert len(str(marker).encode()) < 192 * 1024


def test_a_withdrawn_marker_stays_as_it_is() -> None:
    marker = a_marker()
    changes.withdraw(marker, OTHER, LATER, "помилка")
    expected = a_marker(withdrawn={"at": LATER, "by": OTHER, "reason": "помилка"})
    assert marker == expected
    holds(marker)
    with pytest.raises(StateError):
        changes.withdraw(marker, BY, LATEST, "ще раз")
    with pytest.raises(StateError):
        changes.edit(marker, {"start_ms": 1}, BY, LATEST)
    with pytest.raises(StateError):
        changes.confirm(marker, BY, LATEST)
    assert marker == expected


def test_a_confirmation_counts_until_the_next_correction() -> None:
    marker = a_marker()
    changes.confirm(marker, OTHER, LATER)
    assert marker == a_marker(reviewed_by=OTHER, reviewed_at=LATER)
    assert not changes.is_outdated(marker)
    with pytest.raises(StateError):
        changes.confirm(marker, BY, LATEST)
    changes.edit(marker, {"words": "x"}, BY, LATEST)
    assert changes.is_outdated(marker)
    assert marker["reviewed_by"] == OTHER
    changes.confirm(marker, BY, "2026-11-06T09:30:00Z")  # half an hour after LATEST
    assert marker["reviewed_by"] == BY
    assert not changes.is_outdated(marker)
    holds(marker)
