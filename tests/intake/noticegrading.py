"""What is known of a recording when it is told whether the notice was played in it."""

from dataclasses import replace

from evidence.intake.noticegrades import Logged, Logs, Recorded
from evidence.model.incident import NoticeStatement
from evidence.model.notice import Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.noticesearch import Match, NoticeSearch
from evidence.model.recording import RecordingFacts

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
    """What a search says of one version in one channel."""
    place = None if result == "not_detected" else at_ms
    return Match(ONE, channel, result, place, scores.get("coverage", 0), scores.get("clause_coverage", 0))


def searched(*matches: Match, is_whole: bool = True) -> NoticeSearch:
    """A search of a recording of two channels."""
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
    """A recording of which only a person states something."""
    return recorded(statement=NoticeStatement(grade, recording, source="хто", **given))  # type: ignore[arg-type]
