"""Register entries that a record brings along with their proof: receipts and announcements (step 9).

Their proof is over a checkpoint from before the archive. An authentic one counts when it comes to forks,
whatever else is wrong with the record.
"""

from evidence.crypto import notes
from evidence.model.entry import Entry
from evidence.model.manifest import Manifest
from evidence.register import checkpoint as checkpoints
from evidence.register import merkle, proof
from evidence.verify import heads
from evidence.verify.state import Record, State


def prove(state: State, manifest: Manifest, member: str, record: Record, entry: Entry) -> bytes:
    """Check proof and checkpoint of the entry in a record; two authentic checkpoints may show a fork.

    Args:
        state: of the verification.
        manifest: the archive's.
        member: the record's name.
        record: what it says, with ``entry`` and ``proof``.
        entry: that entry, read.

    Returns:
        the bytes that a token over the checkpoint stamps.

    Raises:
        ValueError: the place isn't proven.
    """
    parsed = proof.parse(record["proof"].encode("utf-8"))
    note = notes.parse(parsed.checkpoint)
    checkpoint, line = heads.authenticate(note, manifest)
    known = [head.checkpoint for head in state.heads.values()] + state.older_heads
    if any(head.size == checkpoint.size and head.root != checkpoint.root for head in known):
        state.find("REGISTER_FORK", member, size=checkpoint.size)
    state.older_heads.append(checkpoint)
    _require_place(state, parsed, checkpoint, record, entry)
    return notes.committed(note, line)


def _require_place(
    state: State, parsed: proof.Proof, head: checkpoints.Checkpoint, record: Record, entry: Entry
) -> None:
    leaf = merkle.leaf_hash(record["entry"].encode("utf-8"))
    if parsed.index != entry.sequence or not merkle.verify_inclusion(
        leaf, parsed.index, head.size, parsed.hashes, head.root
    ):
        raise ValueError("the proof doesn't lead to the checkpoint")
    if state.entry is not None and head.size > state.entry.sequence:
        raise ValueError("a checkpoint that is younger than the archive")
