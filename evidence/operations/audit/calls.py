"""Calls of which the PBX knows and no archive does.

What archives hold is taken from their own records (names of recordings, ids of calls), not from the vault's
custody records, which may be erased and don't name recordings. Only salted digests of these names are kept
while the audit runs.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.container.names import MemberKind, classify
from evidence.container.reader import Container, Malformed, MemberTooLarge
from evidence.findings import Finding
from evidence.intake import calllist, callnames
from evidence.intake.calllist import Call
from evidence.model import names
from evidence.operations.audit.findings import Found
from evidence.strict import format_timestamp, json_document
from evidence.vault.audit_store import AuditStore

_MAX_RECORD = 64 * 1024
"""Bytes of a record that is looked into: longer ones hold papers."""


@dataclass(slots=True)
class Names:
    """Collects what archives hold.

    Attributes:
        store: the audit's.
        salt: random, so that the digests say nothing afterwards.
        since: archives sealed before can't hold a call of the list.
    """

    store: AuditStore
    salt: bytes
    since: str

    def look(self, container: Container, claimed: str) -> None:
        """Take the names in one archive."""
        if claimed < self.since:
            return
        found: set[bytes] = set()
        for member in container.members:
            if classify(member.name) is MemberKind.RECORD and member.size <= _MAX_RECORD:
                try:
                    document = json_document(container.read(member, _MAX_RECORD), _MAX_RECORD)
                except (MemberTooLarge, Malformed, ValueError):
                    continue
                found.update(self.digest(text) for text in _texts(document))
        self.store.hold(found)

    def digest(self, text: str) -> bytes:
        """What stands for a name or an id."""
        return hashlib.sha256(self.salt + text.encode("utf-8", "surrogateescape")).digest()

    def holds(self, call: Call) -> bool:
        """Whether an archive holds that call: by its recording's name, or by its id."""
        texts = [call.call_id, call.recording, *_ids(call.recording)]
        return any(self.store.holds(self.digest(text)) for text in texts if text)


def earliest(path: Path, zone: str) -> str:
    """When the first call of a list was over, in the format's form of a time; empty for none."""
    ends = (call.ended for call in calllist.answered(path, zone) if isinstance(call, Call))
    first = min(ends, default=None)
    return format_timestamp(first - dt.timedelta(days=1)) if first else ""


def check(path: Path, zone: str, held: Names, before: dt.datetime, found: Found) -> None:
    """Tell of every call that was over before that time and isn't in any archive."""
    unreadable: list[int] = []
    for call in calllist.answered(path, zone):
        if isinstance(call, int):
            unreadable.append(call)
        elif call.ended < before and not held.holds(call):
            values: dict[str, str | int] = {
                "line": call.line,
                "call_id": call.call_id,
                "ended": format_timestamp(call.ended),
            }
            found(Finding("CALL_UNSEALED", "", values))
    if unreadable:
        found(Finding("CALLS_UNREADABLE", str(path), {"n": len(unreadable), "line": unreadable[0]}))


def _texts(document: Any) -> Iterator[str]:
    """Names of recordings and ids of calls in a record; nothing in it is relied on but for this."""
    match document:
        case {"kind": "exhibit", "name": (str() | dict()) as value}:
            try:
                name = names.from_document(value)
            except (ValueError, KeyError, TypeError):
                return
            yield name
            yield from _ids(name)
        case {"kind": "incident", "calls": list(calls)}:
            for call in calls:
                if isinstance(call, dict) and isinstance(call.get("id"), str):
                    yield call["id"]


def _ids(name: str) -> Iterator[str]:
    said = callnames.claims(name)
    if said is not None and said.unique_id:
        yield said.unique_id
