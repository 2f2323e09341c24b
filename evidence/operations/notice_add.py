"""`evidence notice add`: a version of the recording notice, into the vault and its register.

Files first: in a folder of their own, synced and read back. Then one transaction puts the version on the
index and into the register, with the signed head. What a crash leaves is a whole version, or files that the
next add sweeps. One add at a time: they wait for each other.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from evidence.crypto.keys import RegisterKey
from evidence.errors import StateError, UsageError
from evidence.intake import notices
from evidence.messages import t
from evidence.model import names
from evidence.model.notice import Notice
from evidence.model.recording import RecordingFacts
from evidence.operations.commit import enter_notice
from evidence.operations.notice_folder import Draft, NoticeFolder
from evidence.operations.notices import SHORT, NoticeVersion, chosen, versions
from evidence.operations.seams import Seams
from evidence.vault import locks
from evidence.vault import notices as index
from evidence.vault.vault import Vault

Probe = Callable[[BinaryIO, int, str], RecordingFacts]


def add(
    vault: Vault,
    draft: Draft,
    key: Callable[[], RegisterKey],
    probe: Probe,
    seams: Seams,
    *,
    waiting: Callable[[], None] = lambda: None,
) -> NoticeVersion:
    """Add a version of the notice; its sound is copied byte for byte.

    Args:
        vault: the vault.
        draft: what to add.
        key: gives the register's key; called once the draft is known to hold.
        probe: determines facts about the sound.
        seams: clock, randomness and file system.
        waiting: told when another process is adding a notice.

    Raises:
        UsageError: the key clause or the validity can't be, or the replaced version isn't known.
        FormatError: the sound isn't a file that can be a notice.
        StateError: the same version is there already, the replaced one was replaced before, the sound
            changed meanwhile, or the register was rolled back.
        StoreError, OSError: the disk failed, or reads back something else.
    """
    _check(draft)
    with ExitStack() as stack:
        source = stack.enter_context(notices.open_sound(draft.sound)) if draft.sound else None
        before = os.fstat(source.fileno()) if source else None
        facts = _facts(probe, source, draft.sound)
        notices.require_inside(draft.key_clause, facts.milliseconds)
        register_key = key()
        stack.enter_context(locks.held(vault.layout.notices_lock, waiting))
        known = _settled(vault)
        replaced = _replaced(draft, known)
        folder = NoticeFolder(vault, draft, seams)
        try:
            sound = folder.copy(source, before, facts) if source and before else None
            notice = folder.notice(sound, replaced)
            _refuse_known(notice, known)
            digest = folder.write(notice)
            sequence = enter_notice(vault, register_key, notice.id, digest, seams.clock)
        except BaseException:
            folder.give_up()
            raise
    return NoticeVersion(notice.id, sequence, folder.path, notice, digest, notice.valid_to)


def _facts(probe: Probe, source: BinaryIO | None, path: Path | None) -> RecordingFacts:
    if source is None or path is None:
        return RecordingFacts()
    return probe(source, os.fstat(source.fileno()).st_size, names.from_bytes(os.fsencode(path.name)))


def _check(draft: Draft) -> None:
    """What no single value shows.

    Raises:
        UsageError: no sound and no wording, a key clause that isn't in them, or an end before the beginning.
    """
    clause = draft.key_clause
    if draft.sound is None and not draft.text:
        raise UsageError(t("notice.nothing"), t("notice.nothing_hint"))
    if (clause.start is None) != (draft.sound is None) or (draft.sound is None and not clause.text):
        raise UsageError(t("notice.no_clause"), t("notice.no_clause_hint"))
    if clause.text:
        notices.require_within(clause.text, draft.text)
    if draft.valid_to is not None and draft.valid_to.time <= draft.valid_from.time:
        raise UsageError(t("notice.validity"), t("notice.validity_hint"))


def _settled(vault: Vault) -> list[NoticeVersion]:
    """The versions there are, once the remains of an interrupted add are finished or swept."""
    index.make_folder(vault)
    found = versions(vault)  # refuses a rolled back register, whose notices would be taken for remains
    newest = vault.store.checkpoint()
    heads = (vault.layout.head, vault.layout.head_copy)
    if any(not head.exists() or head.read_bytes() != newest for head in heads):
        with locks.held(vault.layout.lock):
            vault.write_head()
    index.sweep(vault)
    return found


def _replaced(draft: Draft, known: list[NoticeVersion]) -> str:
    """The full id of the version to be replaced, or empty.

    Raises:
        UsageError: it isn't known.
        StateError: it was replaced before; its successor is the one to be replaced.
    """
    if not draft.replaces:
        return ""
    old = chosen(known, draft.replaces)
    if old.replaced_by:
        short = {"id": old.id[:SHORT], "by": old.replaced_by[:SHORT]}
        raise StateError(t("notice.replaced", **short), t("notice.replaced_hint", **short))
    return old.id


def _refuse_known(notice: Notice, known: list[NoticeVersion]) -> None:
    """Refuse what is there already; the same announcement for the same time may only correct the other.

    Raises:
        StateError: it is there already.
    """
    for old in known:
        if old.notice is None or _played(old.notice) != _played(notice):
            continue
        if old.replaced_by and notice.replaces:  # back to what was replaced by mistake
            continue
        short = old.id[:SHORT]
        if _stated(old.notice) == _stated(notice):
            raise StateError(t("notice.already", id=short, sequence=old.sequence), t("notice.already_hint"))
        if notice.replaces != old.id:
            raise StateError(t("notice.similar", id=short), t("notice.similar_hint", id=short))


def _played(notice: Notice) -> tuple[object, ...]:
    """What is played, and when."""
    sound = notice.sound.sha256 if notice.sound else b""
    return sound, notice.text, notice.valid_from.utc, notice.valid_to and notice.valid_to.utc


def _stated(notice: Notice) -> tuple[object, ...]:
    """What is said of it."""
    return notice.language, notice.key_clause, notice.approved_by, notice.title, notice.played_as
