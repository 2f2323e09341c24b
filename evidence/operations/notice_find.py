"""Looking for the recording notice in recordings, without sealing anything."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from evidence.errors import StateError, UsageError
from evidence.intake import noticegrades, notices, roles, times
from evidence.intake.folder import IncidentFolder, open_exhibit, read_folder
from evidence.intake.noticegrades import Recorded
from evidence.intake.plan import FolderFile
from evidence.media.search import Announcement as Wanted
from evidence.messages import t
from evidence.model.announcement import Announcement
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.noticesearch import NoticeSearch
from evidence.operations.announcements import gather
from evidence.operations.incidents import locate
from evidence.operations.notices import load
from evidence.operations.searching import wanted
from evidence.vault.vault import Vault

_ELSEWHERE = frozenset({"NO_PBX_RECORDS", "NAME_UNKNOWN", "TIME_UNKNOWN"})
"""What isn't looked at here: it is no matter of a recording's sound, or is told at once."""


class Searcher(Protocol):
    """Looks for announcements in the sound of recordings (evidence.media.search.SearchProcess)."""

    def search(
        self,
        file: BinaryIO,
        size: int | None,
        name: str,
        announcements: Sequence[Wanted],
        seconds: int | None,
        *,
        progress: Callable[[float], None] | None,
    ) -> NoticeSearch:
        """What it found; never raises for a recording's sake."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which versions are looked for.

    Attributes:
        at: those in force at that time (aware); None: of an incident those in force when each call began, of
            a file all.
        version: the one whose id begins so, whatever its validity; empty: as ``at`` says.
    """

    at: dt.datetime | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A recording that is to be searched.

    Attributes:
        name: what it is called; untrusted.
        incident: the number of its incident; empty for a file by itself.
        versions: what is looked for, in the order in which they were added; may be empty. Those without a
            sound can't be found.
        channels: who is said to be heard in which channel; untrusted.
        is_time_known: whether its call's time, or another one, is stated.
        open: opens it for reading.
    """

    name: str
    incident: str
    versions: tuple[Announcement, ...]
    channels: tuple[str, ...]
    is_time_known: bool
    open: Callable[[], BinaryIO]


class Versions:
    """The versions of a vault's notice register, chosen from.

    Raises:
        UsageError: no or more than one version has the id that was asked for.
        StateError: there is none, none with a sound, or one that counts is damaged; or the register was
            rolled back.
    """

    def __init__(self, vault: Vault, asked: Asked) -> None:
        self._asked = asked
        gathered = gather(vault)
        if not gathered.announcements and not gathered.damaged:
            raise StateError(t("noticefind.none"), t("notice.none_hint"))
        chosen = load(vault, asked.version).id if asked.version else ""
        for damaged in () if chosen else gathered.damaged:
            load(vault, damaged)  # says what is wrong with it
        self._all = tuple(each for each in gathered.announcements if chosen in {"", each.notice.id})
        if not any(map(wanted, self._all)):
            raise StateError(t("noticefind.without_sound"), t("noticefind.without_sound_hint"))

    def of_file(self) -> tuple[Announcement, ...]:
        """What is looked for in a recording of which nothing more is known."""
        if self._asked.version or self._asked.at is None:
            return self._all
        return self._in_force(self._asked.at)

    def at(self, time: dt.datetime) -> tuple[Announcement, ...]:
        """What is looked for in the recording of a call that began then, unless something else was asked."""
        return self._all if self._asked.version else self._in_force(self._asked.at or time)

    def _in_force(self, time: dt.datetime) -> tuple[Announcement, ...]:
        return tuple(each for each in self._all if each.is_in_force(time))


def subjects(vault: Vault, named: Sequence[str], asked: Asked, now: dt.datetime) -> list[Subject]:
    """The recordings that were named, by themselves or by their incident's number or folder.

    Args:
        vault: an open vault.
        named: as on a command line.
        asked: which versions are looked for.
        now: counts where a call's time isn't stated; aware.

    Raises:
        UsageError: there is no such file or incident; besides as Versions.
        FormatError: something isn't a regular file, or an incident isn't what it should be.
        StateError: an incident holds no recording, no version was in force; besides as Versions.
        StoreError: the file system refuses.
    """
    versions = Versions(vault, asked)
    found = [subject for each in named for subject in _subjects(vault, each, versions, asked, now)]
    if not any(wanted(each) for subject in found for each in subject.versions):
        raise StateError(t("noticefind.none_in_force"), t("noticefind.none_in_force_hint"))
    return found


def _subjects(
    vault: Vault, named: str, versions: Versions, asked: Asked, now: dt.datetime
) -> Iterator[Subject]:
    path = locate(vault, named)
    if path.is_dir():
        folder = read_folder(path)
        for file in folder.files:
            if file.role == roles.RECORDING:
                yield _of_incident(folder, file, versions, asked, now)
        return
    notices.open_file(path).close()
    versions_ = versions.of_file()
    yield Subject(os.fspath(path), "", versions_, (), is_time_known=True, open=_opener(path))


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: notices.open_file(path)


def _of_incident(
    folder: IncidentFolder, file: FolderFile, versions: Versions, asked: Asked, now: dt.datetime
) -> Subject:
    call = folder.incident.call_of(file.name)
    return Subject(
        file.name,
        folder.incident.number,
        versions.at(times.parse(call.started) if call else now),
        folder.incident.channels_of(file.name),
        is_time_known=call is not None or asked.at is not None or bool(asked.version),
        open=lambda: open_exhibit(folder, file),
    )


def find(
    subject: Subject, searcher: Searcher, seconds: int | None, progress: Callable[[int, int], None]
) -> NoticeSearch | None:
    """Search a recording; None where no version is to be looked for.

    Args:
        subject: the recording.
        searcher: does it.
        seconds: how much of it is searched, from its beginning; None: all.
        progress: told how many of the recording's bytes are done, and how many there are.

    Raises:
        UsageError, FormatError, StoreError: it can't be opened any more.
    """
    sought = [each for each in map(wanted, subject.versions) if each]
    if not sought:
        return None
    with subject.open() as file:
        size = os.fstat(file.fileno()).st_size

        def tell(share: float) -> None:
            progress(int(share * size), size)

        return searcher.search(file, size, subject.name, sought, seconds, progress=tell)


def judged(subject: Subject, search: NoticeSearch | None) -> NoticeEvidence:
    """What the search shows of that recording by itself; logs and statements aren't looked at.

    That nothing was found is an empty answer.
    """
    recorded = Recorded(
        wanted=tuple(each.notice for each in subject.versions),
        search=search,
        channels=subject.channels,
        all_channels=search.channels if search else None,
    )
    evidence = noticegrades.combine(recorded)
    against = tuple(item for item in evidence.against if item.code != "NOT_IN_SOUND")
    unseen = tuple(item for item in evidence.unseen if item.code not in _ELSEWHERE)
    return NoticeEvidence(evidence.speaks_for, against, unseen)


def require_media(*, is_installed: bool) -> None:
    """Refuse to search without what decodes sound.

    Raises:
        UsageError: the extra isn't installed.
    """
    if not is_installed:
        raise UsageError(t("noticefind.no_media"), t("noticefind.no_media_hint"))
