"""Announcements, searches and notice evidence: what the models write satisfies the schema and reads back alike."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import canonical, resources
from evidence.model.announcement import Announcement, Embedded
from evidence.model.notice import StatedTime
from evidence.model.noticeevidence import AGAINST, CODES, GRADE_OF, GRADES, UNSEEN, Item, NoticeEvidence
from evidence.model.noticesearch import RESULTS, Match, NoticeSearch, Segment, Waveform
from tests import builder

WEEK = 604_800_000
HEAD = {"salt": "ab" * 32, "id": "r-00000001"}
RECORDING = {"exhibit": "E1", "recording_sha256": "cd" * 32}

places = st.integers(-WEEK, WEEK)
lengths = st.integers(0, WEEK)
permille = st.integers(0, 1000)
channels = st.integers(0, 31)
versions = st.uuids(version=4).map(str)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
named = texts.map(lambda text: text[:40])
segments = st.builds(Segment, lengths, lengths, permille, places, st.booleans())
matches = st.builds(
    Match,
    version=versions,
    channel=channels,
    result=st.sampled_from(RESULTS),
    at_ms=st.none() | places,
    coverage=permille,
    clause_coverage=permille,
    correlation=permille,
    similarity=permille,
    speed_ppm=st.integers(-200_000, 200_000),
    segments=st.lists(segments, max_size=5).map(tuple),
)
waveforms = st.builds(
    Waveform, st.integers(1, WEEK), st.lists(st.binary(max_size=600), max_size=3).map(tuple)
)
searches = st.builds(
    NoticeSearch,
    algorithm=st.from_regex(r"[A-Za-z0-9._-]{0,64}", fullmatch=True),
    searched_ms=lengths,
    is_whole=st.booleans(),
    channels=st.integers(0, 32),
    matches=st.lists(matches, max_size=3).map(tuple),
    waveform=st.none() | waveforms,
    problems=st.lists(st.from_regex(r"[a-z0-9_]{1,64}", fullmatch=True), max_size=3).map(tuple),
)
times = st.builds(
    StatedTime,
    st.just("2026-11-05T08:15:02.000Z"),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=48),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=48),
)
codes = st.sampled_from(CODES) | st.from_regex(r"[A-Z][A-Z0-9_]{1,63}", fullmatch=True)
items = st.builds(
    Item,
    code=codes,
    version=st.just("") | versions,
    channel=st.none() | channels,
    channel_name=named,
    at_ms=st.none() | places,
    coverage=st.none() | permille,
    clause_coverage=st.none() | permille,
    at=st.none() | times,
    exhibit=st.sampled_from(["", "E1", "E9999"]),
    line=st.none() | st.integers(1, 2**53 - 1),
    text=texts,
    milliseconds=st.none() | lengths,
)
lists = st.lists(items, max_size=4).map(tuple)
evidence = st.builds(NoticeEvidence, lists, lists, lists)


def holds(kind: str, document: dict[str, Any]) -> bool:
    """Whether the record of these fields satisfies the schema, and survives its form in an archive."""
    record = {**HEAD, "kind": kind, **document}
    assert canonical.decode(canonical.encode(record), 1 << 20) == record
    return resources.problem("record.v1", record) == ""


@given(searches)
def test_a_search_reads_back_as_it_was(search: NoticeSearch) -> None:
    document = search.to_document()
    assert holds("notice_search", {**RECORDING, **document})
    assert NoticeSearch.from_document(json.loads(json.dumps(document))) == search


@given(evidence)
def test_notice_evidence_reads_back_as_it_was(given_evidence: NoticeEvidence) -> None:
    document = given_evidence.to_document()
    assert holds("notice_evidence", {**RECORDING, **document})
    assert NoticeEvidence.from_document(json.loads(json.dumps(document))) == given_evidence


@given(st.permutations([code for code in CODES if code in GRADE_OF]), st.integers(0, 9))
def test_the_grade_is_the_strongest_of_what_speaks_for_it(order: list[str], count: int) -> None:
    """By FORMAT.md: from in_recording down to none; what isn't known gives none."""
    chosen = order[:count]
    found = NoticeEvidence(tuple(Item(code) for code in [*chosen, "UNKNOWN_HERE"]), (), ())
    expected = {
        "in_recording": {"FOUND", "CLAUSE_FOUND", "HEARD"},
        "pbx_log": {"LOGGED", "LOG_STATED"},
        "config_snapshot": {"CONFIGURED", "CONFIG_STATED"},
        "operator_statement": {"OPERATOR_STATED"},
    }
    best = next((grade for grade, giving in expected.items() if giving & set(chosen)), "none")
    assert found.grade == best
    assert best in GRADES


def test_nothing_against_it_or_unseen_changes_the_grade() -> None:
    others = tuple(Item(code) for code in (*AGAINST, *UNSEEN))
    assert NoticeEvidence((Item("LOGGED"),), others, others).grade == "pbx_log"
    assert NoticeEvidence((), others, others).grade == "none"


@pytest.mark.parametrize("exhibit", ["", "E7"])
def test_an_embedded_announcement_satisfies_the_schema(exhibit: str) -> None:
    document = builder.notice()
    register = builder.Register()
    index = register.announce(document)
    announced = Announcement(
        document.decode(), register.chain[index].decode(), register.proof(index).decode()
    )
    fields = Embedded(announced, exhibit).to_document()
    assert holds("announcement", fields)
    assert fields["version"] == builder.archive_id(701)
    sound = json.loads(document)["sound"]["sha256"]
    assert fields.get("recording_sha256") == (sound if exhibit else None)
