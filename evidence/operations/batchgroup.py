"""One group of a batch: bodies written by workers, claimed, signed, entered under one commit, published.

The steps are those of `evidence seal` (evidence.operations.seal), each done for the whole group at once: one
transaction for the claims, one sync for the bodies, one commit with one checkpoint. Until an incident is
claimed, its body is a file in staging that nobody knows; the batch's lock keeps others from sweeping it.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any

from evidence.crypto import cades
from evidence.digests import sha256
from evidence.entropy import new_uuid
from evidence.errors import ExitCode, StoreError
from evidence.intake.inbox.model import Item
from evidence.messages import language, t
from evidence.model.sealed import SealedFacts
from evidence.operations import admission, recover, staging
from evidence.operations.admission import Admitted, Again
from evidence.operations.batchoutcome import Failed, Left, Outcome, Sealed
from evidence.operations.body import Body, Purpose, append_signature
from evidence.operations.bodytask import Check, Refused, Task, Written, read_back_bodies, write_bodies
from evidence.operations.commit import Staged, commit
from evidence.operations.custody import write_sealed
from evidence.operations.publish import choose, close, place_all
from evidence.operations.receipt_evidence import Receipts, received_of
from evidence.operations.recover import Recovered
from evidence.operations.seal import Keys
from evidence.operations.seams import Seams
from evidence.operations.searching import NO_SEARCH, Search
from evidence.operations.stamping import Stamper, is_expected
from evidence.operations.workforce import Inline, WorkerLostError, result_of
from evidence.text import visible
from evidence.vault import claims
from evidence.vault.claims import Claim
from evidence.vault.filesystem import require_room
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

_LONGEST_FACT = 4096
_PORTION_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """A group whose bodies are being written: the tasks of each chunk, and the chunks' results to come."""

    chunks: tuple[tuple[Task, ...], ...]
    futures: "tuple[Future[Any], ...]"

    def tasks(self) -> Iterator[Task]:
        """All tasks."""
        for chunk in self.chunks:
            yield from chunk


@dataclass(frozen=True, slots=True)
class Signed:
    """An incident that is claimed and signed; once it is committed its claim says where it stands."""

    admitted: Admitted
    body: Body
    staged: Staged


@dataclass(frozen=True, slots=True)
class Means:
    """What groups are sealed with.

    Attributes:
        vault: an open vault; the caller holds the batch's lock.
        keys: gives the keys.
        seams: clock, randomness and file system.
        executor: does what needs no key and no register.
        chunk: incidents handed to a worker at once.
        search: the versions of the notice, and how recordings are searched for them.
        report: language of the report in each archive; empty: there is none.
    """

    vault: Vault
    keys: Keys
    seams: Seams
    executor: Executor
    chunk: int = 16
    search: Search = NO_SEARCH
    report: str = ""


