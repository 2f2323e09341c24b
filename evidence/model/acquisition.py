"""How exhibits came here and by which right, as incident.json states it (schemas/incident.v1.schema.json)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from evidence.model import names


@dataclass(frozen=True, slots=True)
class ClockState:
    """How the clock of a system stood.

    Attributes:
        offset_ms: the system's clock minus the true time, in milliseconds.
        known_by: how that is known.
        uncertainty_ms: how far it may be wrong, in milliseconds; None when not said.
        checked_at: RFC 3339 text, or empty.
    """

    offset_ms: int
    known_by: str
    uncertainty_ms: int | None = None
    checked_at: str = ""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """Who took some files from which system.

    Attributes:
        files: their names (evidence.model.names).
        taken_by: a person, or name and version of a script.
        taken_at: RFC 3339 text.
        system: the system they were taken from.
        authority: by which right.
        original: where the original is kept.
        copied_from: path from which the program copied them; empty when others did.
        clock: how the system's clock stood; None when nobody says.
    """

    files: tuple[str, ...]
    taken_by: str
    taken_at: str
    system: str = ""
    authority: str = ""
    original: str = ""
    copied_from: str = ""
    clock: ClockState | None = None
    note: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The acquisition of a part of a document that the schema accepts.

        Raises:
            ValueError: a ``name_base64`` isn't canonical base64.
        """
        given = {key: value for key, value in document.items() if key not in {"files", "clock"}}
        clock = ClockState(**document["clock"]) if "clock" in document else None
        return cls(files=tuple(map(names.from_document, document["files"])), clock=clock, **given)


@dataclass(frozen=True, slots=True)
class Basis:
    """One legal basis of the recording, as the company states it.

    Attributes:
        kind: ``consent``, ``contract``, ``law``, ``internal_rule`` or ``other``.
        reference: the document and the place in it.
    """

    kind: str
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Corrects:
    """The archive that an incident corrects or supplements.

    Attributes:
        archive_id: its UUID.
        identity: SHA-256 of its ASiCManifest001.xml, hexadecimal.
        reason: what was wrong or missing in it.
        number: number of the incident in it, or empty.
    """

    archive_id: str
    identity: str
    reason: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changed what in an incident after it was first put together.

    Attributes:
        by: a person, or an account where nobody named one.
        at: RFC 3339 text.
        about: names of the fields that were changed.
    """

    by: str
    at: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What the company did.

    Attributes:
        kind: ``warning``, ``hang_up`` … (see the schema).
        at: RFC 3339 text.
        by: who took it.
        basis: legal or contract basis as stated.
        recording: name of the recording in which it is heard, or empty.
        at_milliseconds: where it begins in it; None when not said.
    """

    kind: str
    at: str
    by: str
    basis: str = ""
    recording: str = ""
    at_milliseconds: int | None = None
    note: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The measure of a part of a document that the schema accepts.

        Raises:
            ValueError: a ``name_base64`` isn't canonical base64.
        """
        recording = names.from_document(document["recording"]) if "recording" in document else ""
        return cls(**{**document, "recording": recording})
