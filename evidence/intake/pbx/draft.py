"""What one line of a log says, before its times are understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from evidence.model.pbxlog import LONGEST_VALUE

_NO_ID = {"", "0", "NONE", "REALTIME", "MANAGER", "<unknown>"}
"""What stands in a log where a channel's id is expected and none is known."""

_NOTHING = {"", "NULL", r"\N"}
"""How exports of databases write that there is no value."""

_AGENT = re.compile(
    r"(?:Local|Agent|SIP|PJSIP|IAX2|SCCP|DAHDI|user|sofia)/(?:[a-z]+/)?([0-9A-Za-z_.+*#]{1,64})"
)
_EXTERNAL = re.compile(r"\+?[0-9]{9,}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that was read.

    Attributes:
        line: number of its first line, from 1.
        last_line: number of its last line.
        kind: one of evidence.model.pbxlog.KINDS.
        at: when it happened or began, as it stands there.
        until: when it ended, likewise; empty when that isn't said.
        length: how long it lasted, in seconds; used where ``until`` is empty.
        form: how the times are written: ``auto`` or a form of evidence.intake.inbox.moments.
        zone: IANA zone of local times; empty: the log's.
        values: by names of evidence.model.pbxlog.VALUES, none empty, none too long.
        is_creation: whether ``at`` is when the channel named ``id`` was created.
        digest: SHA-256 of the record as it stands there; empty where an entry has no bytes of its own.
    """

    line: int
    last_line: int
    kind: str
    at: str = ""
    until: str = ""
    length: str = ""
    form: str = "auto"
    zone: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_creation: bool = False
    digest: bytes = b""

    @property
    def ids(self) -> set[str]:
        """The ids of channels and calls that it names."""
        named = (self.values.get(name, "") for name in ("id", "linked_id", "peer_id"))
        return {text for text in named if text not in _NO_ID}

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from other entries, also of those in the same line."""
        return (str(self.line), self.kind, self.at, *map(str, sorted(self.values.items())))


def kept(**values: str) -> dict[str, str]:
    """The values without empty ones, cut to their greatest length."""
    stripped = {name: text.strip() for name, text in values.items()}
    return {name: text[:LONGEST_VALUE] for name, text in stripped.items() if text not in _NOTHING}


def agent_id(text: str) -> str:
    """The extension or login in the name of a channel, ``101`` of ``SIP/101-0000001c``; else empty.

    A channel of a trunk is no agent's: what looks like a telephone number is none of an extension.
    """
    found = _AGENT.match(text)
    if found is None or _EXTERNAL.fullmatch(found[1]):
        return ""
    return found[1]
