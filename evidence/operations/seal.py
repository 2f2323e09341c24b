"""`evidence seal`: an incident folder becomes a published archive, through the journal.

1. the incident is claimed; 2. body and custody record are written to staging, synced and read back;
3. the entry, the register's new head and its signature are committed, then written outside the database;
4. under the time policy ``expected`` a token over that head is asked for, while nobody else has to wait;
5. the evidence is chosen, appended and the archive published; 6. the claim is closed. Without an answer in
step 4 the archive is published all the same, and waits for its time stamp. Originals are only read.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from evidence.crypto.keys import RegisterKey, SealingKey
from evidence.errors import CryptoError, EvidenceError, StateError, StoreError
from evidence.intake.folder import IncidentFolder, ensure_uid, read_folder, refreshed
from evidence.messages import t
from evidence.operations import recover, staging
from evidence.operations.body import Body, Probe
from evidence.operations.commit import commit
from evidence.operations.custody import facts_of, is_changed
from evidence.operations.incidents import called
from evidence.operations.publish import choose, close, place
from evidence.operations.recover import Recovered
from evidence.operations.sealing_certificate import require_usable
from evidence.operations.seams import Seams
from evidence.operations.searching import NO_SEARCH, Search, Searcher
from evidence.operations.staging import Prepared, Work
from evidence.operations.stamping import Refusal, Stamp, Stamper, kept
from evidence.text import visible
from evidence.vault import claims
from evidence.vault.claims import Claim
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

GROUP = 64
"""Incidents that are entered in the register under one commit, at most."""

_GROUP_BYTES = 4 * 1024 * 1024
"""Bytes of documents that a group holds in memory; the one that passes it is the group's last."""

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
        stamp: the time stamp inside; None where there is none.
        is_pending: whether a time stamp belongs to it and is still to come.
        titles: by what people know the versions of the notice; untrusted.
    """

    number: str
    archive: Path
    archive_id: str
    identity: bytes
    sequence: int
    body: Body = field(repr=False)
    folder: IncidentFolder = field(repr=False)
    stamp: Stamp | None = None
    is_pending: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """One incident that was not sealed, and why."""

    path: Path
    error: EvidenceError


class Sealer:
    """Seals incidents into one vault, one after another.

    Args:
        vault: an open vault.
        keys: gives the keys; called when the first incident has been read, or a void entry is needed.
        probe: determines facts about a recording without decoding it here.
        seams: clock, randomness, file system and the user's own store.
        events: told what happens.
        search: the versions of the notice, and how recordings are searched for them.
        searcher: does it; None: nobody does.
        report: language of the report in each archive; empty: there is none.
    """

    def __init__(
        self,
        vault: Vault,
        keys: Keys,
        probe: Probe,
        seams: Seams,
        events: Events,
        *,
        search: Search = NO_SEARCH,
        searcher: Searcher | None = None,
        report: str = "",
    ) -> None:
        self._vault = vault
        self._keys = keys
        self._seams = seams
        self._events = events
        self._is_usable = False
        self._work = Work(probe, seams, events.started, events.progress, search, searcher, report)
        self._titles = search.gathered.titles
        self._stamper = Stamper(vault, seams)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no authority gave a time stamp when they were asked last; empty when one did."""
        return self._stamper.refusals

    def recover(self) -> None:
        """Finish or sweep what earlier runs left, and refuse a register that was rolled back.

        Raises:
            StateError: the register is behind a head that was seen before.
        """
        self._vault.check_heads()
        for what in recover.recover(self._vault, self._register_key, self._seams):
            self._events.recovered(what)

    def seal(self, path: Path) -> Sealed:
        """Seal one incident folder; raises what ``seal_all`` would return as a failure."""
        (outcome,) = self.seal_all([path])
        if isinstance(outcome, Failed):
            raise outcome.error
        return outcome

    def seal_all(self, paths: Sequence[Path]) -> Iterator[Sealed | Failed]:
        """Seal incident folders, a group at a time under one commit, and tell of each in its order.

        A folder that can't be sealed is told as Failed with one of these errors, and the others go on:
        UsageError, FormatError (the folder, or a document in it, isn't what it should be), StateError (sealed
        already, or a recording changed meanwhile), StoreError (the folder can't be read).

        Raises:
            StateError: the register was rolled back.
            CryptoError: the keys can't be used.
            StoreError, OSError: the disk or the register store failed; nothing is lost.
        """
        waiting = deque(paths)
        while waiting:
            yield from self._group(self._read(waiting))

    def _read(self, waiting: deque[Path]) -> list[IncidentFolder | Failed]:
        """Read the folders of one group, as many as memory allows."""
        group: list[IncidentFolder | Failed] = []
        weight = 0
        while waiting and len(group) < GROUP and weight < _GROUP_BYTES:
            path = waiting.popleft()
            try:
                folder = ensure_uid(read_folder(path), self._seams.entropy)
            except EvidenceError as error:
                group.append(Failed(path, error))
                continue
            weight += sum(len(file.data) for file in folder.files if file.data)
            group.append(folder)
        return group

    def _group(self, group: list[IncidentFolder | Failed]) -> list[Sealed | Failed]:
        outcomes: dict[int, Sealed | Failed] = {n: i for n, i in enumerate(group) if isinstance(i, Failed)}
        folders = {n: item for n, item in enumerate(group) if isinstance(item, IncidentFolder)}
        prepared: dict[int, Prepared] = {}
        locks: dict[str, OwnedLock] = {}
        try:
            # in the order of the uids, so that two processes never wait for each other in a circle
            for number in sorted(folders, key=lambda n: (folders[n].uid, n)):
                self._prepare(number, folders, prepared, outcomes, locks)
            self._commit(prepared)
            self._stamp(prepared)
            outcomes |= self._publish(prepared)
        finally:
            for lock in locks.values():
                lock.release()
        return [outcomes[number] for number in range(len(group))]

    def _prepare(
        self,
        number: int,
        folders: dict[int, IncidentFolder],
        prepared: dict[int, Prepared],
        outcomes: dict[int, Sealed | Failed],
        locks: dict[str, OwnedLock],
    ) -> None:
        """Steps 1 and 2 of one incident of a group; whatever stops the group sweeps all of it."""
        folder = folders[number]
        if folder.uid in locks:
            outcomes[number] = Failed(folder.path, StateError(t("seal.twice"), t("seal.twice_hint")))
            return
        locks[folder.uid] = OwnedLock(self._vault.layout.claim_lock(folder.uid))
        locks[folder.uid].take(self._events.waiting)
        try:
            self._refuse_sealed(folder)
            folder = refreshed(folder)
            prepared[number] = staging.stage(self._vault, folder, self._sealing_key(), self._work)
        except EvidenceError as error:
            if isinstance(error, CryptoError):
                self._give_up(prepared)
                raise
            outcomes[number] = Failed(folder.path, error)
        except BaseException:
            self._give_up(prepared)
            raise

    def _commit(self, prepared: dict[int, Prepared]) -> None:
        if not prepared:
            return
        try:
            claimed = commit(
                self._vault,
                self._register_key(),
                [item.staged for item in prepared.values()],
                self._seams.clock,
            )
        except BaseException:
            self._give_up(prepared)
            raise
        _set_claims(prepared, claimed)

    def _stamp(self, prepared: dict[int, Prepared]) -> None:
        """Step 4, and the first part of 5: a token over the group's checkpoint, and what its archives get."""
        committed = [item.staged.claim for item in prepared.values()]
        if any(claim.expects for claim in committed):
            self._stamper.stamp(self._size_over(committed[0]))
        _set_claims(prepared, choose(self._vault, committed))

    def _stamp_in(self, prepared: dict[int, Prepared]) -> Stamp | None:
        """The stamp over the checkpoint that all archives of a group share."""
        for item in prepared.values():
            if item.staged.claim.tokens == claims.WITH:
                return kept(self._vault, self._size_over(item.staged.claim))
        return None

    def _size_over(self, claim: Claim) -> int:
        return self._vault.store.checkpoint_over(claim.sequence or 0)[0]

    def _publish(self, prepared: dict[int, Prepared]) -> dict[int, Sealed | Failed]:
        """Steps 5 and 6; an archive that can't be placed now is finished by a later run."""
        outcomes: dict[int, Sealed | Failed] = {}
        placed: list[Claim] = []
        folders: set[Path] = set()
        stamp = self._stamp_in(prepared)
        for number, item in prepared.items():
            claim, name = item.staged.claim, item.folder.incident.number
            try:
                archive = place(self._vault, claim, name)
            except StoreError as error:
                outcomes[number] = Failed(item.folder.path, error)
                continue
            placed.append(claim)
            folders.add(archive.parent)
            outcomes[number] = Sealed(
                number=name,
                archive=archive,
                archive_id=claim.archive_id,
                identity=item.body.identity,
                sequence=claim.sequence or 0,
                body=item.body,
                folder=item.folder,
                stamp=stamp if claim.tokens == claims.WITH else None,
                is_pending=bool(claim.expects) and claim.tokens == claims.WITHOUT,
                titles=self._titles,
            )
        if placed:
            close(self._vault, placed, folders)
        return outcomes

    def _register_key(self) -> RegisterKey:
        return self._keys()[1]

    def _sealing_key(self) -> SealingKey:
        key = self._keys()[0]
        if not self._is_usable:
            require_usable(key, self._seams.clock())
            self._is_usable = True
        return key

    def _refuse_sealed(self, folder: IncidentFolder) -> None:
        """A claim that is left by a dead process is settled first; its owner's lock is ours now."""
        claim = claims.find(self._vault.store, folder.uid)
        if claim is not None and claim.state not in {"published", "void"}:
            self._events.recovered(recover.settle(self._vault, claim, self._register_key, self._seams))
            claim = claims.find(self._vault.store, folder.uid)
        if claim is not None and claim.state == "published":
            raise already_sealed(self._vault, folder, claim)
        number = folder.incident.number
        if claim is None and number in (nameless := nameless_numbers(self._vault)):
            raise perhaps_sealed(number, nameless[number])

    def _give_up(self, prepared: dict[int, Prepared]) -> None:
        for item in prepared.values():
            staging.sweep(self._vault, item.staged.claim)


