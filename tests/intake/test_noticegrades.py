"""What is said of a recording: every code by the table of FORMAT.md, "Notice evidence", and laws about all."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import canonical, resources
from evidence.intake.noticegrades import MOST, Configured, Logged, Logs, Recorded, combine
from evidence.model import noticeevidence
from evidence.model.incident import NoticeStatement
from evidence.model.notice import Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import RESULTS, Match, NoticeSearch
from evidence.model.recording import RecordingFacts
from evidence.model.records import MAX_TEXT

ONE, TWO = "7a40ed4c-6a3c-4a51-9a0e-7f1d6e2c9b35", "0b7c1f7e-2a44-4d53-8a41-5f1b0c0de0aa"
TIME = StatedTime("2026-11-05T08:15:02.000Z", "2026-11-05 10:15:02", "cel.csv, line 3, Europe/Kyiv")
SOUND = Sound("a.wav", "sound.wav", 1, bytes(32), RecordingFacts())
NOTICE = Notice(
    id=ONE,
    language="uk",
    key_clause=KeyClause(500, 1500),
    valid_from=TIME,
    approved_by="x",
    added=Added(TIME.utc, "x", "y", "z"),
    sound=SOUND,
    played_as=("custom/record-notice",),
)
WORDING = replace(NOTICE, id=TWO, sound=None)
CHANNELS = ("caller", "agent")

GRADES = {
    "FOUND": "in_recording",
    "CLAUSE_FOUND": "in_recording",
    "HEARD": "in_recording",
    "LOGGED": "pbx_log",
    "LOG_STATED": "pbx_log",
    "CONFIGURED": "config_snapshot",
    "CONFIG_STATED": "config_snapshot",
    "OPERATOR_STATED": "operator_statement",
    "PART_FOUND": "none",
}
"""FORMAT.md's table, in its order: the strongest first."""
STRENGTH = ("in_recording", "pbx_log", "config_snapshot", "operator_statement", "none")


def match(result: str, at_ms: int | None = 2100, channel: int = 0, **scores: int) -> Match:
    place = None if result == "not_detected" else at_ms
    return Match(ONE, channel, result, place, scores.get("coverage", 0), scores.get("clause_coverage", 0))


def searched(*matches: Match, is_whole: bool = True) -> NoticeSearch:
    return NoticeSearch("evidence-notice-search-1", 120_000, is_whole, 2, matches)


NOTHING = searched(match("not_detected"), match("not_detected", channel=1))
FOUND = searched(match("found", coverage=978, clause_coverage=1000), match("not_detected", channel=1))
LOGGED = Logged(ONE, "E3", 7, "custom/record-notice", TIME)
LOGS = Logs(("E3",), ("E3",), (), (LOGGED,))
HEARD = NoticeStatement("in_recording", "call.wav", 0, 2000, "Старший зміни")


def recorded(*wanted: Notice, **given: object) -> Recorded:
    """A recording of two named channels, in whose call nothing was said, logged or searched."""
    return Recorded(wanted or (NOTICE,), channels=CHANNELS, all_channels=2, **given)  # type: ignore[arg-type]


def said(grade: str, recording: str = "", **given: object) -> Recorded:
    return recorded(statement=NoticeStatement(grade, recording, source="хто", **given))  # type: ignore[arg-type]


# What speaks for it, and the grade that it gives

