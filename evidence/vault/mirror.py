"""Copies of the entries that no archive carries, beside the archives (FORMAT.md, "Restored registers").

Each archive holds its own entry. What is created, voided or noticed stands in the database alone, and so does
the entry of a voided archive, whose body was lost; with these copies a register whose database is lost can be
put together again.
"""

from contextlib import suppress
from pathlib import Path

from evidence.register import entries
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore

_SUFFIX = ".jsonl"


def keep(durable: Durable, layout: Layout, store: RegisterStore, since: int) -> None:
    """Copy the entries from a place on that no archive carries into one file; all where there is none yet.

    Args:
        durable: the file system.
        layout: of the vault.
        store: its register.
        since: entries that were looked through before.
    """
    start = since if layout.mirror.is_dir() and any(layout.mirror.glob(f"*{_SUFFIX}")) else 0
    found: dict[int, bytes] = {}
    for sequence, document in enumerate(store.documents(start), start):
        entry = entries.parse(document)
        if entry.type == entries.VOID:
            voided = entry.fields["voids"]["sequence"]
            found[voided] = store.entry(voided)
        if entry.type != entries.SEALED:
            found[sequence] = document
    if found:
        _keep(durable, layout, max(found), b"".join(document + b"\n" for document in found.values()))


def _keep(durable: Durable, layout: Layout, last: int, lines: bytes) -> None:
    if not layout.mirror.is_dir():
        durable.make_directory(layout.mirror)
    path = _path(layout, last)
    if not path.exists() or path.read_bytes() != lines:
        save(durable, path, lines)


def read(layout: Layout) -> dict[int, bytes]:
    """The entries that were copied, by their place; not authenticated."""
    found: dict[int, bytes] = {}
    for path in layout.mirror.glob(f"*{_SUFFIX}") if layout.mirror.is_dir() else ():
        if not path.stem.isdecimal():
            continue
        with path.open("rb") as file:
            while line := file.readline(entries.MAX_ENTRY + 1):
                with suppress(ValueError):
                    found[entries.parse(line.removesuffix(b"\n")).sequence] = line.removesuffix(b"\n")
    return found


def _path(layout: Layout, sequence: int) -> Path:
    return layout.mirror / f"{sequence:016d}{_SUFFIX}"
