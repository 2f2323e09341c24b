"""An incident folder that doesn't exist: documents made in memory, files left where they are."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.intake import checks, documents, drafting, plan, roles
from evidence.intake.documents import INCIDENT
from evidence.intake.folder import IncidentFolder
from evidence.intake.inbox.model import Seen
from evidence.intake.inbox.settling import name_of
from evidence.intake.inbox.statements import Document
from evidence.model import names
from evidence.model.incident import Incident


@dataclass(frozen=True, slots=True)
class Paper:
    """What the statements rest on: a sidecar, or rows of a table.

    Attributes:
        name: its name as an exhibit.
        data: its bytes.
        role: as the schema has it.
        title: one line that says what it is; untrusted.
        at: the file that holds just these bytes; None when there is none.
    """

    name: str
    data: bytes
    role: str
    title: str
    at: Path | None = None


def folder(
    inbox: Path, document: Document, recordings: Sequence[Seen], papers: Sequence[Paper]
) -> IncidentFolder:
    """The incident of these files; it has no uid yet.

    Args:
        inbox: where it comes from.
        document: incident.json.
        recordings: where they are.
        papers: what travels with them.

    Raises:
        FormatError: incident.json isn't what it should be, or contradicts the files.
    """
    found = {name_of(seen.path): seen for seen in recordings}
    papers_by_name = {paper.name: paper for paper in papers}
    data = drafting.render(_with_roles(document, found, papers))
    given, value = documents.read(inbox, INCIDENT, "incident.v1", data)
    incident = Incident.from_document(value)
    stated = roles.stated(incident)
    by_role = {name: stated.get(name) or roles.by_name(name) for name in (INCIDENT, *found, *papers_by_name)}
    checks.check_incident(incident, by_role)
    read = {INCIDENT: given, **{paper.name: paper.data for paper in papers}}
    sizes = {name: seen.size for name, seen in found.items()}
    planned = plan.exhibits(incident, by_role, sizes, read)
    placed = tuple(_placed(file, found, papers_by_name) for file in planned)
    return IncidentFolder(inbox, "", incident, (), placed, (), is_virtual=True)


def _with_roles(document: Document, recordings: Mapping[str, Seen], papers: Sequence[Paper]) -> Document:
    """The document with what its files are, where neither it nor their names tell."""
    listed = list(document.get("exhibits", ()))
    told = [exhibit["file"] for exhibit in listed]
    for name in recordings:
        file = names.to_document(name)
        if roles.by_name(name) != roles.RECORDING and file not in told:
            listed.append({"file": file, "role": roles.RECORDING})
    for paper in papers:
        file = names.to_document(paper.name)
        if file not in told:
            listed.append({"file": file, "role": paper.role, "title": paper.title[:300]})
    return {**document, "exhibits": listed} if listed else document


def _placed(
    file: plan.FolderFile, recordings: Mapping[str, Seen], papers: Mapping[str, Paper]
) -> plan.FolderFile:
    if file.name in recordings:
        return dataclasses.replace(file, at=recordings[file.name].path)
    if file.name in papers:
        return dataclasses.replace(file, at=papers[file.name].at)
    return file
