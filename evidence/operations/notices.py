"""Versions of the recording notice that a vault holds, compared with what its register says of them.

Nothing of a notice.json is used unless its digest is the one in its register entry, and the entry stands
under the register's signed head.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from evidence.crypto import notes
from evidence.digests import sha256
from evidence.errors import FormatError, StateError, StoreError, UsageError
from evidence.intake import files
from evidence.messages import t
from evidence.model.notice import MAX_NOTICE, Notice, StatedTime
from evidence.register import checkpoint, entries, merkle
from evidence.register import notices as documents
from evidence.register.checkpoint import Checkpoint
from evidence.text import visible
from evidence.vault import notices as index
from evidence.vault.copying import pieces
from evidence.vault.vault import Vault

SHORT = 8
"""Characters of an id that are shown in a list."""

_LEAST = 4
_GONE = (FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """One version of the notice.

    Attributes:
        id: its UUID.
        sequence: its place in the register.
        folder: where it lies in the vault.
        notice: what its notice.json says; None where that can't be trusted.
        sha256: digest of its notice.json as the register has it, 32 bytes; empty where the entry is damaged.
        ends: from when on it isn't in force any more: its own end, or the beginning of the version that
            replaced it or that one's successors; None while it is open.
        replaced_by: the version that replaced it, or empty.
        problem: ``entry_altered``, ``document_missing``, ``document_altered``, ``document_malformed``, and
            where the sound was compared ``sound_missing`` or ``sound_altered``; empty when all is well.
    """

    id: str
    sequence: int
    folder: Path
    notice: Notice | None
    sha256: bytes = b""
    ends: StatedTime | None = None
    replaced_by: str = ""
    problem: str = ""

    @property
    def sound(self) -> Path | None:
        """The file of its sound; None without one. Whoever uses it compares its digest once more."""
        if self.notice is None or self.notice.sound is None:
            return None
        return self.folder / self.notice.sound.file

    def is_in_force(self, at: dt.datetime) -> bool:
        """Whether this version was to be played at that time."""
        if self.notice is None or at < self.notice.valid_from.time:
            return False
        return self.ends is None or at < self.ends.time

    def is_in_force_at_any(self, times: Iterable[dt.datetime]) -> bool:
        """Whether it was to be played at one of these times."""
        return any(self.is_in_force(at) for at in times)


def in_force(vault: Vault, at: dt.datetime) -> list[NoticeVersion]:
    """The versions that were to be played at a time (aware), in the order in which they were added.

    Raises:
        StateError: a version is damaged, so that what was in force can't be told; or the register was
            rolled back.
    """
    found = [compared(version) for version in versions(vault) if _concerns(version, at)]
    for version in found:
        _require_whole(version)
    return found


def _concerns(version: NoticeVersion, at: dt.datetime) -> bool:
    return version.notice is None or version.is_in_force(at)


def load(vault: Vault, id_prefix: str) -> NoticeVersion:
    """The version whose id begins so, whole.

    Raises:
        UsageError: there is none or more than one, or the prefix is too short.
        StateError: it is damaged, or the register was rolled back.
    """
    version = find(vault, id_prefix)
    _require_whole(version)
    return version


def find(vault: Vault, id_prefix: str) -> NoticeVersion:
    """The version whose id begins so; its sound is compared, and a problem is stated in it.

    Raises:
        UsageError: there is none or more than one, or the prefix is too short.
        StateError: the register was rolled back.
    """
    return compared(chosen(versions(vault), id_prefix))


def chosen(found: Iterable[NoticeVersion], id_prefix: str) -> NoticeVersion:
    """The one version whose id begins so.

    Raises:
        UsageError: there is none or more than one, or the prefix is too short.
    """
    prefix = id_prefix.strip().lower()
    if len(prefix) < _LEAST:
        raise UsageError(t("notice.prefix_short", n=_LEAST), t("notice.list_hint"))
    fitting = [version for version in found if version.id.startswith(prefix)]
    if not fitting:
        raise UsageError(t("notice.unknown", id=visible(id_prefix)), t("notice.list_hint"))
    if len(fitting) > 1:
        raise UsageError(t("notice.ambiguous", id=visible(id_prefix), n=len(fitting)), t("notice.list_hint"))
    return fitting[0]


def versions(vault: Vault) -> list[NoticeVersion]:
    """All versions in the order in which they were added; their sounds aren't compared.

    Raises:
        StateError: the register was rolled back, or is another one than its signed heads.
        StoreError: the file system or the register store refuses.
    """
    vault.check_heads()
    placed = index.entered(vault.store)
    if not placed:
        return []
    head = checkpoint.parse(notes.parse(vault.store.checkpoint()).text)
    found = [_read(vault, head, notice_id, sequence) for notice_id, sequence in placed.items()]
    return _with_ends(found)


def compared(version: NoticeVersion) -> NoticeVersion:
    """The version, once its sound is compared with the digest in its notice.json.

    Raises:
        StoreError: the file system refuses.
    """
    if version.notice is None or version.notice.sound is None:
        return version
    sound = version.notice.sound
    file = _opened(version.folder, sound.file)
    if file is None:
        return replace(version, problem="sound_missing")
    digest = hashlib.sha256()
    with file:
        try:
            for piece in pieces(file.fileno(), sound.size + 1):
                digest.update(piece)
        except OSError as error:
            raise files.unreadable(str(version.sound), error) from error
    return version if digest.digest() == sound.sha256 else replace(version, problem="sound_altered")


def _require_whole(version: NoticeVersion) -> None:
    if version.problem:
        reason = t(f"notice.problem_{version.problem}")
        raise StateError(
            t("notice.damaged", id=version.id[:SHORT], reason=reason), t("notice.damaged_hint", id=version.id)
        )


def _read(vault: Vault, head: Checkpoint, notice_id: str, sequence: int) -> NoticeVersion:
    version = NoticeVersion(notice_id, sequence, vault.layout.notice(notice_id), None)
    digest = _entered_digest(vault, head, notice_id, sequence)
    if digest is None:
        return replace(version, problem="entry_altered")
    version = replace(version, sha256=digest)
    data = _document(version.folder)
    if data is None:
        return replace(version, problem="document_missing")
    if sha256(data) != digest:
        return replace(version, problem="document_altered")
    notice = _parsed(data, notice_id)
    return replace(version, notice=notice, problem="" if notice else "document_malformed")


def _entered_digest(vault: Vault, head: Checkpoint, notice_id: str, sequence: int) -> bytes | None:
    """The digest in a version's entry; None when the entry isn't one that the signed head covers."""
    try:
        data = vault.store.entry(sequence)
        path = merkle.inclusion_proof(sequence, head.size, vault.store.node)
        entry = entries.parse(data)
    except (ValueError, StoreError):
        return None
    leaf = merkle.leaf_hash(data)
    is_proven = merkle.verify_inclusion(leaf, sequence, head.size, path, head.root)
    if not is_proven or entry.type != entries.NOTICE or entry.text("notice_id") != notice_id:
        return None
    return bytes.fromhex(entry.text("custody_sha256"))


def _opened(folder: Path, name: str) -> BinaryIO | None:
    """A file of a version; None when it isn't there, or isn't a regular file."""
    try:
        return files.open_file(folder, name)
    except FormatError:
        return None
    except StoreError as error:
        if isinstance(error.__cause__, _GONE):
            return None
        raise


def _document(folder: Path) -> bytes | None:
    """The bytes of notice.json, cut behind MAX_NOTICE; None when it isn't there."""
    file = _opened(folder, index.DOCUMENT)
    if file is None:
        return None
    with file:
        try:
            return file.read(MAX_NOTICE + 1)
        except OSError as error:
            raise files.unreadable(index.DOCUMENT, error) from error


def _parsed(data: bytes, notice_id: str) -> Notice | None:
    try:
        notice = documents.parse(data)
    except ValueError:
        return None
    return notice if notice.id == notice_id else None


def _with_ends(found: list[NoticeVersion]) -> list[NoticeVersion]:
    """The versions with the times at which they end, which versions that replaced them may bring forward."""
    successors: dict[str, NoticeVersion] = {}
    for version in found:
        if version.notice and version.notice.replaces:
            successors.setdefault(version.notice.replaces, version)
    return [_with_end(version, successors) for version in found]


def _with_end(version: NoticeVersion, successors: Mapping[str, NoticeVersion]) -> NoticeVersion:
    if version.notice is None:
        return version
    ends = [version.notice.valid_to] if version.notice.valid_to else []
    following, passed = successors.get(version.id), {version.id}
    while following is not None and following.notice is not None and following.id not in passed:
        ends.append(following.notice.valid_from)
        passed.add(following.id)
        following = successors.get(following.id)
    replaced_by = successors[version.id].id if version.id in successors else ""
    return replace(version, ends=min(ends, key=lambda end: end.utc, default=None), replaced_by=replaced_by)
