"""Step 2 of sealing: the body of an archive, written to staging, durable, and read back.

FORMAT.md, "Members" and "Documents". Recordings are streamed; one paper at a time is held in memory.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from evidence import canonical, resources
from evidence.container import asic, names, sums
from evidence.container.writer import ArchiveWriter
from evidence.container.zipformat import Member, local_header
from evidence.crypto import cades
from evidence.crypto.keys import SealingKey
from evidence.digests import sha256, sha256_and_crc32
from evidence.entropy import Entropy
from evidence.errors import FormatError, StoreError
from evidence.intake.files import changed, unreadable
from evidence.intake.folder import IncidentFolder, open_exhibit, read_paper
from evidence.intake.plan import FolderFile
from evidence.intake.records import build_records
from evidence.messages import t
from evidence.model.manifest import Listed, Manifest
from evidence.model.recording import RecordingFacts
from evidence.model.records import MAX_TEXT, MAX_TEXTS, ExhibitFacts
from evidence.operations.seams import Seams
from evidence.vault.copying import ReadBack, copy_range, pieces

Probe = Callable[[BinaryIO, int, str], RecordingFacts]
"""Determines facts about an open recording of that many bytes, called that (evidence.model.names)."""

GROWING = "growing"
"""Problem of a recording that was still being written while it was sealed."""

_WORTH_A_THREAD = 4 * 1024 * 1024
"""From this size on, copying and hashing side by side is quicker."""

Progress = Callable[[int], None]
"""Called with the number of bytes done since it was called last."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an archive is made for.

    Attributes:
        archive_id: its UUID.
        origin: the register it will be entered in.
        register_key: that register's verifier key.
        time_policy: see manifest.json.
        replaces: id of the voided archive it replaces; None for most.
    """

    archive_id: str
    origin: str
    register_key: str
    time_policy: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it was written.

    Attributes:
        members: its members, in their order.
        exhibits: facts of the exhibits, without the bytes of papers.
        identity: digest of ASiCManifest001.xml.
        signature_sha256: digest of signature001.p7s.
    """

    members: tuple[Member, ...]
    exhibits: tuple[ExhibitFacts, ...]
    identity: bytes
    signature_sha256: bytes


