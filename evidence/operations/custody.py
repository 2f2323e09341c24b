"""Custody records: what the register's entries stand for, salted, in one erasable file per archive."""

from collections.abc import Iterable
from typing import Any

from evidence import canonical, resources, strict
from evidence.digests import sha256, sha256_hex
from evidence.intake.folder import IncidentFolder
from evidence.model import names
from evidence.operations.circumstances import circumstances
from evidence.operations.examine import digests_of
from evidence.operations.seams import Seams
from evidence.vault.durable import save
from evidence.vault.vault import Vault

_LIMIT = 64 * 1024


def save_sealed(vault: Vault, archive_id: str, facts: dict[str, str], seams: Seams) -> bytes:
    """Write the custody record of a seal; its name is durable when its folder is synced.

    Returns:
        its digest, 32 bytes, for the register entry.
    """
    data = _record("sealed", archive_id, facts, seams)
    with seams.durable.create(vault.layout.custody(archive_id)) as file:
        file.write(data)
        seams.durable.sync(file)
    return sha256(data)


def save_void(vault: Vault, archive_id: str, seams: Seams) -> bytes:
    """Write the custody record of a void entry beside that of the seal; returns its digest."""
    data = _record("void", archive_id, {}, seams)
    save(seams.durable, vault.layout.custody(f"{archive_id}.void"), data)
    return sha256(data)


def facts_of(vault: Vault, archive_id: str) -> dict[str, str]:
    """The facts in the custody record of a seal; empty when the record was erased or is damaged."""
    path = vault.layout.custody(archive_id)
    try:
        record = canonical.decode(path.read_bytes(), _LIMIT)
    except (ValueError, OSError):
        return {}
    return {} if resources.problem("custody.v1", record) else dict(record["facts"])


def contents_of(files: Iterable[tuple[str, bytes]]) -> str:
    """A digest by which a folder that was changed after its seal is recognised.

    Args:
        files: name and SHA-256 of every file, in any order.
    """
    listed = [[names.to_document(name), digest.hex()] for name, digest in sorted(files)]
    return sha256_hex(canonical.encode(listed))


def is_changed(vault: Vault, folder: IncidentFolder, archive_id: str) -> bool:
    """Whether a folder was changed since its archive was sealed; False when nobody can tell any more.

    Every file is read.

    Raises:
        FormatError, StateError, StoreError: a file can't be read any more.
    """
    sealed = facts_of(vault, archive_id).get("contents")
    return sealed is not None and sealed != contents_of(digests_of(folder))


def _record(event: str, archive_id: str, facts: dict[str, str], seams: Seams) -> bytes:
    document: dict[str, Any] = {
        "salt": seams.entropy(32).hex(),
        "kind": "custody",
        "event": event,
        "archive_id": archive_id,
        "claimed_time": strict.format_timestamp(seams.clock()),
        "facts": {**circumstances(), **facts},
    }
    return canonical.encode(document)
