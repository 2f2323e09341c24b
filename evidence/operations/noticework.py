"""The notice in one incident that is sealed: what is searched, read and recorded about it.

FORMAT.md, "Announcement", "Notice search", "PBX logs" and "Notice evidence". This works in whichever process
writes the body: it opens no vault and holds no key; sounds are decoded in a process of their own.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, BinaryIO, Self

from evidence.intake import noticegrades, roles
from evidence.intake.folder import IncidentFolder, open_exhibit
from evidence.intake.noticegrades import Configured, Recorded
from evidence.intake.noticelogs import Kept, configured_in, logs_of
from evidence.intake.pbx.reading import read_logs
from evidence.intake.plan import FolderFile
from evidence.media.search import Announcement as Wanted
from evidence.model.announcement import Announcement
from evidence.model.incident import NoticeStatement
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.noticesearch import MOST_SEGMENTS, RESULTS, Match, NoticeSearch
from evidence.model.pbxlog import PbxLog
from evidence.model.records import ExhibitFacts
from evidence.model.waveform import Drawing
from evidence.operations.drawings import Drawn
from evidence.operations.embedding import embedded, in_force, sounds, that_fit
from evidence.operations.searching import OFF, Search, Searcher, wanted

_ALL_SEGMENTS = 120_000
"""Segments of all recordings of an archive, at most."""

_DRAWN = 500
"""Recordings of an archive with a waveform, at most; of more none has one."""


_AROUND = 120
"""Seconds that are searched behind a place that a person states."""


@dataclass(frozen=True, slots=True)
class About:
    """What a record says about one recording."""

    exhibit: ExhibitFacts
    subject: NoticeSearch | NoticeEvidence | Drawing

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id."""
        bound = {"exhibit": self.exhibit.id, "recording_sha256": self.exhibit.sha256.hex()}
        return {**bound, **self.subject.to_document()}


@dataclass(frozen=True, slots=True)
class Log:
    """What a record says about one log."""

    exhibit: str
    log: PbxLog

    def to_document(self) -> dict[str, Any]:
        """The record's fields but salt, kind and id; its name stands with the exhibit."""
        fields = self.log.to_document()
        del fields["name"]
        return {"exhibit": self.exhibit, **fields}


