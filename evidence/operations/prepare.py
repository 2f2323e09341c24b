"""What people state about an incident, put into its documents; files brought in with their acquisition."""

import copy
import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from evidence.errors import FormatError, StateError, UsageError
from evidence.intake import drafting, roles
from evidence.intake.files import unwritable
from evidence.intake.folder import check_statements
from evidence.messages import t
from evidence.model import names
from evidence.model.markers import Marker
from evidence.operations import incidents
from evidence.operations.addfiles import RESERVED, Added, add_file, check_source
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault.vault import Vault

Fields = Mapping[str, Any]


class Events(Protocol):
    """What preparing tells while it works."""

    def started(self, total: int) -> None:
        """The copying of a file begins; ``total`` bytes will be reported."""

    def progress(self, count: int) -> None:
        """That many bytes more were copied or read back."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """One file to bring in.

    Attributes:
        source: where it is.
        name: the name it gets (evidence.model.names).
        role: as the schema has it; None: by its name.
        title: one line that says what it is; None: not said.
        is_own: whether it comes from the vault itself.
    """

    source: Path
    name: str
    role: str | None = None
    title: str | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be stated; in every part None leaves a field as it is, and empty text takes it out.

    Attributes:
        about: fields of the incident itself.
        prepared: who states this and when; whoever is the first put the folder together.
        subscriber: fields of the subscriber.
        agent: fields of the agent.
        calls: fields of calls, by the names of their recordings.
        notice: fields of what shows that the notice was played.
        acquisition: fields of an acquisition; of the new files, or else of ``acquired``.
        taken: who took them and when, where nothing else is stated.
        acquired: names of files that are here already and that the acquisition is about.
        legal_basis: what is added to what is there; an empty one takes away all that stands before it.
        files: files to bring in.
    """

    about: Fields = field(default_factory=dict)
    prepared: Fields = field(default_factory=dict)
    subscriber: Fields = field(default_factory=dict)
    agent: Fields = field(default_factory=dict)
    calls: Mapping[str, Fields] = field(default_factory=dict)
    notice: Fields = field(default_factory=dict)
    acquisition: Fields = field(default_factory=dict)
    taken: Fields = field(default_factory=dict)
    acquired: Sequence[str] = ()
    legal_basis: Sequence[Fields] = ()
    files: Sequence[NewFile] = field(default_factory=tuple)


def check_files(files: Sequence[NewFile]) -> None:
    """Refuse files that can't be brought in, before anything is made.

    Raises:
        UsageError, FormatError: as addfiles.check_source; or two files would have one name.
    """
    seen: set[str] = set()
    for file in files:
        check_source(file.source, file.name)
        if file.name in seen:
            raise UsageError(t("incidents.one_name", file=visible(file.name)), t("incidents.one_name_hint"))
        seen.add(file.name)


def rehearse(
    document: drafting.Document, known: Iterable[str], change: Change, markers: Iterable[Marker] = ()
) -> None:
    """Refuse statements that the documents can't hold, before anything is made or copied.

    Args:
        document: the incident.json that is to be changed; it holds, and stays as it is.
        known: names of the files that are there.
        change: what is to be stated.
        markers: those that are there.

    Raises:
        UsageError: a statement is too long, contradicts another one, or names what isn't there.
    """
    trial = copy.deepcopy(document)
    apply(trial, change, [Added(file.name, file.source.absolute(), 0) for file in change.files])
    try:
        check_statements(
            drafting.render(trial), {*known, *(file.name for file in change.files)} - RESERVED, markers
        )
    except FormatError as error:
        raise UsageError(error.message, error.hint) from error


def prepare(vault: Vault, path: Path, change: Change, seams: Seams, events: Events) -> list[Added]:
    """Bring files into an incident and change what is stated; when one is refused, all are taken out again.

    Raises:
        UsageError, FormatError, StateError, StoreError: as incidents.editing, rehearse and addfiles.add_file;
            the documents are then as before.
    """
    check_files(change.files)
    with incidents.editing(vault, path, seams) as draft:
        known = [file.name for file in draft.folder.files]
        rehearse(draft.incident, known, change, draft.folder.markers)
        added = _bring_in(path, change, seams, events)
        apply(draft.incident, change, added)
    return added


def _bring_in(path: Path, change: Change, seams: Seams, events: Events) -> list[Added]:
    added: list[Added] = []
    try:
        for file in change.files:
            events.started(2 * file.source.stat().st_size)
            added.append(add_file(path, file.source, file.name, seams, events.progress))
    except BaseException:
        for item in added:
            if not item.is_old:
                seams.durable.remove(path / os.fsdecode(names.to_bytes(item.name)))
        raise
    return added


def _stated_role(file: NewFile) -> str | None:
    """The role to write down; one that follows from the name isn't, unless a title goes with it."""
    if file.role == roles.by_name(file.name) and not file.title:
        return None
    return file.role or (roles.by_name(file.name) if file.title else None)


