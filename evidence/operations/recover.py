"""What an interrupted seal left behind: finished, repeated or swept, from the journal alone.

Nothing that may have left the process is made anew. A claim whose owner is alive is left to it.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.container import asic, names
from evidence.container.zipformat import local_header
from evidence.crypto.keys import RegisterKey
from evidence.digests import sha256
from evidence.errors import StoreError
from evidence.operations import commit
from evidence.operations.custody import facts_of, save_void
from evidence.operations.publish import close, publish
from evidence.operations.seams import Seams
from evidence.register import entries
from evidence.vault import archive_store, archived, claims, locks, receipts
from evidence.vault.claims import Claim
from evidence.vault.copying import pieces
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")

RegisterKeySource = Callable[[], RegisterKey]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of an interrupted seal.

    Attributes:
        archive_id: the archive concerned.
        outcome: ``published``; ``dropped`` (never entered, seal it again); ``void`` (entered, but its body
            was lost: the register says so, seal it again); or ``waiting`` (entered, can't be published now).
        reason: why it waits; else empty.
    """

    archive_id: str
    outcome: str
    reason: str = ""


def recover(vault: Vault, key: RegisterKeySource, seams: Seams) -> list[Recovered]:
    """Finish or sweep everything that earlier runs left unfinished."""
    staged = sorted(vault.layout.staging.glob("*.staged"))
    pending = claims.unfinished(vault.store)
    results = []
    for claim in pending:
        lock = OwnedLock(vault.layout.claim_lock(claim.uid))
        if not lock.take():
            continue
        try:
            current = claims.find(vault.store, claim.uid)
            if current is not None and current.claim == claim.claim:
                results.append(_settled(vault, current, key, seams))
        finally:
            lock.release()
    with locks.tried(vault.layout.batch_lock) as no_batch_is_running:
        if no_batch_is_running:  # one that is has bodies which nobody has claimed yet
            _sweep(vault, staged)
    for path in vault.layout.staging.glob("*.lock"):
        stale = OwnedLock(path)
        if stale.take():
            stale.release()
    receipts.settle(vault)
    return results


def sweep_unclaimed(vault: Vault) -> None:
    """Remove bodies that no claim knows. The caller holds the batch's lock."""
    _sweep(vault, sorted(vault.layout.staging.glob("*.staged")))


def _sweep(vault: Vault, staged: Sequence[Path]) -> None:
    known = {vault.layout.staged(claim.claim) for claim in claims.unfinished(vault.store)}
    for path in staged:
        if path not in known:
            vault.durable.remove(path)


def _settled(vault: Vault, claim: Claim, key: RegisterKeySource, seams: Seams) -> Recovered:
    """Settle a claim; that it can't be finished now must not keep other incidents from being sealed."""
    try:
        return settle(vault, claim, key, seams)
    except StoreError as error:
        return Recovered(claim.archive_id, "waiting", error.message)
    except OSError as error:
        return Recovered(claim.archive_id, "waiting", error.strerror or str(error))


def settle(vault: Vault, claim: Claim, key: RegisterKeySource, seams: Seams) -> Recovered:
    """Finish or sweep one unfinished claim whose lock is held."""
    if claim.state == "claimed":
        discard(vault, claim)
        return Recovered(claim.archive_id, "dropped")
    with locks.held(vault.layout.lock):
        vault.write_head()
    if _is_published(vault, claim):
        close(vault, [claim], ())
        return Recovered(claim.archive_id, "published")
    if not _body_is_whole(vault, claim):
        custody = save_void(vault, claim.archive_id, seams)
        commit.void(vault, key(), claim, custody, seams.clock)
        vault.durable.remove(vault.layout.staged(claim.claim))
        return Recovered(claim.archive_id, "void")
    number = facts_of(vault, claim.archive_id).get("number", "")
    publish(vault, claim, number if _NUMBER.fullmatch(number) else claim.archive_id)
    return Recovered(claim.archive_id, "published")


def _is_published(vault: Vault, claim: Claim) -> bool:
    """Whether the archive stands in its place although its staged body is gone.

    So it is where a register was restored that had been saved while the archive was about to be published.
    """
    if vault.layout.staged(claim.claim).exists():
        return False
    data = vault.store.entry(claim.sequence or 0)
    folder = vault.layout.archives_of(entries.parse(data).claimed_time)
    for path in folder.glob(f"*{archive_store.SUFFIX}"):
        carried = archived.read(path)
        if carried is not None and (carried.entry, carried.identity) == (data, claim.identity):
            return True
    return False


def discard(vault: Vault, claim: Claim) -> None:
    """Forget a claim that never reached the register, with everything made for it."""
    vault.durable.remove(vault.layout.staged(claim.claim))
    vault.durable.remove(vault.layout.custody(claim.archive_id))
    claims.drop(vault.store, claim)


def _body_is_whole(vault: Vault, claim: Claim) -> bool:
    """Whether the staged body still is the one that was entered, down to every digest.

    After a crash everything is hashed once more; in an undisturbed seal it isn't.
    """
    path = vault.layout.staged(claim.claim)
    if not path.is_file() or path.stat().st_size < (claim.body_length or 0):
        return False
    found: dict[str, bytes] = {}
    lists: dict[str, bytes] = {}
    try:
        members = claims.decode_members(claim.members or b"")
    except ValueError:
        return False
    with path.open("rb") as file:
        for member in members:
            file.seek(member.header_offset)
            if file.read(member.data_offset - member.header_offset) != local_header(member):
                return False
            digest = hashlib.sha256()
            if member.name in {names.ASIC_MANIFEST, names.SIGNATURE}:
                lists[member.name] = file.read(member.size)
                continue
            for piece in pieces(file.fileno(), member.size, member.data_offset):
                digest.update(piece)
            found[member.name] = digest.digest()
    listed, signature = lists.get(names.ASIC_MANIFEST, b""), lists.get(names.SIGNATURE, b"")
    if (sha256(listed), sha256(signature)) != (claim.identity, claim.signature_sha256):
        return False
    expected = [(names.MIMETYPE_NAME, sha256(names.MIMETYPE)), *asic.parse(listed)]
    return all(found.get(name) == digest for name, digest in expected)
