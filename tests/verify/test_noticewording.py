"""What shows that the announcement was played, in words: every code, in both languages, and honest."""

import re
from typing import Any

import pytest

from evidence import messages
from evidence.model.notice import StatedTime
from evidence.model.noticeevidence import CODES, Item, NoticeEvidence
from evidence.verify.noticewording import Known, clause, short, statement

VERSION = "00000000-0000-4000-8000-000000000703"
KNOWN = Known({VERSION: "Вітання"}, {"E4": "cel.csv"})
AT = StatedTime("2026-11-05T08:15:02.000Z", "10:15:02", "cel.csv")
FOUND = Item("FOUND", VERSION, 0, "caller", 2100, 978, 1000)
LOGGED = Item("LOGGED", VERSION, exhibit="E4", line=12, at=AT, text="custom/notice")
HOSTILE = "\x1b[2J\u202e[red]x[/red]\n" + " " * 200 + "E1: PASSED"

EXPECTED = {
    "en": {
        "FOUND": (
            "the announcement “Вітання” is in the caller's channel (channel 0) at 2.1 s, "
            "97 % of its speech, its key clause in full"
        ),
        "LOGGED": (
            "the PBX's log cel.csv (E4), line 12, says that the announcement “Вітання” was played "
            "as “custom/notice” at 10:15:02"
        ),
    },
    "uk": {
        "FOUND": (
            "сповіщення «Вітання» є в каналі того, хто телефонував (канал 0) на 2.1 с, "
            "97 % його звучання, ключова фраза повністю"
        ),
        "LOGGED": (
            "журнал АТС cel.csv (E4), рядок 12, каже, що сповіщення «Вітання» відтворено "
            "під назвою «custom/notice» 10:15:02"
        ),
    },
}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_found_and_what_is_logged(language: str) -> None:
    messages.set_language(language)
    for item in (FOUND, LOGGED):
        assert clause(item, KNOWN) == EXPECTED[language][item.code]


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_clause_that_stands_alone(code: str, language: str) -> None:
    messages.set_language(language)
    full = Item(code, VERSION, 1, "agent", -700, 999, 129, AT, "E4", 7, "words", 5000)
    for item in (Item(code), full):
        told = clause(item, KNOWN)
        assert told == " ".join(told.split())
        assert not re.search(r" [,.;:)]|\(\)|“”|«»|[{}]", told)
        assert told[0].islower() or told.startswith("АТС")
        assert not told.endswith(".")
        assert "100 %" not in told


def test_nobody_is_said_to_have_heard_or_understood_it() -> None:
    for code in CODES:
        told = clause(Item(code, VERSION, 0, "caller", 10, 1000, 1000), KNOWN)
        assert not re.search(r"caller (has )?(heard|knew|understood)|subscriber", told), told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (0, "at 0 s"),
        (2100, "at 2.1 s"),
        (59_999, "at 59.999 s"),
        (60_000, "at 1:00.000"),
        (3_723_004, "at 1:02:03.004"),
        (-1200, "(beginning 1.2 s before the recording)"),
        (120_000, "at 2:00.000"),
        (10_000, "at 10 s"),
    ],
)
def test_places(at: int, told: str) -> None:
    assert clause(Item("SIMILAR_ONLY", at_ms=at), KNOWN).split(", which")[0].endswith(f"recording {told}")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("caller", "in the caller's channel (channel 1)"),
        ("agent", "in the agent's channel (channel 1)"),
        ("supervisor", "in the channel of “supervisor” (channel 1)"),
        ("channel", "in the channel of “channel” (channel 1)"),
        ("", "in channel 1"),
    ],
)
def test_channels(name: str, told: str) -> None:
    item = Item("SIMILAR_ONLY", channel=1, channel_name=name, at_ms=0)
    assert f" is {told} at 0 s" in clause(item, KNOWN)


def test_shares_are_cut_off_and_only_all_is_in_full() -> None:
    told = clause(Item("PART_FOUND", coverage=999, clause_coverage=999), KNOWN)
    assert told.endswith(", 99 % of its speech, 99 % of its key clause")


