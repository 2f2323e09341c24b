"""The files of a notice version that is being added: copied, synced, read back, or removed again."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence import canonical, resources, strict
from evidence.digests import sha256
from evidence.entropy import new_uuid
from evidence.errors import FormatError, StateError, StoreError
from evidence.messages import t
from evidence.model import names
from evidence.model.notice import MAX_NOTICE, SCHEMA, Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.recording import RecordingFacts
from evidence.operations.circumstances import circumstances
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import notices as index
from evidence.vault.copying import ReadBack, pieces
from evidence.vault.vault import Vault

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
    played_as: tuple[str, ...] = ()


class NoticeFolder:
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
            played_as=draft.played_as,
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
