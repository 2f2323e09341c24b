"""Time-stamp tokens over the register's checkpoints, and the nonces of the requests for them.

The nonce is committed before a request leaves, so that an answer can be told from a replayed or foreign one
whenever it comes. There is one nonce for each checkpoint: whoever is asked for a token over it is asked the
same. The table is made with the first request; vaults without time stamps have none.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from evidence.crypto import notes
from evidence.digests import sha256
from evidence.entropy import Entropy
from evidence.errors import StoreError
from evidence.messages import t
from evidence.register import checkpoint
from evidence.vault.register_store import RegisterStore

NONCE = 8
"""Bytes of a nonce; longer ones aren't repeated by every authority."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS stamps (size INTEGER PRIMARY KEY, nonce BLOB NOT NULL, token BLOB) STRICT"
)


@contextmanager
def readable() -> Iterator[None]:
    """Within it, something in the store that isn't what it should be leaves as StoreError."""
    try:
        yield
    except ValueError as error:
        raise StoreError(t("vault.register_damaged"), t("vault.register_damaged_hint")) from error


def newest(store: RegisterStore) -> int:
    """The size of the newest signed checkpoint."""
    with readable():
        return checkpoint.parse(notes.parse(store.checkpoint()).text).size


def imprint(store: RegisterStore, size: int) -> bytes:
    """What a token over the checkpoint of that size stamps: SHA-256 of its note as committed, 32 bytes.

    FORMAT.md, "Token".
    """
    with readable():
        note = notes.parse(store.note(size))
        return sha256(notes.committed(note, notes.verify(note, notes.parse_vkey(store.register_key()))))


def begin(store: RegisterStore, size: int, entropy: Entropy) -> int:
    """Commit to the nonce of a request for a token over the checkpoint of that size.

    Returns:
        the nonce; that of an earlier request where there was one.
    """
    with store.transaction() as connection:
        connection.execute(_TABLE)
        connection.execute("INSERT OR IGNORE INTO stamps (size, nonce) VALUES (?, ?)", (size, entropy(NONCE)))
        ((nonce,),) = store.rows("SELECT nonce FROM stamps WHERE size = ?", size)
    return int.from_bytes(nonce)


def keep(store: RegisterStore, size: int, token: bytes) -> bool:
    """Keep a token that was checked; returns False when there is one over that checkpoint already."""
    with store.transaction() as connection:
        cursor = connection.execute(
            "UPDATE stamps SET token = ? WHERE size = ? AND token IS NULL", (token, size)
        )
    return cursor.rowcount == 1


def token(store: RegisterStore, size: int) -> bytes | None:
    """The token over the checkpoint of that size."""
    if not _is_there(store):
        return None
    rows = store.rows("SELECT token FROM stamps WHERE size = ? AND token IS NOT NULL", size)
    return bytes(rows[0][0]) if rows else None


def over(store: RegisterStore, sequence: int) -> tuple[int, bytes] | None:
    """The smallest checkpoint above an entry that has a token: its size, and the token."""
    if not _is_there(store):
        return None
    rows = store.rows(
        "SELECT size, token FROM stamps WHERE size > ? AND token IS NOT NULL ORDER BY size LIMIT 1", sequence
    )
    return (int(rows[0][0]), bytes(rows[0][1])) if rows else None


def asked_with(store: RegisterStore, nonce: int) -> list[int]:
    """The sizes of the checkpoints that were asked about with that nonce: one, or none."""
    if not _is_there(store) or not 0 <= nonce < 1 << 8 * NONCE:
        return []
    return [
        int(size) for (size,) in store.rows("SELECT size FROM stamps WHERE nonce = ?", nonce.to_bytes(NONCE))
    ]


def _is_there(store: RegisterStore) -> bool:
    return bool(store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'stamps'"))