def test_which_version_is_said_where_there_are_several() -> None:
    item = Item("NOT_IN_SOUND", VERSION)
    assert clause(item, KNOWN) == "in the sound it was not detected automatically"
    several = Known({**KNOWN.titles, "other": "Інше"})
    assert clause(item, several) == "in the sound it (“Вітання”) was not detected automatically"


def test_a_statement_names_the_strongest_what_speaks_against_it_and_what_was_not_looked_at() -> None:
    evidence = NoticeEvidence(
        (LOGGED, Item("OPERATOR_STATED", text="Agent 204")),
        (Item("NOT_IN_SOUND", VERSION),),
        (Item("REST_NOT_SEARCHED", milliseconds=120_000), Item("CHANNEL_UNNAMED")),
    )
    assert statement("E1", evidence, KNOWN) == (
        f"E1: {EXPECTED['en']['LOGGED']}; a person states that the announcement was played (Agent 204); in the sound it was not detected automatically. Not known or not "
        "looked at: only the first 120 s of the recording were searched; nobody stated who is heard in which "
        "channel."
    )


def test_a_statement_names_every_channel_in_which_it_was_found() -> None:
    other = Item("FOUND", VERSION, 1, "agent", 2110, 500, 1000)
    told = statement("E1", NoticeEvidence((FOUND, other, LOGGED)), KNOWN)
    assert "in the caller's channel (channel 0) at 2.1 s" in told
    assert "; the announcement “Вітання” is in the agent's channel (channel 1) at 2.11 s" in told
    assert "; the PBX's log cel.csv (E4), line 12, says that" in told


def test_a_statement_of_nothing() -> None:
    assert statement("E2", NoticeEvidence(), KNOWN) == "E2: nothing shows that the announcement was played."
    messages.set_language("uk")
    assert statement("E2", NoticeEvidence(), KNOWN) == "E2: ніщо не свідчить, що сповіщення відтворено."


def test_a_part_without_key_clause_shows_nothing() -> None:
    part = Item("PART_FOUND", VERSION, 0, at_ms=0, coverage=400, clause_coverage=0)
    told = statement("E1", NoticeEvidence((part,)), KNOWN)
    assert told.startswith(
        "E1: nothing shows that the announcement was played; only a part of the announcement"
    )


def test_long_lists_are_counted() -> None:
    told = statement("E1", NoticeEvidence(against=(Item("NOT_LOGGED"),) * 9), KNOWN, most=2)
    assert told.count("notes announcements") == 2
    assert told.endswith("; and 7 more.")


def test_codes_of_later_versions_are_shown_as_they_are() -> None:
    later = Item("OVERHEARD_2", VERSION)
    told = statement("E1", NoticeEvidence((later,), (later,), (later,)), KNOWN)
    assert told.count("OVERHEARD_2 (a code that this version of the program doesn't know)") == 3
    assert "nothing shows" not in told


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_hostile_text_stays_in_its_sentence(code: str, language: str) -> None:
    messages.set_language(language)
    at = StatedTime("2026-11-05T08:15:02.000Z", "\x1b]0;x\x07", HOSTILE)
    item = Item(code, VERSION, 0, HOSTILE, 1, 1, 1, at, "E4", 1, HOSTILE, 1)
    told = clause(item, Known({VERSION: HOSTILE, "other": HOSTILE}, {"E4": HOSTILE}))
    assert told.isprintable()
    assert "  " not in told
    assert "\u202e" not in told


def test_long_text_is_cut() -> None:
    assert short("я" * 20_000) == "я" * 59 + "…"


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "english"),
    [("off", "the search was switched off"), ("of_the_future", "of_the_future"), ("a" * 999, "aaa")],
)
def test_why_nothing_was_searched(reason: str, english: str, language: str) -> None:
    messages.set_language(language)
    item: dict[str, Any] = {"code": "NOT_SEARCHED", "text": reason}
    told = clause(Item(**item), KNOWN)
    assert len(told) < 200
    if language == "en":
        assert told.startswith(f"the sound was not searched: {english}")


def test_damage_is_told_in_words() -> None:
    told = clause(Item("VERSION_DAMAGED", text="sound_missing"), KNOWN)
    assert told == "a version of the announcement is damaged in the vault: its sound is missing"