class BodyWriter:
    """Writes one body into a staging file and remembers the digest of every member."""

    def __init__(self, out: BinaryIO, folder: IncidentFolder, progress: Progress) -> None:
        self._out = out
        self._writer = ArchiveWriter(out)
        self._folder = folder
        self._progress = progress
        self._digests: dict[str, bytes] = {}

    def write(self, purpose: Purpose, key: SealingKey, probe: Probe, seams: Seams) -> Body:
        """Write the whole body and sign it; the caller syncs the file and calls ``read_back``."""
        self._add(names.MIMETYPE_NAME, names.MIMETYPE)
        exhibits = tuple(self._exhibit(file, probe) for file in self._folder.files)
        records = self._records(exhibits, purpose, seams.entropy)
        listed = tuple(Listed(e.id, e.member, e.sha256) for e in exhibits if e.member)
        manifest = Manifest(
            purpose.archive_id, purpose.origin, purpose.register_key, purpose.time_policy, records, listed
        )
        self._add(names.MANIFEST, canonical.encode(manifest.to_document()))
        verify_txt = resources.verify_txt()
        body = [(n, d) for n, d in self._digests.items() if n != names.MIMETYPE_NAME]
        self._add(names.SUMS, sums.build([*body, (names.VERIFY_TXT, sha256(verify_txt))]))
        self._add(names.VERIFY_TXT, verify_txt)
        body = [(n, d) for n, d in self._digests.items() if n != names.MIMETYPE_NAME]
        asic_manifest = asic.build(body)
        signature = cades.sign(asic_manifest, key, seams.clock())
        self._add(names.ASIC_MANIFEST, asic_manifest)
        self._add(names.SIGNATURE, signature)
        written = tuple(replace(exhibit, data=None) for exhibit in exhibits)
        return Body(self._writer.members, written, sha256(asic_manifest), sha256(signature))

    def read_back(self, path: Path) -> None:
        """Compare what the disk holds with what was to be written, header by header and digest by digest.

        Args:
            path: the staging file, synced.

        Raises:
            StoreError: they differ.
        """
        if self._writer.position < _WORTH_A_THREAD:
            same = self._is_on_disk(path)
        else:
            with ThreadPoolExecutor(1) as fresh:  # see sha256_and_crc32
                same = fresh.submit(self._is_on_disk, path).result()
        if not same:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))

    def _is_on_disk(self, path: Path) -> bool:
        with ReadBack(path) as disk:
            for member in self._writer.members:
                header = local_header(member)
                found = b"".join(map(bytes, disk.pieces(len(header))))
                digest = hashlib.sha256()
                for piece in self._told(disk.pieces(member.size)):
                    digest.update(piece)
                if found != header or digest.digest() != self._digests[member.name]:
                    return False
        return True

    def _add(self, name: str, data: bytes) -> None:
        self._writer.add(name, data)
        self._digests[name] = sha256(data)

    def _exhibit(self, file: FolderFile, probe: Probe) -> ExhibitFacts:
        if file.member is None:
            data = read_paper(self._folder, file)
            digest = sha256(data)
            return ExhibitFacts(
                file.id, None, file.name, file.role, len(data), digest, None, data, file.title
            )
        with open_exhibit(self._folder, file) as source:
            before = os.fstat(source.fileno())
            digest = self._copy(file, file.member, source.fileno(), file.size)
            facts = probe(source, file.size, file.name) if file.is_sound else None
            if self._has_grown(file, source.fileno(), before, digest) and facts is not None:
                facts = replace(facts, problems=(*facts.problems, GROWING))
        return ExhibitFacts(
            file.id, file.member, file.name, file.role, file.size, digest, facts, None, file.title
        )

    def _has_grown(self, file: FolderFile, source: int, before: os.stat_result, digest: bytes) -> bool:
        """Whether somebody still writes to a recording's end; what was copied is its beginning.

        Any other change refuses the incident.
        """
        after = os.fstat(source)
        if _state(before) == _state(after) and before.st_size == file.size:
            return False
        is_longer = file.is_sound and after.st_size > file.size
        if not is_longer or self._hash(file, source, file.size)[0] != digest:
            raise changed(file.name)
        return True

    def _copy(self, file: FolderFile, member: str, source: int, size: int) -> bytes:
        """Copy a recording and hash the original; reading the copy back compares the two."""
        found: list[bytes] = []

        def copy(offset: int) -> int:
            run = partial(copy_range, source, self._out.fileno(), size, offset)
            if size < _WORTH_A_THREAD:
                digest, crc = self._hash(file, source, size)
                copied = run()
            else:
                with ThreadPoolExecutor(1) as pool:
                    copying = pool.submit(run)
                    digest, crc = self._hash(file, source, size)
                copied = copying.result()
            if copied != size:
                raise changed(file.name)
            found.append(digest)
            return crc

        self._writer.add_copied(member, size, copy)
        self._digests[member] = found[0]
        return found[0]

    def _hash(self, file: FolderFile, source: int, size: int) -> tuple[bytes, int]:
        """Digest and CRC of the original; that it can't be read concerns this incident alone."""
        try:
            return sha256_and_crc32(self._told(pieces(source, size)), size)
        except OSError as error:
            raise unreadable(file.name, error) from error

    def _told(self, parts: Iterable[memoryview]) -> Iterator[memoryview]:
        for part in parts:
            yield part
            self._progress(len(part))

    def _records(
        self, exhibits: tuple[ExhibitFacts, ...], purpose: Purpose, entropy: Entropy
    ) -> tuple[Listed, ...]:
        listed, room = [], MAX_TEXTS
        for record_id, document in build_records(self._folder, exhibits, entropy):
            if document["kind"] == "incident" and purpose.replaces:
                document["replaces"] = purpose.replaces
            name = names.record_name(record_id)
            paper = document.pop("bytes", None)
            text = canonical.encode(document if paper is None else {**document, "bytes": ""})
            room -= len(text)
            if len(text) > MAX_TEXT or room < 0:
                raise FormatError(t("seal.records_too_long"), t("seal.records_too_long_hint"))
            self._add(name, text if paper is None else _with_paper(text, paper))
            listed.append(Listed(record_id, name, self._digests[name]))
        return tuple(listed)


def _with_paper(text: bytes, paper: str) -> bytes:
    """A record with its file put in: ``bytes`` sorts before every other key, and base64 needs no escapes."""
    place = len(b'{"bytes":"')
    return b"".join([text[:place], paper.encode("ascii"), text[place:]])


def _state(status: os.stat_result) -> tuple[int, ...]:
    """What changes when somebody writes to a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
