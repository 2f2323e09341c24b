"""The events of one log that concern an incident, as many as a record holds."""

import json
from dataclasses import replace

from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.telling import Problems
from evidence.intake.pbx.timing import Clock
from evidence.model.pbxlog import MOST_BYTES, MOST_EVENTS, OTHER, PLAYBACK, PLAYBACK_END, PbxEvent


class Events:
    """Collects events; where there are too many, those that say least are left out.

    Args:
        clock: understands their times.
        problems: gets the lines that stand there twice.
    """

    def __init__(self, clock: Clock, problems: Problems) -> None:
        self._clock = clock
        self._problems = problems
        self._kept: dict[bool, list[PbxEvent]] = {True: [], False: []}
        self._seen: set[bytes] = set()
        self.is_cut = False

    def add(self, draft: Draft) -> None:
        """A line concerns the incident."""
        kept = self._kept[draft.kind != OTHER]
        if draft.digest in self._seen:
            self._problems.add(draft.line, "duplicate")
        elif len(kept) >= MOST_EVENTS:
            self.is_cut = True
        else:
            self._seen |= {draft.digest} if draft.digest else set()
            kept.append(self._clock.event(draft))

    def all(self) -> tuple[PbxEvent, ...]:
        """The events in the order of their lines, those of sounds with their ends."""
        chosen: list[PbxEvent] = []
        room = MOST_BYTES
        for event in [*self._kept[True], *self._kept[False]]:
            room -= len(json.dumps(event.to_document())) + 2
            if room < 0 or len(chosen) == MOST_EVENTS:
                self.is_cut = True
                break
            chosen.append(event)
        return _ended(sorted(chosen, key=lambda event: (event.line, event.last_line)))


def _ended(events: list[PbxEvent]) -> tuple[PbxEvent, ...]:
    """Each sound with the first end of the same application in the same channel behind its beginning.

    Lines may stand in any order: their times count.
    """
    ends: dict[tuple[str, str], list[PbxEvent]] = {}
    for event in events:
        if event.kind == PLAYBACK_END and event.at is not None:
            ends.setdefault((event.value("id"), event.value("application")), []).append(event)
    found = []
    for event in events:
        own = ends.get((event.value("id"), event.value("application")), []) if event.kind == PLAYBACK else []
        later = [end.at for end in own if end.at and event.at and end.at.utc >= event.at.utc]
        if event.until is None and later:
            found.append(replace(event, until=min(later, key=lambda time: time.utc)))
        else:
            found.append(event)
    return tuple(found)
