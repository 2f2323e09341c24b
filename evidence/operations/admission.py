"""What becomes of an incident that a batch has read: sealed now, sealed before, left, or set aside."""

from dataclasses import dataclass

from evidence.errors import EvidenceError, StateError
from evidence.intake.documents import INCIDENT
from evidence.intake.inbox.model import Item
from evidence.messages import t
from evidence.operations.batchoutcome import Already, Failed, Left, Outcome, SetAside
from evidence.operations.bodytask import Refused, Task, Written
from evidence.operations.custody import contents_of, facts_of
from evidence.operations.seal import changed_since, nameless_numbers, perhaps_sealed
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Admitted:
    """An incident that may be sealed: what was to be written, and what was."""

    task: Task
    written: Written


@dataclass(frozen=True, slots=True)
class Again:
    """An incident whose earlier archive was declared void: its body must cite that one."""

    replaces: str


def refused(item: Item, result: Refused) -> Outcome:
    """What becomes of an incident that couldn't be read as it is."""
    if result.is_moving:
        return Left(item.key, result.message)
    kind = Failed if result.is_unreadable else SetAside
    return kind(item, result.message, result.hint, result.exit_code)


def twice(item: Item) -> Outcome:
    """What becomes of the second folder of one incident in the same group."""
    return set_aside(item, StateError(t("seal.twice"), t("seal.twice_hint")))


def judged(vault: Vault, task: Task, written: Written, claim: Claim | None) -> Outcome | Again | Admitted:
    """What becomes of an incident, by what the journal knows of it; its lock is held, its claim settled."""
    if claim is None:
        nameless = nameless_numbers(vault)
        if written.number in nameless:
            return set_aside(task.item, perhaps_sealed(written.number, nameless[written.number]))
        return Admitted(task, written)
    if claim.state == "published":
        return _sealed_before(vault, task.item, written, claim)
    if claim.archive_id != task.purpose.replaces:
        return Again(claim.archive_id)
    return Admitted(task, written)


def contents(written: Written) -> str:
    """The digest by which files changed since the seal are recognised.

    An incident.json that was made in memory says nothing new: it depends on the language, and on where rows
    stand in a table.
    """
    made = {INCIDENT} if written.is_virtual else set()
    return contents_of((name, digest) for name, digest in written.brought if name not in made)


def set_aside(item: Item, error: EvidenceError) -> SetAside:
    """An incident that belongs into quarantine."""
    return SetAside(item, error.message, error.hint, error.exit_code)


def _sealed_before(vault: Vault, item: Item, written: Written, claim: Claim) -> Outcome:
    facts = facts_of(vault, claim.archive_id)
    now = contents(written)
    if facts.get("number", written.number) == written.number and facts.get("contents", now) == now:
        return Already(item, written.state, written.number, claim.sequence or 0)
    error = changed_since(written.number, written.folder, facts, claim)
    if written.is_virtual:
        error = StateError(error.message, t("batch.corrects_hint", archive=claim.archive_id))
    return set_aside(item, error)
