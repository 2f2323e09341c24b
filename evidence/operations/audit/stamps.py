"""Time-stamp tokens of archives: which wait for one, and which authority's certificate soon ends.

A token keeps its worth while its authority's certificate is valid; of several the one that lasts longest
counts. Tokens are only read here; whether they are good is for verification.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from evidence.container.names import MANIFEST, MemberKind, classify
from evidence.container.reader import Container, Malformed, MemberTooLarge
from evidence.crypto import certificates, tokens
from evidence.crypto.certificates import CertificateFacts
from evidence.digests import sha256
from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.strict import format_timestamp
from evidence.verify.documents import MAX_MANIFEST
from evidence.verify.tokens import MAX_TOKEN

_EXPECTED = b'"time_policy":"expected"'
"""As manifest.json has it: RFC 8785 leaves one way to write it, and no text in it can hold these quotes."""


def sidecar_tokens(_archive: Path) -> tuple[bytes, ...]:
    """The tokens in the sidecar beside an archive; none, as long as no part of the program writes any."""
    return ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a token says.

    Attributes:
        authority: facts about its certificate.
        gen_time: its time.
    """

    authority: CertificateFacts
    gen_time: dt.datetime


@dataclass(slots=True)
class Stamps:
    """What was seen of all archives' tokens.

    Attributes:
        pending: how many archives wait for a token.
        oldest: claimed time of the oldest of them.
        newest: the newest time that a token states.
        authorities: certificates of authorities on which archives rest, by fingerprint, with the number of
            these archives.
    """

    pending: int = 0
    oldest: str = ""
    newest: dt.datetime | None = None
    authorities: dict[str, tuple[CertificateFacts, int]] = field(default_factory=dict)
    _read: dict[bytes, Read | None] = field(default_factory=dict)

    def look(self, path: Path, container: Container, claimed: str) -> None:
        """Take the tokens of one archive into account.

        Args:
            path: the archive.
            container: its members.
            claimed: claimed time of its entry.
        """
        found = [read for data in self._tokens(path, container) if (read := self._token(data)) is not None]
        if found:
            best = max(found, key=lambda read: read.authority.not_after).authority
            known = self.authorities.get(best.sha256, (best, 0))
            self.authorities[best.sha256] = (best, known[1] + 1)
            self.newest = max([*([self.newest] if self.newest else []), *(read.gen_time for read in found)])
        elif is_expected(container):
            self.pending += 1
            self.oldest = min(self.oldest or claimed, claimed)

    def _tokens(self, path: Path, container: Container) -> list[bytes]:
        members = [m for m in container.members if classify(m.name) is MemberKind.TOKEN]
        inside = [container.read(member, MAX_TOKEN) for member in members if member.size <= MAX_TOKEN]
        return [*inside, *sidecar_tokens(path)]

    def _token(self, data: bytes) -> Read | None:
        """The same token stands in every archive of a batch, so each is read once."""
        digest = sha256(data)
        if digest not in self._read:
            try:
                token = tokens.parse(data)
                self._read[digest] = Read(certificates.facts(token.certificate), token.gen_time)
            except ValueError:
                self._read[digest] = None
            if len(self._read) > 10_000:
                self._read.pop(next(iter(self._read)))
        return self._read[digest]

    def report(self, now: dt.datetime, overdue: dt.timedelta, warn: dt.timedelta, found: Found) -> None:
        """Tell of archives that wait for a token, and of authorities whose certificates end soon."""
        if self.pending:
            is_late = bool(self.oldest) and self.oldest < format_timestamp(now - overdue)
            code = "STAMPS_OVERDUE" if is_late else "STAMPS_PENDING"
            hours = int(overdue.total_seconds() // 3600)
            found(Finding(code, "", {"n": self.pending, "oldest": self.oldest, "hours": hours}))
        for facts, count in self.authorities.values():
            if facts.not_after <= now + warn:
                code = "TSA_CERTIFICATE_EXPIRED" if facts.not_after <= now else "TSA_CERTIFICATE_EXPIRING"
                date = format_timestamp(facts.not_after)[:10]
                found(Finding(code, facts.subject, {"n": count, "date": date}))


def is_expected(container: Container) -> bool:
    """Whether an archive's manifest says that a token belongs to it."""
    member = container.find(MANIFEST)
    if member is None:
        return False
    try:
        return _EXPECTED in container.read(member, MAX_MANIFEST)
    except (MemberTooLarge, Malformed):
        return False
