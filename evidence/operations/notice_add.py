"""`evidence notice add`: a version of the recording notice, into the vault and its register.

Files first: in a folder of their own, synced and read back. Then one transaction puts the version on the
index and into the register, with the signed head. What a crash leaves is a whole version, or files that the
next add sweeps. One add at a time: they wait for each other.
"""

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence import canonical, resources, strict
from evidence.crypto.keys import RegisterKey
from evidence.digests import sha256
from evidence.entropy import new_uuid
from evidence.errors import FormatError, StateError, StoreError, UsageError
from evidence.intake import notices
from evidence.messages import t
from evidence.model import names
from evidence.model.notice import MAX_NOTICE, SCHEMA, Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.recording import RecordingFacts
from evidence.operations.commit import enter_notice
from evidence.operations.custody import circumstances
from evidence.operations.notices import SHORT, NoticeVersion, chosen, versions
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import locks
from evidence.vault import notices as index
from evidence.vault.copying import ReadBack, pieces
from evidence.vault.vault import Vault

Probe = Callable[[BinaryIO], RecordingFacts]

_EXTENSION = re.compile(r"[.][a-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version as it is asked for; see evidence.model.notice.Notice. Its values are checked already.

    Attributes:
        sound: the file of the announcement; None where only the wording is known.
        replaces: beginning of the id of the version that this one corrects or succeeds, or empty.
    """

    language: str
    key_clause: KeyClause
    valid_from: StatedTime
    approved_by: str
    title: str = ""
    text: str = ""
    valid_to: StatedTime | None = None
    sound: Path | None = None
    replaces: str = ""


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
        facts = probe(source) if source else RecordingFacts()
        notices.require_inside(draft.key_clause, facts.milliseconds)
        register_key = key()
        stack.enter_context(locks.held(vault.layout.notices_lock, waiting))
        known = _settled(vault)
        replaced = _replaced(draft, known)
        folder = _Folder(vault, draft, seams)
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
    return notice.language, notice.key_clause, notice.approved_by, notice.title


class _Folder:
    """The folder of a version that isn't in the register yet.

    Attributes:
        path: where it is.
    """

    def __init__(self, vault: Vault, draft: Draft, seams: Seams) -> None:
        self._vault = vault
        self._draft = draft
        self._seams = seams
        self._id = new_uuid(seams.entropy)
        self.path = vault.layout.notice(self._id)
        seams.durable.make_directory(self.path)

    def copy(self, source: BinaryIO, before: os.stat_result, facts: RecordingFacts) -> Sound:
        """Copy the sound, make it durable and read it back.

        Raises:
            StateError: the file was changed since it was probed.
            StoreError: the disk reads back something else.
        """
        name = names.from_bytes(os.fsencode(self._draft.sound.name)) if self._draft.sound else ""
        extension = os.path.splitext(name)[1].lower()  # noqa: PTH122  a name, not a path
        target = self.path / f"sound{extension if _EXTENSION.fullmatch(extension) else '.bin'}"
        digest = hashlib.sha256()
        with self._seams.durable.create(target) as out:
            for piece in pieces(source.fileno(), before.st_size):
                digest.update(piece)
                out.write(piece)
            self._seams.durable.sync(out)
        if _state(os.fstat(source.fileno())) != _state(before):
            raise StateError(t("notice.changed", file=visible(name)), t("notice.changed_hint"))
        self._read_back(target, before.st_size, digest.digest())
        return Sound(name, target.name, before.st_size, digest.digest(), facts)

    def _read_back(self, path: Path, size: int, expected: bytes) -> None:
        digest = hashlib.sha256()
        with ReadBack(path) as back:
            for piece in back.pieces(size + 1):
                digest.update(piece)
        if digest.digest() != expected:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))

    def notice(self, sound: Sound | None, replaces: str) -> Notice:
        """What notice.json will say."""
        draft = self._draft
        time = strict.format_timestamp(self._seams.clock())
        return Notice(
            id=self._id,
            language=draft.language,
            key_clause=draft.key_clause,
            valid_from=draft.valid_from,
            approved_by=draft.approved_by,
            added=Added(time, **circumstances()),
            title=draft.title,
            text=draft.text,
            valid_to=draft.valid_to,
            replaces=replaces,
            sound=sound,
        )

    def write(self, notice: Notice) -> bytes:
        """Write notice.json; it and the names in the folder are durable afterwards. Returns its digest.

        Raises:
            FormatError: the values can't stand in a notice.json.
            StoreError: the disk reads back something else.
        """
        document = notice.to_document(self._seams.entropy(32).hex())
        data = canonical.encode(document)
        reason = resources.problem(SCHEMA, document) or (t("notice.long") if len(data) > MAX_NOTICE else "")
        if reason:
            raise FormatError(t("notice.unfit", reason=reason), t("notice.unfit_hint"))
        path = self.path / index.DOCUMENT
        with self._seams.durable.create(path) as file:
            file.write(data)
            self._seams.durable.sync(file)
        self._read_back(path, len(data), sha256(data))
        self._seams.durable.sync_directory(self.path)
        return sha256(data)

    def give_up(self) -> None:
        """Remove the files, unless the version is in the register by now."""
        if self._id not in index.entered(self._vault.store):
            index.discard(self._vault, self._id)


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    """By which a change of a file is noticed."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
