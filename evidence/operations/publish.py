"""Steps 5 and 6 of sealing: evidence appended, archive published, claim closed.

What is appended is journaled before it is written, so that a crash repeats exactly the same bytes.
"""

from dataclasses import replace
from pathlib import Path

from evidence.container import names
from evidence.container.tail import evidence_tail
from evidence.errors import StoreError
from evidence.messages import t
from evidence.register import merkle
from evidence.register.proof import Proof, encode
from evidence.vault import archive_store, claims
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault


def publish(vault: Vault, claim: Claim, number: str) -> Path:
    """Finish a committed archive and give it its place; safe to repeat after a crash.

    Returns:
        The path of the archive, published and durable.

    Raises:
        StoreError: what was written can't be read back.
    """
    staged = vault.layout.staged(claim.claim)
    if claim.tail is None:
        claim = _journal_tail(vault, claim)
    length, tail = claim.body_length or 0, claim.tail or b""
    target = archive_store.find(vault.layout, staged, length, tail, number)
    if target is None:
        _append(vault, staged, length, tail)
        target = archive_store.publish(vault.durable, vault.layout, staged, number)
    else:
        vault.durable.sync_directory(vault.layout.archives)
    with vault.store.transaction():
        claims.put(vault.store, replace(claim, state="published", tail=None, members=None))
    vault.durable.remove(staged)
    return target


def _journal_tail(vault: Vault, claim: Claim) -> Claim:
    chosen = replace(claim, state="publishing", tail=_tail(vault, claim))
    with vault.store.transaction():
        return claims.put(vault.store, chosen)


def _tail(vault: Vault, claim: Claim) -> bytes:
    sequence = claim.sequence or 0
    note, size = vault.store.checkpoint(), vault.store.size()
    path = merkle.inclusion_proof(sequence, size, vault.store.node)
    parts = [
        (names.ENTRY, vault.store.entry(sequence)),
        (names.proof_name(1), encode(Proof(sequence, tuple(path), note))),
    ]
    return evidence_tail(claims.decode_members(claim.members or b"[]"), parts)


def _append(vault: Vault, staged: Path, length: int, tail: bytes) -> None:
    with vault.durable.reopen(staged, length) as file:
        file.write(tail)
        vault.durable.sync(file)
        file.seek(length)
        if file.read() != tail:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))
