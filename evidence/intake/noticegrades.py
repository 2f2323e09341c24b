"""What shows of one recording that the notice was played, put together (FORMAT.md, "Notice evidence").

Nothing is decided here that a reader couldn't decide alike from the same records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.model import noticeevidence as codes
from evidence.model.incident import NoticeStatement
from evidence.model.notice import Notice, StatedTime
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import FOUND, PARTIAL, SIMILAR, Match, NoticeSearch

CLAUSE_HEARD = 600
"""Share of the key clause's speech, in thousandths, from which on it counts as heard, as in a FOUND."""

PLACE_SLACK_MS = 3000
"""How far a place that a person states may be from the one that was found."""

_STATEMENTS = {
    "in_recording": codes.HEARD,
    "pbx_log": codes.LOG_STATED,
    "config_snapshot": codes.CONFIG_STATED,
    "operator_statement": codes.STATED,
}
MOST = 100
"""Items of one kind, at most; the schema's."""

LONGEST_NAME = 200
"""Characters of a name in a log or a configuration, at most; what is longer is cut off there."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of a PBX's log that says a version was played.

    Attributes:
        version: id of the version.
        exhibit: id of the log.
        line: its line, from 1.
        name: what was played, as the log has it; untrusted.
        at: when, by the PBX's clock; None when that can't be told.
        cut_ms: after how many milliseconds it ended, where that is before the key clause's end; else None.
        is_recorded: False where the log shows that the recording can't hold it; None when it doesn't tell.
    """

    version: str
    exhibit: str
    line: int
    name: str
    at: StatedTime | None = None
    cut_ms: int | None = None
    is_recorded: bool | None = None


