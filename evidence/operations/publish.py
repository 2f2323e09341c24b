"""Steps 5 and 6 of sealing: evidence appended, archive published, claim closed.

What is appended follows from the committed entry, the checkpoint that was committed with it, and the choice
of evidence that is journaled before anything is placed, so a crash repeats exactly the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from evidence.container import names
from evidence.container.tail import evidence_tail
from evidence.errors import StoreError
from evidence.messages import t
from evidence.register import entries, merkle
from evidence.register.proof import Proof, encode
from evidence.vault import archive_store, claims, receipts, stamps
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault


def publish(vault: Vault, claim: Claim, number: str) -> Path:
    """Steps 5 and 6 of one archive, as `choose`, `place` and `close`."""
    (chosen,) = choose(vault, [claim])
    target = place(vault, chosen, number)
    close(vault, [chosen], {target.parent})
    return target


def choose(vault: Vault, committed: Sequence[Claim]) -> list[Claim]:
    """Journal in one transaction which evidence archives get: with the token over their head, or without.

    What was chosen before stays chosen, so that what may have been placed is placed again as it was.

    Returns:
        the claims, each with its choice, in their order.
    """
    if all(claim.tokens is not None for claim in committed):
        return list(committed)
    with vault.store.transaction():
        return [_chosen(vault, claim) for claim in committed]


def _chosen(vault: Vault, claim: Claim) -> Claim:
    if claim.tokens is not None:
        return claim
    size, _note = vault.store.checkpoint_over(claim.sequence or 0)
    is_there = claim.expects and stamps.token(vault.store, size)
    return claims.put(vault.store, replace(claim, tokens=claims.WITH if is_there else claims.WITHOUT))


def place(vault: Vault, claim: Claim, number: str) -> Path:
    """Finish a committed archive and give it its name; safe to repeat after a crash.

    Its evidence must have been chosen (`choose`).

    Returns:
        The path of the archive; its name is durable after `close`.

    Raises:
        StoreError: what was written can't be read back, or the archive can't be put in its place.
    """
    staged = vault.layout.staged(claim.claim)
    folder = _folder(vault, claim)
    length, tail = claim.body_length or 0, _tail(vault, claim)
    target = archive_store.find(folder, staged, length, tail, number)
    if target is not None:
        return target
    try:
        _append(vault, claim, tail, vault.durable.sync)
    except OSError as error:
        raise archive_store.not_published(folder, error) from error
    return _named(vault, claim, number, tail)


def place_all(vault: Vault, wanted: Sequence[tuple[Claim, str]]) -> Iterator[tuple[Claim, Path | StoreError]]:
    """Finish archives that were committed just now and give them their names, as `place` does one.

    Args:
        vault: an open vault.
        wanted: claims, and the incidents' numbers.

    Yields:
        each claim with the path of its archive, or why it can't be placed now: a later run finishes it.
    """
    appended = [(claim, number, *_appended(vault, claim)) for claim, number in wanted]
    good = [vault.layout.staged(claim.claim) for claim, _number, _tail, error in appended if error is None]
    if good:
        vault.durable.sync_all(good)
    for claim, number, tail, error in appended:
        if error is not None:
            yield claim, error
            continue
        try:
            yield claim, _named(vault, claim, number, tail)
        except StoreError as failure:
            yield claim, failure


def _appended(vault: Vault, claim: Claim) -> tuple[bytes, StoreError | None]:
    """Write what follows a body, not synced; gives it, and what went wrong."""
    tail = _tail(vault, claim)
    try:
        _append(vault, claim, tail)
    except OSError as error:
        return tail, archive_store.not_published(vault.layout.staged(claim.claim), error)
    return tail, None


def _append(
    vault: Vault, claim: Claim, tail: bytes, sync: Callable[[BinaryIO], None] = lambda _file: None
) -> None:
    with vault.durable.reopen(vault.layout.staged(claim.claim), claim.body_length or 0) as file:
        file.write(tail)
        sync(file)


def _named(vault: Vault, claim: Claim, number: str, tail: bytes) -> Path:
    """Read back what follows a body, and give the archive its name."""
    folder, staged = _folder(vault, claim), vault.layout.staged(claim.claim)
    try:
        with staged.open("rb") as file:
            file.seek(claim.body_length or 0)
            if file.read() != tail:
                raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))
    except OSError as error:
        raise archive_store.not_published(folder, error) from error
    archive_store.make_folder(vault.durable, folder)
    return archive_store.publish(vault.durable, folder, staged, number)


def _folder(vault: Vault, claim: Claim) -> Path:
    entry = entries.parse(vault.store.entry(claim.sequence or 0))
    return vault.layout.archives_of(entry.claimed_time)


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
    """What follows a body: entry, proof under the checkpoint of its commit, token, central directory."""
    sequence = claim.sequence or 0
    size, note = vault.store.checkpoint_over(sequence)
    path = merkle.inclusion_proof(sequence, size, vault.store.node)
    parts = [
        (names.ENTRY, vault.store.entry(sequence)),
        (names.proof_name(1), encode(Proof(sequence, tuple(path), note))),
    ]
    if claim.tokens == claims.WITH:
        parts.append((names.token_name(1, 1), stamps.token(vault.store, size) or b""))
    return evidence_tail(claims.decode_members(claim.members or b""), parts)
