"""What verification is asked, and what it answers (FORMAT.md, "Verification")."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, BinaryIO

from evidence.crypto.certificates import CertificateFacts
from evidence.crypto.trust import Anchors, ChainResult
from evidence.findings import Finding, Result, Status
from evidence.model.entry import Entry
from evidence.model.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Options:
    """The verifier's side: everything that must not come from the archive.

    Attributes:
        anchors: certificates and fingerprints of signers, or of their issuers, that the verifier trusts.
        tsa_anchors: the same for time-stamping authorities.
        now: the host's clock.
        at: judge as of this time, where no token proves one; None for now.
        register_export: a register export obtained apart from the archive.
        checkpoint: a checkpoint (signed note) kept apart from the archive.
        require_complete: whether members that version 1 recognises but doesn't check are a finding.
        own_fingerprints: SHA-256 (hexadecimal) of the certificates that are the verifier's own keys.
        sidecar: bytes of the file with later evidence, at most container.sidecar.MAX_SIZE and one.
    """

    anchors: Anchors
    tsa_anchors: Anchors
    now: dt.datetime
    at: dt.datetime | None = None
    register_export: BinaryIO | None = None
    checkpoint: bytes | None = None
    require_complete: bool = False
    own_fingerprints: frozenset[str] = frozenset()
    sidecar: bytes | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Information that never changes a verdict.

    Attributes:
        code: a message of the catalogue ``verify`` tells it in words.
        subject: what it is about, mostly a member's name; untrusted text.
        params: values for that message; untrusted text.
    """

    code: str
    subject: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


class Outcome(Enum):
    """What came of one step."""

    PASS = "PASS"  # noqa: S105  not a password
    FAIL = "FAIL"
    INDETERMINATE = "INDETERMINATE"
    NOT_CHECKED = "NOT CHECKED"


@dataclass(frozen=True, slots=True)
class StepReport:
    """One numbered step of FORMAT.md.

    Attributes:
        number: 1 to 11.
        result: the result it counts for.
        outcome: PASS, FAIL, INDETERMINATE, or NOT CHECKED when it was not reached or not asked for.
        checks: how many things were checked.
        findings: what was found.
    """

    number: int
    result: Result
    outcome: Outcome
    checks: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClaimedTimes:
    """What the sealer's own clock said; nobody else vouches for it.

    Attributes:
        signing: signing-time attribute of the signature; None when there is none.
        entry: claimed time of the register entry.
    """

    signing: dt.datetime | None = None
    entry: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ProvenTime:
    """The earliest time at which a trusted authority saw the register's checkpoint.

    Attributes:
        time: genTime of its token, UTC.
        accuracy_ms: accuracy the token states, in milliseconds.
        authority: subject of the authority's certificate; untrusted text.
        member: the token's name in the archive, or in its sidecar.
        in_sidecar: whether the token stands in the sidecar.
    """

    time: dt.datetime
    accuracy_ms: int
    authority: str
    member: str
    in_sidecar: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A recording's receipt: that its digest was noted, and when, before the archive was sealed.

    Attributes:
        exhibit: id of the recording.
        received_id: id of the receipt.
        claimed: when it came in, by the clock of the host that made the receipt.
        entered: claimed time of the receipt's register entry.
        sequence: place of that entry, from 0.
        is_proven: whether entry and place are proven under the register's key; else all this is only claimed.
        proven: what a trusted authority says of the register's head above the entry; None without a token.
    """

    exhibit: str
    received_id: str
    claimed: dt.datetime
    entered: dt.datetime
    sequence: int
    is_proven: bool
    proven: ProvenTime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the archive stands in its register.

    Attributes:
        origin: the register's name.
        sequence: the entry's index, from 0.
        size: entries that the checkpoint covers.
        root: root hash of the checkpoint, 32 bytes.
        confirmed: whether something kept apart from the archive agrees (an export or a checkpoint).
    """

    origin: str
    sequence: int
    size: int
    root: bytes
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class VerifiedArchive:
    """What may be displayed: parsed from verified bytes only (FORMAT.md, "Verdict").

    Attributes:
        manifest: manifest.json.
        entry: the register entry; None where it could not be read.
        records: record id to its document, without the bytes of files kept inside it.
        digests: SHA-256 of every member of the body, by name, in order; whoever extracts compares again.
    """

    manifest: Manifest
    entry: Entry | None
    records: Mapping[str, Mapping[str, Any]]
    digests: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Verification:
    """The whole answer about one archive.

    Attributes:
        steps: all eleven, in order.
        findings: what counts, in order of the steps.
        notes: what a reader should know and what changes no verdict.
        results: the four results.
        verdict: the worst of them.
        archive_id: of manifest.json, once verified; else empty.
        identity: SHA-256 of ASiCManifest001.xml in hexadecimal; empty when it could not be read.
        signer: facts about the signer's certificate, once the signature's mathematics holds.
        trust: how that certificate stands to the verifier's anchors.
        judged_at: the time for which the certificate was judged.
        claimed: what the sealer's clock said.
        proven: what a time-stamping authority says.
        position: place in the register, once proof and checkpoint hold.
        contents: None unless integrity and the signature's mathematics passed.
        received: receipts of recordings, where there are contents; in the order of the recordings.
    """

    steps: tuple[StepReport, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    results: Mapping[Result, Status]
    verdict: Status
    archive_id: str = ""
    identity: str = ""
    signer: CertificateFacts | None = None
    trust: ChainResult | None = None
    judged_at: dt.datetime | None = None
    claimed: ClaimedTimes = ClaimedTimes()
    proven: ProvenTime | None = None
    position: Position | None = None
    contents: VerifiedArchive | None = None
    received: tuple[Received, ...] = ()
