"""What shows of one recording that the notice was played (FORMAT.md, "Notice evidence")."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from evidence.model.notice import StatedTime

GRADES = ("in_recording", "pbx_log", "config_snapshot", "operator_statement", "none")
"""From the strongest to the weakest."""

FOUND = "FOUND"
CLAUSE_FOUND = "CLAUSE_FOUND"
HEARD = "HEARD"
LOGGED = "LOGGED"
LOG_STATED = "LOG_STATED"
CONFIGURED = "CONFIGURED"
CONFIG_STATED = "CONFIG_STATED"
STATED = "OPERATOR_STATED"
PART_FOUND = "PART_FOUND"

GRADE_OF = {
    FOUND: "in_recording",
    CLAUSE_FOUND: "in_recording",
    HEARD: "in_recording",
    LOGGED: "pbx_log",
    LOG_STATED: "pbx_log",
    CONFIGURED: "config_snapshot",
    CONFIG_STATED: "config_snapshot",
    STATED: "operator_statement",
    PART_FOUND: "none",
}
"""What speaks for it, the strongest first, and the grade that each gives.

A part of the announcement without its key clause shows that something was played, not that the caller was
told of the recording: it gives none.
"""

AGAINST = (
    "NOT_IN_SOUND",
    "CLAUSE_NOT_HEARD",
    "CUT_SHORT",
    "NOT_LOGGED",
    "PLACE_DIFFERS",
    "CHANNEL_DIFFERS",
    "SIMILAR_ONLY",
)
"""What speaks against it, or limits it."""

UNSEEN = (
    "NOT_SEARCHED",
    "REST_NOT_SEARCHED",
    "NO_VERSION",
    "VERSION_DAMAGED",
    "VERSION_LEFT_OUT",
    "WITHOUT_SOUND",
    "TIME_UNKNOWN",
    "CHANNEL_UNNAMED",
    "NO_PBX_RECORDS",
    "PLAYBACK_NOT_LOGGED",
    "NAME_UNKNOWN",
    "RECORDED_LATER",
    "TIED_BY_NUMBER",
)
"""What was not looked at, or could not be."""

CODES = (*GRADE_OF, *AGAINST, *UNSEEN)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing about the announcement; empty or None where it doesn't say.

    Attributes:
        code: one of CODES; of archives of later versions others.
        version: id of the version that it is about.
        channel: number of the channel.
        channel_name: who is said to be heard in it; untrusted.
        at_ms: where in the recording.
        coverage: share of its speech that was heard, 0 to 1000.
        clause_coverage: share of its key clause's speech that was heard, 0 to 1000.
        at: when, by the clock of what says so.
        exhibit: id of the exhibit that says so.
        line: its line, from 1.
        text: words to it: a source, a name, a code; untrusted.
        milliseconds: a length.
    """

    code: str
    version: str = ""
    channel: int | None = None
    channel_name: str = ""
    at_ms: int | None = None
    coverage: int | None = None
    clause_coverage: int | None = None
    at: StatedTime | None = None
    exhibit: str = ""
    line: int | None = None
    text: str = ""
    milliseconds: int | None = None

    def to_document(self) -> dict[str, Any]:
        """As a record has it. ``from_document(to_document(x)) == x``."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.at is not None:
            given["at"] = {"utc": self.at.utc, "text": self.at.text, "source": self.at.source}
        return {name: value for name, value in given.items() if value not in (None, "")}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The item in a part of a document that the schema accepts."""
        at = {"at": StatedTime(**document["at"])} if "at" in document else {}
        return cls(**{**document, **at})


@dataclass(frozen=True, slots=True)
class NoticeEvidence:
    """What shows of one recording that the announcement was played, and what doesn't.

    Attributes:
        speaks_for: what speaks for it, the strongest first.
        against: what speaks against it, or limits it.
        unseen: what was not looked at, or could not be.
    """

    speaks_for: tuple[Item, ...] = ()
    against: tuple[Item, ...] = ()
    unseen: tuple[Item, ...] = ()

    @property
    def grade(self) -> str:
        """The strongest grade of what speaks for it."""
        grades = [GRADE_OF.get(item.code, "none") for item in self.speaks_for]
        return min(grades, key=GRADES.index, default="none")

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind, id and exhibit. ``from_document(to_document(x)) == x``."""
        return {
            "grade": self.grade,
            "for": [item.to_document() for item in self.speaks_for],
            "against": [item.to_document() for item in self.against],
            "unseen": [item.to_document() for item in self.unseen],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The evidence in the fields of a record that the schema accepts."""
        lists = (document["for"], document["against"], document["unseen"])
        return cls(*(tuple(Item.from_document(item) for item in items) for items in lists))
