"""What a PBX's log says about an incident: parsed values beside the raw lines (FORMAT.md, "Records").

The log itself is an exhibit, byte for byte. Everything here is a claim of that log: texts are as they stand
in it, chosen by callers and PBXs, and so untrusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from evidence import strict
from evidence.model import names
from evidence.model.notice import StatedTime

CALL = "call"
START = "start"
ANSWER = "answer"
PLAYBACK = "playback"
PLAYBACK_END = "playback_end"
RECORDING = "recording"
QUEUE = "queue"
CONNECT = "connect"
TRANSFER = "transfer"
HANGUP = "hangup"
OTHER = "other"
KINDS = (
    *(CALL, START, ANSWER, PLAYBACK, PLAYBACK_END, RECORDING),
    *(QUEUE, CONNECT, TRANSFER, HANGUP, OTHER),
)

ASTERISK_CDR = "asterisk_cdr"
ASTERISK_CEL = "asterisk_cel"
QUEUE_LOG = "queue_log"
FREESWITCH_CDR = "freeswitch_cdr"
FREESWITCH_JSON = "freeswitch_json"
MAPPED = "mapped"
FORMATS = (ASTERISK_CDR, ASTERISK_CEL, QUEUE_LOG, FREESWITCH_CDR, FREESWITCH_JSON, MAPPED)

VALUES = (
    *("id", "linked_id", "peer_id", "caller", "caller_name", "callee", "agent", "queue", "direction"),
    *("channel", "agent_channel", "application", "data", "file", "options"),
    *("answered", "duration", "talked", "disposition"),
)
"""Names of the values that an event may hold.

id: of the channel. linked_id: shared by all channels of a call. peer_id: of another channel of the same call.
agent: who answered, as the log names him (a channel, an extension or a name). agent_channel: the answering
channel. application and data: what the PBX ran, with its arguments, or the queue's event and its
parameters. file: what was played (several joined by ``&``) or recorded. options: of a recording. answered:
when the call was answered. duration and talked: seconds in all, and since it was answered.
"""

LONGEST_VALUE = 1000
"""Characters of the longest value; what is longer is cut off there."""

MOST_EVENTS = 500
"""Events of one log, at most."""

MOST_BYTES = 160 * 1024
"""Length of all events of one log as JSON, at most."""

MOST_PROBLEMS = 40
"""Problems of one log, at most."""


@dataclass(frozen=True, slots=True)
class PbxEvent:
    """One line of a log, or one entry of a JSON document.

    Attributes:
        line: number of its first line in the file, from 1.
        last_line: number of its last line.
        kind: one of KINDS. ``call``: one row about a whole call; ``connect``: an agent was connected;
            ``other``: anything else that belongs to the call.
        at: when it happened or began; None when that can't be told.
        until: when it ended; None when that isn't said.
        values: by names of VALUES, as they stand in the log; untrusted.
    """

    line: int
    last_line: int
    kind: str
    at: StatedTime | None = None
    until: StatedTime | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """One of the values; empty when the log says nothing of it."""
        return self.values.get(name, "")

    def to_document(self) -> dict[str, Any]:
        """As a record has it. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {"line": self.line, "last_line": self.last_line, "kind": self.kind}
        for name, time in (("at", self.at), ("until", self.until)):
            if time is not None:
                document[name] = {"utc": time.utc, "text": time.text, "source": time.source}
        return {**document, "values": dict(self.values)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The event in a part of a document that the schema accepts.

        Raises:
            ValueError: a time that doesn't exist.
        """
        return cls(
            line=document["line"],
            last_line=document["last_line"],
            kind=document["kind"],
            at=_time(document.get("at")),
            until=_time(document.get("until")),
            values=dict(document["values"]),
        )


@dataclass(frozen=True, slots=True)
class PbxProblem:
    """Something that a person should know about a log.

    Attributes:
        line: where, from 1; 0 when it is about the whole log.
        code: of the message ``pbx.problem_<code>``.
        text: what the message names, e.g. the likely offset of a time zone; of the program's own making.
    """

    line: int
    code: str
    text: str = ""

    def to_document(self) -> dict[str, Any]:
        """As a record has it. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {"line": self.line, "code": self.code}
        return {**document, "text": self.text} if self.text else document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The problem in a part of a document that the schema accepts."""
        return cls(**document)


@dataclass(frozen=True, slots=True)
class PbxLog:
    """One log, read for one incident.

    Attributes:
        name: name of the exhibit's file (evidence.model.names); untrusted.
        format: one of FORMATS; empty when it couldn't be told.
        zone: IANA name of the zone in which its local times were read; empty when there was none.
        lines: how many lines it has.
        events: those that concern the incident, in the order of their lines.
        is_cut: whether there were more of them.
        logs_playback: whether the log shows that it names the sounds that are played to callers; None when
            its format doesn't tell. Only if it does, a missing playback means anything.
        problems: the first of each kind.
    """

    name: str
    format: str = ""
    zone: str = ""
    lines: int = 0
    events: tuple[PbxEvent, ...] = ()
    is_cut: bool = False
    logs_playback: bool | None = None
    problems: tuple[PbxProblem, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {
            "name": names.to_document(self.name),
            "format": self.format,
            "zone": self.zone,
            "lines": self.lines,
            "events": [event.to_document() for event in self.events],
            "is_cut": self.is_cut,
            "problems": [problem.to_document() for problem in self.problems],
        }
        playback = {} if self.logs_playback is None else {"logs_playback": self.logs_playback}
        return document | playback

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The log in the fields of a record that the schema accepts.

        Raises:
            ValueError: a time that doesn't exist, or base64 that isn't canonical.
        """
        return cls(
            name=names.from_document(document["name"]),
            format=document["format"],
            zone=document["zone"],
            lines=document["lines"],
            events=tuple(PbxEvent.from_document(event) for event in document["events"]),
            is_cut=document["is_cut"],
            logs_playback=document.get("logs_playback"),
            problems=tuple(PbxProblem.from_document(problem) for problem in document["problems"]),
        )


def _time(document: Mapping[str, str] | None) -> StatedTime | None:
    if document is None:
        return None
    strict.timestamp(document["utc"])
    return StatedTime(**document)
