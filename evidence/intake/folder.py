"""An incident folder, read: what is in it, what its documents say, which exhibit each file becomes."""

import dataclasses
import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from evidence.entropy import Entropy
from evidence.errors import FormatError, StateError
from evidence.intake import checks, documents, files, place, plan, roles, uid
from evidence.intake.documents import INCIDENT, MARKERS, wrong
from evidence.intake.plan import FolderFile
from evidence.messages import t
from evidence.model import names
from evidence.model.incident import Incident
from evidence.model.markers import Marker
from evidence.text import visible


@dataclass(frozen=True, slots=True)
class IncidentFolder:
    """An incident folder whose documents hold and agree with it.

    Attributes:
        path: the folder.
        uid: UUID by which the incident is sealed once; empty until ``ensure_uid``.
        incident: what incident.json says.
        markers: what markers.json says; empty without one.
        files: the exhibits in the order of their ids.
        ignored: names of files that are left out (hidden files, editors' backups); untrusted.
        is_virtual: whether there is no such folder: its documents were made in memory
            (evidence.intake.inbox), its files stand where their ``at`` says, and ``path`` is the inbox.
    """

    path: Path
    uid: str
    incident: Incident
    markers: tuple[Marker, ...]
    files: tuple[FolderFile, ...]
    ignored: tuple[str, ...]
    is_virtual: bool = False


def read_folder(
    path: Path, instead: Mapping[str, bytes] = MappingProxyType({}), *, is_whole: bool = True
) -> IncidentFolder:
    """Read an incident folder; nothing in it is followed, changed or opened but its documents.

    Args:
        path: the folder.
        instead: bytes of documents that are about to be written; they count instead of what is there.
        is_whole: whether it must hold a recording, as it must to be sealed.

    Raises:
        UsageError: there is no such folder.
        FormatError: something in it isn't what it should be.
        StateError: it holds no recording.
        StoreError: the file system refuses.
    """
    found = files.listing(path)
    if INCIDENT not in found and INCIDENT not in instead:
        raise no_incident(path, found)
    given, incident = _incident(path, instead.get(INCIDENT))
    stated = roles.stated(incident)
    ignored = tuple(name for name in found if roles.is_litter(name) and name not in stated)
    kept = {name: status for name, status in found.items() if name not in ignored}
    for name, status in kept.items():
        files.require_regular(name, status.st_mode)
    known_uid = _uid(path, incident, kept)
    for name in roles.NO_EXHIBITS:
        kept.pop(name, None)
    by_role = {name: stated.get(name) or roles.by_name(name) for name in {**kept, **instead}}
    checks.check_incident(incident, by_role)
    kept_bytes, markers = _markers(path, incident, by_role, instead.get(MARKERS))
    if is_whole and roles.RECORDING not in by_role.values():
        raise _no_recording(path)
    sizes = {name: status.st_size for name, status in kept.items()}
    planned = plan.exhibits(incident, by_role, sizes, {INCIDENT: given, **kept_bytes})
    return IncidentFolder(path, known_uid, incident, markers, planned, ignored)


def _no_recording(path: Path) -> StateError:
    folder = visible(str(path))
    hint = t("intake.no_recording_hint", folder=shlex.quote(folder))
    return StateError(t("intake.no_recording", folder=folder), hint)


def check_statements(data: bytes, names: Iterable[str], markers: Iterable[Marker] = ()) -> None:
    """Check an incident.json that isn't written yet, for a folder that will hold files of these names.

    Args:
        data: the document.
        names: names of all files, without the documents' own.
        markers: those that stand in the folder's markers.json.

    Raises:
        FormatError: it isn't what it should be, or contradicts the files or the markers.
    """
    _, incident = _incident(Path(), data)
    stated = roles.stated(incident)
    by_role = {name: stated.get(name) or roles.by_name(name) for name in names}
    checks.check_incident(incident, by_role)
    checks.check_markers(tuple(markers), incident, by_role)


def no_incident(path: Path, found: Iterable[str]) -> FormatError:
    """What to raise for a folder without incident.json that holds these files."""
    folder = visible(str(path))
    almost = roles.misnamed(INCIDENT, found)
    if not almost:
        return FormatError(t("intake.no_incident", folder=folder), t("intake.no_incident_hint"))
    shown = {"folder": folder, "file": place.key(almost)}
    return FormatError(t("intake.misnamed_incident", **shown), t("intake.misnamed_incident_hint", **shown))