FOR: dict[str, tuple[Recorded, Item]] = {
    "FOUND": (
        recorded(search=FOUND),
        Item("FOUND", ONE, 0, "caller", 2100, 978, 1000),
    ),
    "CLAUSE_FOUND": (
        recorded(search=searched(match("partial", coverage=400, clause_coverage=600, channel=1))),
        Item("CLAUSE_FOUND", ONE, 1, "agent", 2100, 400, 600),
    ),
    "HEARD": (
        recorded(statement=HEARD, stated_channel=0),
        Item("HEARD", channel=0, channel_name="caller", at_ms=2000, text="Старший зміни"),
    ),
    "LOGGED": (
        recorded(logs=LOGS),
        Item("LOGGED", ONE, exhibit="E3", line=7, text="custom/record-notice", at=TIME),
    ),
    "LOG_STATED": (said("pbx_log"), Item("LOG_STATED", text="хто")),
    "CONFIGURED": (
        recorded(configured=(Configured(ONE, "E4", 12, "custom/record-notice"),)),
        Item("CONFIGURED", ONE, exhibit="E4", line=12, text="custom/record-notice"),
    ),
    "CONFIG_STATED": (said("config_snapshot"), Item("CONFIG_STATED", text="хто")),
    "OPERATOR_STATED": (said("operator_statement"), Item("OPERATOR_STATED", text="хто")),
    "PART_FOUND": (
        recorded(search=searched(match("partial", coverage=500, clause_coverage=599))),
        Item("PART_FOUND", ONE, 0, "caller", 2100, 500, 599),
    ),
}


@pytest.mark.parametrize("code", GRADES)
def test_what_speaks_for_it(code: str) -> None:
    given, item = FOR[code]
    told = combine(given)
    assert told.speaks_for == (item,)
    assert told.grade == GRADES[code]


def test_nothing_gives_no_grade() -> None:
    told = combine(recorded(search=NOTHING, statement=NoticeStatement()))
    assert (told.speaks_for, told.grade) == ((), "none")


def test_all_of_it_stands_in_the_order_of_the_table() -> None:
    partial = match("partial", coverage=1, clause_coverage=900, channel=1)
    search = searched(match("partial", coverage=700), partial, match("found", channel=2, coverage=5))
    configured = (Configured(ONE, "E4", 1, "x"),)
    whole = recorded(search=search, statement=HEARD, stated_channel=0, logs=LOGS, configured=configured)
    codes = [item.code for item in combine(whole).speaks_for]
    assert codes == ["FOUND", "CLAUSE_FOUND", "HEARD", "LOGGED", "CONFIGURED", "PART_FOUND"]


def test_of_one_kind_the_better_heard_comes_first() -> None:
    search = searched(match("found", coverage=700), match("found", channel=1, coverage=900))
    assert [item.channel for item in combine(recorded(search=search)).speaks_for] == [1, 0]


def test_that_it_is_heard_somewhere_is_a_mere_statement_of_each_recording() -> None:
    """Of several recordings, when nobody says in which it is heard."""
    told = combine(recorded(statement=replace(HEARD, recording="")))
    assert told.speaks_for == (Item("OPERATOR_STATED", text="Старший зміни"),)


def test_channels_without_names_and_beyond_them() -> None:
    search = searched(match("found", channel=5))
    for channels in ((), CHANNELS):
        given = replace(recorded(search=search), channels=channels)
        assert combine(given).speaks_for[0].channel_name == ""


# What speaks against it


def against(given: Recorded) -> list[Item]:
    return list(combine(given).against)


def test_not_in_the_sound() -> None:
    assert against(recorded(search=NOTHING)) == [Item("NOT_IN_SOUND", milliseconds=120_000)]


def test_only_something_similar() -> None:
    given = recorded(search=searched(match("similar", 900, 1), match("not_detected")))
    assert against(given) == [
        Item("SIMILAR_ONLY", ONE, 1, "agent", 900),
        Item("NOT_IN_SOUND", milliseconds=120_000),
    ]


@pytest.mark.parametrize("result", ["found", "partial"])
def test_a_channel_without_it_contradicts_nothing(result: str) -> None:
    given = recorded(search=searched(match(result, clause_coverage=900), match("similar", channel=1)))
    assert against(given) == []


def test_a_search_that_found_no_sound_speaks_neither_for_nor_against() -> None:
    assert against(recorded(search=NoticeSearch(problems=("not_decodable",)))) == []
    assert against(recorded(search=replace(NOTHING, searched_ms=0, problems=("no_sound",)))) == []


def test_the_key_clause_was_not_heard() -> None:
    given, _item = FOR["PART_FOUND"]
    assert against(given) == [Item("CLAUSE_NOT_HEARD", ONE, 0, at_ms=2100)]


