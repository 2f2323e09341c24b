"""What an archive says of its recordings' receipts, gathered from the vault (FORMAT.md, "Receipt").

Gathered by the process that holds the vault, by the lengths of recordings alone: their digests are known only
when they have been copied, perhaps by a worker process, which gets what was gathered.
"""

from collections.abc import Iterable

from evidence.crypto import notes
from evidence.model.receipt import ReceiptEvidence, linked
from evidence.model.records import ExhibitFacts
from evidence.register import checkpoint, merkle
from evidence.register import receipts as documents
from evidence.register.proof import Proof, encode
from evidence.vault import receipts
from evidence.vault.register_store import RegisterStore
from evidence.vault.vault import Vault

_STAMPS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'stamps'"
_STAMP_OVER = """
SELECT checkpoints.size, note, token FROM stamps JOIN checkpoints USING (size)
WHERE size > ? AND token IS NOT NULL ORDER BY size LIMIT 1
"""


class Receipts:
    """The receipts of a vault, for sealing; proofs are under its newest checkpoint as of now.

    Args:
        vault: an open vault.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._store = vault.store

    def matching(self, sizes: Iterable[int]) -> tuple[ReceiptEvidence, ...]:
        """Those of recordings of these lengths in bytes; what was erased or can't be read is left out.

        Raises:
            StoreError: the register store failed.
        """
        receipts.fill(self._vault)
        rows = receipts.of_sizes(self._store, sizes)
        if not rows:
            return ()
        note = self._store.checkpoint()
        found = (self._evidence(received_id, sequence, note) for received_id, sequence in rows)
        return tuple(evidence for evidence in found if evidence is not None)

    def _evidence(self, received_id: str, sequence: int, note: bytes) -> ReceiptEvidence | None:
        data = receipts.document(self._vault, received_id)
        entry = self._store.entry(sequence)
        try:
            receipt = documents.parse(data or b"")
            documents.entry_of(entry, receipt, data or b"")
        except ValueError:
            return None
        note, token = _stamped(self._store, sequence) or (note, b"")
        size = checkpoint.parse(notes.parse(note).text).size
        path = tuple(merkle.inclusion_proof(sequence, size, self._store.node))
        return ReceiptEvidence(
            received_id=received_id,
            name=receipt.name,
            size=receipt.size,
            sha256=receipt.sha256,
            document=(data or b"").decode("utf-8"),
            entry=entry.decode("utf-8"),
            proof=encode(Proof(sequence, path, note)).decode("utf-8"),
            token=token,
        )


def received_of(exhibits: Iterable[ExhibitFacts], gathered: tuple[ReceiptEvidence, ...]) -> tuple[str, ...]:
    """The ids of the receipts that speak of these exhibits; an archive's claim takes them."""
    return tuple(dict.fromkeys(link.receipt.received_id for link in linked(exhibits, gathered)))


def _stamped(store: RegisterStore, sequence: int) -> tuple[bytes, bytes] | None:
    """The oldest checkpoint above an entry that has a time-stamp token, and the token."""
    if not store.rows(_STAMPS):
        return None
    rows = store.rows(_STAMP_OVER, sequence)
    return (bytes(rows[0][1]), bytes(rows[0][2])) if rows else None
