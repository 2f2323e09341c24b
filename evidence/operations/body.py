"""Step 2 of sealing: the body of an archive, written to staging without and then with its signature.

FORMAT.md, "Members" and "Documents". Recordings are streamed; one paper at a time is held in memory. Whoever
writes a body needs no key: it is signed by the process that holds the key, and read back once it is durable.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from isal.isal_zlib import crc32

from evidence import canonical, resources
from evidence.container import asic, names, sums
from evidence.container.writer import ArchiveWriter
from evidence.container.zipformat import Member, local_header
from evidence.digests import sha256, sha256_and_crc32
from evidence.entropy import Entropy
from evidence.errors import FormatError
from evidence.intake.files import changed, unreadable
from evidence.intake.folder import open_exhibit, read_paper
from evidence.intake.inbox.identity import uid_of
from evidence.intake.plan import FolderFile
from evidence.intake.records import build_records, measured
from evidence.messages import t
from evidence.model import waveform
from evidence.model.manifest import Listed, Manifest
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.receipt import ReceiptEvidence
from evidence.model.recording import RecordingFacts
from evidence.model.records import MAX_RECORDS, MAX_TEXT, MAX_TEXTS, ExhibitFacts
from evidence.operations import inside
from evidence.operations.drawings import that_fit
from evidence.operations.noticework import About, NoticeWork
from evidence.vault.copying import copy_range, pieces

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
        report: language of the report that goes into it; empty: none does.
    """

    archive_id: str
    origin: str
    register_key: str
    time_policy: str
    replaces: str | None
    report: str = ""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A body as far as it is written without a key.

    Attributes:
        members: its members without the signature, in their order.
        digests: the SHA-256 of each, by name.
        exhibits: facts of the exhibits, without the bytes of papers.
        asic_manifest: the bytes of ASiCManifest001.xml, which are to be signed.
        notice: what shows of each recording that the notice was played, by its exhibit's id.
        undrawn: how many waveforms had no room.
        has_report: whether a report is in it.
    """

    members: tuple[Member, ...]
    digests: dict[str, bytes]
    exhibits: tuple[ExhibitFacts, ...]
    asic_manifest: bytes
    notice: Mapping[str, NoticeEvidence]
    undrawn: int = 0
    has_report: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it was written.

    Attributes:
        members: its members, in their order.
        digests: the SHA-256 of each, by name.
        exhibits: facts of the exhibits, without the bytes of papers.
        identity: digest of ASiCManifest001.xml.
        notice: as of Unsigned.
        undrawn: likewise.
        has_report: likewise.
    """

    members: tuple[Member, ...]
    digests: dict[str, bytes]
    exhibits: tuple[ExhibitFacts, ...]
    identity: bytes
    notice: Mapping[str, NoticeEvidence]
    undrawn: int = 0
    has_report: bool = False

    @property
    def signature_sha256(self) -> bytes:
        """Digest of signature001.p7s."""
        return self.digests[names.SIGNATURE]


def append_signature(out: BinaryIO, body: Unsigned, signature: bytes) -> Body:
    """Write the signature behind an unsigned body; the caller syncs the file.

    Args:
        out: the staging file, open for writing.
        body: what was written there.
        signature: over its ASiCManifest001.xml, DER.
    """
    member = Member.at(body.members[-1].end, names.SIGNATURE, len(signature), crc32(signature))
    out.seek(member.header_offset)
    out.write(local_header(member) + signature)
    digests = {**body.digests, names.SIGNATURE: sha256(signature)}
    identity = sha256(body.asic_manifest)
    members = (*body.members, member)
    found = (body.notice, body.undrawn, body.has_report)
    return Body(members, digests, body.exhibits, identity, *found)


