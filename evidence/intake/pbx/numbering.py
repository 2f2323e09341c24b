"""Lines that only a number and a time tie to an incident: taken where one call fits, told where more do."""

import re
from collections.abc import Iterable, Sequence

from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.pieces import Holds
from evidence.intake.pbx.relating import Relation, Sought
from evidence.intake.pbx.sources import Source
from evidence.intake.pbx.telling import Problems
from evidence.intake.pbx.timing import Clock
from evidence.model import pbxlog

MOST_LOOKED = 100_000
"""Lines with a number that are looked at in one log; a number in more of them doesn't tell calls apart."""

_BEGINNINGS = {pbxlog.CALL, pbxlog.START, pbxlog.QUEUE}
_ASTERISK = re.compile(r"(?:[0-9A-Za-z_-]{1,64}-)?([0-9]{9,10})\.[0-9]{1,10}", re.ASCII)
"""An id of a channel: perhaps the system's name, the second of its creation, a number."""
_Groups = dict[str, list[Draft]]
"""Lines that fit one call, by the id that they share."""


class Numbers:
    """Looks for calls in one log by their numbers and times.

    Args:
        calls: those that are sought.
        clock: understands the log's times.
        with_ids: whether lines that name ids may be taken; else only lines without any.
    """

    def __init__(self, calls: Sequence[Sought], clock: Clock, *, with_ids: bool) -> None:
        self._calls = calls
        self._clock = clock
        self._with_ids = with_ids
        self._found: list[_Groups] = [{} for _ in calls]

    def pick(
        self, source: Source, holds: Holds, relation: Relation, problems: Problems
    ) -> set[tuple[str, ...]]:
        """The keys of the lines that are taken; their ids belong to the incident from now on."""
        newest = max(_created(relation.ids), default=None)
        for looked, draft in enumerate(source.drafts(holds)):
            if looked == MOST_LOOKED:
                problems.add(0, "many_of_number")
                return set()
            if not draft.ids or (
                self._with_ids and draft.kind in _BEGINNINGS and not _is_later(draft, newest)
            ):
                self._compare(draft)
        picked: set[tuple[str, ...]] = set()
        for groups in filter(None, self._found):
            first = min(drafts[0].line for drafts in groups.values())
            problems.add(first, "several_calls" if len(groups) > 1 else "by_number")
            if len(groups) == 1:
                (drafts,) = groups.values()
                picked |= {draft.key for draft in drafts}
                for draft in drafts:
                    relation.learn(draft)
        return picked

    def _compare(self, draft: Draft) -> None:
        near = [place for place, call in enumerate(self._calls) if call.names(draft)]
        event = self._clock.event(draft) if near else None
        for place in near:
            if event is not None and self._calls[place].fits(event):
                _group(draft, self._found[place])


def _group(draft: Draft, groups: _Groups) -> None:
    """Put a line to those of the same call; of two calls that fit nothing more needs to be known."""
    key = draft.values.get("linked_id") or draft.values.get("id") or " ".join(draft.key)
    drafts = groups.setdefault(key, []) if len(groups) < 2 else groups.get(key, [])
    if len(drafts) < pbxlog.MOST_EVENTS:
        drafts.append(draft)


def _created(ids: Iterable[str]) -> list[int]:
    """When channels with such ids were created, in seconds since 1970; Asterisk's tell it."""
    return [int(found[1]) for found in map(_ASTERISK.fullmatch, ids) if found]


def _is_later(draft: Draft, newest: int | None) -> bool:
    """Whether a line is about a call whose first channel came after all that are known: another call."""
    first = _created([draft.values.get("linked_id", "")])
    return newest is not None and bool(first) and first[0] > newest + 1
