"""Step 11 of FORMAT.md, "Verification": what the verifier knows of the register from elsewhere.

An export holds every entry, so it shows doubles, voids, truncation and forks; a checkpoint kept earlier shows
a fork at its own size, and together with an export a rollback.
"""

from typing import BinaryIO

from evidence.container.names import ENTRY
from evidence.digests import sha256
from evidence.model.entry import Entry
from evidence.model.manifest import Manifest
from evidence.register import export
from evidence.register.chain import ChainFacts, Watch
from evidence.register.checkpoint import Checkpoint
from evidence.verify import heads
from evidence.verify.state import State


def is_asked(state: State) -> bool:
    """Whether the verifier brought something to compare the register with."""
    return state.options.register_export is not None or state.options.checkpoint is not None


def check(state: State) -> None:
    """Step 11; without an export and a kept checkpoint nothing is asked."""
    if is_asked(state):
        _check(state)
    if state.heads and not state.confirmed:
        state.note("POSITION_SELF_ASSERTED")


def _check(state: State) -> None:
    if state.manifest is None or state.entry is None or not state.heads:
        return
    kept = _kept(state, state.manifest)
    facts = _exported(state, state.manifest, state.entry, kept)
    if not _contradicts(state, kept, facts) and not state.is_blamed(ENTRY):
        if facts is not None:
            _check_entries(state, state.manifest, state.entry, facts)
        state.finished.add(11)


def _kept(state: State, manifest: Manifest) -> Checkpoint | None:
    if state.options.checkpoint is None:
        return None
    state.checks[11] += 1
    try:
        return heads.of_note(state.options.checkpoint, manifest)
    except ValueError as error:
        state.find("CHECKPOINT_UNUSABLE", reason=str(error))
        return None


def _exported(state: State, manifest: Manifest, entry: Entry, kept: Checkpoint | None) -> ChainFacts | None:
    """What the export says, if it is one of this register, signed and whole."""
    source: BinaryIO | None = state.options.register_export
    if source is None:
        return None
    sizes = {head.checkpoint.size for head in state.all_heads()} | ({kept.size} if kept else set())
    sizes |= {head.size for head in state.older_heads}
    watch = Watch(
        sizes=sizes,
        indexes={entry.sequence},
        archive_ids={manifest.archive_id},
        identities={sha256(state.asic or b"")},
    )
    try:
        scan = export.scan(source, watch)
        signed = heads.of_note(scan.checkpoint, manifest)
    except ValueError as error:
        state.find("EXPORT_UNUSABLE", reason=str(error))
        return None
    state.checks[11] += scan.chain.size
    if not scan.chain.covers(signed):
        reason = f"its {scan.chain.size} entries aren't the {signed.size} that its checkpoint signs"
        state.find("EXPORT_UNUSABLE", reason=reason)
        return None
    problem = _chain_problem(scan.chain, manifest)
    if problem:
        state.find("REGISTER_CHAIN_BROKEN", reason=problem)
        return None
    return scan.chain


def _chain_problem(chain: ChainFacts, manifest: Manifest) -> str:
    """What is wrong with entries that were signed as they stand; the register itself contradicts itself."""
    if chain.problem is not None:
        return f"entry {chain.problem.index}: {chain.problem.detail}"
    if chain.created is None or chain.created.text("register_key") != manifest.register_key:
        return "entry 0 names another register key"
    return ""


def _contradicts(state: State, kept: Checkpoint | None, facts: ChainFacts | None) -> bool:
    """Compare heads of the register: the archive's, the export's, the kept one; the first clash is enough."""
    own = [head.checkpoint for head in state.all_heads()]
    if kept is not None and facts is not None and facts.size < kept.size:
        state.find("REGISTER_ROLLBACK", size=facts.size, kept=kept.size)
        return True
    roots = dict(facts.roots) if facts is not None else {}
    if kept is not None and roots.setdefault(kept.size, kept.root) != kept.root:
        state.find("REGISTER_FORK", size=kept.size)
        return True
    for head in (*own, *state.older_heads):
        if roots.get(head.size, head.root) != head.root:
            state.find("REGISTER_FORK", size=head.size)
            return True
    state.confirmed = any(head.size in roots for head in own)
    if not state.confirmed and _is_usable(state, kept, facts):
        state.find("REGISTER_NOT_COVERED", size=min(head.size for head in own))
    return False


def _is_usable(state: State, kept: Checkpoint | None, facts: ChainFacts | None) -> bool:
    """Whether what the verifier brought could be used, so that its not reaching far enough is news."""
    return facts is not None or (kept is not None and state.options.register_export is None)


def _check_entries(state: State, manifest: Manifest, entry: Entry, facts: ChainFacts) -> None:
    """The archive's entry in the export: the same, unvoided, and the only one for this archive."""
    if facts.entries.get(entry.sequence, state.entry_data) != state.entry_data:
        state.find("REGISTER_FORK", size=facts.size)
        return
    void = facts.voids.get(entry.sequence)
    if void is not None:
        state.find("REGISTER_VOIDED", sequence=void.index, reason=void.entry.text("reason"))
    standing = facts.standing(manifest.archive_id, sha256(state.asic or b""))
    others = [located.index for located in standing if located.index != entry.sequence]
    if len(others) + (void is None) > 1:
        state.find("REGISTER_DOUBLE", sequence=others[0])
