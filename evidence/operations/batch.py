"""`evidence batch`: everything in the inboxes is sealed, group by group, or set aside with a reason.

The order in which things happen is what makes it safe to kill at any moment: first what earlier runs left is
finished; an original is touched only after its archive is published and durable (law 1); what is noted in the
ledger only saves time.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

from evidence import strict
from evidence.errors import EvidenceError, StateError
from evidence.intake.inbox import scanning
from evidence.intake.inbox.model import CALL, Item
from evidence.intake.inbox.rules import Rules
from evidence.messages import t
from evidence.operations import originals, quarantine, receipts, recover, second_place, sidecars, stamping
from evidence.operations.admission import set_aside
from evidence.operations.batchgroup import GroupSealer, Means, Running
from evidence.operations.batchoutcome import Already, Left, Outcome, Sealed, SetAside
from evidence.operations.originals import Disposal
from evidence.operations.quarantine import Quarantined
from evidence.operations.recover import Recovered
from evidence.operations.sealing_certificate import require_usable
from evidence.operations.stamping import Stamper
from evidence.text import visible
from evidence.vault import archive_store
from evidence.vault.ledger import QUARANTINED, SEALED, Ledger


class Events(Protocol):
    """What a batch tells while it works."""

    def recovered(self, what: Recovered) -> None:
        """An interrupted seal of an earlier run was finished or swept."""

    def received(self, receipts: int) -> None:
        """So many receipts were entered in the register."""

    def started(self, items: int) -> None:
        """So many things are about to be sealed."""

    def outcome(self, what: Outcome, place: Path | None) -> None:
        """What became of something; ``place`` is its folder in quarantine."""

    def alarm(self, key: str, error: EvidenceError) -> None:
        """What a person must look at, though nothing was set aside for it."""

    def pending(self, archives: int, reasons: str) -> None:
        """So many archives wait for a time stamp, and what the authorities said."""

    def problem(self, message: str, hint: str) -> None:
        """Something that stops nothing, but that a person should look at."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch works.

    Attributes:
        size: incidents in a group: under one commit, checkpoint and time-stamp token.
        is_overlapped: whether workers write the bodies of the next group while this one is finished.
        originals: ``keep``, ``move`` or ``delete``.
        done: folder for moved originals.
    """

    size: int
    is_overlapped: bool
    originals: str
    done: Path


Settle = Callable[[Outcome], None]


class Batch:
    """One run over inboxes. The caller holds the batch's lock."""

    def __init__(self, means: Means, options: Options, events: Events) -> None:
        self._vault = means.vault
        self._keys = means.keys
        self._seams = means.seams
        self._options = options
        self._events = events
        self._ledger = Ledger(means.vault.layout.ledger)
        self._disposals: list[Disposal] = []
        self._targets: set[Path] = set()
        self._stamper = Stamper(means.vault, means.seams)
        self._sealer = GroupSealer(means, self._stamper, events.recovered)

    def recover(self) -> None:
        """Finish or sweep what earlier runs left.

        Raises:
            StateError: the register is behind a head that was seen before.
            CryptoError: the keys can't be used.
            StoreError, OSError: the disk or the register store failed.
        """
        self._vault.check_heads()
        archive_store.require_publishable(self._vault.layout)
        require_usable(self._keys()[0], self._seams.clock())
        for what in recover.recover(self._vault, lambda: self._keys()[1], self._seams):
            self._events.recovered(what)
        recover.sweep_unclaimed(self._vault)
        self._follow()
        refused = quarantine.finish(self._vault.layout, self._ledger, self._seams)
        for error in refused:
            self._not_set_aside(error)
        if not refused:
            self._ledger.end_aside()
        for pending in self._ledger.pending():
            try:
                self._carry_out(Disposal.of(pending))
            except ValueError:  # not what we wrote: nothing is done by it
                self._events.problem(t("batch.odd_disposal"), t("batch.changed_since_hint"))
        self._ledger.end()
        self._enter_receipts()

    def _enter_receipts(self) -> None:
        """Enter what recorders have noted since; receipts of what is sealed now go into its archives."""
        if not receipts.are_waiting(self._vault):
            return
        found = receipts.enter_all(self._vault, lambda: self._keys()[1], self._seams)
        self._events.received(len(found.sequences))
        for message, hint in receipts.complaints(found):
            self._events.problem(message, hint)

    def run(self, folder: Path, rules: Rules) -> None:
        """Seal what is in one inbox; each outcome is told in ``events``.

        Raises:
            UsageError, StoreError: the inbox can't be read.
            StateError, CryptoError, StoreError, OSError: as `GroupSealer.finish`; what was told stays so.
        """
        found = scanning.scan(folder, rules, self._seams.clock(), partial(self._ledger.is_sealed, folder))
        for alarm in found.alarms:
            self._events.alarm(alarm.key, alarm.error)
        for left in found.left:
            self._events.outcome(Left(left.key, left.words), None)
        new = [item for item in found.items if not self._is_known(item)]
        self._events.started(len(new))
        for bad in found.bad:
            if not self._is_known(bad.item):
                self._settle(set_aside(bad.item, bad.error))
        self._seal(new, self._settle)

    def retry(self, found: Quarantined, rules: Rules, inboxes: Collection[Path] = ()) -> Path | None:
        """Try again what is in one folder of the quarantine; what is sealed leaves it.

        Args:
            found: the folder.
            rules: by which it is read.
            inboxes: the vault's own; no other one is looked through because a reason.json says so.

        Returns:
            the inbox to look through again, where nothing was moved out of it.

        Raises:
            as `run`.
        """
        again = None
        if found.reason.get("kind") == CALL:
            origin, key = quarantine.origin(found)
            self._ledger.forget(origin, key)
            again = origin if origin in inboxes else None
            if again is None:
                folder = visible(str(origin))
                self._events.problem(t("batch.other_inbox"), t("batch.other_inbox_hint", folder=folder))
        elif found.content.is_dir() and not found.content.is_symlink():
            at_once = replace(rules, quiet_seconds=0, unfinished_hours=0, sidecar_hours=0)
            scanned = scanning.scan(found.content, at_once, self._seams.clock())
            for alarm in scanned.alarms:
                self._events.alarm(alarm.key, alarm.error)
            for bad in scanned.bad:
                self._settle_again(set_aside(bad.item, bad.error), found)
            for left in scanned.left:
                self._events.outcome(Left(left.key, left.words), None)
            self._seal(scanned.items, lambda outcome: self._settle_again(outcome, found))
        try:
            quarantine.remove_if_empty(self._vault.layout, found, self._seams)
        except OSError as error:
            self._not_set_aside(error)
        return again

    def finish(self) -> None:
        """Get time stamps for archives that still wait for one, and put the checkpoint in its second places.

        Raises:
            StateError: the register was rolled back.
            StoreError, OSError: the disk or the register store failed.
        """
        refusals = self._stamper.refusals
        if refusals:  # nobody answered just now: only what came by other ways is delivered
            sidecars.reopen(self._vault)
            sidecars.deliver(self._vault, self._seams)
        else:
            asked = sidecars.catch_up(self._vault, self._seams).asked
            refusals = asked.refusals if asked and not asked.stamp else ()
        waiting = len(stamping.pending(self._vault))
        if waiting:
            reasons = "; ".join(stamping.refused(refusals))
            self._events.pending(waiting, reasons)
        for problem in second_place.put(self._vault, self._seams):
            if problem.is_alarm:
                self._events.alarm(problem.place, StateError(problem.message))
            else:
                self._events.problem(f"{problem.place}: {problem.message}", "")

    def close(self) -> None:
        """Keep the ledger."""
        self._ledger.close()

    # -- groups

    def _seal(self, items: Sequence[Item], settle: Settle) -> None:
        """Seal group by group; while one is finished, workers may write the bodies of the next."""
        waiting = iter(items)
        running: list[Running] = []
        try:
            while group := list(islice(waiting, self._options.size)):
                running.append(self._sealer.start(group))
                if len(running) > self._options.is_overlapped:
                    self._finish(running, settle)
            while running:
                self._finish(running, settle)
        except BaseException:
            for group_running in running:
                with suppress(OSError):
                    self._sealer.give_up(group_running)
            raise

    def _finish(self, running: list[Running], settle: Settle) -> None:
        outcomes = self._sealer.finish(running.pop(0))
        self._follow()
        for outcome in outcomes:
            settle(outcome)
        self._dispose()

    def _follow(self) -> None:
        """Tie the ledger to the register as it is now."""
        store = self._vault.store
        self._ledger.follow(store.register_key(), store.size(), store.root)

    # -- outcomes

    def _is_known(self, item: Item) -> bool:
        """Whether it is as it was when an earlier batch sealed it or set it aside."""
        known = self._ledger.outcome(item.inbox, item.key, item.fingerprint)
        return known == QUARANTINED or (known == SEALED and self._options.originals == "keep")

    def _settle(self, outcome: Outcome) -> None:
        place = None
        if isinstance(outcome, Sealed | Already):
            self._put(outcome.item, SEALED)
            if self._options.originals != "keep":
                self._plan(outcome)
        elif isinstance(outcome, SetAside):
            place = self._set_aside(outcome)
        self._events.outcome(outcome, place)

    def _settle_again(self, outcome: Outcome, found: Quarantined) -> None:
        """As `_settle`, for what is in quarantine: it is ours, and so never kept there once it is sealed."""
        place = None
        if isinstance(outcome, Sealed | Already):
            self._plan(outcome)
        elif isinstance(outcome, SetAside):
            place = found.folder
            try:
                quarantine.set_aside_again(found, outcome, self._seams)
            except OSError as error:
                self._not_set_aside(error)
        self._events.outcome(outcome, place)

    def _set_aside(self, outcome: SetAside) -> Path | None:
        copied = self._options.originals == "keep"
        layout, ledger = self._vault.layout, self._ledger
        try:
            return quarantine.set_aside(layout, ledger, outcome, self._seams, is_copied=copied)
        except OSError as error:
            self._not_set_aside(error)
            return None

    def _not_set_aside(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        self._events.problem(t("batch.not_set_aside", reason=reason), t("batch.not_set_aside_hint"))

    # -- originals

    def _plan(self, outcome: Sealed | Already) -> None:
        """Note what is to become of originals, whose archive is published and durable."""
        paths, state = outcome.item.originals, outcome.state
        if self._options.originals == "delete":
            disposal = Disposal(paths, state, ())
        else:
            day = strict.format_timestamp(self._seams.clock())[:10]
            disposal = originals.moved(paths, state, self._options.done / day, self._targets)
        if originals.is_unchanged(disposal):
            self._disposals.append(disposal)
        else:
            self._events.problem(t("batch.changed_since"), t("batch.changed_since_hint"))

    def _dispose(self) -> None:
        """Move or delete the originals of a group; an interrupted run is finished by the next."""
        self._ledger.begin(disposal.to_text() for disposal in self._disposals)
        for disposal in self._disposals:
            self._carry_out(disposal)
        self._disposals.clear()
        self._targets.clear()
        self._ledger.end()

    def _carry_out(self, disposal: Disposal) -> None:
        try:
            originals.carry_out(disposal, self._seams.durable)
        except OSError as error:
            reason = error.strerror or str(error)
            self._events.problem(t("batch.not_disposed", reason=reason), t("batch.not_disposed_hint"))

    def _put(self, item: Item, outcome: str) -> None:
        self._ledger.put(item.inbox, item.key, item.fingerprint, outcome)
