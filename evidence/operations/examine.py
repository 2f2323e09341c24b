"""An incident looked at before it is sealed: what its files are, without copying them."""

import os
from collections.abc import Collection

from evidence.digests import sha256, sha256_and_crc32
from evidence.intake.files import unreadable
from evidence.intake.folder import IncidentFolder, open_exhibit, read_paper
from evidence.intake.plan import FolderFile
from evidence.model.records import ExhibitFacts
from evidence.operations.body import Probe
from evidence.vault.copying import pieces

NO_DIGEST = bytes(32)


def examine(folder: IncidentFolder, probe: Probe, *, with_digests: bool = False) -> list[ExhibitFacts]:
    """The facts of every file of a folder, as sealing would find them.

    Args:
        folder: as read_folder read it.
        probe: determines facts about a recording.
        with_digests: whether large files are hashed; else their digests are NO_DIGEST.

    Raises:
        FormatError: a file isn't a regular one any more.
        StoreError: the file system refuses.
    """
    return [_facts(folder, file, probe, with_digests=with_digests) for file in folder.files]


def digests_of(folder: IncidentFolder, only: Collection[str] | None = None) -> list[tuple[str, bytes]]:
    """Name and SHA-256 of the files of a folder, as they are now.

    Args:
        folder: as read_folder read it.
        only: names of the files to read; None for all.

    Raises:
        FormatError, StateError: a file isn't what it was when the folder was read.
        StoreError: the file system refuses.
    """
    found = []
    for file in folder.files:
        if only is not None and file.name not in only:
            continue
        if file.member is None:
            found.append((file.name, sha256(read_paper(folder, file))))
            continue
        with open_exhibit(folder, file) as source:
            found.append((file.name, _digest(source.fileno(), file)))
    return found


def _facts(folder: IncidentFolder, file: FolderFile, probe: Probe, *, with_digests: bool) -> ExhibitFacts:
    if file.member is None:
        data = read_paper(folder, file)
        digest, found = sha256(data), None
    else:
        with open_exhibit(folder, file) as source:
            found = probe(source, file.size, file.name) if file.is_sound else None
            digest = _digest(source.fileno(), file) if with_digests else NO_DIGEST
        data = None
    return ExhibitFacts(
        file.id, file.member, file.name, file.role, file.size, digest, found, data, file.title
    )


def _digest(descriptor: int, file: FolderFile) -> bytes:
    try:
        return sha256_and_crc32(pieces(descriptor, os.fstat(descriptor).st_size), file.size)[0]
    except OSError as error:
        raise unreadable(file.name, error) from error
