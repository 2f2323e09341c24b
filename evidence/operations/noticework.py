"""The notice in an incident that is sealed: which versions belong to it, what shows that one was played.

FORMAT.md, "Announcement", "Notice search" and "Notice evidence". Works in whichever process writes the body:
it opens no vault and holds no key; sounds are decoded in a process of their own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from evidence.digests import sha256_and_crc32
from evidence.intake import noticegrades, roles, times
from evidence.intake.files import changed, unreadable
from evidence.intake.folder import IncidentFolder, open_exhibit
from evidence.intake.noticegrades import Recorded
from evidence.intake.plan import FolderFile
from evidence.media.search import Announcement as Wanted
from evidence.model.announcement import Announcement, Embedded
from evidence.model.incident import NoticeStatement
from evidence.model.notice import Notice, Sound
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.noticesearch import MOST_SEGMENTS, RESULTS, Match, NoticeSearch
from evidence.model.records import ExhibitFacts
from evidence.operations.announcements import NOTHING, Gathered, gather
from evidence.vault.copying import pieces
from evidence.vault.vault import Vault

OFF = "off"
WHOLE = "whole"


class Searcher(Protocol):
    """Looks for announcements in the sound of a recording (evidence.media.search.SearchProcess)."""

    def search(
        self, file: BinaryIO, size: int, name: str, announcements: Sequence[Wanted], seconds: int | None
    ) -> NoticeSearch:
        """What it found; never raises for a recording's sake."""

    def start(self) -> None:
        """Get ready, while the caller goes on."""

    def close(self) -> None:
        """End the process that decodes; the next search begins another."""


@dataclass(frozen=True, slots=True)
class Search:
    """How recordings are searched.

    Attributes:
        gathered: the vault's versions of the notice.
        extent: ``beginning``, ``whole`` or ``off``.
        seconds: how much is a beginning.
    """

    gathered: Gathered = NOTHING
    extent: str = OFF
    seconds: int = 120


NO_SEARCH = Search()
"""Of a vault without a notice register."""


def search_of(vault: Vault, extent: str | None = None) -> Search:
    """How the recordings of a vault are searched.

    Args:
        vault: an open vault.
        extent: as of Search; None: as the vault's configuration says.

    Raises:
        StateError: the register was rolled back.
        StoreError: the file system or the register store refuses.
    """
    settings = vault.config.notice
    return Search(gather(vault), extent or settings.search, settings.search_seconds)


