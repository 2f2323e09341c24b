"""Steps 1 and 2 of sealing: claim, body, custody record; swept at once when they fail."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from evidence.crypto import cades
from evidence.crypto.keys import SealingKey
from evidence.digests import sha256
from evidence.entropy import new_uuid
from evidence.intake.folder import IncidentFolder
from evidence.model.receipt import ReceiptEvidence
from evidence.model.sealed import SealedFacts
from evidence.operations import recover
from evidence.operations.body import Body, BodyWriter, Probe, Progress, Purpose, append_signature
from evidence.operations.commit import Staged
from evidence.operations.custody import contents_of, save_sealed
from evidence.operations.noticework import NoticeWork
from evidence.operations.readback import read_back
from evidence.operations.receipt_evidence import Receipts, received_of
from evidence.operations.seams import Seams
from evidence.operations.searching import NO_SEARCH, Search, Searcher
from evidence.operations.stamping import is_expected
from evidence.text import visible
from evidence.vault import claims
from evidence.vault.claims import Claim
from evidence.vault.filesystem import require_room
from evidence.vault.vault import Vault

_LONGEST_FACT = 4096


@dataclass(frozen=True, slots=True)
class Work:
    """What staging works with.

    Attributes:
        probe: determines facts about a recording.
        seams: clock, randomness and file system.
        started: told the bytes that will be reported.
        progress: told bytes copied or read back.
        search: the versions of the notice, and how recordings are searched for them.
        searcher: does it; None: nobody does.
        report: language of the report in each archive; empty: there is none.
    """

    probe: Probe
    seams: Seams
    started: Callable[[int], None]
    progress: Progress
    search: Search = NO_SEARCH
    searcher: Searcher | None = None
    report: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An incident that is staged: durable and read back, not in the register yet."""

    folder: IncidentFolder
    staged: Staged
    body: Body


def stage(vault: Vault, folder: IncidentFolder, key: SealingKey, work: Work) -> Prepared:
    """Claim an incident and make its body and custody record. The caller holds the incident's lock.

    Raises:
        StateError: it is claimed already, or a recording changed meanwhile.
        StoreError, OSError: the disk failed, or reads back something else.
    """
    seams = work.seams
    claim = claims.make(vault.store, folder.uid, new_uuid(seams.entropy), new_uuid(seams.entropy))
    try:
        gathered = Receipts(vault).matching(file.size for file in folder.files if file.is_sound)
        notices = NoticeWork(folder, work.search, work.searcher, seams.clock())
        body = _write_body(vault, notices, claim, key, work, gathered=gathered)
        path = visible(str(folder.path.resolve()))[:_LONGEST_FACT]
        contents = contents_of(notices.brought(body.exhibits))
        facts = {
            "number": folder.incident.number,
            "uid": folder.uid,
            "folder": path,
            "contents": contents,
        }
        custody = save_sealed(vault, claim.archive_id, facts, seams)
    except BaseException:
        sweep(vault, claim)
        raise
    staged = filled(claim, body, is_expected=is_expected(vault))
    certificate = sha256(key.chain[0])
    sealed = SealedFacts(claim.archive_id, body.identity, body.signature_sha256, certificate, custody)
    return Prepared(folder, Staged(staged, sealed, received_of(body.exhibits, gathered)), body)


def filled(claim: Claim, body: Body, *, is_expected: bool) -> Claim:
    """A claim with what is needed to finish its archive once it is entered.

    Args:
        claim: of the incident.
        body: what was written.
        is_expected: whether a time-stamp token belongs to the archive.
    """
    return replace(
        claim,
        body_length=body.members[-1].end,
        identity=body.identity,
        signature_sha256=body.signature_sha256,
        members=claims.encode_members(body.members),
        expects=int(is_expected),
    )


def sweep(vault: Vault, claim: Claim) -> None:
    """Forget a claim that never reached the register; one that did is left for the next run to finish."""
    current = claims.find(vault.store, claim.uid)
    if current is not None and current.claim == claim.claim and current.state == "claimed":
        recover.discard(vault, current)


def _write_body(
    vault: Vault,
    notices: NoticeWork,
    claim: Claim,
    key: SealingKey,
    work: Work,
    *,
    gathered: tuple[ReceiptEvidence, ...],
) -> Body:
    durable, seams = work.seams.durable, work.seams
    purpose = Purpose(
        claim.archive_id,
        vault.config.origin,
        vault.store.register_key(),
        vault.config.time_policy,
        claim.cites,
        work.report,
    )
    size = sum(file.size for file in notices.folder.files if file.member)
    require_room(vault.layout.staging, size)
    work.started(2 * size)
    path = vault.layout.staged(claim.claim)
    with durable.create(path) as out:
        writer = BodyWriter(out, notices, work.progress, receipts=gathered)
        unsigned = writer.write(purpose, work.probe, seams.entropy)
        body = append_signature(out, unsigned, cades.sign(unsigned.asic_manifest, key, seams.clock()))
        durable.sync(out)
        read_back(path, body.members, body.digests, work.progress)
    return body
