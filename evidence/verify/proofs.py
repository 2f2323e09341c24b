"""Step 8 of FORMAT.md, "Verification": checkpoints signed by the register, and the entry's inclusion in them.

The first proof is required. Later ones count when their checkpoint is authentic; else they are as good as
absent, or taking them out would improve a verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.container.names import (
    ENTRY,
    MemberKind,
    classify,
    evidence_numbers,
    proof_name,
)
from evidence.crypto import notes
from evidence.model.manifest import Manifest
from evidence.register import checkpoint as checkpoints
from evidence.register import merkle, proof
from evidence.register.checkpoint import Checkpoint
from evidence.verify import heads
from evidence.verify.state import Head, State


@dataclass(frozen=True, slots=True)
class _Read:
    """A proof taken apart; nothing of it is authentic."""

    number: int
    proof: proof.Proof
    note: notes.SignedNote
    checkpoint: Checkpoint


def check(state: State) -> None:
    """Step 8; authentic checkpoints are what tokens, exports and kept checkpoints are compared with."""
    if state.manifest is None:
        return
    read = []
    for number in _numbers(state):
        state.checks[8] += 1
        found = _read(state, number)
        if found is not None:
            read.append(found)
            _authenticate(state, state.manifest, found)
        if number > 1 and number not in state.heads:
            state.note("PROOF_IGNORED", proof_name(number))
    _compare_heads(state)
    for found in read:
        if found.number == 1 or found.number in state.heads:
            _check_inclusion(state, found)
    if state.entry is not None and 1 in state.heads and not state.is_blamed(ENTRY, proof_name(1)):
        state.finished.add(8)


def _numbers(state: State) -> Iterator[int]:
    for member in state.container.members:
        if classify(member.name) is MemberKind.PROOF:
            yield evidence_numbers(member.name)[0]


def _read(state: State, number: int) -> _Read | None:
    malformed = "PROOF_MALFORMED" if number == 1 else ""
    data = state.read(proof_name(number), proof.MAX_PROOF, malformed)
    if data is None:
        return None
    try:
        parsed = proof.parse(data)
        note = notes.parse(parsed.checkpoint)
        return _Read(number, parsed, note, checkpoints.parse(note.text))
    except ValueError as error:
        if malformed:
            state.find(malformed, proof_name(number), reason=str(error))
        return None


def _authenticate(state: State, manifest: Manifest, read: _Read) -> None:
    """Make it a head when it is signed with the register key that the manifest names."""
    try:
        _checkpoint, line = heads.authenticate(read.note, manifest)
    except (notes.NoteUnsigned, notes.NoteBroken) as error:
        if read.number == 1:
            state.find("CHECKPOINT_BROKEN", proof_name(1), reason=str(error))
    else:
        state.heads[read.number] = Head(read.checkpoint, notes.committed(read.note, line))


def _compare_heads(state: State) -> None:
    """Two authentic checkpoints of one size have one root."""
    roots: dict[int, bytes] = {}
    for number, head in state.heads.items():
        if roots.setdefault(head.checkpoint.size, head.checkpoint.root) != head.checkpoint.root:
            state.find("REGISTER_FORK", proof_name(number), size=head.checkpoint.size)


def _check_inclusion(state: State, read: _Read) -> None:
    """The entry stands where it says it does, below the checkpoint's root."""
    if state.entry is None:
        return
    leaf, size, root = merkle.leaf_hash(state.entry_data), read.checkpoint.size, read.checkpoint.root
    if read.proof.index != state.entry.sequence or not merkle.verify_inclusion(
        leaf, read.proof.index, size, read.proof.hashes, root
    ):
        state.find("PROOF_BROKEN", proof_name(read.number), ENTRY)
