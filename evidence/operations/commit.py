"""Step 3 of sealing: entries, tree, signed head, and what follows each body, in one transaction.

FORMAT.md, "Register"; the journal's states are in evidence.vault.claims. The head is written outside the
database before anything leaves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evidence import strict
from evidence.clock import Clock
from evidence.container import names
from evidence.container.tail import evidence_tail
from evidence.crypto.keys import RegisterKey
from evidence.model.sealed import SealedFacts
from evidence.register import checkpoint, entries, merkle
from evidence.register.checkpoint import Checkpoint
from evidence.register.proof import Proof, encode
from evidence.vault import claims, locks
from evidence.vault.claims import Claim
from evidence.vault.register_store import Appender
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Staged:
    """A finished body, durable and read back, with the claim it was made under."""

    claim: Claim
    facts: SealedFacts


def commit(vault: Vault, key: RegisterKey, staged: Sequence[Staged], clock: Clock) -> list[Claim]:
    """Enter staged archives in the register, in their order; nothing is entered if one can't be.

    Returns:
        their claims, ready to be published.

    Raises:
        StateError: the register was rolled back, or a claim was taken over meanwhile.
        StoreError: the store failed; nothing was entered.
    """
    claimed: list[Claim] = []

    def append(appender: Appender, time: str) -> None:
        for item in staged:
            claimed.append(replace(item.claim, state="publishing", sequence=appender.size))
            appender.append(
                entries.make_sealed(vault.config.origin, appender.size, time, appender.last, item.facts)
            )

    def journal(note: bytes, size: int) -> None:
        for number, claim in enumerate(claimed):
            claimed[number] = claims.put(vault.store, replace(claim, tail=_tail(vault, claim, note, size)))

    _extend(vault, key, clock, append, journal)
    return claimed


def _tail(vault: Vault, claim: Claim, note: bytes, size: int) -> bytes:
    """What follows a body: entry, proof under the new checkpoint, central directory."""
    sequence = claim.sequence or 0
    path = merkle.inclusion_proof(sequence, size, vault.store.node)
    parts = [
        (names.ENTRY, vault.store.entry(sequence)),
        (names.proof_name(1), encode(Proof(sequence, tuple(path), note))),
    ]
    return evidence_tail(claims.decode_members(claim.members or b""), parts)


def void(vault: Vault, key: RegisterKey, claim: Claim, custody_sha256: bytes, clock: Clock) -> None:
    """Enter that the body of a committed archive was lost, so that its sequence isn't a gap."""

    def append(appender: Appender, time: str) -> None:
        voided = claim.sequence or 0
        appender.append(
            entries.make_void(
                vault.config.origin,
                appender.size,
                time,
                appender.last,
                voided,
                vault.store.leaf(voided),
                "body_lost",
                custody_sha256,
            )
        )
        claims.put(vault.store, replace(claim, state="void", tail=None, members=None))

    _extend(vault, key, clock, append, lambda _note, _size: None)


def _extend(
    vault: Vault,
    key: RegisterKey,
    clock: Clock,
    append: Callable[[Appender, str], None],
    journal: Callable[[bytes, int], None],
) -> None:
    with locks.held(vault.layout.lock):
        vault.check_heads()
        vault.require_register_key(key)
        with vault.store.transaction():
            appender = vault.store.appender()
            append(appender, strict.format_timestamp(clock()))
            head = Checkpoint(vault.config.origin, appender.size, appender.root())
            note = checkpoint.sign(head, key.sign_note)
            appender.close(note)
            journal(note, appender.size)
        vault.write_head()
