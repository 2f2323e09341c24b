"""Copies of the entries that no archive carries, beside the archives (FORMAT.md, "Restored registers").

Each archive holds its own entry. What is created, voided or noticed stands in the database alone, and so does
the entry of a voided archive, whose body was lost; with these copies a register whose database is lost can be
put together again.
"""

from pathlib import Path

from evidence.register import entries
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore

_SUFFIX = ".json"


def keep(durable: Durable, layout: Layout, store: RegisterStore, since: int) -> None:
    """Copy the entries from a place on that no archive carries; all of them where entry 0 isn't there yet.

    Args:
        durable: the file system.
        layout: of the vault.
        store: its register.
        since: entries that were looked through before.
    """
    start = since if _path(layout, 0).exists() else 0
    for sequence, document in enumerate(store.documents(start), start):
        entry = entries.parse(document)
        if entry.type == entries.VOID:
            voided = entry.fields["voids"]["sequence"]
            _keep(durable, layout, voided, store.entry(voided))
        if entry.type != entries.SEALED:
            _keep(durable, layout, sequence, document)


def _keep(durable: Durable, layout: Layout, sequence: int, document: bytes) -> None:
    if not layout.mirror.is_dir():
        durable.make_directory(layout.mirror)
    path = _path(layout, sequence)
    if not path.exists() or path.read_bytes() != document:
        save(durable, path, document)


def read(layout: Layout) -> dict[int, bytes]:
    """The entries that were copied, by their place; not authenticated."""
    found: dict[int, bytes] = {}
    for path in layout.mirror.glob(f"*{_SUFFIX}") if layout.mirror.is_dir() else ():
        if path.stem.isdecimal() and path.stat().st_size <= entries.MAX_ENTRY:
            found[int(path.stem)] = path.read_bytes()
    return found


def _path(layout: Layout, sequence: int) -> Path:
    return layout.mirror / f"{sequence:016d}{_SUFFIX}"
