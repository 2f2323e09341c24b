"""incident.json as it was read (schemas/incident.v1.schema.json); text that was left out is empty.

Times are kept as the text that was given; names of files are in the form of evidence.model.names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from evidence.model import names
from evidence.model.acquisition import Acquisition, Basis, Corrects, Edit, Measure

GRADE_NONE = "none"


def _file(document: Mapping[str, Any], key: str) -> str:
    return names.from_document(document[key]) if key in document else ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """With whom the calls were held, as the company's records name them; untrusted text."""

    name: str = ""
    phone: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """The employee who held the calls.

    Attributes:
        from_log: for each field that was read from a PBX's log and that nobody stated, its file and line.
    """

    name: str = ""
    id: str = ""
    from_log: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        started: RFC 3339 text.
        ended: RFC 3339 text, or empty.
        id: the PBX's id of the call.
        direction: ``inbound``, ``outbound``, ``internal`` or empty.
        recording: name of the file that holds it, or empty.
        channels: who is heard in which channel, from channel 0 on; empty when not said.
        caller: the calling party as the PBX gave it; untrusted.
        callee: the called party, likewise.
        queue: queue, group or menu the call went through.
        from_name: fields that were read from the recording's file name and that nobody stated.
        from_log: for each field that was read from a PBX's log and that nobody stated, its file and line.
    """

    started: str
    ended: str = ""
    id: str = ""
    direction: str = ""
    recording: str = ""
    channels: tuple[str, ...] = ()
    caller: str = ""
    callee: str = ""
    queue: str = ""
    from_name: tuple[str, ...] = ()
    from_log: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The call of a part of a document that the schema accepts."""
        return cls(
            started=document["started"],
            ended=document.get("ended", ""),
            id=document.get("id", ""),
            direction=document.get("direction", ""),
            recording=_file(document, "recording"),
            channels=tuple(document.get("channels", ())),
            caller=document.get("caller", ""),
            callee=document.get("callee", ""),
            queue=document.get("queue", ""),
            from_name=tuple(document.get("from_name", ())),
            from_log=dict(document.get("from_log", {})),
        )


@dataclass(frozen=True, slots=True)
class NoticeStatement:
    """What is said to show that the notice was played.

    Attributes:
        grade: ``in_recording``, ``pbx_log``, ``config_snapshot``, ``operator_statement`` or ``none``.
        recording: name of the recording in which it is heard, or empty.
        channel: its number from 0, or its name in ``channels`` of the call; None when not said.
        at_milliseconds: where it begins in the recording; None when not said.
        source: who or what says so.
        file: name of the file that holds the announcement, or empty.
        version: id of the version in the notice register, or empty.
    """

    grade: str = GRADE_NONE
    recording: str = ""
    channel: int | str | None = None
    at_milliseconds: int | None = None
    source: str = ""
    language: str = ""
    text: str = ""
    file: str = ""
    version: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The statement of a part of a document that the schema accepts."""
        return cls(**{**document, "recording": _file(document, "recording"), "file": _file(document, "file")})


@dataclass(frozen=True, slots=True)
class StatedExhibit:
    """What a file of the folder is said to be: its role (see the schema) and a title."""

    file: str
    role: str
    title: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The statement of a part of a document that the schema accepts."""
        return cls(_file(document, "file"), document["role"], document.get("title", ""))


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened: one or more calls with one subscriber.

    Attributes:
        number: the company's own number.
        uid: UUID in lower case, or empty when the document has none.
        time_zone: IANA name, or empty.
        prepared_at: RFC 3339 text, or empty.
    """

    number: str
    uid: str = ""
    title: str = ""
    summary: str = ""
    subscriber: Subscriber = Subscriber()
    agent: Agent = Agent()
    calls: tuple[Call, ...] = ()
    notice: NoticeStatement = NoticeStatement()
    exhibits: tuple[StatedExhibit, ...] = ()
    time_zone: str = ""
    prepared_by: str = ""
    prepared_at: str = ""
    legal_basis: tuple[Basis, ...] = ()
    acquisitions: tuple[Acquisition, ...] = ()
    measures: tuple[Measure, ...] = ()
    corrects: Corrects | None = None
    changes: tuple[Edit, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The incident of a document that the schema incident.v1 accepts.

        Raises:
            ValueError: a ``name_base64`` isn't canonical base64.
        """
        return cls(
            number=document["number"],
            uid=document.get("uid", "").lower(),
            title=document.get("title", ""),
            summary=document.get("summary", ""),
            subscriber=Subscriber(**document.get("subscriber", {})),
            agent=Agent(**document.get("agent", {})),
            calls=tuple(Call.from_document(c) for c in document.get("calls", ())),
            notice=NoticeStatement.from_document(document.get("notice", {})),
            exhibits=tuple(StatedExhibit.from_document(e) for e in document.get("exhibits", ())),
            time_zone=document.get("time_zone", ""),
            prepared_by=document.get("prepared_by", ""),
            prepared_at=document.get("prepared_at", ""),
            legal_basis=tuple(Basis(**b) for b in document.get("legal_basis", ())),
            acquisitions=tuple(Acquisition.from_document(a) for a in document.get("acquisitions", ())),
            measures=tuple(Measure.from_document(m) for m in document.get("measures", ())),
            corrects=Corrects(**document["corrects"]) if "corrects" in document else None,
            changes=tuple(Edit(c["by"], c["at"], tuple(c["about"])) for c in document.get("changes", ())),
        )

    def call_of(self, recording: str) -> Call | None:
        """The call that a file is the recording of."""
        return next((call for call in self.calls if call.recording == recording), None)

    def channels_of(self, recording: str) -> tuple[str, ...]:
        """The names of a recording's channels, from channel 0 on; empty when nobody named them."""
        call = self.call_of(recording)
        return call.channels if call else ()

    def numbered(self, recording: str, channel: int | str | None) -> int | str | None:
        """A channel by its number, also where its name was given; a name that nobody gave stays."""
        known = self.channels_of(recording)
        return known.index(channel) if isinstance(channel, str) and channel in known else channel
