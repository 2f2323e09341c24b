"""Register entries: custody entries as the register holds them (FORMAT.md, "Register entry")."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a register.

    Attributes:
        type: ``created``, ``sealed``, ``void``, ``notice``, ``received`` or a type of a later version.
        origin: the register's name.
        sequence: its position, from 0.
        claimed_time: the host's clock when it was made, in the format's form of a time.
        previous: leaf hash of the entry before, 32 bytes; None in entry 0.
        fields: every other field of the document, by name.
    """

    type: str
    origin: str
    sequence: int
    claimed_time: str
    previous: bytes | None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field that is text; empty when the entry has none of that name."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""
