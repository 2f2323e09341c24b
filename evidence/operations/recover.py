"""What an interrupted seal left behind: finished, repeated or swept, from the journal alone.

Nothing that may have left the process is made anew. A claim whose owner is alive is left to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from evidence import canonical
from evidence.container import names
from evidence.crypto.keys import RegisterKey
from evidence.digests import sha256
from evidence.operations import commit
from evidence.operations.custody import facts_of, save_void
from evidence.operations.publish import publish
from evidence.operations.seams import Seams
from evidence.vault import claims, locks
from evidence.vault.claims import Claim
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

RegisterKeySource = Callable[[], RegisterKey]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of an interrupted seal.

    Attributes:
        archive_id: the archive concerned.
        outcome: ``published``, ``dropped`` (never entered, seal it again) or ``void`` (entered, but its body
            was lost: the register says so, seal it again).
    """

    archive_id: str
    outcome: str


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
                results.append(settle(vault, current, key, seams))
        finally:
            lock.release()
    known = {vault.layout.staged(claim.claim) for claim in claims.unfinished(vault.store)}
    for path in staged:
        if path not in known:
            vault.durable.remove(path)
    return results


def settle(vault: Vault, claim: Claim, key: RegisterKeySource, seams: Seams) -> Recovered:
    """Finish or sweep one unfinished claim whose lock is held."""
    if claim.state == "claimed":
        discard(vault, claim)
        return Recovered(claim.archive_id, "dropped")
    with locks.held(vault.layout.lock):
        vault.write_head()
    if not _body_is_whole(vault, claim):
        custody = save_void(vault, claim.archive_id, seams)
        commit.void(vault, key(), claim, custody, seams.clock)
        vault.durable.remove(vault.layout.staged(claim.claim))
        return Recovered(claim.archive_id, "void")
    publish(vault, claim, facts_of(vault, claim.archive_id).get("number", claim.archive_id))
    return Recovered(claim.archive_id, "published")


def discard(vault: Vault, claim: Claim) -> None:
    """Forget a claim that never reached the register, with everything made for it."""
    vault.durable.remove(vault.layout.staged(claim.claim))
    vault.durable.remove(vault.layout.custody(claim.archive_id))
    claims.drop(vault.store, claim)


def _body_is_whole(vault: Vault, claim: Claim) -> bool:
    """Whether the staged body still has its length, its ASiCManifest001.xml and its signature."""
    path = vault.layout.staged(claim.claim)
    if not path.is_file() or path.stat().st_size < (claim.body_length or 0):
        return False
    wanted = {names.ASIC_MANIFEST: claim.identity, names.SIGNATURE: claim.signature_sha256}
    with path.open("rb") as file:
        for member in claims.decode_members(claim.members or canonical.encode([])):
            if member.name in wanted:
                file.seek(member.data_offset)
                if sha256(file.read(member.size)) != wanted.pop(member.name):
                    return False
    return not wanted
