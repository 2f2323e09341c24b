"""The facts of an exhibit, as its record in an archive states them (schemas/record.v1.schema.json)."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from evidence import strict
from evidence.model import names
from evidence.model.recording import RecordingFacts, RecordingTrack

MAX_TEXT = 256 * 1024
"""Bytes of a record without the file in it."""

MAX_TEXTS = 16 * 1024 * 1024
"""Bytes of all records of an archive without the files in them."""

MAX_RECORDS = 10_000
"""Records of an archive; the schema's."""


@dataclass(frozen=True, slots=True)
class ExhibitFacts:
    """One file put in evidence.

    Attributes:
        id: ``E1``, ``E2`` …
        member: the archive's member that holds its bytes; None when they stand in the record.
        name: name of the file in the incident folder (evidence.model.names); untrusted.
        role: ``recording``, ``notice``, ``incident``, ``markers``, ``statement`` … (see the schema).
        size: length in bytes.
        sha256: digest of the bytes, 32 bytes.
        recording: what the bytes are, for a sound file.
        data: the bytes, when they stand in the record; else None.
        title: one line that says what it is; untrusted.
    """

    id: str
    member: str | None
    name: str
    role: str
    size: int
    sha256: bytes
    recording: RecordingFacts | None = None
    data: bytes | None = None
    title: str = ""

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id. ``from_document(to_document(x)) == x``."""
        document: dict[str, Any] = {
            "exhibit": self.id,
            "role": self.role,
            "name": names.to_document(self.name),
            "size": self.size,
            "sha256": self.sha256.hex(),
        }
        if self.member is not None:
            document["member"] = self.member
        if self.data is not None:
            document["bytes"] = base64.b64encode(self.data).decode("ascii")
        if self.recording is not None:
            document["recording"] = recording_to_document(self.recording)
        if self.title:
            document["title"] = self.title
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The facts of an exhibit record that the schema record.v1 accepts.

        Raises:
            ValueError: base64 that isn't canonical.
        """
        recording = document.get("recording")
        return cls(
            id=document["exhibit"],
            member=document.get("member"),
            name=names.from_document(document["name"]),
            role=document["role"],
            size=document["size"],
            sha256=bytes.fromhex(document["sha256"]),
            recording=None if recording is None else recording_from_document(recording),
            data=strict.base64_bytes(document["bytes"]) if "bytes" in document else None,
            title=document.get("title", ""),
        )


def recording_to_document(facts: RecordingFacts) -> dict[str, Any]:
    """What a document says of a recording. ``recording_from_document(recording_to_document(x)) == x``."""
    document: dict[str, Any] = {
        "container": facts.container,
        "codec": facts.codec,
        "sample_rate": facts.sample_rate,
        "channels": facts.channels,
        "samples": facts.samples,
        "method": facts.method,
        "claims": dict(facts.claims),
        "problems": list(facts.problems),
    }
    if facts.tracks:
        document["tracks"] = [asdict(track) for track in facts.tracks]
    return document


def recording_from_document(document: Mapping[str, Any]) -> RecordingFacts:
    """The facts in the part of a document that a schema accepts."""
    tracks = tuple(RecordingTrack(**track) for track in document.get("tracks", ()))
    return RecordingFacts(**{**document, "problems": tuple(document["problems"]), "tracks": tracks})