class GroupSealer:
    """Seals groups of incidents into one vault.

    Args:
        means: what with.
        stamper: has each checkpoint stamped before anything is published.
        recovered: told what became of an interrupted seal of an incident at hand.
    """

    def __init__(self, means: Means, stamper: Stamper, recovered: Callable[[Recovered], None]) -> None:
        self._vault = means.vault
        self._keys = means.keys
        self._seams = means.seams
        self._executor = means.executor
        self._chunk = means.chunk
        self._stamper = stamper
        self._recovered = recovered
        self._receipts = Receipts(means.vault)
        self._search = means.search
        self._report = means.report
        self._locks: dict[str, OwnedLock] = {}
        self._claimed: list[Claim] = []

    def start(self, items: Sequence[Item]) -> Running:
        """Let workers write the bodies of a group.

        Raises:
            StoreError: the disk has no room for them.
        """
        require_room(self._vault.layout.staging, sum(item.size for item in items))
        chunks = tuple(self._portions([self._task(item) for item in items]))
        return Running(chunks, tuple(map(self._submit_writing, chunks)))

    def finish(self, running: Running) -> list[Outcome]:
        """Seal a group whose bodies were begun; nothing of it is sealed if this raises before the commit.

        Raises:
            StateError: the register was rolled back.
            CryptoError: the keys can't be used.
            StoreError, OSError: the disk, the register store or a worker failed; nothing is lost.
        """
        try:
            admitted, outcomes = self._admit(running)
            if admitted:
                signed = self._sign(admitted)
                self._read_back(signed)
                outcomes += self._publish(self._commit(signed))
        except BaseException:
            self.give_up(running)
            raise
        finally:
            for lock in self._locks.values():
                lock.release()
            self._locks.clear()
            self._claimed.clear()
        return outcomes

    def give_up(self, running: Running) -> None:
        """Sweep what a group has made that never reached the register."""
        for future in running.futures:
            future.cancel()
        for claim in self._claimed:
            staging.sweep(self._vault, claim)
        known = {claim.claim for claim in claims.unfinished(self._vault.store)}
        for task in running.tasks():
            if task.claim not in known:
                task.staged.unlink(missing_ok=True)

    def _portions(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, ...]]:
        """Tasks for one worker each: at most a chunk, and not many large recordings."""
        portion: list[Task] = []
        for task in tasks:
            if portion and (
                len(portion) == self._chunk or sum(each.item.size for each in portion) > _PORTION_BYTES
            ):
                yield tuple(portion)
                portion = []
            portion.append(task)
        if portion:
            yield tuple(portion)

    def _chunks(self, what: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        for first in range(0, len(what), self._chunk):
            yield tuple(what[first : first + self._chunk])

    def _submit_writing(self, tasks: Sequence[Task]) -> "Future[Any]":
        own = (self._seams,) if isinstance(self._executor, Inline) else ()  # workers have their own
        return self._executor.submit(write_bodies, tasks, language(), *own)

    def _task(self, item: Item, replaces: str | None = None) -> Task:
        config, claim = self._vault.config, new_uuid(self._seams.entropy)
        register_key, archive_id = self._vault.store.register_key(), new_uuid(self._seams.entropy)
        purpose = Purpose(archive_id, config.origin, register_key, config.time_policy, replaces, self._report)
        gathered = self._receipts.matching(item.sizes)
        staged = self._vault.layout.staged(claim).resolve()
        return Task(item, claim, staged, purpose, gathered, self._search)

    # -- step 1: which of them are sealed now

    def _admit(self, running: Running) -> tuple[list[Admitted], list[Outcome]]:
        admitted: list[Admitted] = []
        outcomes: list[Outcome] = []
        for chunk, future in zip(running.chunks, running.futures, strict=True):
            for task, result in zip(chunk, self._written(chunk, future), strict=True):
                found = self._judged(task, result)
                if isinstance(found, Admitted):
                    admitted.append(found)
                else:
                    outcomes.append(found)
        return admitted, outcomes

    def _written(self, chunk: Sequence[Task], future: "Future[Any]") -> list[Written | Refused]:
        """What became of the bodies of a chunk; each is tried alone when their worker was lost."""
        try:
            return list(result_of(future))
        except WorkerLostError:
            return [self._written_alone(task) for task in chunk]

    def _written_alone(self, task: Task) -> Written | Refused:
        task.staged.unlink(missing_ok=True)
        try:
            found: Written | Refused = result_of(self._submit_writing([task]))[0]
        except WorkerLostError:
            task.staged.unlink(missing_ok=True)
            return Refused(t("batch.died"), t("batch.died_hint"), ExitCode.STORE)
        return found

    def _judged(self, task: Task, result: Written | Refused) -> Admitted | Outcome:
        """What becomes of one incident; a body that isn't needed is removed."""
        if isinstance(result, Refused):
            return admission.refused(task.item, result)
        found = self._known(task, result)
        if isinstance(found, Admitted):
            return found
        task.staged.unlink(missing_ok=True)
        if not isinstance(found, Again):
            return found
        self._locks.pop(result.uid).release()
        again = self._task(task.item, found.replaces)
        return self._judged(again, write_bodies([again], language(), self._seams)[0])

    def _known(self, task: Task, written: Written) -> Admitted | Again | Outcome:
        if written.uid in self._locks:
            return admission.twice(task.item)
        lock = OwnedLock(self._vault.layout.claim_lock(written.uid))
        if not lock.take():
            return Left(task.item.key, t("batch.being_sealed"))
        self._locks[written.uid] = lock
        claim = claims.find(self._vault.store, written.uid)
        if claim is not None and claim.state not in {"published", "void"}:
            self._recovered(recover.settle(self._vault, claim, lambda: self._keys()[1], self._seams))
            claim = claims.find(self._vault.store, written.uid)
        return admission.judged(self._vault, task, written, claim)

    # -- step 2: claimed, signed, durable, read back

    def _sign(self, admitted: Sequence[Admitted]) -> list[Signed]:
        wanted = [(a.written.uid, a.task.claim, a.task.purpose.archive_id) for a in admitted]
        self._claimed += claims.make_all(self._vault.store, wanted)
        signed = [self._signed(*each) for each in zip(admitted, self._claimed, strict=True)]
        self._seams.durable.sync_all([each.admitted.task.staged for each in signed])
        self._seams.durable.sync_all([self._vault.layout.custody(c.archive_id) for c in self._claimed])
        return signed

    def _signed(self, admitted: Admitted, claim: Claim) -> Signed:
        key, written = self._keys()[0], admitted.written
        unsigned = written.body
        with self._seams.durable.reopen(admitted.task.staged, unsigned.members[-1].end) as out:
            signature = cades.sign(unsigned.asic_manifest, key, self._seams.clock())
            body = append_signature(out, unsigned, signature)
        facts = {
            "number": written.number,
            "uid": written.uid,
            "folder": visible(written.folder)[:_LONGEST_FACT],
            "contents": admission.contents(written),
        }
        custody = write_sealed(self._vault, claim.archive_id, facts, self._seams)
        sealed = SealedFacts(
            claim.archive_id, body.identity, body.signature_sha256, sha256(key.chain[0]), custody
        )
        filled = staging.filled(claim, body, is_expected=is_expected(self._vault))
        received = received_of(body.exhibits, admitted.task.receipts)
        return Signed(admitted, body, Staged(filled, sealed, received))

    def _read_back(self, signed: Sequence[Signed]) -> None:
        checks = [Check(each.admitted.task.staged, each.body.members, each.body.digests) for each in signed]
        submit, parts = self._executor.submit, list(self._chunks(checks))
        futures = [submit(read_back_bodies, part, language()) for part in parts]
        for part, future in zip(parts, futures, strict=True):
            try:
                result_of(future)
            except WorkerLostError:  # the bodies are there; only who was to read them isn't
                read_back_bodies(part, language())

    # -- steps 3 to 6

    def _commit(self, signed: Sequence[Signed]) -> list[Signed]:
        staged = [each.staged for each in signed]
        entered = commit(self._vault, self._keys()[1], staged, self._seams.clock)
        if entered[0].expects:
            self._stamper.stamp(self._vault.store.checkpoint_over(entered[0].sequence or 0)[0])
        chosen = choose(self._vault, entered)
        return [
            replace(each, staged=replace(each.staged, claim=claim))
            for each, claim in zip(signed, chosen, strict=True)
        ]

    def _publish(self, committed: Sequence[Signed]) -> list[Outcome]:
        wanted = [(each.staged.claim, each.admitted.written.number) for each in committed]
        outcomes: list[Outcome] = []
        placed = []
        for each, (claim, archive) in zip(committed, place_all(self._vault, wanted), strict=True):
            task, written = each.admitted.task, each.admitted.written
            if isinstance(archive, StoreError):
                outcomes.append(Failed(task.item, archive.message, archive.hint, archive.exit_code))
                continue
            placed.append((claim, archive.parent))
            size = sum(exhibit.size for exhibit in written.body.exhibits)
            done = (written.number, archive, claim.archive_id, claim.sequence or 0, size, written.costs)
            is_pending = bool(claim.expects) and claim.tokens == claims.WITHOUT
            grades = tuple(told.grade for told in written.body.notice.values())
            outcomes.append(
                Sealed(
                    task.item,
                    written.state,
                    *done,
                    is_pending=is_pending,
                    grades=grades,
                    undrawn=each.body.undrawn,
                    lacks_report=bool(task.purpose.report) > each.body.has_report,
                )
            )
        if placed:
            close(self._vault, [claim for claim, _folder in placed], {folder for _claim, folder in placed})
        return outcomes
