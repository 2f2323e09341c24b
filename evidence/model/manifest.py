"""manifest.json: opaque ids and digests of everything in an archive (FORMAT.md, "manifest.json")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One record or exhibit as the manifest lists it.

    Attributes:
        id: ``r-`` and eight hexadecimal digits, or ``E`` and a number.
        member: its name in the archive.
        sha256: digest of the member's bytes, 32 bytes.
    """

    id: str
    member: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """The closed list of an archive's contents.

    Attributes:
        archive_id: random UUID.
        origin: name of the register the archive is entered in.
        register_key: verifier key (C2SP vkey) of that register.
        time_policy: ``none`` or ``expected``: whether a time-stamp token belongs to the archive.
    """

    archive_id: str
    origin: str
    register_key: str
    time_policy: str
    records: tuple[Listed, ...]
    exhibits: tuple[Listed, ...]

    def to_document(self) -> dict[str, Any]:
        """The JSON value that stands in manifest.json."""
        return {
            "format": FORMAT,
            "archive_id": self.archive_id,
            "origin": self.origin,
            "register_key": self.register_key,
            "time_policy": self.time_policy,
            "records": [{"id": r.id, "sha256": r.sha256.hex()} for r in self.records],
            "exhibits": [{"id": e.id, "member": e.member, "sha256": e.sha256.hex()} for e in self.exhibits],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The manifest of a document that the schema manifest.v1 accepts."""
        return cls(
            archive_id=document["archive_id"],
            origin=document["origin"],
            register_key=document["register_key"],
            time_policy=document["time_policy"],
            records=tuple(
                Listed(r["id"], f"records/{r['id']}.json", bytes.fromhex(r["sha256"]))
                for r in document["records"]
            ),
            exhibits=tuple(
                Listed(e["id"], e["member"], bytes.fromhex(e["sha256"])) for e in document["exhibits"]
            ),
        )
