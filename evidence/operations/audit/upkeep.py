"""What was left lying in a vault: seals that nobody finishes, receipts, quarantine."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from evidence.canonical import decode
from evidence.errors import StoreError
from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import open_regular
from evidence.register import entries
from evidence.register.entries import MAX_ENTRY
from evidence.strict import format_timestamp, timestamp
from evidence.vault.locks import is_held
from evidence.vault.reading import RegisterReader
from evidence.vault.vault import Vault

_MAX_RECEIPT = 64 * 1024


def seals(vault: Vault, reader: RegisterReader, found: Found) -> None:
    """Claims that nobody works on, and files in staging that belong to none.

    Whoever seals holds the lock of its incident; what changes while we look is his business.
    """
    layout = vault.layout
    staged = {path.stem: path for path in _listed(layout.staging) if path.suffix == ".staged"}
    for claim in reader.unfinished():
        is_left = not is_held(layout.claim_lock(claim.uid))
        if is_left and reader.claimed(claim.claim) == (claim.uid, claim.state):
            found(Finding("SEAL_UNFINISHED", claim.archive_id))
        staged.pop(claim.claim, None)
    for claim_id, path in staged.items():
        claimed = reader.claimed(claim_id)
        if claimed is not None and (is_held(layout.claim_lock(claimed[0])) or claimed[1] == "claimed"):
            continue
        if path.exists():
            found(Finding("STAGING_LEFTOVER", path.name))


def copies(vault: Vault, reader: RegisterReader, found: Found) -> None:
    """Copies of entries beside the archives, which bring them back when the database is lost."""
    for path in _listed(vault.layout.mirror):
        if not path.stem.isdecimal() or path.suffix != ".jsonl":
            continue
        with suppress(OSError, StoreError), open_regular(path) as file:
            if not all(_is_entry(reader, line) for line in iter(partial(file.readline, MAX_ENTRY + 2), b"")):
                found(Finding("ENTRY_COPY_ALTERED", path.name))


def _is_entry(reader: RegisterReader, line: bytes) -> bool:
    """Whether a line is an entry of the register."""
    data = line.removesuffix(b"\n")
    try:
        return reader.entry(entries.parse(data).sequence) == data
    except ValueError:
        return False


def quarantine(vault: Vault, found: Found) -> None:
    """What a batch set aside and nobody has looked at."""
    waiting = [path for path in _listed(vault.layout.quarantine) if not path.name.startswith(".")]
    if waiting:
        found(Finding("QUARANTINE_NOT_EMPTY", str(vault.layout.quarantine), {"n": len(waiting)}))


def receipts(vault: Vault, now: dt.datetime, overdue: dt.timedelta, found: Found) -> None:
    """Receipts of recordings that weren't sealed for too long, and receipts that can't be read."""
    late: list[str] = []
    unreadable = 0
    for folder in (vault.layout.spool, vault.layout.received):
        for path in _listed(folder):
            if path.is_dir() and not path.is_symlink():  # what was set aside there
                unreadable += sum(1 for _ in _listed(path))
            elif path.suffix == ".json" and not path.name.startswith("."):
                claimed = _claimed_time(path)
                unreadable += claimed is None and path.exists()
                late += [claimed] if claimed and timestamp(claimed) < now - overdue else []
    if late:
        hours = int(overdue.total_seconds() // 3600)
        found(Finding("RECEIPTS_UNSEALED", "", {"n": len(late), "oldest": min(late), "hours": hours}))
    if unreadable:
        found(Finding("RECEIPTS_UNREADABLE", str(vault.layout.spool), {"n": unreadable}))


def _claimed_time(path: Path) -> str | None:
    """When a receipt says it was made; None for what isn't one."""
    try:
        with open_regular(path) as file:
            document = decode(file.read(_MAX_RECEIPT + 1), _MAX_RECEIPT)
        if document["kind"] != "custody" or document["event"] != "received":
            return None
        return format_timestamp(timestamp(document["claimed_time"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _listed(folder: Path) -> Iterator[Path]:
    """What stands in a folder that may not exist."""
    with suppress(OSError):
        yield from sorted(folder.iterdir())
