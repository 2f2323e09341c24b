"""Custody records: what the register's entries stand for, salted, in one erasable file per archive."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from evidence import canonical, resources, strict
from evidence.digests import sha256, sha256_hex
from evidence.entropy import new_uuid
from evidence.intake.folder import IncidentFolder
from evidence.model import names
from evidence.operations.circumstances import circumstances
from evidence.operations.examine import digests_of
from evidence.operations.seams import Seams
from evidence.vault.durable import save
from evidence.vault.layout import Layout
from evidence.vault.vault import Vault

_LIMIT = 64 * 1024


def save_sealed(vault: Vault, archive_id: str, facts: dict[str, str], seams: Seams) -> bytes:
    """Write the custody record of a seal; its name is durable when its folder is synced.

    Returns:
        its digest, 32 bytes, for the register entry.
    """
    return write_sealed(vault, archive_id, facts, seams, seams.durable.sync)


def write_sealed(
    vault: Vault,
    archive_id: str,
    facts: dict[str, str],
    seams: Seams,
    sync: Callable[[BinaryIO], None] = lambda _file: None,
) -> bytes:
    """As `save_sealed`, for a caller that syncs many files at once."""
    data = _record("sealed", archive_id, facts, seams)
    with seams.durable.create(vault.layout.custody(archive_id)) as file:
        file.write(data)
        sync(file)
    return sha256(data)


def save_void(vault: Vault, archive_id: str, seams: Seams) -> bytes:
    """Write the custody record of a void entry beside that of the seal; returns its digest."""
    data = _record("void", archive_id, {}, seams)
    save(seams.durable, vault.layout.custody(f"{archive_id}.void"), data)
    return sha256(data)


def save_recovered(layout: Layout, archive_id: str, facts: dict[str, str], seams: Seams) -> None:
    """Write what an archive says of a seal whose own custody record is lost; no entry has its digest."""
    data = _record("recovered", archive_id, facts, seams)
    save(seams.durable, _recovered(layout, archive_id), data)


def save_continues(layout: Layout, facts: dict[str, str], seams: Seams) -> bytes:
    """Write the custody record of a register that takes another one's place; returns its digest.

    It concerns no archive, so its id is one of its own.
    """
    record_id = new_uuid(seams.entropy)
    data = _record("continues", record_id, facts, seams)
    save(seams.durable, layout.custody(record_id), data)
    return sha256(data)


def facts_of(vault: Vault, archive_id: str) -> dict[str, str]:
    """The facts in the custody record of a seal; empty when the record was erased or is damaged.

    Where it was lost with a disk, what the archive said when the register was recovered stands for it.
    """
    layout = vault.layout
    return _facts(_read(layout.custody(archive_id))) or _facts(_read(_recovered(layout, archive_id)))


def facts_in(layout: Layout, archive_id: str, custody_sha256: str) -> dict[str, str]:
    """The facts in the custody record of a seal, if it is the one whose digest (hexadecimal) is entered."""
    data = _read(layout.custody(archive_id))
    return _facts(data) if sha256_hex(data) == custody_sha256 else {}


def _recovered(layout: Layout, archive_id: str) -> Path:
    return layout.custody(f"{archive_id}.recovered")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _facts(data: bytes) -> dict[str, str]:
    try:
        record = canonical.decode(data, _LIMIT)
    except ValueError:
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
