"""What only the vault can say of an incident: whether it can be sealed, whether what it cites is right."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evidence.errors import EvidenceError, StateError, UsageError
from evidence.intake import times
from evidence.intake.folder import IncidentFolder, read_folder
from evidence.intake.gap import Gap
from evidence.model.notice import Notice
from evidence.operations.examine import digests_of
from evidence.operations.incidents import claim_of, suggestions_of
from evidence.operations.notices import SHORT, load
from evidence.operations.seal import already_sealed
from evidence.operations.searching import Searcher
from evidence.operations.silence import silent_markers
from evidence.vault import claims
from evidence.vault.vault import Vault


def require_sealable(vault: Vault, path: Path) -> None:
    """Refuse a folder that sealing would refuse.

    Raises:
        UsageError, FormatError, StateError, StoreError: as sealing it would.
    """
    folder = read_folder(path)
    claim = claim_of(vault, folder)
    if claim is not None:
        raise already_sealed(vault, folder, claim)


def findings(vault: Vault, folder: IncidentFolder, searcher: Searcher) -> list[Gap]:
    """What intake can't see of an incident: wrong citations, markers in silence, suggestions that wait.

    Args:
        vault: an open vault.
        folder: as read_folder read it.
        searcher: draws the recordings that are marked.
    """
    return [*citations(vault, folder), *silent_markers(folder, searcher), *_suggested(folder)]


def _suggested(folder: IncidentFolder) -> Iterator[Gap]:
    """Suggestions that nobody has decided: they are never archived."""
    with suppress(EvidenceError):  # told by the command that reads them
        waiting = [one for one in suggestions_of(folder) if "decided" not in one]
        if waiting:
            yield Gap("suggestions_left", {"n": len(waiting)})


def citations(vault: Vault, folder: IncidentFolder) -> list[Gap]:
    """What an incident cites and the vault says otherwise: an archive, a version of the notice."""
    return [*_corrects(vault, folder), *_version(vault, folder)]


def _corrects(vault: Vault, folder: IncidentFolder) -> Iterator[Gap]:
    cited = folder.incident.corrects
    if cited is None:
        return
    found = claims.of_archive(vault.store, cited.archive_id)
    if found is None or found.identity is None or found.identity.hex() != cited.identity:
        yield Gap("corrects_unknown")


def _version(vault: Vault, folder: IncidentFolder) -> Iterator[Gap]:
    cited = folder.incident.notice.version
    if not cited:
        return
    shown: dict[str, str | int] = {"version": cited[:SHORT]}
    try:
        version = load(vault, cited)
    except (UsageError, StateError):
        yield Gap("version_unknown", shown)
        return
    notice = version.notice
    if notice is not None and not _holds(folder, notice):
        yield Gap("announcement_differs", shown)
    begun = [times.parse(call.started) for call in folder.incident.calls]
    if begun and not version.is_in_force_at_any(begun):
        yield Gap("version_not_in_force", shown)


def _holds(folder: IncidentFolder, notice: Notice) -> bool:
    """Whether one of the announcements in a folder is the version's sound; one without sound says nothing."""
    if notice.sound is None:
        return True
    announcements = {file.name for file in folder.files if file.role == "notice"}
    with suppress(EvidenceError):  # told when the file is read to be sealed
        found = digests_of(folder, announcements)
        return any(digest == notice.sound.sha256 for _name, digest in found)
    return False