@dataclass(frozen=True, slots=True)
class About:
    """What a record says about one recording."""

    exhibit: ExhibitFacts
    subject: NoticeSearch | NoticeEvidence

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id."""
        bound = {"exhibit": self.exhibit.id, "recording_sha256": self.exhibit.sha256.hex()}
        return {**bound, **self.subject.to_document()}


class NoticeWork:
    """What becomes of the notice in one incident.

    Args:
        folder: the incident as it was read.
        search: the versions, and how to look for them.
        searcher: does it; None: nobody does.
        now: counts where the time of a recording's call isn't stated; aware.

    Attributes:
        folder: the incident with the sounds of the versions that were in force as further exhibits.
    """

    def __init__(
        self, folder: IncidentFolder, search: Search, searcher: Searcher | None, now: dt.datetime
    ) -> None:
        self._search = search
        self._searcher = searcher
        self._now = now
        self._found: dict[str, NoticeSearch] = {}
        recordings = [file.name for file in folder.files if file.role == roles.RECORDING]
        self._wanted = {name: self._in_force(folder, name) for name in recordings}
        union = {id(each): each for wanted in self._wanted.values() for each in wanted}
        self._embedded = [each for each in search.gathered.announcements if id(each) in union]
        self.folder = replace(folder, files=(*folder.files, *self._sounds(folder)))

    def _in_force(self, folder: IncidentFolder, recording: str) -> tuple[Announcement, ...]:
        call = folder.incident.call_of(recording)
        at = times.parse(call.started) if call else self._now
        return tuple(each for each in self._search.gathered.announcements if each.is_in_force(at))

    # -- the versions' sounds as exhibits

    def _sounds(self, folder: IncidentFolder) -> Iterator[FolderFile]:
        """Files of the vault for the sounds that the folder itself doesn't hold."""
        taken = {file.name for file in folder.files}
        known = {_digest(folder, file) for file in _copies(folder, self._embedded)}
        number = len(folder.files)
        for each in self._embedded:
            sound = each.notice.sound
            if sound is None or each.sound is None or sound.sha256 in known:
                continue
            known.add(sound.sha256)
            number += 1
            name = _free(f"notice-{each.notice.id[:8]}", PurePosixPath(sound.file).suffix, taken)
            member = f"exhibits/E{number}.{roles.neutral_extension(name)}"
            yield FolderFile(
                f"E{number}",
                name,
                roles.NOTICE,
                sound.size,
                member,
                each.notice.title,
                at=each.sound,
                is_own=True,
            )

    # -- searching

    def __enter__(self) -> Self:
        has_sound = any(each.sound for each in self._embedded)
        if self._searcher is not None and self._search.extent != OFF and has_sound:
            with suppress(OSError):  # told of the recording that is searched
                self._searcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process that decoded this incident's sounds: one of them may have taken it over."""
        if self._searcher is not None:
            self._searcher.close()

    def look(self, file: FolderFile, source: BinaryIO) -> None:
        """Search an open recording, if any version is to be looked for."""
        wanted = [_wanted(each) for each in self._wanted.get(file.name, ()) if each.sound is not None]
        if not wanted or self._searcher is None or self._search.extent == OFF:
            return
        seconds = None if self._search.extent == WHOLE else self._search.seconds
        self._found[file.name] = self._searcher.search(source, file.size, file.name, wanted, seconds)

    # -- records

    def brought(self, exhibits: Iterable[ExhibitFacts]) -> tuple[tuple[str, bytes], ...]:
        """Name and digest of the exhibits that the incident brought, without what the vault added."""
        own = {file.name for file in self.folder.files if file.is_own}
        return tuple((exhibit.name, exhibit.sha256) for exhibit in exhibits if exhibit.name not in own)

    def subjects(self, exhibits: Sequence[ExhibitFacts]) -> list[tuple[str, Any]]:
        """What is to be recorded, with the kinds of the records.

        Args:
            exhibits: the facts of every file of ``folder``.

        Raises:
            ChangedError: the sound of a version was changed in the vault meanwhile.
        """
        by_digest = {exhibit.sha256: exhibit.id for exhibit in exhibits if exhibit.role == roles.NOTICE}
        found: list[tuple[str, Any]] = [
            ("announcement", self._embed(each, by_digest)) for each in self._embedded
        ]
        for exhibit in exhibits:
            if exhibit.role != roles.RECORDING:
                continue
            if exhibit.name in self._found:
                found.append(("notice_search", About(exhibit, _bounded(self._found[exhibit.name]))))
            evidence = noticegrades.combine(self._recorded(exhibit))
            found.append(("notice_evidence", About(exhibit, evidence)))
        return found

    def _embed(self, announcement: Announcement, by_digest: Mapping[bytes, str]) -> Embedded:
        if announcement.notice.sound is None:
            return Embedded(announcement)
        digest = announcement.notice.sound.sha256
        if digest not in by_digest:
            raise changed(announcement.notice.sound.name)
        return Embedded(announcement, by_digest[digest])

    def _recorded(self, exhibit: ExhibitFacts) -> Recorded:
        incident = self.folder.incident
        statement = self._statement(exhibit.name)
        channel = incident.numbered(exhibit.name, statement.channel) if statement else None
        facts = exhibit.recording
        return Recorded(
            wanted=tuple(each.notice for each in self._wanted[exhibit.name]),
            search=self._found.get(exhibit.name),
            statement=statement,
            stated_channel=channel if isinstance(channel, int) else None,
            channels=incident.channels_of(exhibit.name),
            all_channels=facts.all_channels if facts else None,
            damaged=self._search.gathered.damaged,
            is_time_known=incident.call_of(exhibit.name) is not None,
        )

    def _statement(self, recording: str) -> NoticeStatement | None:
        """What a person states of this recording; of the only one also without naming it."""
        said = self.folder.incident.notice
        if said.recording not in {"", recording}:
            return None
        is_only = len(self._wanted) == 1
        return replace(said, recording=recording) if is_only and not said.recording else said


def _wanted(announcement: Announcement) -> Wanted:
    notice = announcement.notice
    sound, clause = _sound(notice), notice.key_clause
    assert announcement.sound is not None  # noqa: S101  callers see to it
    return Wanted(notice.id, announcement.sound, sound.sha256, clause.start or 0, clause.end or 0)


def _sound(notice: Notice) -> Sound:
    assert notice.sound is not None  # noqa: S101  a version with a sound has a file of it
    return notice.sound


def _copies(folder: IncidentFolder, announcements: Iterable[Announcement]) -> list[FolderFile]:
    """Announcements in the folder that may be one of these, by their size."""
    sizes = {each.notice.sound.size for each in announcements if each.notice.sound}
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


def _bounded(search: NoticeSearch) -> NoticeSearch:
    """A search whose record has room in an archive: the segments of the weakest matches are left out."""
    order = sorted(search.matches, key=lambda match: (RESULTS.index(match.result), -match.coverage))
    room = MOST_SEGMENTS
    kept: dict[tuple[str, int], Match] = {}
    for match in order:
        fits = len(match.segments) <= room
        room -= len(match.segments) if fits else 0
        kept[match.version, match.channel] = match if fits else replace(match, segments=())
    return replace(search, matches=tuple(kept[match.version, match.channel] for match in search.matches))
