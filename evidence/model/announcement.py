"""Versions of the recording notice as an archive holds them (FORMAT.md, "Announcement")."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evidence import canonical
from evidence.model.notice import MAX_NOTICE, Notice

LONGEST_DOCUMENT = 192 * 1024
"""Characters of the longest notice.json that an archive can hold; the schema's."""


@lru_cache(maxsize=256)
def _read(document: str) -> Notice:
    """Kept, since each recording of each incident asks."""
    return Notice.from_document(canonical.decode(document.encode("utf-8"), MAX_NOTICE))


@dataclass(frozen=True, slots=True)
class Announcement:
    """A version of the notice with everything that an archive says of it; worker processes can be handed it.

    Attributes:
        document: its notice.json, canonical JSON.
        entry: its register entry, canonical JSON.
        proof: inclusion proof of the entry with a checkpoint, a C2SP tlog-proof.
        ends: from when on it isn't in force, be it that another version replaced it; None while it is open.
        sound: where its sound is in the vault; None where only the wording is known.
    """

    document: str
    entry: str
    proof: str
    ends: dt.datetime | None = None
    sound: Path | None = None

    @property
    def notice(self) -> Notice:
        """What its notice.json says; that was checked when it was gathered."""
        return _read(self.document)

    def is_in_force(self, at: dt.datetime) -> bool:
        """Whether it was to be played at that time (aware)."""
        return self.notice.valid_from.time <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An announcement in an archive.

    Attributes:
        announcement: the version.
        exhibit: id of the exhibit that is its sound; empty without one.
    """

    announcement: Announcement
    exhibit: str = ""

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id (schemas/record.v1.schema.json, announcement)."""
        notice = self.announcement.notice
        sound = {}
        if self.exhibit and notice.sound is not None:
            sound = {"exhibit": self.exhibit, "recording_sha256": notice.sound.sha256.hex()}
        return {
            "version": notice.id,
            "document": self.announcement.document,
            "entry": self.announcement.entry,
            "proof": self.announcement.proof,
            **sound,
        }
