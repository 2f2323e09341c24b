"""Which receipts are in the register, and which recordings they wait for.

The index is written in the transaction that enters them, so a receipt is in the register exactly once. It
holds ids and lengths only. The receipts themselves are files: in ``spool`` until they are taken in, in
``received`` until an archive with their recording is published, then in the erasable store of custody
records. Vaults without receipts have no index.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from evidence.model.receipt import MAX_RECEIPT
from evidence.register import receipts as documents
from evidence.vault.register_store import RegisterStore
from evidence.vault.regular import read_regular
from evidence.vault.spool import SUFFIX
from evidence.vault.vault import Vault

WAITING, SEALING, SEALED = 0, 1, 2
"""No archive holds the recording; one is entered in the register, and may be published; one is published."""

UNKNOWN, UNREADABLE = -1, -2
"""Sizes of receipts whose entries were brought back, and of those that weren't found then."""

MOST_OF_A_SIZE = 1000
"""Receipts of recordings of one length that are looked at."""

_INDEX = """
CREATE TABLE IF NOT EXISTS receipts (received_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL,
                                     size INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
                                     archive_id TEXT) STRICT
"""
_BY_SIZE = "CREATE INDEX IF NOT EXISTS receipts_by_size ON receipts (size)"
_BY_ARCHIVE = "CREATE INDEX IF NOT EXISTS receipts_sealing ON receipts (archive_id) WHERE state = 1"


def _is_there(store: RegisterStore) -> bool:
    return bool(store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'receipts'"))


def entered(store: RegisterStore) -> dict[str, int]:
    """The ids of the receipts in the register with their entries' places, in order."""
    if not _is_there(store):
        return {}
    return dict(store.rows("SELECT received_id, sequence FROM receipts ORDER BY sequence"))


def is_entered(store: RegisterStore, received_id: str) -> bool:
    """Whether a receipt is in the register."""
    return _is_there(store) and bool(store.rows("SELECT 1 FROM receipts WHERE received_id = ?", received_id))


def waiting(store: RegisterStore) -> list[str]:
    """The ids of receipts in the register whose recordings aren't sealed, in order."""
    if not _is_there(store):
        return []
    rows = store.rows("SELECT received_id FROM receipts WHERE state = ? ORDER BY sequence", WAITING)
    return [received_id for (received_id,) in rows]


def enter(store: RegisterStore, received_id: str, sequence: int, size: int) -> None:
    """Put a receipt on the index, inside the transaction that appends its entry.

    Args:
        store: the register store.
        received_id: its id.
        sequence: place of its entry.
        size: length of its recording in bytes, or UNKNOWN.
    """
    for statement in (_INDEX, _BY_SIZE, _BY_ARCHIVE):
        store.connection.execute(statement)
    store.connection.execute(
        "INSERT INTO receipts (received_id, sequence, size) VALUES (?, ?, ?)", (received_id, sequence, size)
    )


def of_sizes(store: RegisterStore, sizes: Iterable[int]) -> list[tuple[str, int]]:
    """Id and place of the receipts of recordings of these lengths: those that wait first, oldest first."""
    if not _is_there(store):
        return []
    found: list[tuple[str, int]] = []
    for size in sorted(set(sizes)):
        found += store.rows(
            "SELECT received_id, sequence FROM receipts WHERE size = ? ORDER BY state > 0, sequence LIMIT ?",
            size,
            MOST_OF_A_SIZE,
        )
    return found


def fill(vault: Vault) -> None:
    """Look up what the index doesn't know of receipts whose entries were brought back."""
    if not _is_there(vault.store):
        return
    rows = vault.store.rows("SELECT received_id FROM receipts WHERE size = ?", UNKNOWN)
    found = []
    for (received_id,) in rows:
        try:
            size = documents.parse(document(vault, received_id) or b"").size
        except ValueError:
            size = UNREADABLE
        found.append((size, WAITING if path_of(vault, received_id).exists() else SEALED, received_id))
    if found:
        with vault.store.transaction() as connection:
            connection.executemany("UPDATE receipts SET size = ?, state = ? WHERE received_id = ?", found)


def claim(store: RegisterStore, received_ids: Iterable[str], archive_id: str) -> None:
    """Note which archive seals the recordings of receipts, inside the transaction that enters the archive."""
    for received_id in received_ids:
        store.connection.execute(
            "UPDATE receipts SET state = ?, archive_id = ? WHERE received_id = ? AND state = ?",
            (SEALING, archive_id, received_id, WAITING),
        )


def release(store: RegisterStore, archive_id: str) -> None:
    """Let receipts wait again whose archive is voided, inside the transaction that does so."""
    if _is_there(store):
        store.connection.execute(
            "UPDATE receipts SET state = ?, archive_id = NULL WHERE archive_id = ? AND state = ?",
            (WAITING, archive_id, SEALING),
        )


def settle(vault: Vault) -> None:
    """Move the receipts of published archives to the custody records; safe to repeat after a crash."""
    if not _is_there(vault.store):
        return
    rows = vault.store.rows(
        "SELECT received_id FROM receipts JOIN claims USING (archive_id) "
        "WHERE receipts.state = ? AND claims.state = 'published'",
        SEALING,
    )
    if not rows:
        return
    for (received_id,) in rows:
        with suppress(FileNotFoundError):  # moved before a crash, or by another process
            vault.durable.replace(path_of(vault, received_id), vault.layout.custody(received_id))
    vault.durable.sync_directory(vault.layout.custody_records)
    vault.durable.sync_directory(vault.layout.received)
    done = [(SEALED, received_id) for (received_id,) in rows]
    with vault.store.transaction() as connection:
        connection.executemany("UPDATE receipts SET state = ? WHERE received_id = ?", done)


def path_of(vault: Vault, received_id: str) -> Path:
    """Where a receipt lies that waits for its recording."""
    return vault.layout.received / f"{received_id}{SUFFIX}"


def document(vault: Vault, received_id: str) -> bytes | None:
    """The bytes of a receipt in the register, wherever they lie; None when it was erased or can't be read."""
    # in this order, for that is the way it is moved
    for path in (path_of(vault, received_id), vault.layout.custody(received_id)):
        try:
            return read_regular(path, MAX_RECEIPT)
        except (OSError, ValueError):
            continue
    return None