def _incident(path: Path, instead: bytes | None) -> tuple[bytes, Incident]:
    data, document = documents.read(path, INCIDENT, "incident.v1", instead)
    try:
        return data, Incident.from_document(document)
    except ValueError as error:
        raise wrong(INCIDENT, "/", "intake.name_base64") from error


def _markers(
    path: Path, incident: Incident, by_role: Mapping[str, str], instead: bytes | None
) -> tuple[dict[str, bytes], tuple[Marker, ...]]:
    if MARKERS not in by_role:
        return {}, ()
    data, document = documents.read(path, MARKERS, "markers.v1", instead)
    try:
        markers = tuple(Marker.from_document(marker) for marker in document["markers"])
    except ValueError as error:
        raise wrong(MARKERS, "/", "intake.name_base64") from error
    checks.check_markers(markers, incident, by_role)
    return {MARKERS: data}, markers


def _uid(path: Path, incident: Incident, found: Mapping[str, object]) -> str:
    if incident.uid and not uid.is_usable(incident.uid):
        raise wrong(INCIDENT, "/uid", "intake.uid_unusable")
    if roles.UID_FILE not in found:
        return incident.uid
    kept = uid.read(path)
    if incident.uid not in {"", kept}:
        raise wrong(INCIDENT, "/uid", "intake.two_uids", file=roles.UID_FILE)
    return kept


def refreshed(folder: IncidentFolder) -> IncidentFolder:
    """The folder as it is now; read again only if one of its documents has changed since.

    A virtual folder can't be read again here: it is refused when a file it was made of has changed.

    Raises:
        UsageError, FormatError, StateError, StoreError: as read_folder.
    """
    if folder.is_virtual:
        return _unchanged(folder)
    kept = {file.name: file.data for file in folder.files if file.data is not None}
    has_markers = MARKERS in kept or not (folder.path / MARKERS).exists()
    same = all(documents.read_bytes(folder.path, name) == data for name, data in kept.items())
    if has_markers and same:
        return folder
    return dataclasses.replace(read_folder(folder.path), uid=folder.uid)


def _unchanged(folder: IncidentFolder) -> IncidentFolder:
    for file in folder.files:
        if file.at is not None and file.data is not None:
            name = names.from_bytes(os.fsencode(file.at.name))
            if files.read_file(file.at.parent, name, documents.MAX_DOCUMENT) != file.data:
                raise files.changed(name)
    return folder


def ensure_uid(folder: IncidentFolder, entropy: Entropy) -> IncidentFolder:
    """The folder with its uid; if it has none yet, one is written beside incident.json and kept for ever.

    Raises:
        FormatError: incident.uid holds something else.
        StoreError: the folder can't be written to.
        ValueError: the folder is virtual, and nobody gave it its uid (evidence.intake.inbox.uid_of).
    """
    if folder.uid:
        return folder
    if folder.is_virtual:
        raise ValueError("a virtual folder has no place for a uid")
    return dataclasses.replace(folder, uid=uid.ensure(folder.path, entropy))


def open_exhibit(folder: IncidentFolder, file: FolderFile) -> BinaryIO:
    """An exhibit's file, open for reading from its beginning; never a link, and opening never waits.

    Raises:
        FormatError: it isn't a regular file any more.
        StoreError: the file system refuses.
    """
    return files.open_file(*_where(folder, file))


def read_paper(folder: IncidentFolder, file: FolderFile) -> bytes:
    """The bytes of an exhibit that travels in its record; of a document, those that were read and checked.

    Raises:
        StateError: the file has changed since the folder was read.
        FormatError: it isn't a regular file any more, or it has grown.
        StoreError: the file system refuses.
    """
    if file.data is not None:
        return file.data
    data = files.read_file(*_where(folder, file), plan.MAX_PAPERS)
    if len(data) != file.size:
        raise files.changed(file.name)
    return data


def _where(folder: IncidentFolder, file: FolderFile) -> tuple[Path, str]:
    """The directory and the name under which a file's bytes are."""
    if file.at is None:
        return folder.path, file.name
    return file.at.parent, names.from_bytes(os.fsencode(file.at.name))