class NoticeWork:
    """What becomes of the notice in one incident; a context manager while recordings are searched.

    Args:
        folder: the incident as it was read.
        search: the versions, and how to look for them.
        searcher: does it; None: nobody does.
        now: counts where the time of a recording's call isn't stated; aware.

    Attributes:
        folder: the incident with the sounds of the versions that were in force as further exhibits.
        evidence: what shows of each recording that the notice was played, by its exhibit's id; once
            ``subjects`` was called.
    """

    def __init__(
        self, folder: IncidentFolder, search: Search, searcher: Searcher | None, now: dt.datetime
    ) -> None:
        self._search = search
        self._searcher = searcher if search.draws or search.extent != OFF else None
        self._found: dict[str, NoticeSearch] = {}
        self._drawn: dict[str, Drawing] = {}
        self.evidence: Mapping[str, NoticeEvidence] = {}
        self._in_force = in_force(folder, search.gathered.announcements, now)
        ids = {each.notice.id for found in self._in_force.values() for each in found}
        known = [each for each in search.gathered.announcements if each.notice.id in ids]
        self._announcements = that_fit(folder, known)
        self._kept = {each.notice.id for each in self._announcements}
        self.folder = replace(folder, files=(*folder.files, *sounds(folder, self._announcements)))

    def __enter__(self) -> Self:
        if self._searcher is None:
            return self
        if self._is_searched:
            self._searcher.close()  # it may have drawn another incident's recordings
        if self._is_searched or self._search.draws:
            with suppress(OSError):  # told of the recording that is searched
                self._searcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process that decoded this incident's sounds: one of them may have taken it over.

        One that only drew goes on: nothing follows from its pictures, and a start costs more than a call.
        """
        if self._searcher is not None and self._is_searched:
            self._searcher.close()

    @property
    def _is_searched(self) -> bool:
        """Whether there is anything to look for in this incident."""
        return self._search.extent != OFF and any(each.sound for each in self._announcements)

    def look(self, file: FolderFile, source: BinaryIO) -> None:
        """Search an open recording, if any version is to be looked for, and draw it for the archive."""
        if self._searcher is None or file.role != roles.RECORDING:
            return
        if not self._search.draws:
            self._look(file, source, self._searcher)
            return
        sought = self._sought(file.name) or None
        heard = self._searcher.hear(source, file.size, file.name, sought, self._seconds(file.name))
        if heard.search is not None:
            self._found[file.name] = heard.search
        if heard.drawing is not None:
            self._drawn[file.name] = heard.drawing

    def _look(self, file: FolderFile, source: BinaryIO, searcher: Searcher) -> None:
        sought = self._sought(file.name)
        if sought:
            self._found[file.name] = searcher.search(
                source, file.size, file.name, sought, self._seconds(file.name)
            )

    def _sought(self, recording: str) -> list[Wanted]:
        """The sounds to look for in a recording."""
        if self._search.extent == OFF:
            return []
        return [found for each in self._wanted(recording) if (found := wanted(each))]

    def _seconds(self, recording: str) -> int | None:
        """How much of a recording is searched: at least as far as a person states that it is heard."""
        seconds, said = self._search.seconds, self._statement(recording)
        if seconds is None or said is None or said.at_milliseconds is None:
            return seconds
        return max(seconds, said.at_milliseconds // 1000 + _AROUND)

    def _wanted(self, recording: str) -> list[Announcement]:
        """The versions that were in force when a call began, and that go into the archive."""
        return [each for each in self._in_force.get(recording, ()) if each.notice.id in self._kept]

    def brought(self, exhibits: Iterable[ExhibitFacts]) -> tuple[tuple[str, bytes], ...]:
        """Name and digest of the exhibits that the incident brought, without what the vault added."""
        own = {file.name for file in self.folder.files if file.is_own}
        return tuple((exhibit.name, exhibit.sha256) for exhibit in exhibits if exhibit.name not in own)

    def subjects(self, exhibits: Sequence[ExhibitFacts]) -> list[tuple[str, Any]]:
        """What is to be recorded, with the kinds of the records.

        Args:
            exhibits: the facts of every file of ``folder``, with the bytes of papers.

        Raises:
            FormatError, StoreError: a log can't be read any more.
            ChangedError: the sound of a version was changed in the vault meanwhile.
        """
        found: list[tuple[str, Any]] = [
            ("announcement", each) for each in embedded(self._announcements, exhibits)
        ]
        logs = self._logs(exhibits)
        found += [("pbx", Log(kept.exhibit, kept.log)) for kept in logs]
        by_id = {exhibit.id: exhibit for exhibit in exhibits}
        for exhibit in exhibits:
            if exhibit.name in self._found:
                search = _bounded(self._found[exhibit.name], len(self._found))
                found.append(("notice_search", About(exhibit, search)))
        self.evidence = self._evidence(exhibits, logs)
        found += [("notice_evidence", About(by_id[name], told)) for name, told in self.evidence.items()]
        return found

    def rehearsed(self, exhibits: Sequence[ExhibitFacts]) -> Mapping[str, NoticeEvidence]:
        """What would be recorded of each recording, by its exhibit's id; digests needn't be known.

        Raises:
            FormatError, StoreError: a file of the incident can't be read any more.
        """
        with self:
            for file in self.folder.files:
                if file.role == roles.RECORDING:
                    with open_exhibit(self.folder, file) as source:
                        if self._searcher is not None:
                            self._look(file, source, self._searcher)
        return self._evidence(exhibits, self._logs(exhibits))

    def drawings(self, exhibits: Iterable[ExhibitFacts]) -> list[Drawn]:
        """The recordings that were drawn."""
        return [(exhibit, self._drawn[exhibit.name]) for exhibit in exhibits if exhibit.name in self._drawn]

    def _logs(self, exhibits: Sequence[ExhibitFacts]) -> list[Kept]:
        ids = {exhibit.name: exhibit.id for exhibit in exhibits}
        logs = read_logs(self.folder, self._search.logs, _opened)
        return [Kept(ids[log.name], log) for log in logs]

    def _evidence(self, exhibits: Sequence[ExhibitFacts], logs: Sequence[Kept]) -> dict[str, NoticeEvidence]:
        configured = self._configured(exhibits)
        return {
            exhibit.id: noticegrades.combine(self._recorded(exhibit, logs, configured))
            for exhibit in exhibits
            if exhibit.role == roles.RECORDING
        }

    def _configured(self, exhibits: Sequence[ExhibitFacts]) -> list[Configured]:
        """Where kept configurations play any of the versions."""
        papers = [exhibit for exhibit in exhibits if exhibit.data is not None]
        notices = [each.notice for each in self._announcements]
        return [
            configured
            for paper in papers
            for configured in configured_in(paper.id, paper.name, paper.data or b"", notices)
        ]

    def _recorded(
        self, exhibit: ExhibitFacts, kept: Sequence[Kept], configured: Sequence[Configured]
    ) -> Recorded:
        incident, name = self.folder.incident, exhibit.name
        statement = self._statement(name)
        channel = incident.numbered(name, statement.channel) if statement else None
        notices = tuple(each.notice for each in self._wanted(name))
        all_ids = (each.notice.id for each in self._in_force[name])
        return Recorded(
            wanted=notices,
            search=self._found.get(name),
            statement=statement,
            stated_channel=channel if isinstance(channel, int) else None,
            channels=incident.channels_of(name),
            all_channels=exhibit.recording.all_channels if exhibit.recording else None,
            logs=logs_of(kept, incident, name, notices, is_only=len(self._in_force) == 1),
            configured=tuple(each for each in configured if each.version in {n.id for n in notices}),
            damaged=self._search.gathered.damaged,
            left_out=tuple(version for version in all_ids if version not in self._kept),
            is_time_known=incident.call_of(name) is not None,
        )

    def _statement(self, recording: str) -> NoticeStatement | None:
        """What a person states of this recording; of the only one also without naming it."""
        said = self.folder.incident.notice
        if said.recording not in {"", recording}:
            return None
        return replace(said, recording=recording) if len(self._in_force) == 1 else said


def _opened(folder: IncidentFolder, file: FolderFile) -> BinaryIO:
    """An exhibit's bytes; rows of a table that an inbox named stand in memory alone."""
    return open_exhibit(folder, file) if file.data is None else io.BytesIO(file.data)


def _bounded(search: NoticeSearch, searched: int) -> NoticeSearch:
    """A search whose record has room in an archive: the segments of the weakest matches are left out.

    Args:
        search: of one recording.
        searched: how many recordings of the incident were searched.
    """
    order = sorted(search.matches, key=lambda match: (RESULTS.index(match.result), -match.coverage))
    room = min(MOST_SEGMENTS, _ALL_SEGMENTS // searched)
    kept: dict[tuple[str, int], Match] = {}
    for match in order:
        fits = len(match.segments) <= room
        room -= len(match.segments) if fits else 0
        kept[match.version, match.channel] = match if fits else replace(match, segments=())
    matches = tuple(kept[match.version, match.channel] for match in search.matches)
    return replace(search, matches=matches, waveform=search.waveform if searched <= _DRAWN else None)
