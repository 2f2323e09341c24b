"""Which versions of the notice belong to an incident, and their sounds as further exhibits of it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from evidence import canonical
from evidence.digests import sha256_and_crc32
from evidence.intake import roles, times
from evidence.intake.files import MAX_FILES, changed, unreadable
from evidence.intake.folder import IncidentFolder, open_exhibit
from evidence.intake.plan import FolderFile
from evidence.model.announcement import LONGEST_DOCUMENT, Announcement, Embedded
from evidence.model.records import MAX_TEXT, ExhibitFacts
from evidence.vault.copying import pieces

MOST_VERSIONS = 100
"""Versions in one archive, at most: so the schema's bounds hold for searches of many channels, too."""

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of all their records, at most: the incident's own need room, too."""

_HEAD = 256
"""Bytes of a record's salt, kind, id and exhibit, and some room."""


def in_force(
    folder: IncidentFolder, announcements: Sequence[Announcement], now: dt.datetime
) -> dict[str, tuple[Announcement, ...]]:
    """For each recording of an incident the versions that were in force when its call began.

    Args:
        folder: the incident.
        announcements: all there are.
        now: counts where the time of a call isn't stated; aware.
    """
    found = {}
    for file in folder.files:
        if file.role != roles.RECORDING:
            continue
        call = folder.incident.call_of(file.name)
        at = times.parse(call.started) if call else now
        found[file.name] = tuple(each for each in announcements if each.is_in_force(at))
    return found


def that_fit(folder: IncidentFolder, announcements: Sequence[Announcement]) -> tuple[Announcement, ...]:
    """Those that an archive has room for, in their order; the ones added last come before others.

    No incident can be refused for what the notice register holds.
    """
    kept: list[Announcement] = []
    most, room = min(MOST_VERSIONS, MAX_FILES - len(folder.files)), MOST_BYTES
    for each in reversed(announcements):
        size = len(canonical.encode(Embedded(each).to_document())) + _HEAD
        if size <= min(room, MAX_TEXT) and len(each.document) <= LONGEST_DOCUMENT and len(kept) < most:
            kept.append(each)
            room -= size
    return tuple(reversed(kept))


def sounds(folder: IncidentFolder, announcements: Sequence[Announcement]) -> Iterator[FolderFile]:
    """Files of the vault for those sounds of versions that the folder itself doesn't hold.

    Raises:
        FormatError, StoreError: an announcement in the folder can't be read.
    """
    taken = {file.name for file in folder.files}
    known = {_digest(folder, file) for file in _copies(folder, announcements)}
    number = len(folder.files)
    for each in announcements:
        notice = each.notice
        if notice.sound is None or each.sound is None or notice.sound.sha256 in known:
            continue
        known.add(notice.sound.sha256)
        number += 1
        name = _free(f"notice-{notice.id[:8]}", PurePosixPath(notice.sound.file).suffix, taken)
        yield FolderFile(
            id=f"E{number}",
            name=name,
            role=roles.NOTICE,
            size=notice.sound.size,
            member=f"exhibits/E{number}.{roles.neutral_extension(name)}",
            title=notice.title,
            at=each.sound,
            is_own=True,
        )


def embedded(announcements: Iterable[Announcement], exhibits: Iterable[ExhibitFacts]) -> list[Embedded]:
    """The versions with the exhibits that are their sounds.

    Raises:
        ChangedError: a version's sound was changed in the vault while it was copied.
    """
    by_digest = {exhibit.sha256: exhibit.id for exhibit in exhibits if exhibit.role == roles.NOTICE}
    return [_embedded(announcement, by_digest) for announcement in announcements]


def _embedded(announcement: Announcement, by_digest: Mapping[bytes, str]) -> Embedded:
    sound = announcement.notice.sound
    if sound is None:
        return Embedded(announcement)
    if sound.sha256 not in by_digest:
        raise changed(sound.name)
    return Embedded(announcement, by_digest[sound.sha256])


def _copies(folder: IncidentFolder, announcements: Iterable[Announcement]) -> list[FolderFile]:
    """Announcements in the folder that may be one of these, by their size."""
    found = (each.notice.sound for each in announcements)
    sizes = {sound.size for sound in found if sound is not None}
    return [file for file in folder.files if file.role == roles.NOTICE and file.size in sizes]


def _digest(folder: IncidentFolder, file: FolderFile) -> bytes:
    with open_exhibit(folder, file) as source:
        try:
            return sha256_and_crc32(pieces(source.fileno(), file.size), file.size)[0]
        except OSError as error:
            raise unreadable(file.name, error) from error


def _free(stem: str, suffix: str, taken: set[str]) -> str:
    """A name that no file of the incident has."""
    name, number = f"{stem}{suffix}", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    taken.add(name)
    return name
