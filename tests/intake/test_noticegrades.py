"""What is said of a recording: every code by the table of FORMAT.md, "Notice evidence"."""

from dataclasses import replace

import pytest

from evidence.intake.noticegrades import Configured, Logs, Recorded, combine
from evidence.model import noticeevidence
from evidence.model.incident import NoticeStatement
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import NoticeSearch
from tests.intake.noticegrading import (
    CHANNELS,
    FOUND,
    GRADES,
    HEARD,
    LOGGED,
    LOGS,
    NOTHING,
    NOTICE,
    ONE,
    TIME,
    TWO,
    WORDING,
    match,
    recorded,
    said,
    searched,
)

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
