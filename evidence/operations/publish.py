"""Steps 5 and 6 of sealing: evidence appended, archive published, claim closed.

What is appended was journaled before, so that a crash repeats exactly the same bytes.
"""

from dataclasses import replace
from pathlib import Path

from evidence.errors import StoreError
from evidence.messages import t
from evidence.vault import archive_store, claims
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault


def publish(vault: Vault, claim: Claim, number: str) -> Path:
    """Finish a committed archive and give it its place; safe to repeat after a crash.

    Returns:
        The path of the archive, published and durable.

    Raises:
        StoreError: what was written can't be read back, or the archive can't be put in its place.
    """
    staged = vault.layout.staged(claim.claim)
    length, tail = claim.body_length or 0, claim.tail or b""
    target = archive_store.find(vault.layout, staged, length, tail, number)
    if target is None:
        try:
            _append(vault, staged, length, tail)
        except OSError as error:
            raise archive_store.not_published(vault.layout.archives, error) from error
        target = archive_store.publish(vault.durable, vault.layout, staged, number)
    else:
        vault.durable.sync_directory(vault.layout.archives)
    with vault.store.transaction():
        claims.put(vault.store, replace(claim, state="published", tail=None, members=None))
    vault.durable.remove(staged)
    return target


def _append(vault: Vault, staged: Path, length: int, tail: bytes) -> None:
    with vault.durable.reopen(staged, length) as file:
        file.write(tail)
        vault.durable.sync(file)
        file.seek(length)
        if file.read() != tail:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))
