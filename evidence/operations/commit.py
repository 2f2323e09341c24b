"""Step 3 of sealing: entries, tree and signed head in one transaction; the same for notices and receipts.

FORMAT.md, "Register"; the journal's states are in evidence.vault.claims. The head is written outside the
database before anything leaves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evidence import strict
from evidence.clock import Clock
from evidence.crypto.keys import RegisterKey
from evidence.model.sealed import SealedFacts
from evidence.register import checkpoint, entries
from evidence.register.checkpoint import Checkpoint
from evidence.vault import claims, locks, notices, receipts
from evidence.vault.claims import Claim
from evidence.vault.register_store import Appender
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Staged:
    """A finished body, durable and read back, with the claim it was made under.

    Attributes:
        claim: the claim, filled in.
        facts: what its register entry says.
        received: ids of the receipts of its recordings.
    """

    claim: Claim
    facts: SealedFacts
    received: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt that is durable in the vault and waits for its entry.

    Attributes:
        received_id: its id.
        size: length of its recording in bytes.
        custody_sha256: digest of the receipt, 32 bytes.
    """

    received_id: str
    size: int
    custody_sha256: bytes


def commit(vault: Vault, key: RegisterKey, staged: Sequence[Staged], clock: Clock) -> list[Claim]:
    """Enter staged archives in the register, in their order; nothing is entered if one can't be.

    The names of their bodies and custody records are made durable first.

    Returns:
        their claims, ready to be published.

    Raises:
        StateError: the register was rolled back, or a claim was taken over meanwhile.
        StoreError: the store failed; nothing was entered.
    """
    for folder in (vault.layout.staging, vault.layout.custody_records):
        vault.durable.sync_directory(folder)
    claimed: list[Claim] = []

    def append(appender: Appender, time: str) -> None:
        for item in staged:
            # where no token belongs to the archive, there is nothing to choose later
            tokens = None if item.claim.expects else claims.WITHOUT
            claim = replace(item.claim, state="publishing", sequence=appender.size, tokens=tokens)
            claimed.append(claims.put(vault.store, claim))
            receipts.claim(vault.store, item.received, claim.archive_id)
            appender.append(
                entries.make_sealed(vault.config.origin, appender.size, time, appender.last, item.facts)
            )

    _extend(vault, key, clock, append)
    return claimed


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
        claims.put(vault.store, replace(claim, state="void", members=None))
        receipts.release(vault.store, claim.archive_id)

    _extend(vault, key, clock, append)


def enter_notice(vault: Vault, key: RegisterKey, notice_id: str, custody_sha256: bytes, clock: Clock) -> int:
    """Enter a version of the recording notice whose files and names are durable.

    Returns:
        its place in the register.

    Raises:
        StateError: the register was rolled back.
        StoreError: the store failed; nothing was entered.
    """
    place: list[int] = []

    def append(appender: Appender, time: str) -> None:
        place.append(appender.size)
        notices.enter(vault.store, notice_id, appender.size)
        appender.append(
            entries.make_notice(
                vault.config.origin, appender.size, time, appender.last, notice_id, custody_sha256
            )
        )

    _extend(vault, key, clock, append)
    return place[0]


def enter_receipts(vault: Vault, key: RegisterKey, taken: Sequence[Taken], clock: Clock) -> list[int]:
    """Enter receipts that are durable, in their order; all of them or none.

    Returns:
        their places in the register.

    Raises:
        StateError: the register was rolled back.
        StoreError: the store failed; nothing was entered.
    """
    places: list[int] = []

    def append(appender: Appender, time: str) -> None:
        for item in taken:
            places.append(appender.size)
            receipts.enter(vault.store, item.received_id, appender.size, item.size)
            entry = entries.make_received(
                vault.config.origin,
                appender.size,
                time,
                appender.last,
                item.received_id,
                item.custody_sha256,
            )
            appender.append(entry)

    _extend(vault, key, clock, append)
    return places


def _extend(vault: Vault, key: RegisterKey, clock: Clock, append: Callable[[Appender, str], None]) -> None:
    with locks.held(vault.layout.lock):
        vault.check_heads()
        vault.require_register_key(key)
        with vault.store.transaction():
            appender = vault.store.appender()
            append(appender, strict.format_timestamp(clock()))
            head = Checkpoint(vault.config.origin, appender.size, appender.root())
            appender.close(checkpoint.sign(head, key.sign_note))
        vault.write_head()
