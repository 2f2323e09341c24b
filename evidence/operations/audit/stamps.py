"""Time-stamp tokens of archives: which wait for one, and which authority's certificate soon ends.

A token keeps its worth while its authority's certificate is valid; of several the one that lasts longest
counts. Tokens in archives are only read here, those in sidecars must fit; whether authorities are trusted is
for verification.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from evidence import canonical
from evidence.container.names import MANIFEST, MemberKind, classify
from evidence.container.reader import Container, Malformed, MemberTooLarge
from evidence.crypto import certificates, tokens
from evidence.crypto.certificates import CertificateFacts
from evidence.digests import sha256
from evidence.findings import Finding
from evidence.operations import prooffile
from evidence.operations.audit.findings import Found
from evidence.operations.audit.formers import Former, Formers
from evidence.operations.audit.places import DAY
from evidence.operations.prooffile import ProofFile
from evidence.register import entries
from evidence.strict import format_timestamp
from evidence.vault.reading import RegisterReader
from evidence.verify.documents import MAX_MANIFEST
from evidence.verify.tokens import MAX_TOKEN

_EXPECTED = b'"time_policy":"expected"'
"""As manifest.json has it: RFC 8785 leaves one way to write it, and no text in it can hold these quotes."""


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
        register_key: verifier key of the register.
        origin: its name.
        formers: the registers that it continues.
        delivered: places of archives beside which a sidecar was put, in order.
        pending: how many archives wait for a token.
        oldest: claimed time of the oldest of them.
        newest: the newest time that a token states.
        authorities: certificates of authorities on which archives rest, by fingerprint, with the number of
            these archives.
    """

    register_key: str
    origin: str
    formers: Formers
    delivered: Sequence[int] = ()
    pending: int = 0
    oldest: str = ""
    newest: dt.datetime | None = None
    authorities: dict[str, tuple[CertificateFacts, int]] = field(default_factory=dict)
    _read: dict[bytes, Read | None] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: RegisterReader, formers: Formers) -> Self:
        """Begin with what the register says; archives are looked at afterwards."""
        return cls(reader.register_key(), reader.origin(), formers, reader.delivered())

    def look(self, path: Path, container: Container, entry: bytes, found: Found) -> ProofFile:
        """Take the tokens of one archive into account, under the key of the register that it names.

        One that names neither this register nor a former one isn't judged here.

        Args:
            path: the archive, in the folder of its day, or beside these folders.
            container: its members.
            entry: its register entry, which must be one.
            found: takes findings about the sidecar.

        Returns:
            what its sidecar holds.
        """
        if not is_named(container, self.register_key):
            former = next((one for one in self.formers.each if is_named(container, one.key)), None)
            return self._look_at_former(path, container, entry, former, found) if former else ProofFile()
        proof = prooffile.judge(prooffile.read(path), entry, self.register_key, self.origin)
        parsed = entries.parse(entry)
        is_waiting = not self._take(container, proof) and is_expected(container)
        if is_waiting and self._was_delivered(parsed.sequence):
            code = "STAMP_DAMAGED" if proof.problem else "STAMP_LOST"
            values: dict[str, str | int] = {"sequence": parsed.sequence, "reason": proof.problem}
            found(Finding(code, _named(path), values))
            return proof
        if is_waiting:
            self.pending += 1
            self.oldest = min(self.oldest or parsed.claimed_time, parsed.claimed_time)
        if proof.problem:
            found(Finding("PROOF_FILE_DAMAGED", _named(path), {"reason": proof.problem}))
        return proof

    def _look_at_former(
        self, path: Path, container: Container, entry: bytes, former: Former, found: Found
    ) -> ProofFile:
        """The same for an archive of a former register, to which nobody delivers a time stamp any more.

        So a sidecar in which anything holds is worth being kept, whatever else is in it.
        """
        proof = prooffile.judge(prooffile.read(path), entry, former.key, former.origin)
        self._take(container, proof)
        if proof.problem and not proof.tokens:
            found(Finding("PROOF_FILE_DAMAGED", _named(path), {"reason": proof.problem}))
        return proof

    def _take(self, container: Container, proof: ProofFile) -> bool:
        """Take what the tokens say; returns whether there are any."""
        every = [*_inside(container), *proof.tokens]
        found = [read for data in every if (read := self._token(data)) is not None]
        if found:
            best = max(found, key=lambda read: read.authority.not_after).authority
            known = self.authorities.get(best.sha256, (best, 0))
            self.authorities[best.sha256] = (best, known[1] + 1)
            self.newest = max([*([self.newest] if self.newest else []), *(read.gen_time for read in found)])
        return bool(found)

    def _was_delivered(self, sequence: int) -> bool:
        place = bisect_left(self.delivered, sequence)
        return place < len(self.delivered) and self.delivered[place] == sequence

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


def _inside(container: Container) -> list[bytes]:
    members = [m for m in container.members if classify(m.name) is MemberKind.TOKEN]
    return [container.read(member, MAX_TOKEN) for member in members if member.size <= MAX_TOKEN]


def _named(archive: Path) -> str:
    """An archive's name below the folder of archives."""
    day = archive.parent.name
    return f"{day}/{archive.name}" if DAY.fullmatch(day) else archive.name


def is_expected(container: Container) -> bool:
    """Whether an archive's manifest says that a token belongs to it."""
    return _states(container, _EXPECTED)


def is_named(container: Container, register_key: str) -> bool:
    """Whether an archive's manifest names that verifier key as its register's; nothing is verified."""
    return _states(container, canonical.encode({"register_key": register_key})[1:-1])


def _states(container: Container, text: bytes) -> bool:
    """Whether a piece of canonical JSON stands in the manifest."""
    member = container.find(MANIFEST)
    if member is None:
        return False
    try:
        return text in container.read(member, MAX_MANIFEST)
    except (MemberTooLarge, Malformed):
        return False