def test_the_key_clause_was_heard_in_another_channel() -> None:
    both = searched(match("partial", coverage=500), match("partial", channel=1, clause_coverage=700))
    assert against(recorded(search=both)) == []


def test_the_log_says_that_it_was_cut_short() -> None:
    cut = replace(LOGS, played=(replace(LOGGED, cut_ms=900),))
    assert against(recorded(logs=cut)) == [
        Item("CUT_SHORT", ONE, exhibit="E3", line=7, milliseconds=900),
    ]
    assert combine(recorded(logs=cut)).grade == "pbx_log"


def test_the_log_notes_announcements_and_none_in_this_call() -> None:
    """Said of the logs that note them alone: a queue_log never names what is played."""
    logs = Logs(("E3", "E4"), showing=("E4",))
    assert against(recorded(logs=logs)) == [Item("NOT_LOGGED", exhibit="E4")]


@pytest.mark.parametrize(
    "given",
    [
        recorded(logs=Logs(("E3",))),
        recorded(logs=Logs(("E3",), silent=("E3",))),
        recorded(replace(NOTICE, played_as=()), logs=Logs(("E3",), showing=("E3",))),
        recorded(NOTICE, replace(WORDING, played_as=()), logs=Logs(("E3",), showing=("E3",))),
        recorded(left_out=(TWO,), logs=Logs(("E3",), showing=("E3",))),
        Recorded((), logs=Logs(("E3",), showing=("E3",))),
    ],
)
def test_a_log_that_can_not_know_contradicts_nothing(given: Recorded) -> None:
    """It doesn't note what is played, or what was played may be a version by another name."""
    assert against(given) == []


@pytest.mark.parametrize(("stated", "differs"), [(5100, False), (5101, True), (0, False), (60_000, True)])
def test_a_person_states_another_place(stated: int, differs: bool) -> None:  # noqa: FBT001
    """Three seconds are nothing to someone who writes down a place while listening."""
    given = recorded(search=FOUND, statement=replace(HEARD, at_milliseconds=stated), stated_channel=0)
    expected = [Item("PLACE_DIFFERS", at_ms=2100, milliseconds=stated)] if differs else []
    assert against(given) == expected


def test_a_person_states_another_channel() -> None:
    given = recorded(search=FOUND, statement=HEARD, stated_channel=1)
    assert against(given) == [Item("CHANNEL_DIFFERS", channel=0, channel_name="caller")]


@pytest.mark.parametrize("grade", ["pbx_log", "config_snapshot", "operator_statement", "none"])
def test_other_statements_state_no_place(grade: str) -> None:
    given = recorded(
        search=FOUND, statement=replace(HEARD, grade=grade, at_milliseconds=90_000), stated_channel=1
    )
    assert against(given) == []


# What was not looked at


def unseen(given: Recorded) -> list[Item]:
    return list(combine(given).unseen)


NO_LOGS = Item("NO_PBX_RECORDS")


def test_nothing_is_left_open() -> None:
    assert unseen(recorded(search=FOUND, logs=LOGS)) == []


@pytest.mark.parametrize(
    ("given", "item"),
    [
        (recorded(search=FOUND, logs=LOGS, is_time_known=False), Item("TIME_UNKNOWN")),
        (Recorded((), channels=CHANNELS, logs=LOGS), Item("NO_VERSION")),
        (recorded(search=FOUND, logs=LOGS, damaged=(TWO,)), Item("VERSION_DAMAGED", text=TWO)),
        (recorded(search=FOUND, logs=LOGS, left_out=(TWO,)), Item("VERSION_LEFT_OUT", text=TWO)),
        (recorded(WORDING, logs=LOGS), Item("WITHOUT_SOUND", TWO)),
        (recorded(logs=LOGS), Item("NOT_SEARCHED", text="off")),
        (replace(recorded(search=FOUND, logs=LOGS), channels=()), Item("CHANNEL_UNNAMED")),
        (recorded(search=FOUND), NO_LOGS),
        (
            recorded(search=FOUND, logs=Logs(("E3",), silent=("E3",))),
            Item("PLAYBACK_NOT_LOGGED", exhibit="E3"),
        ),
        (recorded(replace(NOTICE, played_as=()), search=FOUND, logs=LOGS), Item("NAME_UNKNOWN", ONE)),
        (
            recorded(search=NOTHING, logs=replace(LOGS, played=(replace(LOGGED, is_recorded=False),))),
            Item("RECORDED_LATER", ONE, exhibit="E3", line=7),
        ),
        (
            recorded(search=FOUND, logs=replace(LOGS, by_number=("E3",))),
            Item("TIED_BY_NUMBER", exhibit="E3"),
        ),
    ],
)
def test_what_was_not_looked_at(given: Recorded, item: Item) -> None:
    assert unseen(given) == [item]


