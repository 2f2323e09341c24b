"""Laws about all that may be said of a recording (FORMAT.md, "Notice evidence")."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import canonical, resources
from evidence.intake.noticegrades import MOST, Configured, Logged, Logs, Recorded, combine
from evidence.model import noticeevidence
from evidence.model.incident import NoticeStatement
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.noticesearch import RESULTS, Match, NoticeSearch
from evidence.model.records import MAX_TEXT
from tests.intake.noticegrading import (
    CHANNELS,
    GRADES,
    NOTICE,
    ONE,
    SOUND,
    STRENGTH,
    TIME,
    TWO,
    recorded,
)

shares = st.integers(0, 1000)
places = st.integers(-3_600_000, 604_800_000)
ids = st.sampled_from([ONE, TWO])
notices = st.builds(
    lambda each, sound, names: replace(NOTICE, id=each, sound=sound, played_as=names),
    ids,
    st.sampled_from([SOUND, None]),
    st.sampled_from([(), ("custom/x",)]),
)
matches = st.builds(
    lambda version, channel, result, at, coverage, clause: Match(
        version, channel, result, None if result == "not_detected" else at, coverage, clause
    ),
    ids,
    st.integers(0, 7),
    st.sampled_from(RESULTS),
    places,
    shares,
    shares,
)
searches = st.builds(
    NoticeSearch,
    algorithm=st.just("evidence-notice-search-1"),
    searched_ms=st.integers(0, 604_800_000),
    is_whole=st.booleans(),
    channels=st.integers(0, 8),
    matches=st.lists(matches, max_size=30).map(tuple),
    problems=st.lists(st.sampled_from(["no_media", "timeout"]), unique=True).map(tuple),
)
words = st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace").decode())
logged = st.builds(
    Logged,
    ids,
    st.sampled_from(["E3", "E4"]),
    st.integers(1, 9),
    words,
    st.sampled_from([None, TIME]),
    st.none() | st.integers(0, 9000),
    st.sampled_from([None, False]),
)
exhibits = st.lists(st.sampled_from(["E3", "E4", "E5"]), unique=True).map(tuple)
logs = st.builds(Logs, exhibits, exhibits, exhibits, st.lists(logged, max_size=12).map(tuple))
statements = st.builds(
    NoticeStatement,
    grade=st.sampled_from(noticeevidence.GRADES),
    recording=st.sampled_from(["", "call.wav"]),
    at_milliseconds=st.none() | st.integers(0, 604_800_000),
    source=words,
)
recordings = st.builds(
    Recorded,
    wanted=st.lists(notices, max_size=3).map(tuple),
    search=st.none() | searches,
    statement=st.none() | statements,
    stated_channel=st.none() | st.integers(0, 7),
    channels=st.sampled_from([(), CHANNELS]),
    all_channels=st.none() | st.integers(1, 8),
    logs=logs,
    configured=st.lists(st.builds(Configured, ids, st.just("E6"), st.integers(1, 9), words), max_size=12).map(
        tuple
    ),
    damaged=st.lists(ids, max_size=12).map(tuple),
    left_out=st.lists(ids, max_size=12).map(tuple),
    is_time_known=st.booleans(),
)


@settings(max_examples=60)
@given(recordings)
def test_laws(given: Recorded) -> None:
    told = combine(given)
    assert combine(given) == told
    grades = [GRADES[item.code] for item in told.speaks_for]
    assert told.grade == next((grade for grade in STRENGTH if grade in grades), "none")
    order = list(GRADES)
    places = [order.index(item.code) for item in told.speaks_for]
    assert places == sorted(places)
    assert {item.code for item in told.against} <= set(noticeevidence.AGAINST)
    assert {item.code for item in told.unseen} <= set(noticeevidence.UNSEEN)
    document = told.to_document()
    assert NoticeEvidence.from_document(document) == told
    head = {"salt": "00" * 32, "kind": "notice_evidence", "id": "r-00000000", "exhibit": "E1"}
    record = {**head, "recording_sha256": "00" * 32, **document}
    assert resources.problem("record.v1", record) == ""
    assert len(canonical.encode(record)) <= MAX_TEXT


@settings(max_examples=40)
@given(recordings, recordings)
def test_more_never_weakens(one: Recorded, more: Recorded) -> None:
    """Whatever a log or a configuration says besides, the grade is no weaker."""
    before = combine(one)
    both = replace(
        one,
        configured=one.configured + more.configured,
        logs=replace(one.logs, played=one.logs.played + more.logs.played),
    )
    assert STRENGTH.index(combine(both).grade) <= STRENGTH.index(before.grade)


def test_many_items_leave_one_of_each_code() -> None:
    """What is left out is more of the same."""
    many = tuple(f"{number:08}-0000-4000-8000-000000000000" for number in range(3 * MOST))
    told = combine(Recorded((), damaged=many, left_out=many, is_time_known=False))
    assert len(told.unseen) == MOST
    codes = [item.code for item in told.unseen]
    assert {"TIME_UNKNOWN", "VERSION_DAMAGED", "VERSION_LEFT_OUT", "NO_PBX_RECORDS"} == set(codes)
    assert codes[0] == "TIME_UNKNOWN"
    assert codes[-1] == "NO_PBX_RECORDS"


def test_the_longest_record_has_room_in_an_archive() -> None:
    """Every name in a log is of controls alone, which take six bytes each."""
    worst = Logged(
        ONE, "E9999", 2**53 - 1, "\x01" * 1000, replace(TIME, text="\x01" * 64), 1, is_recorded=False
    )
    configured = (Configured(ONE, "E9999", 1, "\x01" * 100_000),) * MOST
    told = combine(
        recorded(
            logs=Logs(("E3",), played=(worst,) * 300),
            configured=configured,
            statement=NoticeStatement("pbx_log", source="\x01" * 2000),
        )
    )
    assert len(canonical.encode(told.to_document())) < MAX_TEXT - 1024
