"""Custody records and notices, compared with the digests in the register's entries.

FORMAT.md, "Register entry": an entry holds the SHA-256 of its salted record, which stands in an erasable
store. So one that is missing may have been erased lawfully; one that differs was altered. The record of a
``continues`` entry bears an id that stands nowhere else, and isn't looked for.
"""

import hashlib
from pathlib import Path

from evidence import canonical
from evidence.digests import CHUNK, sha256
from evidence.findings import Finding
from evidence.model.notice import MAX_NOTICE, Notice, Sound
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import MAX_CUSTODY, open_regular
from evidence.vault.audit_store import AuditStore
from evidence.vault.notices import DOCUMENT
from evidence.vault.vault import Vault


def check(vault: Vault, store: AuditStore, found: Found) -> None:
    """Compare every record with its entry.

    Args:
        vault: an open vault.
        store: the audit's, with the entries of a register that is in order.
        found: takes findings.
    """
    for archive_id, digest in store.records():
        _compare(vault.layout.custody(archive_id), (archive_id, digest), "CUSTODY", MAX_CUSTODY, found)
    for notice_id, digest in store.notices():
        _notice(vault.layout.notice(notice_id), (notice_id, digest), found)


def _compare(path: Path, expected: tuple[str, bytes], kind: str, limit: int, found: Found) -> bytes | None:
    """Compare a small file; returns its bytes where they are those of the entry."""
    name, digest = expected
    try:
        with open_regular(path) as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        found(Finding(f"{kind}_MISSING", name))
        return None
    except OSError as error:
        found(Finding("CUSTODY_UNREADABLE", str(path), {"reason": error.strerror or str(error)}))
        return None
    if sha256(data) != digest:
        found(Finding(f"{kind}_ALTERED", name, {"file": path.name}))
        return None
    return data


def _notice(folder: Path, expected: tuple[str, bytes], found: Found) -> None:
    """Compare a version of the notice, and its sound with the digest in it."""
    data = _compare(folder / DOCUMENT, expected, "NOTICE", MAX_NOTICE, found)
    sound = _sound(data) if data is not None else None
    if sound is None:
        return
    path, digest = folder / sound.file, hashlib.sha256()
    try:
        with open_regular(path) as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
    except FileNotFoundError:
        found(Finding("NOTICE_MISSING", expected[0]))
    except OSError as error:
        found(Finding("CUSTODY_UNREADABLE", str(path), {"reason": error.strerror or str(error)}))
    else:
        if digest.digest() != sound.sha256:
            found(Finding("NOTICE_ALTERED", expected[0], {"file": path.name}))


def _sound(data: bytes) -> Sound | None:
    """The sound of a notice whose bytes are those that were entered."""
    try:
        return Notice.from_document(canonical.decode(data, MAX_NOTICE)).sound
    except (ValueError, KeyError, TypeError):
        return None
