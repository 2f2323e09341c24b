"""What the steps of a verification find and hand on to one another."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from evidence.container.reader import Container, MemberTooLarge
from evidence.crypto.cades import Signature
from evidence.crypto.certificates import CertificateFacts
from evidence.crypto.trust import ChainResult
from evidence.digests import sha256
from evidence.findings import Finding, Status
from evidence.model.entry import Entry
from evidence.model.manifest import Manifest
from evidence.register.checkpoint import Checkpoint
from evidence.verify.results import ClaimedTimes, Note, Options, ProvenTime, Received
from evidence.verify.rules import RULES

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """An authentic checkpoint of the archive's register.

    Attributes:
        checkpoint: what it says.
        committed: the bytes that a time-stamp token over it stamps.
    """

    checkpoint: Checkpoint
    committed: bytes


@dataclass(frozen=True, slots=True)
class SideToken:
    """A token of a sidecar over a checkpoint that was taken over.

    Attributes:
        name: what it is called in findings and notes.
        data: its bytes.
        committed: what it should stamp.
    """

    name: str
    data: bytes
    committed: bytes


class State:
    """Findings and notes so far, and what later steps rest on.

    A finding is *about* one or more members. Once something FAILED about a member, nothing further is found
    about it: that would be a consequence. Suppression therefore never changes a verdict; it needs a FAILED
    finding. What is only INDETERMINATE suppresses nothing, and a member's place says nothing about its bytes.

    Attributes:
        asic: bytes of ASiCManifest001.xml; None where it is missing.
        listed: digests of the body as ASiCManifest001.xml lists them; None where there is no list to go by.
        digests: digests of the members of the body that are as listed.
        signature, signer: the signature, once its mathematics holds, and facts about its certificate.
        manifest: manifest.json, read from verified bytes.
        records: record id to its document, read from verified bytes, without the bytes of files in it.
        entry, entry_data: the register entry, as far as it could be read, and its bytes.
        heads: authentic checkpoints, by the number of their proof.
        side_heads, side_tokens: the same from a sidecar, as far as they include the entry; and its tokens.
        older_heads: authentic checkpoints of receipts and announcements.
        received: receipts of recordings.
        claimed, proven: times, see results.
        trust: how the signer's certificate stands to the verifier's anchors.
        confirmed: whether the verifier's own export or checkpoint covers the archive's.
    """

    def __init__(self, container: Container, options: Options) -> None:
        self.container = container
        self.options = options
        self.notes: list[Note] = []
        self.checks: Counter[int] = Counter()
        self.finished: set[int] = set()
        self.asic: bytes | None = None
        self.listed: dict[str, bytes] | None = None
        self.digests: dict[str, bytes] = {}
        self.signature: Signature | None = None
        self.signer: CertificateFacts | None = None
        self.manifest: Manifest | None = None
        self.records: dict[str, Record] = {}
        self.entry: Entry | None = None
        self.entry_data = b""
        self.heads: dict[int, Head] = {}
        self.side_heads: dict[int, Head] = {}
        self.side_tokens: list[SideToken] = []
        self.older_heads: list[Checkpoint] = []
        self.received: list[Received] = []
        self.claimed = ClaimedTimes()
        self.proven: ProvenTime | None = None
        self.trust: ChainResult | None = None
        self.confirmed = False
        self._found: list[tuple[Finding, frozenset[str]]] = []
        self._blamed: set[str] = set()

    def find(self, code: str, subject: str = "", *about: str, **params: str | int) -> None:
        """Add a finding, unless it is the consequence of one.

        Args:
            code: one of RULES.
            subject: the member it names; empty when it isn't about a member.
            about: further members that it explains.
            params: values for its message.
        """
        members = frozenset({subject, *about} - {""}) if code != "MEMBER_ORDER" else frozenset()
        if members & self._blamed:
            return
        self._found.append((Finding(code, subject, params), members))
        if RULES[code].status is Status.FAILED:
            self._blamed |= members

    def note(self, code: str, subject: str = "", **params: str | int) -> None:
        """Add information that changes no verdict."""
        self.notes.append(Note(code, subject, params))

    def is_blamed(self, *members: str) -> bool:
        """Whether something FAILED about one of these members."""
        return not self._blamed.isdisjoint(members)

    def all_heads(self) -> list[Head]:
        """The authentic checkpoints of the archive and of its sidecar."""
        return [*self.heads.values(), *self.side_heads.values()]

    def findings(self) -> tuple[Finding, ...]:
        """What counts, in order of the steps; undecided things about a member that FAILED don't."""
        counting = [
            finding
            for finding, members in self._found
            if RULES[finding.code].status is Status.FAILED or not members & self._blamed
        ]
        return tuple(sorted(counting, key=lambda finding: RULES[finding.code].step))

    def has(self, name: str) -> bool:
        """Whether the archive has a member of that name."""
        return self.container.find(name) is not None

    def read(self, name: str, limit: int, malformed: str) -> bytes | None:
        """The bytes of an evidence member, which nothing but itself authenticates.

        Args:
            name: its name.
            limit: bytes that it may have.
            malformed: code of the finding when it is longer; empty for none.

        Returns:
            None where there is no such member (step 2 says so), it is too long, or FAILED already.
        """
        member = self.container.find(name)
        if member is None or self.is_blamed(name):
            return None
        try:
            return self.container.read(member, limit)
        except MemberTooLarge as error:
            if malformed:
                self.find(malformed, name, reason=str(error))
            return None

    def read_verified(self, name: str, limit: int, malformed: str) -> bytes | None:
        """The bytes of a member of the body, compared once more with its digest (step 3 read it before).

        Returns:
            As read; None also where the member isn't as listed.
        """
        if name not in self.digests:
            return None
        data = self.read(name, limit, malformed)
        if data is not None and sha256(data) != self.digests[name]:
            self.find("MEMBER_ALTERED", name)
            return None
        return data