@dataclass(frozen=True, slots=True)
class Logs:
    """What the PBX's logs say about one call.

    Attributes:
        exhibits: ids of the logs that concern the call; empty without any.
        showing: ids of those that note what is played to callers, and were read to their end.
        silent: ids of those that are known not to note it.
        played: where a version was played.
        by_number: ids of those whose lines are tied to the call by its number and time alone.
    """

    exhibits: tuple[str, ...] = ()
    showing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    played: tuple[Logged, ...] = ()
    by_number: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configured:
    """A line of a kept configuration that plays a version; attributes as of Logged."""

    version: str
    exhibit: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording and everything that is known of its announcement.

    Attributes:
        wanted: the versions that were in force, in the order in which they were added.
        search: what was found in its sound; None when it wasn't searched.
        statement: what a person states of this recording; None when nobody does.
        stated_channel: the number of the channel in the statement; None when it isn't told.
        channels: who is said to be heard in which channel.
        all_channels: how many there are; None when unknown.
        logs: what logs say of its call.
        configured: what kept configurations say.
        damaged: ids of versions that are damaged in the vault.
        left_out: ids of versions that were in force, too, and for which the archive has no room.
        is_time_known: whether the call's time is stated.
    """

    wanted: tuple[Notice, ...]
    search: NoticeSearch | None = None
    statement: NoticeStatement | None = None
    stated_channel: int | None = None
    channels: tuple[str, ...] = ()
    all_channels: int | None = None
    logs: Logs = Logs()
    configured: tuple[Configured, ...] = ()
    damaged: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    is_time_known: bool = True


def combine(recorded: Recorded) -> NoticeEvidence:
    """Put together what shows of a recording that the notice was played."""
    speaks_for = sorted(_for(recorded), key=_strength)
    return NoticeEvidence(
        _bounded(speaks_for), _bounded(_against(recorded, speaks_for)), _bounded(_unseen(recorded))
    )


def _bounded(items: Iterable[Item]) -> tuple[Item, ...]:
    """At most MOST of the items, in their order; the first of each code is among them."""
    found = list(items)
    first = {item.code: place for place, item in reversed(list(enumerate(found)))}
    others = [place for place in range(len(found)) if place not in first.values()]
    kept = sorted([*first.values(), *others[: MOST - len(first)]])
    return tuple(found[place] for place in kept)


def _strength(item: Item) -> tuple[int, int]:
    return list(codes.GRADE_OF).index(item.code), -(item.coverage or 0)


def _matches(recorded: Recorded, *results: str) -> Iterator[Match]:
    if recorded.search is not None:
        yield from (match for match in recorded.search.matches if match.result in results)


# What speaks for it


def _for(recorded: Recorded) -> Iterator[Item]:
    for match in _matches(recorded, FOUND):
        yield _found(recorded, match, codes.FOUND)
    for match in _matches(recorded, PARTIAL):
        heard = match.clause_coverage >= CLAUSE_HEARD
        yield _found(recorded, match, codes.CLAUSE_FOUND if heard else codes.PART_FOUND)
    yield from _stated(recorded)
    for logged in recorded.logs.played:
        yield Item(
            codes.LOGGED,
            version=logged.version,
            at=logged.at,
            exhibit=logged.exhibit,
            line=logged.line,
            text=logged.name[:LONGEST_NAME],
        )
    for mention in recorded.configured:
        yield Item(
            codes.CONFIGURED,
            version=mention.version,
            exhibit=mention.exhibit,
            line=mention.line,
            text=mention.name[:LONGEST_NAME],
        )


def _found(recorded: Recorded, match: Match, code: str) -> Item:
    return Item(
        code,
        version=match.version,
        channel=match.channel,
        channel_name=_channel_name(recorded, match.channel),
        at_ms=match.at_ms,
        coverage=match.coverage,
        clause_coverage=match.clause_coverage,
    )


def _channel_name(recorded: Recorded, channel: int) -> str:
    return recorded.channels[channel] if channel < len(recorded.channels) else ""


def _stated(recorded: Recorded) -> Iterator[Item]:
    said = recorded.statement
    if said is None or said.grade not in _STATEMENTS:
        return
    code = _STATEMENTS[said.grade]
    if code == codes.HEARD and not said.recording:
        code = codes.STATED  # of several recordings, and nobody says in which
    if code != codes.HEARD:
        yield Item(code, text=said.source)
        return
    channel = recorded.stated_channel
    name = "" if channel is None else _channel_name(recorded, channel)
    yield Item(code, channel=channel, channel_name=name, at_ms=said.at_milliseconds, text=said.source)


# What speaks against it


def _against(recorded: Recorded, speaks_for: Sequence[Item]) -> Iterator[Item]:
    found = list(_matches(recorded, FOUND, PARTIAL))
    has_clause = any(item.code in {codes.FOUND, codes.CLAUSE_FOUND} for item in speaks_for)
    if not found:
        yield from _not_in_sound(recorded)
    for item in speaks_for:
        if item.code == codes.PART_FOUND and not has_clause:
            yield Item("CLAUSE_NOT_HEARD", version=item.version, channel=item.channel, at_ms=item.at_ms)
    for logged in recorded.logs.played:
        if logged.cut_ms is not None:
            yield Item(
                "CUT_SHORT",
                version=logged.version,
                exhibit=logged.exhibit,
                line=logged.line,
                milliseconds=logged.cut_ms,
            )
    yield from _not_logged(recorded)
    yield from _differs(recorded, found)


def _not_in_sound(recorded: Recorded) -> Iterator[Item]:
    """The search found nothing, or only something similar; where it heard no sound, it says nothing."""
    search = recorded.search
    if search is None or not search.matches or not search.searched_ms:
        return
    for match in _matches(recorded, SIMILAR):
        yield Item(
            "SIMILAR_ONLY",
            version=match.version,
            channel=match.channel,
            channel_name=_channel_name(recorded, match.channel),
            at_ms=match.at_ms,
        )
    yield Item("NOT_IN_SOUND", milliseconds=search.searched_ms)


def _not_logged(recorded: Recorded) -> Iterator[Item]:
    """Logs note what is played, and no version is among it; a version without name may be."""
    are_known = bool(recorded.wanted) and not recorded.left_out
    if are_known and not recorded.logs.played and all(notice.played_as for notice in recorded.wanted):
        for exhibit in recorded.logs.showing:
            yield Item("NOT_LOGGED", exhibit=exhibit)


def _differs(recorded: Recorded, found: Sequence[Match]) -> Iterator[Item]:
    """A person states another place or channel than the search found."""
    said = recorded.statement
    if said is None or said.grade != "in_recording" or not said.recording or not found:
        return
    places = [match.at_ms for match in found if match.at_ms is not None]
    stated = said.at_milliseconds
    if stated is not None and places and min(abs(stated - at) for at in places) > PLACE_SLACK_MS:
        nearest = min(places, key=lambda at: abs(stated - at))
        yield Item("PLACE_DIFFERS", at_ms=nearest, milliseconds=stated)
    channel = recorded.stated_channel
    if channel is not None and channel not in {match.channel for match in found}:
        other = found[0].channel
        yield Item("CHANNEL_DIFFERS", channel=other, channel_name=_channel_name(recorded, other))


# What was not looked at


def _unseen(recorded: Recorded) -> Iterator[Item]:
    if not recorded.is_time_known:
        yield Item("TIME_UNKNOWN")
    if not recorded.wanted and not recorded.left_out:
        yield Item("NO_VERSION")
    for version in recorded.damaged:
        yield Item("VERSION_DAMAGED", text=version)
    for version in recorded.left_out:
        yield Item("VERSION_LEFT_OUT", text=version)
    for notice in recorded.wanted:
        if notice.sound is None:
            yield Item("WITHOUT_SOUND", version=notice.id)
    yield from _not_searched(recorded)
    if (recorded.all_channels or 0) > 1 and not recorded.channels:
        yield Item("CHANNEL_UNNAMED")
    yield from _logs_unseen(recorded)


def _not_searched(recorded: Recorded) -> Iterator[Item]:
    search = recorded.search
    if search is None:
        if any(notice.sound for notice in recorded.wanted):
            yield Item("NOT_SEARCHED", text="off")
        return
    for problem in search.problems:
        yield Item("NOT_SEARCHED", text=problem)
    if search.matches and not search.is_whole and not any(_matches(recorded, FOUND)):
        yield Item("REST_NOT_SEARCHED", milliseconds=search.searched_ms)


def _logs_unseen(recorded: Recorded) -> Iterator[Item]:
    logs = recorded.logs
    if not logs.exhibits:
        yield Item("NO_PBX_RECORDS")
        return
    for exhibit in logs.by_number:
        yield Item("TIED_BY_NUMBER", exhibit=exhibit)
    in_sound = {match.version for match in _matches(recorded, FOUND, PARTIAL)}
    for logged in logs.played:
        if logged.is_recorded is False and logged.version not in in_sound:
            yield Item("RECORDED_LATER", version=logged.version, exhibit=logged.exhibit, line=logged.line)
    if not logs.showing:
        for exhibit in logs.silent:
            yield Item("PLAYBACK_NOT_LOGGED", exhibit=exhibit)
    for notice in recorded.wanted:
        if not notice.played_as:
            yield Item("NAME_UNKNOWN", version=notice.id)