class BodyWriter:
    """Writes one body into a staging file and remembers the digest of every member.

    Args:
        out: the staging file, empty, open for reading and writing.
        notices: the incident, and what becomes of the notice in it.
        progress: told the bytes that were copied.
        takes_growing: whether a recording that somebody still writes to is archived as far as it went; else
            it refuses the incident, as any other change of a file does.
        receipts: those of recordings of these lengths, oldest first.
    """

    def __init__(
        self,
        out: BinaryIO,
        notices: NoticeWork,
        progress: Progress,
        *,
        takes_growing: bool = True,
        receipts: Sequence[ReceiptEvidence] = (),
    ) -> None:
        self._out = out
        self._writer = ArchiveWriter(out)
        self._notices = notices
        self._folder = notices.folder
        self._progress = progress
        self._takes_growing = takes_growing
        self._receipts = receipts
        self._digests: dict[str, bytes] = {}
        self._undrawn = 0
        self._documents: list[Mapping[str, Any]] = []

    def write(self, purpose: Purpose, probe: Probe, entropy: Entropy) -> Unsigned:
        """Write everything but the signature; the caller signs, syncs the file and reads it back.

        Raises:
            FormatError, StateError, StoreError: a file of the incident can't be archived as it is.
            OSError: the disk failed.
        """
        self._add(names.MIMETYPE_NAME, names.MIMETYPE)
        with self._notices:
            exhibits = tuple(self._exhibit(file, probe) for file in self._folder.files)
        uid = uid_of(self._folder, ((exhibit.name, exhibit.sha256) for exhibit in exhibits))
        self._folder = replace(self._folder, uid=uid)
        records = self._records(exhibits, purpose, entropy)
        listed = tuple(Listed(e.id, e.member, e.sha256) for e in exhibits if e.member)
        manifest = Manifest(
            purpose.archive_id, purpose.origin, purpose.register_key, purpose.time_policy, records, listed
        )
        document = canonical.encode(manifest.to_document())
        if purpose.report:
            self._add_report(document, purpose.report, entropy)
        self._add(names.MANIFEST, document)
        verify_txt = resources.verify_txt()
        self._add(names.SUMS, sums.build([*self._listed(), (names.VERIFY_TXT, sha256(verify_txt))]))
        self._add(names.VERIFY_TXT, verify_txt)
        asic_manifest = asic.build(self._listed())
        self._add(names.ASIC_MANIFEST, asic_manifest)
        written = tuple(replace(exhibit, data=None) for exhibit in exhibits)
        notice = dict(self._notices.evidence)
        members = self._writer.members
        found = (notice, self._undrawn, names.REPORT in self._digests)
        return Unsigned(members, self._digests, written, asic_manifest, *found)

    @property
    def uid(self) -> str:
        """The UUID by which the incident is sealed once; of a virtual folder, once the body is written."""
        return self._folder.uid

    def _listed(self) -> list[tuple[str, bytes]]:
        return [item for item in self._digests.items() if item[0] != names.MIMETYPE_NAME]

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
            self._notices.look(file, source)
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
        is_longer = self._takes_growing and file.is_sound and after.st_size > file.size
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
        listed: list[Listed] = []
        room = MAX_TEXTS
        further = self._notices.subjects(exhibits)
        further += self._waveforms(exhibits, further)
        for record_id, document in build_records(self._folder, exhibits, entropy, self._receipts, further):
            if document["kind"] == "incident" and purpose.replaces:
                document["replaces"] = purpose.replaces
            name = names.record_name(record_id)
            paper = document.pop("bytes", None)
            text = canonical.encode(document if paper is None else {**document, "bytes": ""})
            room -= len(text)
            if len(text) > MAX_TEXT or room < 0 or len(listed) == MAX_RECORDS:
                raise FormatError(t("seal.records_too_long"), t("seal.records_too_long_hint"))
            problem = resources.problem("record.v1", document if paper is None else {**document, "bytes": ""})
            if problem:  # an archive that fails its own verification must never be sealed
                kind = document["kind"]
                raise FormatError(
                    t("seal.record_unfit", kind=kind, reason=problem), t("seal.record_unfit_hint")
                )
            if purpose.report:
                self._documents.append(document)
            self._add(name, text if paper is None else _with_paper(text, paper))
            listed.append(Listed(record_id, name, self._digests[name]))
        return tuple(listed)

    def _add_report(self, manifest: bytes, language: str, entropy: Entropy) -> None:
        report = inside.draft(self._documents, manifest, language, entropy)
        self._documents = []
        if report is not None:
            self._add(names.REPORT, report)

    def _waveforms(
        self, exhibits: tuple[ExhibitFacts, ...], further: Sequence[tuple[str, Any]]
    ) -> list[tuple[str, Any]]:
        """What is recorded of the recordings' loudness, as far as the other records leave room."""
        drawn = self._notices.drawings(exhibits)
        if not drawn:
            return []
        count, characters = measured(self._folder, exhibits, self._receipts, further)
        kept = that_fit(drawn, MAX_TEXTS - characters, MAX_RECORDS - count)
        self._undrawn = sum(bool(drawing.channels) for _, drawing in drawn) - len(kept)
        return [(waveform.KIND, About(exhibit, drawing)) for exhibit, drawing in kept]


def _with_paper(text: bytes, paper: str) -> bytes:
    """A record with its file put in: ``bytes`` sorts before every other key, and base64 needs no escapes."""
    place = len(b'{"bytes":"')
    return b"".join([text[:place], paper.encode("ascii"), text[place:]])


def _state(status: os.stat_result) -> tuple[int, ...]:
    """What changes when somebody writes to a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
