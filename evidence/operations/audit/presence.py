"""Every archive's file, looked at: is it there, is its entry the register's, does it stand in its place.

Only headers and evidence are read, no recordings: that is done for all archives in every audit.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evidence.container.names import ASIC_MANIFEST, ENTRY, MANIFEST
from evidence.container.reader import Container, Malformed, MemberTooLarge, NotAnArchive, open_archive
from evidence.digests import sha256_hex
from evidence.errors import FormatError
from evidence.findings import Finding, Status
from evidence.operations.audit import places
from evidence.operations.audit.calls import Names
from evidence.operations.audit.findings import Found
from evidence.operations.audit.formers import Former
from evidence.operations.audit.places import Item
from evidence.operations.audit.reading import Reader, codes
from evidence.operations.audit.register import Walked
from evidence.operations.audit.stamps import Stamps
from evidence.register import entries
from evidence.register.merkle import leaf_hash
from evidence.strict import json_document
from evidence.vault.archive_store import SUFFIX
from evidence.vault.audit_store import BAD, GOOD, AuditStore, Expected
from evidence.vault.vault import Vault
from evidence.verify.documents import MAX_MANIFEST
from evidence.verify.results import Verification

_MAX_LIST = 8 * 1024 * 1024


@dataclass(slots=True)
class Presence:
    """Looks at files; what isn't known at once is settled at the end.

    Attributes:
        vault: an open vault.
        store: the audit's.
        stamps: takes the tokens.
        names: takes the recordings' names, where somebody asks for them.
        reader: verifies whole files.
        walked: the register as it was read.
        found: takes findings.
    """

    vault: Vault
    store: AuditStore
    stamps: Stamps
    names: Names | None
    reader: Reader
    walked: Walked
    found: Found

    def look_at_all(self, progress: Callable[[int], None]) -> None:
        """Look at everything in the folder of archives.

        Args:
            progress: told the bytes of files that were looked at.
        """
        with self.store.adding():
            for item in places.items(self.vault.layout):
                if item.kind == "foreign":
                    self.found(Finding("FOREIGN_FILE", item.name))
                elif item.kind == "unreadable":
                    self.found(Finding("FOLDER_UNREADABLE", item.name, {"reason": item.reason}))
                else:
                    progress(self._look(item))
        self.store.index_files()
        for file in self.store.files("sequence IS NULL"):
            self._settle(file.path)

    def _look(self, item: Item) -> int:
        try:
            with places.open_regular(item.path) as file:
                size = os.fstat(file.fileno()).st_size
                expected = self._recognise(item, open_archive(file))
        except FileNotFoundError:
            return 0
        except (NotAnArchive, Malformed, OSError):  # read once more, and told, when all are looked at
            size, expected = 0, None
        name = os.fsencode(item.name)
        if expected is None:
            self.store.add_file(name, None, size, "")
        else:
            self.store.add_file(name, expected.sequence, size, self._misplaced(item, expected))
        return size

    def _recognise(self, item: Item, container: Container) -> Expected | None:
        """The register's entry that is byte for byte the archive's."""
        data = _read(container, ENTRY, entries.MAX_ENTRY)
        expected = self.store.expected("leaf", leaf_hash(data)) if data else None
        if expected is None:
            return None
        if expected.voided is not None:
            values = {"sequence": expected.sequence, "by": expected.voided}
            self.found(Finding("ARCHIVE_VOIDED", item.name, values))
            return expected
        proof = self.stamps.look(item.path, container, data or b"", self.found)
        self.reader.compare(f"{item.name}{places.PROOF}", proof.heads)
        if self.names is not None:
            self.names.look(container, expected.claimed)
        return expected

    def _misplaced(self, item: Item, expected: Expected) -> str:
        """Where the archive should stand; empty when it stands there.

        Archives of 0.1.0 stand beside the folders of days. The incident's number is known as long as the
        custody record isn't erased.
        """
        folder, _, name = item.name.rpartition("/")
        number = places.number_of(self.vault.layout, expected.archive_id)
        is_named = not number or places.bears(name, number, expected.archive_id)
        if folder in {"", expected.claimed[:10]} and is_named:
            return ""
        stem = name.removesuffix(SUFFIX)
        own = stem if stem.isprintable() else expected.archive_id
        return places.expected_name(expected.claimed, number or own)

    # -- files that the register doesn't know at once

    def _settle(self, path: bytes) -> None:
        """Verify such a file: it is altered, newer than the register was when it was read, or unknown."""
        name = os.fsdecode(path)
        try:
            found = self.reader.verify(self.vault.layout.archives / name)
        except FormatError:
            self._not_an_archive(path, name)
            return
        except OSError as error:  # it isn't missing: the archive that it seems to be is taken as there
            expected = self._by_name(name)
            self.store.attribute(path, expected.sequence if expected else -1, BAD)
            self.found(Finding("ARCHIVE_UNREADABLE", name, {"reason": error.strerror or str(error)}))
            return
        if found.verdict is Status.FAILED:
            expected = self._owner(name)
            self.store.attribute(path, expected.sequence if expected else -1, BAD)
            self.found(Finding("ARCHIVE_ALTERED", name, {"codes": codes(found)}))
        else:
            self._settle_sound(path, name, found)

    def _settle_sound(self, path: bytes, name: str, found: Verification) -> None:
        entry = found.contents.entry if found.contents else None
        sequence = entry.sequence if entry else -1
        data = entries.encode(entry) if entry else b""
        if entry is not None and self.reader.stands(sequence, data):
            self.store.attribute(path, sequence, GOOD)  # entered after the register was read
            return
        former = self.stamps.formers.owner(found)
        if former is not None:
            self._settle_former(path, name, (found, data), former)
            return
        is_ours = found.trust is not None and found.trust.status == "trusted"
        is_told = is_ours and self.walked.lacks(sequence)  # the register's damage, not the archive's
        self.store.attribute(path, sequence if is_told else -1, BAD)
        if not is_told:
            self.found(Finding("ARCHIVE_UNKNOWN", name, {"archive_id": found.archive_id}))

    def _settle_former(
        self, path: bytes, name: str, sound: tuple[Verification, bytes], former: Former
    ) -> None:
        """An archive of a register that this one continues: judged by itself, and by how that one ended."""
        found, entry = sound
        place = found.position
        wrong = former.wrong(name, place.size, place.root) if place else None
        if wrong is None and found.verdict is Status.INDETERMINATE:
            wrong = Finding("ARCHIVE_UNDECIDED", name, {"codes": codes(found)})
        self.store.attribute(path, -1, BAD if wrong else GOOD)
        if wrong is not None:
            self.found(wrong)
        file_path = self.vault.layout.archives / name
        with (
            suppress(OSError, NotAnArchive, Malformed),  # it was read just now
            places.open_regular(file_path) as file,
        ):
            container = open_archive(file)
            proof = self.stamps.look(file_path, container, entry, self.found)
            for head in proof.heads:
                wrong = former.wrong(f"{name}{places.PROOF}", head.size, head.root)
                if wrong is not None:
                    self.found(wrong)
            if self.names is not None:
                self.names.look(container, entries.parse(entry).claimed_time)

    def _not_an_archive(self, path: bytes, name: str) -> None:
        """A file that doesn't begin as an archive: one that was overwritten, or never one."""
        expected = self._by_name(name)
        self.store.attribute(path, expected.sequence if expected else -1, BAD)
        if expected is None:
            self.found(Finding("FOREIGN_FILE", name))
        else:
            self.found(Finding("ARCHIVE_ALTERED", name, {"codes": "NOT_AN_ARCHIVE"}))

    def _owner(self, name: str) -> Expected | None:
        """Which archive an altered file was: by what is left of it, else by its place and name."""
        with (
            suppress(OSError, NotAnArchive, Malformed),
            places.open_regular(self.vault.layout.archives / name) as file,
        ):
            container = open_archive(file)
            manifest = _read(container, MANIFEST, MAX_MANIFEST)
            archive_id = _archive_id(manifest) if manifest else ""
            found = self.store.expected("archive_id", archive_id)
            listed = _read(container, ASIC_MANIFEST, _MAX_LIST)
            if found is None and listed is not None:
                found = self.store.expected("identity", sha256_hex(listed))
            if found is not None:
                return found
        return self._by_name(name)

    def _by_name(self, name: str) -> Expected | None:
        """The archive without a file that should stand there, of those sealed on that day."""
        folder, _, last = name.rpartition("/")
        day = Path(folder).name if places.DAY.fullmatch(Path(folder).name) else ""
        for expected in self.store.missing(day):
            number = places.number_of(self.vault.layout, expected.archive_id)
            if places.bears(last, number, expected.archive_id):
                return expected
        return None


def _read(container: Container, name: str, limit: int) -> bytes | None:
    member = container.find(name)
    try:
        return container.read(member, limit) if member else None
    except (MemberTooLarge, Malformed):
        return None


def _archive_id(manifest: bytes) -> str:
    """What a manifest says that nothing vouches for."""
    try:
        document = json_document(manifest, MAX_MANIFEST)
    except ValueError:
        return ""
    value = document.get("archive_id") if isinstance(document, dict) else None
    return value if isinstance(value, str) and value.isprintable() else ""
