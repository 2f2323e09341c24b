"""Steps 5 and 6 of sealing: evidence appended, archive published, claim closed.

What is appended follows from the committed entry and the checkpoint that was committed with it, so a crash
repeats exactly the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from evidence.container import names
from evidence.container.tail import evidence_tail
from evidence.errors import StoreError
from evidence.messages import t
from evidence.register import entries, merkle
from evidence.register.proof import Proof, encode
from evidence.vault import archive_store, claims, receipts
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault


def publish(vault: Vault, claim: Claim, number: str) -> Path:
    """Steps 5 and 6 of one archive, as `place` and `close`."""
    target = place(vault, claim, number)
    close(vault, [claim], {target.parent})
    return target


def place(vault: Vault, claim: Claim, number: str) -> Path:
    """Finish a committed archive and give it its name; safe to repeat after a crash.

    Returns:
        The path of the archive; its name is durable after `close`.

    Raises:
        StoreError: what was written can't be read back, or the archive can't be put in its place.
    """
    staged = vault.layout.staged(claim.claim)
    folder = vault.layout.archives_of(entries.parse(vault.store.entry(claim.sequence or 0)).claimed_time)
    length, tail = claim.body_length or 0, _tail(vault, claim)
    target = archive_store.find(folder, staged, length, tail, number)
    if target is not None:
        return target
    try:
        _append(vault, staged, length, tail)
    except OSError as error:
        raise archive_store.not_published(folder, error) from error
    archive_store.make_folder(vault.durable, folder)
    return archive_store.publish(vault.durable, folder, staged, number)


def close(vault: Vault, placed: Sequence[Claim], folders: Iterable[Path]) -> None:
    """Make the names of placed archives durable and close their claims; then originals may be touched.

    Args:
        vault: an open vault.
        placed: claims whose archives are placed.
        folders: where they were placed.
    """
    for folder in folders:
        vault.durable.sync_directory(folder)
    with vault.store.transaction():
        for claim in placed:
            claims.put(vault.store, replace(claim, state="published", members=None))
    for claim in placed:
        vault.durable.remove(vault.layout.staged(claim.claim))
    receipts.settle(vault)


def _tail(vault: Vault, claim: Claim) -> bytes:
    """What follows a body: entry, proof under the checkpoint it was committed with, central directory."""
    sequence = claim.sequence or 0
    size, note = vault.store.checkpoint_over(sequence)
    path = merkle.inclusion_proof(sequence, size, vault.store.node)
    parts = [
        (names.ENTRY, vault.store.entry(sequence)),
        (names.proof_name(1), encode(Proof(sequence, tuple(path), note))),
    ]
    return evidence_tail(claims.decode_members(claim.members or b""), parts)


def _append(vault: Vault, staged: Path, length: int, tail: bytes) -> None:
    with vault.durable.reopen(staged, length) as file:
        file.write(tail)
        vault.durable.sync(file)
        file.seek(length)
        if file.read() != tail:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))
