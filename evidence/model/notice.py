"""A version of the recording notice, as the vault keeps it (schemas/notice.v1.schema.json)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from evidence import strict
from evidence.model import names
from evidence.model.recording import RecordingFacts
from evidence.model.records import recording_from_document, recording_to_document

FORMAT = 1
KIND = "notice_version"
SCHEMA = "notice.v1"
MAX_NOTICE = 1024 * 1024
"""Bytes of the longest notice.json."""

MAX_TEXT = 20_000
"""Characters of the longest wording; the schema's."""

MAX_PLAYED_AS = 20
"""Names by which a PBX may play one version; the schema's."""

MAX_PLAYED_NAME = 200
"""Characters of the longest of these names; the schema's."""


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time that somebody stated.

    Attributes:
        utc: the instant, in the format's form of a time.
        text: as it was given; a plain date, or RFC 3339.
        source: where it was given, with the zone of a plain date.
    """

    utc: str
    text: str
    source: str

    @property
    def time(self) -> dt.datetime:
        """The instant; aware, in UTC."""
        return strict.timestamp(self.utc)


@dataclass(frozen=True, slots=True)
class KeyClause:
    """Where the decisive words ("… this call is recorded") are said.

    Attributes:
        start: milliseconds from the beginning of the sound; None without a sound.
        end: where they end; None without a sound.
        text: the words, which occur in the wording; may be empty where there is a sound.
    """

    start: int | None = None
    end: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """The announcement itself.

    Attributes:
        name: name of the file it was taken from (evidence.model.names); untrusted.
        file: name of the copy beside notice.json, of the program's own making.
        size: length in bytes.
        sha256: digest of the bytes, 32 bytes.
        recording: what the bytes are.
    """

    name: str
    file: str
    size: int
    sha256: bytes
    recording: RecordingFacts


@dataclass(frozen=True, slots=True)
class Added:
    """Circumstances of the adding: the host's clock, the account, the host, the program's version."""

    claimed_time: str
    operator: str
    host: str
    software: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What notice.json says; texts are untrusted and empty where none was given.

    Attributes:
        id: UUID of this version.
        language: of the announcement, BCP 47.
        key_clause: where the decisive words are.
        valid_from: from when on it is played.
        approved_by: who decided on it.
        added: when and by which account it was added.
        title: one line by which people know it.
        text: the wording, word for word.
        valid_to: from when on it isn't played any more.
        replaces: the version that this one corrects or succeeds, or empty.
        sound: the announcement's sound; None where only the wording is known.
        played_as: names by which the PBX plays it, e.g. ``custom/recording-notice``; may be empty.
    """

    id: str
    language: str
    key_clause: KeyClause
    valid_from: StatedTime
    approved_by: str
    added: Added
    title: str = ""
    text: str = ""
    valid_to: StatedTime | None = None
    replaces: str = ""
    sound: Sound | None = None
    played_as: tuple[str, ...] = ()

    @property
    def known_as(self) -> str:
        """By what people know it: its title, else its wording, else the name of its file; untrusted."""
        name = self.sound.name if self.sound else ""
        return self.title or " ".join(self.text.split()) or name

    def to_document(self, salt: str) -> dict[str, Any]:
        """The document under that salt. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "salt": salt,
            "kind": KIND,
            "notice_id": self.id,
            "language": self.language,
            "key_clause": _clause_to_document(self.key_clause),
            "valid_from": _time_to_document(self.valid_from),
            "approved_by": self.approved_by,
            "added": {name: getattr(self.added, name) for name in Added.__slots__},
        }
        for name in ("title", "text", "replaces"):
            if getattr(self, name):
                document[name] = getattr(self, name)
        if self.valid_to is not None:
            document["valid_to"] = _time_to_document(self.valid_to)
        if self.played_as:
            document["played_as"] = list(self.played_as)
        if self.sound is not None:
            document["sound"] = _sound_to_document(self.sound)
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The notice of a document that the schema accepts.

        Raises:
            ValueError: a date that doesn't exist, or base64 that isn't canonical.
        """
        clause = document["key_clause"]
        strict.timestamp(document["added"]["claimed_time"])
        return cls(
            id=document["notice_id"],
            language=document["language"],
            key_clause=KeyClause(clause.get("start_ms"), clause.get("end_ms"), clause.get("text", "")),
            valid_from=_time_from_document(document["valid_from"]),
            approved_by=document["approved_by"],
            added=Added(**document["added"]),
            title=document.get("title", ""),
            text=document.get("text", ""),
            valid_to=_time_from_document(document["valid_to"]) if "valid_to" in document else None,
            replaces=document.get("replaces", ""),
            sound=_sound_from_document(document["sound"]) if "sound" in document else None,
            played_as=tuple(document.get("played_as", ())),
        )


def _clause_to_document(clause: KeyClause) -> dict[str, Any]:
    given = {"start_ms": clause.start, "end_ms": clause.end, "text": clause.text or None}
    return {name: value for name, value in given.items() if value is not None}


def _time_to_document(time: StatedTime) -> dict[str, str]:
    return {"utc": time.utc, "text": time.text, "source": time.source}


def _time_from_document(document: Mapping[str, str]) -> StatedTime:
    strict.timestamp(document["utc"])
    return StatedTime(**document)


def _sound_to_document(sound: Sound) -> dict[str, Any]:
    return {
        "name": names.to_document(sound.name),
        "file": sound.file,
        "size": sound.size,
        "sha256": sound.sha256.hex(),
        "recording": recording_to_document(sound.recording),
    }


def _sound_from_document(document: Mapping[str, Any]) -> Sound:
    return Sound(
        name=names.from_document(document["name"]),
        file=document["file"],
        size=document["size"],
        sha256=bytes.fromhex(document["sha256"]),
        recording=recording_from_document(document["recording"]),
    )
