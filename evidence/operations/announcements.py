"""The versions of the notice that an archive may hold, gathered from the vault (FORMAT.md, "Announcement").

Gathered by the process that holds the vault; worker processes that write bodies are handed what was gathered,
and choose those that were in force when an incident's calls began.
"""

from dataclasses import dataclass

from evidence.crypto import notes
from evidence.digests import sha256
from evidence.model.announcement import Announcement
from evidence.model.notice import MAX_NOTICE
from evidence.operations.notices import NoticeVersion, compared, versions
from evidence.register import checkpoint, merkle
from evidence.register.proof import Proof, encode
from evidence.strict import timestamp
from evidence.vault import notices as index
from evidence.vault.regular import read_regular
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a vault's notice register holds.

    Attributes:
        announcements: the whole versions, in the order in which they were added.
        damaged: ids of the others: sealing goes on without them, and says so.
    """

    announcements: tuple[Announcement, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """By what people know each version; untrusted."""
        return {notice.id: notice.known_as for notice in (each.notice for each in self.announcements)}


NOTHING = Gathered()


def gather(vault: Vault) -> Gathered:
    """All versions with their proofs under the register's newest checkpoint as of now.

    Raises:
        StateError: the register was rolled back.
        StoreError: the file system or the register store refuses.
    """
    if not index.entered(vault.store):
        return Gathered()
    found = [compared(version) for version in versions(vault)]
    note = vault.store.checkpoint()
    whole = [(version, _document(version)) for version in found]
    return Gathered(
        tuple(_announcement(vault, version, data, note) for version, data in whole if data),
        tuple(version.id for version, data in whole if not data),
    )


def _document(version: NoticeVersion) -> str:
    """The bytes of its notice.json; empty where the version is damaged."""
    if version.problem:
        return ""
    try:
        data = read_regular(version.folder / index.DOCUMENT, MAX_NOTICE)
    except (OSError, ValueError):
        return ""
    return data.decode("utf-8") if sha256(data) == version.sha256 else ""


def _announcement(vault: Vault, version: NoticeVersion, document: str, note: bytes) -> Announcement:
    store = vault.store
    size = checkpoint.parse(notes.parse(note).text).size
    path = tuple(merkle.inclusion_proof(version.sequence, size, store.node))
    sound = version.sound
    return Announcement(
        document=document,
        entry=store.entry(version.sequence).decode("utf-8"),
        proof=encode(Proof(version.sequence, path, note)).decode("utf-8"),
        ends=timestamp(version.ends.utc) if version.ends else None,
        sound=sound.resolve() if sound else None,
    )