def apply(document: drafting.Document, change: Change, added: Sequence[Added]) -> None:
    """Put a change into an incident.json; ``added`` are the change's files as they were brought in.

    Raises:
        UsageError: something is stated of a call that has no time yet.
    """
    before = copy.deepcopy(document)
    for file in change.files:
        drafting.put_role(document, file.name, _stated_role(file), file.title)
    drafting.put(document, change.about)
    drafting.put_in(document, "subscriber", change.subscriber)
    drafting.put_agent(document, change.agent)
    for recording, fields in change.calls.items():
        _put_call(document, recording, fields)
    if change.notice:
        _put_notice(document, change.notice)
    for basis in change.legal_basis:
        drafting.put_basis(document, basis)
    if added:
        _put_added(document, added, change)
    if change.acquisition and change.acquired:
        _put_known(document, change)
    drafting.sign(document, before, change.prepared)


def _put_call(document: drafting.Document, recording: str, fields: Fields) -> None:
    """State fields of a call; one of which nothing is left when its time is taken back isn't kept."""
    known = drafting.call_of(document, recording)
    if fields.get("started") or (known is not None and fields.get("started") is None):
        earlier = known["started"] if known else ""
        drafting.put_call(document, recording, fields)
        if earlier and fields.get("started"):
            drafting.move_measures(document, recording, earlier, fields["started"])
        return
    said = {**(known or {}), **fields, "recording": "", "started": "", "from_name": "", "from_log": ""}
    if any(value not in (None, "", []) for value in said.values()):
        shown = visible(recording)
        raise UsageError(t("incidents.no_start", file=shown), t("incidents.no_start_hint"))
    if known is not None:
        drafting.put(document, {"calls": [call for call in document["calls"] if call is not known]})


def _put_notice(document: drafting.Document, fields: Fields) -> None:
    """State the notice evidence; another grade begins a new statement, of which the announcement stays."""
    found = dict(document.get("notice", {"grade": "none"}))
    if fields.get("grade") not in {None, found["grade"]}:
        found = {key: found[key] for key in ("language", "text", "file", "version") if key in found}
    drafting.put(found, fields)
    drafting.put(document, {"notice": found})


def _put_known(document: drafting.Document, change: Change) -> None:
    """Correct what is stated of how files came here; what isn't mentioned stays."""
    for name in change.acquired:
        stated = {**change.taken, **drafting.acquisition_of(document, name)}
        drafting.put(stated, change.acquisition)
        drafting.put_acquisition(document, [name], stated)


def _put_added(document: drafting.Document, added: Sequence[Added], change: Change) -> None:
    """State how new files came here; what comes from the vault itself was taken from no other system."""
    own = {file.name for file in change.files if file.is_own}
    for file in added:
        copied_from = visible(str(file.source.parent))[:4096]
        fields = {} if file.name in own or change.acquired else change.acquisition
        stated = {**change.taken, **fields, "copied_from": copied_from}
        if file.is_growing:
            growing = t("incidents.growing_note", size=file.size)
            stated["note"] = f"{stated['note']} {growing}" if stated.get("note") else growing
        drafting.put_acquisition(document, [file.name], stated)


def remove_file(vault: Vault, path: Path, name: str, seams: Seams) -> Path:
    """Take a file out of an incident; it is kept in the vault's folder ``removed``.

    Returns:
        where it is now.

    Raises:
        UsageError: there is no such file.
        StateError: markers, measures or the notice evidence rest on it; or the incident is sealed.
        StoreError: the file system refuses.
    """
    shown = visible(name)
    kept: list[Path] = []
    with incidents.editing(vault, path, seams) as draft:
        if name in RESERVED or name not in {file.name for file in draft.folder.files}:
            raise UsageError(t("incidents.not_there", file=shown), t("incidents.not_there_hint"))
        resting = drafting.mentions(draft.incident, draft.markers, name)
        if resting:
            what = ", ".join(t(f"incidents.rests_{part}") for part in resting)
            raise StateError(t("incidents.rests", file=shown, what=what), t("incidents.rests_hint"))
        drafting.forget(draft.incident, name)
        number = draft.folder.incident.number
        draft.afterwards.append(lambda: kept.append(_set_aside(vault, path, name, number, seams)))
    return kept[0]


def _set_aside(vault: Vault, path: Path, name: str, number: str, seams: Seams) -> Path:
    try:
        target = _place_for(vault, number, seams)
        kept = target / os.fsdecode(names.to_bytes(name))
        try:
            seams.durable.replace(path / kept.name, kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            add_file(target, path / kept.name, name, seams, lambda _count: None)
            seams.durable.remove(path / kept.name)
        seams.durable.sync_directory(target)
        seams.durable.sync_directory(path)
    except OSError as error:
        raise unwritable(vault.layout.removed, error) from error
    return kept


def _place_for(vault: Vault, number: str, seams: Seams) -> Path:
    """A new folder in the vault for one file that is taken out of an incident."""
    place = vault.layout.removed
    if not place.is_dir():
        seams.durable.make_directory(place)
    count = 1
    while (target := place / f"{number}.{count}").exists():
        count += 1
    seams.durable.make_directory(target)
    return target


def name_of(source: Path) -> str:
    """The name that a file brings along."""
    return names.from_bytes(bytes(source.name, "utf-8", "surrogateescape"))
