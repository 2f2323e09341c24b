"""Receipts: what was noted of a recording right after the call (FORMAT.md, "Receipt").

Making one needs little besides the standard library: a recorder's hook is started for every call.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from evidence import strict
from evidence.model import names
from evidence.model.records import ExhibitFacts

MAX_RECEIPT = 64 * 1024
"""Bytes of the longest receipt."""

EVENT = "received"
MOST = 8
"""Receipts of one exhibit that an archive holds, at most."""

_NAME, _NAME_BASE64, _WRITTEN = "name", names.NAME_BASE64, "mtime"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A recording as it was when it came in.

    Attributes:
        received_id: random UUID.
        claimed_time: the host's clock when its digest was known, in the format's form of a time.
        name: the file's name (evidence.model.names); untrusted.
        size: its length in bytes.
        sha256: digest of its bytes, 32 bytes.
        circumstances: further facts, such as path, mtime, operator, host, software and note; untrusted text.
    """

    received_id: str
    claimed_time: str
    name: str
    size: int
    sha256: bytes
    circumstances: Mapping[str, str] = field(default_factory=dict)

    def to_document(self, salt: str) -> dict[str, Any]:
        """The custody record (custody.v1) with that salt. ``from_document(to_document(salt)) == self``."""
        name = names.to_document(self.name)
        named = {_NAME: name} if isinstance(name, str) else name
        facts = {**self.circumstances, **named, "size": str(self.size), "sha256": self.sha256.hex()}
        return {
            "salt": salt,
            "kind": "custody",
            "event": EVENT,
            "received_id": self.received_id,
            "claimed_time": self.claimed_time,
            "facts": facts,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The receipt in a document that the schema custody.v1 accepts.

        Raises:
            ValueError: it is no receipt, or a value isn't one that the schema's words ask for.
        """
        if document["event"] != EVENT:
            raise ValueError("not a custody record of a receipt")
        strict.timestamp(document["claimed_time"])
        facts = dict(document["facts"])
        if _WRITTEN in facts:
            strict.timestamp(facts[_WRITTEN])
        if _NAME in facts:
            name = facts.pop(_NAME)
        else:
            name = names.from_bytes(strict.base64_bytes(facts.pop(_NAME_BASE64)))
        return cls(
            received_id=document["received_id"],
            claimed_time=document["claimed_time"],
            name=name,
            size=strict.decimal(facts.pop("size")),
            sha256=strict.hexadecimal(facts.pop("sha256"), 32),
            circumstances=facts,
        )


@dataclass(frozen=True, slots=True)
class ReceiptEvidence:
    """A registered receipt with everything that an archive says of it; worker processes can be handed it.

    Attributes:
        received_id: its id.
        name: name of the recording; untrusted.
        size: length of the recording in bytes.
        sha256: digest of the recording, 32 bytes.
        document: the receipt, canonical JSON.
        entry: its register entry, canonical JSON.
        proof: inclusion proof of the entry with a checkpoint, a C2SP tlog-proof.
        token: RFC 3161 token over that checkpoint, DER; empty when there is none.
    """

    received_id: str
    name: str
    size: int
    sha256: bytes
    document: str
    entry: str
    proof: str
    token: bytes = b""


@dataclass(frozen=True, slots=True)
class Link:
    """That a receipt speaks of an exhibit."""

    exhibit: ExhibitFacts
    receipt: ReceiptEvidence

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id (schemas/record.v1.schema.json, receipt)."""
        token = base64.b64encode(self.receipt.token).decode("ascii")
        return {
            "exhibit": self.exhibit.id,
            "recording_sha256": self.exhibit.sha256.hex(),
            "document": self.receipt.document,
            "entry": self.receipt.entry,
            "proof": self.receipt.proof,
            **({"token": token} if token else {}),
        }


def linked(exhibits: Iterable[ExhibitFacts], receipts: Sequence[ReceiptEvidence]) -> list[Link]:
    """Which receipts speak of which exhibits (FORMAT.md, "Receipt").

    Those of its digest and name; where none has its name, the first of its digest, for recordings are
    renamed. An empty file is like any other, so there the name must fit.
    """
    found: list[Link] = []
    for exhibit in exhibits:
        same = [receipt for receipt in receipts if receipt.sha256 == exhibit.sha256]
        of_name = [receipt for receipt in same if receipt.name == exhibit.name]
        renamed = same[:1] if exhibit.size else []
        found += [Link(exhibit, receipt) for receipt in of_name or renamed]
    return found


def told(links: Iterable[Link]) -> list[Link]:
    """Those of which an archive holds a record: of each exhibit the first MOST."""
    counts: Counter[str] = Counter()
    kept = []
    for link in links:
        counts[link.exhibit.id] += 1
        if counts[link.exhibit.id] <= MOST:
            kept.append(link)
    return kept