@pytest.mark.parametrize("result", ["found", "partial"])
def test_what_the_sound_shows_is_not_called_impossible(result: str) -> None:
    logs = replace(LOGS, played=(replace(LOGGED, is_recorded=False),))
    given = recorded(search=searched(match(result, clause_coverage=900)), logs=logs)
    assert "RECORDED_LATER" not in {item.code for item in unseen(given)}


def test_a_version_that_was_left_out_is_a_version() -> None:
    told = unseen(Recorded((), left_out=(TWO,), channels=CHANNELS, logs=LOGS))
    assert told == [Item("VERSION_LEFT_OUT", text=TWO)]


@pytest.mark.parametrize("problem", ["no_media", "timeout", "announcement_unreadable"])
def test_why_it_was_not_searched(problem: str) -> None:
    given = recorded(search=NoticeSearch(problems=(problem,)), logs=LOGS)
    assert unseen(given) == [Item("NOT_SEARCHED", text=problem)]


def test_the_rest_was_not_searched() -> None:
    """Worth a word only while it isn't found."""
    rest = [Item("REST_NOT_SEARCHED", milliseconds=120_000)]
    assert unseen(recorded(search=replace(NOTHING, is_whole=False), logs=LOGS)) == rest
    part = searched(match("partial", clause_coverage=900), is_whole=False)
    assert unseen(recorded(search=part, logs=LOGS)) == rest
    assert unseen(recorded(search=replace(FOUND, is_whole=False), logs=LOGS)) == []


@pytest.mark.parametrize(("channels", "is_told"), [(None, False), (1, False), (2, True), (8, True)])
def test_one_channel_needs_no_name(channels: int | None, is_told: bool) -> None:  # noqa: FBT001
    given = replace(recorded(search=FOUND, logs=LOGS), channels=(), all_channels=channels)
    assert (Item("CHANNEL_UNNAMED") in unseen(given)) == is_told


def test_logs_that_note_nothing_are_no_matter_beside_one_that_does() -> None:
    logs = Logs(("E3", "E4"), showing=("E3",), silent=("E4",), played=(LOGGED,))
    assert unseen(recorded(search=FOUND, logs=logs)) == []


def test_every_code_has_its_case() -> None:
    """Those above give all that the model knows."""
    codes = {item for given, _ in FOR.values() for item in _codes(combine(given))}
    cases = [
        recorded(search=NOTHING),
        recorded(search=searched(match("similar"))),
        recorded(logs=replace(LOGS, played=(replace(LOGGED, cut_ms=1, is_recorded=False),))),
        recorded(logs=Logs(("E3",), ("E3",))),
        recorded(logs=Logs(("E3",), (), ("E3",))),
        recorded(logs=replace(LOGS, by_number=("E3",))),
        recorded(search=FOUND, statement=replace(HEARD, at_milliseconds=99_000), stated_channel=1),
        Recorded((), damaged=(ONE,), all_channels=2, is_time_known=False),
        recorded(WORDING, left_out=(ONE,)),
        recorded(replace(NOTICE, played_as=()), logs=LOGS, search=replace(NOTHING, is_whole=False)),
    ]
    codes |= {code for given in cases for code in _codes(combine(given))}
    assert codes == set(noticeevidence.CODES)


def _codes(told: NoticeEvidence) -> set[str]:
    return {item.code for item in (*told.speaks_for, *told.against, *told.unseen)}


# Laws

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