def _set_claims(prepared: dict[int, Prepared], new: Sequence[Claim]) -> None:
    for number, claim in zip(prepared, new, strict=True):
        prepared[number] = replace(prepared[number], staged=replace(prepared[number].staged, claim=claim))


def nameless_numbers(vault: Vault) -> dict[str, int]:
    """Numbers of archives whose incident's UUID was lost in a recovery, and the archives' entries."""
    return {
        facts_of(vault, claim.archive_id).get("number", ""): claim.sequence or 0
        for claim in claims.nameless(vault.store)
    }


def perhaps_sealed(number: str, sequence: int) -> StateError:
    """Why an incident isn't sealed that has the number of an archive whose incident's UUID was lost."""
    message = t("recover.perhaps_sealed", number=number, sequence=sequence)
    return StateError(message, t("recover.perhaps_sealed_hint"))


def already_sealed(vault: Vault, folder: IncidentFolder, claim: Claim) -> StateError:
    """Why an incident isn't sealed again: it was, or its folder is a copy, or was changed since."""
    number, named = folder.incident.number, called(vault, folder.path, folder.incident.number)
    facts = facts_of(vault, claim.archive_id)
    is_copy = facts.get("number", number) != number
    if is_copy or (claim.sequence is not None and is_changed(vault, folder, claim.archive_id)):
        return changed_since(number, str(folder.path), facts, claim, named=named)
    hint = t("seal.already_hint", folder=visible(str(vault.layout.archives)), number=named)
    if claim.sequence is None:
        return StateError(t("recover.sealed_before", number=number), hint)
    return StateError(t("seal.already", number=number, sequence=claim.sequence), hint)


def changed_since(
    number: str, folder: str, facts: Mapping[str, str], claim: Claim, *, named: str = ""
) -> StateError:
    """Why an incident that was sealed isn't what it was: it is a copy of another one, or was changed.

    Args:
        number: what it says its number is.
        folder: where it lies; untrusted.
        facts: those of the seal's custody record.
        claim: of that seal.
        named: how a command names it; by its number where nothing is said.
    """
    sealed_as, sequence = facts.get("number", number), claim.sequence or 0
    if sealed_as != number:
        other = {"sealed_as": sealed_as, "number": number}
        return StateError(
            t("seal.copied", sequence=sequence, **other),
            t("seal.copied_hint", folder=visible(folder), **other),
        )
    return StateError(
        t("seal.changed", number=number, sequence=sequence), t("seal.changed_hint", number=named or number)
    )
