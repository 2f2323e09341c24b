"""How recordings are searched for the notice, and what else is read to tell whether it was played."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from evidence.intake.pbx.checking import check
from evidence.intake.pbx.rules import PbxRules
from evidence.media.search import Announcement as Wanted
from evidence.media.search import Heard
from evidence.model.announcement import Announcement
from evidence.model.noticesearch import NoticeSearch
from evidence.operations.announcements import NOTHING, Gathered, gather
from evidence.vault.vault import Vault

OFF = "off"
WHOLE = "whole"
_NO_RULES = PbxRules()


class Searcher(Protocol):
    """Looks for announcements in the sound of recordings (evidence.media.search.SearchProcess)."""

    def search(
        self, file: BinaryIO, size: int, name: str, announcements: Sequence[Wanted], seconds: int | None
    ) -> NoticeSearch:
        """What it found; never raises for a recording's sake."""

    def hear(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        announcements: Sequence[Wanted] | None,
        seconds: int | None,
    ) -> Heard:
        """What it found, and all of the recording drawn; without announcements it is drawn alone."""

    def start(self) -> None:
        """Get ready, while the caller goes on."""

    def close(self) -> None:
        """End the process that decodes; the next search begins another."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is known before an incident is read; worker processes can be handed it.

    Attributes:
        gathered: the vault's versions of the notice.
        extent: ``beginning``, ``whole`` or ``off``.
        beginning: how many seconds a beginning is.
        logs: by which rules logs of the PBX are read.
        draws: whether recordings are drawn for the archive.
    """

    gathered: Gathered = NOTHING
    extent: str = OFF
    beginning: int = 120
    logs: PbxRules = _NO_RULES
    draws: bool = False

    @property
    def seconds(self) -> int | None:
        """How much of each recording is searched; None: all of it."""
        return None if self.extent == WHOLE else self.beginning


NO_SEARCH = Search()
"""Of a vault without versions of the notice."""


def search_of(vault: Vault, extent: str | None = None, *, draws: bool = True) -> Search:
    """How the recordings of a vault are searched and drawn.

    Args:
        vault: an open vault.
        extent: as of Search; None: as the vault's configuration says.
        draws: as of Search; True: as the vault's configuration says.

    Raises:
        FormatError: a mapping of the configuration can't be used.
        StateError: the register was rolled back.
        StoreError: the file system or the register store refuses.
    """
    rules, settings = vault.config.pbx_rules, vault.config.notice
    for mapping in rules.mappings:
        check(mapping)
    draws = draws and vault.config.waveform.record
    return Search(gather(vault), extent or settings.search, settings.search_seconds, rules, draws)


def wanted(announcement: Announcement) -> Wanted | None:
    """An announcement as it is looked for; None without a sound."""
    notice = announcement.notice
    if notice.sound is None or announcement.sound is None:
        return None
    clause = notice.key_clause
    return Wanted(notice.id, announcement.sound, notice.sound.sha256, clause.start or 0, clause.end or 0)
