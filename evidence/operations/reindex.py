"""Indexes beside the register that follow from its entries, made again when entries are brought back.

Whoever adds a type of entry with an index of its own adds a line to INDEXES.
"""

from collections.abc import Callable, Mapping

from evidence.model.entry import Entry
from evidence.register import entries
from evidence.vault import notices, receipts
from evidence.vault.register_store import RegisterStore


def _notice(store: RegisterStore, entry: Entry) -> None:
    notices.enter(store, entry.text("notice_id"), entry.sequence)


def _receipt(store: RegisterStore, entry: Entry) -> None:
    receipts.enter(store, entry.text("received_id"), entry.sequence, receipts.UNKNOWN)


INDEXES: Mapping[str, Callable[[RegisterStore, Entry], None]] = {
    entries.NOTICE: _notice,
    entries.RECEIVED: _receipt,
}
"""What puts an entry of a type on its index, inside the transaction that appends it."""


def index(store: RegisterStore, document: bytes) -> None:
    """Put one entry on the index of its type, if there is one."""
    entry = entries.parse(document)
    if entry.type in INDEXES:
        INDEXES[entry.type](store, entry)
