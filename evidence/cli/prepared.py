"""An incident that isn't sealed yet, told to the person who prepares it: what is in it, what is missing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.cli import console
from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.intake.folder import IncidentFolder
    from evidence.intake.gap import Gap
    from evidence.model.noticeevidence import NoticeEvidence
    from evidence.model.pbxlog import PbxLog
    from evidence.model.records import ExhibitFacts
    from evidence.operations.body import Probe
    from evidence.vault.vault import Vault
    from evidence.verify.noticewording import Known


_LONGEST = 120
"""Characters of a file's name in a statement."""


def gap_documents(gaps: "Sequence[Gap]") -> list[dict[str, Any]]:
    """Gaps as JSON values."""
    return [{"code": gap.code, **gap.params} for gap in gaps]


def print_gaps(gaps: "Sequence[Gap]", called: str, *, is_sealed: bool = False, prefix: str = "") -> None:
    """Warn of each gap and say how to mend it; of several alike that is said once.

    Args:
        gaps: of one incident.
        called: what names the incident on a command line.
        is_sealed: whether it is too late, so that advice would only mislead.
        prefix: what each warning begins with.
    """
    from evidence.intake import gap as wording

    told: set[str] = set()
    for gap in gaps:
        what, hint = wording.message(gap, called)
        console.warning(prefix + what, "" if is_sealed or gap.code in told else hint)
        told.add(gap.code)


def print_problems(exhibits: "Sequence[ExhibitFacts]", *, prefix: str = "") -> None:
    """Warn of what is odd about the recordings themselves."""
    for exhibit in exhibits:
        for problem in exhibit.recording.problems if exhibit.recording else ():
            reason = t(f"media.problem_{problem}")
            message = console.words("seal.recording", id=exhibit.id, file=exhibit.name, reason=reason)
            console.warning(prefix + message)
        if exhibit.role == "recording" and exhibit.recording and exhibit.recording.samples is None:
            words = console.words("seal.duration_unknown", id=exhibit.id, file=exhibit.name)
            console.warning(prefix + words)


def tell_doubles(vault: "Vault", path: Path, names: Iterable[str]) -> None:
    """Warn of recordings that other incidents hold, too."""
    from evidence.operations.incidents import same_recording

    for name in names:
        others = same_recording(vault, path, name)
        if others:
            listed = ", ".join(others[:5])
            message = console.words("incidents.double", file=name, list=listed)
            console.warning(message, t("incidents.double_hint"))


@dataclass(frozen=True, slots=True)
class Looked:
    """What shows that the notice was played in the recordings of an incident that isn't sealed yet.

    Attributes:
        evidence: by the exhibits' ids.
        known: what its items name.
    """

    evidence: "Mapping[str, NoticeEvidence]"
    known: "Known"

    def sentence(self, exhibit: str, called: str) -> str:
        """One statement about a recording."""
        from evidence.verify.noticewording import short, statement

        return statement(short(called, _LONGEST), self.evidence[exhibit], self.known)

    def document(self) -> list[dict[str, Any]]:
        """It as a JSON value."""
        return [{"exhibit": name, **told.to_document()} for name, told in self.evidence.items()]


def _looked(
    vault: "Vault",
    folder: "IncidentFolder",
    exhibits: "Sequence[ExhibitFacts]",
    now: dt.datetime,
    extent: str | None,
) -> Looked:
    from evidence.cli.searchshown import Shown
    from evidence.media.search import SearchProcess
    from evidence.operations.noticework import NoticeWork
    from evidence.operations.searching import search_of
    from evidence.verify.noticewording import Known

    search = search_of(vault, extent)
    with SearchProcess() as searcher:
        found = NoticeWork(folder, search, Shown(searcher), now).rehearsed(exhibits)
    return Looked(found, Known(search.gathered.titles, {exhibit.id: exhibit.name for exhibit in exhibits}))


def _found(vault: "Vault", folder: "IncidentFolder") -> "list[Gap]":
    from evidence.cli.searchshown import Shown
    from evidence.media.search import SearchProcess
    from evidence.operations.checking import findings

    with SearchProcess() as searcher:
        return findings(vault, folder, Shown(searcher, "seal.listening"))


