"""Which lines of a PBX's logs concern an incident.

Lines are tied to it by the ids of its calls, which the incident or the names of its recordings tell, or by a
recording that they name; then by the ids that those lines share with others. Only where nothing of that is
known or found, a call of the same number at the same time is taken, if there is but one.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence.intake import callnames, times
from evidence.intake.pbx.draft import Draft
from evidence.model.incident import Incident
from evidence.model.pbxlog import CALL, RECORDING, PbxEvent

MOST_IDS = 2000
"""Ids of one incident's channels, at most."""

MOST_TOKENS = 24
"""Pieces of text that are looked for in a whole file; so many keep that fast."""

TOLERANCE = dt.timedelta(minutes=2)
"""How far the beginning of a call and a line's time may lie apart and still agree."""

_SHORTEST_NUMBER = 3
_DIGITS = 9
"""Last digits by which numbers are compared: those of a number without country code and trunk prefix."""

_SHORTEST_NAME = 6


_EXTENSION = re.compile(r"\.[A-Za-z][0-9A-Za-z]{1,4}\Z")


def stem(path: str) -> str:
    """A recording's name without folders and extension, as a PBX may write it with another one."""
    return _EXTENSION.sub("", path.replace("\\", "/").rpartition("/")[2])


def digits(number: str) -> str:
    """The digits by which a number is compared with others; empty when it is none."""
    found = re.sub(r"[^0-9]", "", number)
    is_number = len(found) >= _SHORTEST_NUMBER and re.fullmatch(r"\+?[0-9 ()-]+", number.strip())
    return found[-_DIGITS:] if is_number else ""


@dataclass(slots=True)
class Relation:
    """What ties lines to an incident; grows while logs are read.

    Attributes:
        ids: of channels and calls that belong to it.
        names: of its recordings, without extensions.
    """

    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    _tokens: dict[bytes, None] = field(default_factory=dict)

    @classmethod
    def of(cls, incident: Incident, recordings: Iterable[str]) -> "Relation":
        """What an incident and the names of its recordings tell."""
        made = cls()
        for name in recordings:
            said = callnames.claims(name)
            made.add_id(said.unique_id if said else "")
            if len(stem(name)) >= _SHORTEST_NAME:
                made.names.add(stem(name))
                made._token(stem(name))
        for call in incident.calls:
            made.add_id(call.id)
        return made

    def add_id(self, name: str) -> None:
        """An id belongs to the incident."""
        if name and name not in self.ids and len(self.ids) < MOST_IDS:
            self.ids.add(name)
            self._token(name)

    def _token(self, text: str) -> None:
        if len(self._tokens) < MOST_TOKENS:
            self._tokens[text.encode("utf-8", "surrogateescape")] = None

    def holds(self, data: bytes) -> bool:
        """Whether bytes may hold a line that belongs to the incident."""
        return any(token in data for token in self._tokens)

    def takes(self, draft: Draft) -> bool:
        """Whether a line belongs to the incident."""
        if not draft.ids.isdisjoint(self.ids):
            return True
        file = draft.values.get("file", "")
        return bool(file) and draft.kind in {CALL, RECORDING} and stem(file) in self.names

    def learn(self, draft: Draft) -> None:
        """The ids of a line that belongs to the incident belong to it, too; that of the whole call first."""
        self.add_id(draft.values.get("linked_id", ""))
        for name in sorted(draft.ids):
            self.add_id(name)


@dataclass(frozen=True, slots=True)
class Sought:
    """A call that is known by number and time only.

    Attributes:
        numbers: of its parties, as ``digits`` has them.
        started: when it began.
    """

    numbers: frozenset[str]
    started: dt.datetime

    def names(self, draft: Draft) -> bool:
        """Whether a line names one of its numbers."""
        parties = {digits(draft.values.get(name, "")) for name in ("caller", "callee")}
        return not self.numbers.isdisjoint(parties)

    def fits(self, event: PbxEvent) -> bool:
        """Whether a line that names one of its numbers is about a time near its beginning."""
        if event.at is None:
            return False
        return abs(event.at.time - self.started) <= TOLERANCE


def sought(incident: Incident) -> list[Sought]:
    """The calls of an incident that have a time and a number, that of the outside party where it is known.

    The company's own numbers stand in every other line.
    """
    found = []
    for call in incident.calls:
        outside = call.callee if call.direction == "outbound" else call.caller
        numbers = {digits(text) for text in (outside, incident.subscriber.phone)} - {""}
        numbers = numbers or {digits(text) for text in (call.caller, call.callee)} - {""}
        if numbers:
            found.append(Sought(frozenset(numbers), times.parse(call.started)))
    return found


def number_tokens(calls: Iterable[Sought]) -> list[bytes]:
    """What a line about one of these calls holds."""
    return sorted({number.encode("ascii") for call in calls for number in call.numbers})[:MOST_TOKENS]
