"""`evidence seal`: an incident folder becomes a published archive, through the journal.

1. the incident is claimed; 2. body and custody record are written to staging, synced and read back;
3. the entry, the register's new head and its signature are committed, then written outside the database;
5. the evidence is appended and the archive published; 6. the claim is closed. (Step 4, a time-stamp token,
belongs to the policy ``expected``, which this version doesn't offer for sealing.) Originals are only read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from evidence.crypto.keys import RegisterKey, SealingKey
from evidence.digests import sha256
from evidence.entropy import new_uuid
from evidence.errors import StateError
from evidence.intake.folder import IncidentFolder, ensure_uid, read_folder
from evidence.messages import t
from evidence.model.sealed import SealedFacts
from evidence.operations import recover
from evidence.operations.body import Body, BodyWriter, Probe, Purpose
from evidence.operations.commit import Staged, commit
from evidence.operations.custody import save_sealed
from evidence.operations.publish import publish
from evidence.operations.recover import Recovered
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import claims
from evidence.vault.claims import Claim
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

Keys = Callable[[], tuple[SealingKey, RegisterKey]]


class Events(Protocol):
    """What a seal tells while it works."""

    def waiting(self) -> None:
        """Another process is sealing the same incident; this one waits for it."""

    def started(self, total: int) -> None:
        """The copying begins; ``total`` bytes will be reported."""

    def progress(self, count: int) -> None:
        """That many bytes more were copied or read back."""

    def recovered(self, what: Recovered) -> None:
        """An interrupted seal of an earlier run was finished or swept."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed incident.

    Attributes:
        number: the incident's number.
        archive: the published archive.
        archive_id: its UUID.
        identity: digest of its ASiCManifest001.xml, 32 bytes.
        sequence: its place in the register.
        body: what was written.
        folder: what was read.
    """

    number: str
    archive: Path
    archive_id: str
    identity: bytes
    sequence: int
    body: Body = field(repr=False)
    folder: IncidentFolder = field(repr=False)


class Sealer:
    """Seals incidents into one vault, one after another.

    Args:
        vault: an open vault.
        keys: gives the keys; called when the first incident has been read, or a void entry is needed.
        probe: determines facts about a recording without decoding it here.
        seams: clock, randomness, file system and the user's own store.
        events: told what happens.
    """

    def __init__(self, vault: Vault, keys: Keys, probe: Probe, seams: Seams, events: Events) -> None:
        self._vault = vault
        self._keys = keys
        self._probe = probe
        self._seams = seams
        self._events = events

    def recover(self) -> None:
        """Finish or sweep what earlier runs left, and refuse a register that was rolled back.

        Raises:
            StateError: the register is behind a head that was seen before.
        """
        self._vault.check_heads()
        for what in recover.recover(self._vault, self._register_key, self._seams):
            self._events.recovered(what)

    def seal(self, path: Path) -> Sealed:
        """Seal one incident folder.

        Raises:
            UsageError, FormatError: the folder, or a document in it, isn't what it should be.
            StateError: sealed already, a recording changed meanwhile, or the register was rolled back.
            CryptoError: the keys can't be used.
            StoreError, OSError: the disk or the register store failed; nothing is lost.
        """
        folder = ensure_uid(read_folder(path), self._seams.entropy)
        lock = OwnedLock(self._vault.layout.claim_lock(folder.uid))
        lock.take(self._events.waiting)
        try:
            return self._seal(folder)
        finally:
            lock.release()

    def _register_key(self) -> RegisterKey:
        return self._keys()[1]

    def _seal(self, folder: IncidentFolder) -> Sealed:
        self._refuse_sealed(folder)
        sealing, register = self._keys()
        entropy = self._seams.entropy
        claim = claims.make(self._vault.store, folder.uid, new_uuid(entropy), new_uuid(entropy))
        try:
            staged, body = self._stage(folder, claim, sealing)
            (committed,) = commit(self._vault, register, [staged], self._seams.clock)
        except BaseException:
            self._give_up(claim)
            raise
        archive = publish(self._vault, committed, folder.incident.number)
        return Sealed(
            number=folder.incident.number,
            archive=archive,
            archive_id=claim.archive_id,
            identity=body.identity,
            sequence=committed.sequence or 0,
            body=body,
            folder=folder,
        )

    def _refuse_sealed(self, folder: IncidentFolder) -> None:
        """A claim that is left by a dead process is settled first; its owner's lock is ours now."""
        claim = claims.find(self._vault.store, folder.uid)
        if claim is not None and claim.state not in {"published", "void"}:
            self._events.recovered(recover.settle(self._vault, claim, self._register_key, self._seams))
            claim = claims.find(self._vault.store, folder.uid)
        if claim is not None and claim.state == "published":
            raise StateError(
                t("seal.already", number=folder.incident.number, sequence=claim.sequence or 0),
                t("seal.already_hint", folder=str(self._vault.layout.archives)),
            )

    def _give_up(self, claim: Claim) -> None:
        """Sweep a claim that never reached the register; one that did is left for the next run to finish."""
        current = claims.find(self._vault.store, claim.uid)
        if current is not None and current.claim == claim.claim and current.state == "claimed":
            recover.discard(self._vault, current)

    def _stage(self, folder: IncidentFolder, claim: Claim, key: SealingKey) -> tuple[Staged, Body]:
        vault = self._vault
        purpose = Purpose(
            claim.archive_id,
            vault.config.origin,
            vault.store.register_key(),
            vault.config.time_policy,
            claim.cites,
        )
        total = sum(file.size for file in folder.files if file.member)
        self._events.started(2 * total)
        with self._seams.durable.create(vault.layout.staged(claim.claim)) as out:
            writer = BodyWriter(out, folder, self._events.progress)
            body = writer.write(purpose, key, self._probe, self._seams)
            self._seams.durable.sync(out)
            self._seams.durable.sync_directory(vault.layout.staging)
            writer.read_back(vault.layout.staged(claim.claim))
        facts = {"number": folder.incident.number, "folder": visible(str(folder.path.resolve()))[:4096]}
        custody = save_sealed(vault, claim.archive_id, facts, self._seams)
        staged = replace(
            claim,
            body_length=body.members[-1].end,
            identity=body.identity,
            signature_sha256=body.signature_sha256,
            members=claims.encode_members(body.members),
        )
        sealed = SealedFacts(
            claim.archive_id, body.identity, body.signature_sha256, sha256(key.chain[0]), custody
        )
        return Staged(staged, sealed), body