class Prepared:
    """An incident as it stands, with the facts of its files.

    Args:
        vault: the vault.
        path: its folder.
        probe: determines facts about a recording.
        now: the time by this machine's clock.
        with_digests: whether to read all files for their digests.
        is_searched: whether recordings are searched for the notice, and logs read.
        extent: how much of them (operations.searching.Search); None: as the vault is configured.
        logs: its logs, where they were read.
    """

    def __init__(
        self,
        vault: "Vault",
        path: Path,
        probe: "Probe",
        now: dt.datetime,
        *,
        with_digests: bool = False,
        is_searched: bool = False,
        extent: str | None = None,
        logs: "Sequence[PbxLog]" = (),
    ) -> None:
        from evidence.intake.folder import read_folder
        from evidence.intake.gaps import gaps
        from evidence.operations import hotkeys
        from evidence.operations.checking import citations
        from evidence.operations.examine import examine
        from evidence.operations.incidents import called

        self.path = path
        self.folder: IncidentFolder = read_folder(path, is_whole=False)
        self.exhibits = examine(self.folder, probe, with_digests=with_digests)
        search = (vault, self.folder, self.exhibits, now, extent)
        self.notice = _looked(*search) if is_searched else None
        shown = self.notice.evidence if self.notice else None
        lengths = {e.name: e.recording.milliseconds for e in self.exhibits if e.recording}
        self.gaps = [
            *gaps(self.folder, self.exhibits, now, logs, shown),
            *hotkeys.gaps(vault, self.folder, lengths),
            *(_found(vault, self.folder) if is_searched else citations(vault, self.folder)),
        ]
        self.called = called(vault, path, self.number)

    @property
    def number(self) -> str:
        """The incident's number."""
        return self.folder.incident.number

    def document(self) -> dict[str, Any]:
        """It as a JSON value."""
        return {
            "number": self.number,
            "folder": str(self.path),
            "recordings": [
                {
                    "file": visible(exhibit.name),
                    "milliseconds": exhibit.recording.milliseconds,
                    "problems": list(exhibit.recording.problems),
                }
                for exhibit in self.exhibits
                if exhibit.role == "recording" and exhibit.recording
            ],
            "markers": len(self.folder.markers),
            "measures": len(self.folder.incident.measures),
            "notice_grade": self.folder.incident.notice.grade,
            **({"notice_evidence": self.notice.document()} if self.notice else {}),
            "gaps": gap_documents(self.gaps),
        }

    def print_summary(self) -> None:
        """Print number, folder and recordings with their durations."""
        from evidence.intake.gap import clock

        console.line(console.words("incidents.at", number=self.number, folder=str(self.path)))
        for exhibit in self.exhibits:
            if exhibit.role != "recording" or not exhibit.recording:
                continue
            length = exhibit.recording.milliseconds
            shown = t("show.duration_unknown") if length is None else clock(length)
            if length is not None and exhibit.recording.method == "timestamps":
                shown = t("incidents.by_timestamps", length=shown)
            console.line("  ", console.words("incidents.recording", file=exhibit.name, length=shown))
            if self.notice and exhibit.id in self.notice.evidence:
                console.line("    ", self.notice.sentence(exhibit.id, exhibit.name), hanging=4)

    def print_sealed(self, sequence: int) -> None:
        """Warn of what is odd and what is missing, and say that it can't be mended here any more."""
        print_problems(self.exhibits)
        print_gaps(self.gaps, self.called, is_sealed=True)
        console.note(
            t("incidents.sealed", number=self.number, sequence=sequence),
            t("incidents.sealed_hint", number=self.called),
        )

    def print_advice(self, *, named: bool = False, known: "Prepared | None" = None) -> None:
        """Warn of what is odd and what is missing, and say how to go on.

        Args:
            named: whether to say of which incident.
            known: the incident as it was before; what was told of it then is only counted.
        """
        prefix = f"{self.number}: " if named else ""
        before = {exhibit.name for exhibit in known.exhibits} if known else set()
        print_problems([e for e in self.exhibits if e.name not in before], prefix=prefix)
        new = [gap for gap in self.gaps if known is None or gap not in known.gaps]
        print_gaps(new, self.called, prefix=prefix)
        if known is not None and len(new) < len(self.gaps):
            console.note(t("incidents.still_open", n=len(self.gaps) - len(new), number=self.called))
