"""Incidents before they are sealed: found by number or folder, made, changed under a lock.

The folder of an incident stands in the vault's folder ``incidents``, or anywhere else where a script made it.
"""

import filecmp
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.entropy import new_uuid
from evidence.errors import FormatError, StateError, UsageError
from evidence.intake import drafting, files
from evidence.intake.documents import INCIDENT, MARKERS, MAX_SUGGESTIONS, SUGGESTIONS, read
from evidence.intake.folder import IncidentFolder, ensure_uid, read_folder
from evidence.messages import t
from evidence.model import names
from evidence.model.markers import Marker
from evidence.operations.addfiles import sweep
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import archive_store, claims
from evidence.vault.claims import Claim
from evidence.vault.durable import save
from evidence.vault.locks import OwnedLock
from evidence.vault.vault import Vault

_NUMBER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}", re.ASCII)
_OURS = re.compile(r"INC-(\d{4})-(\d{6,9})(?:-.*)?", re.ASCII)


@dataclass(slots=True)
class Draft:
    """The documents of an incident while it is changed.

    Attributes:
        folder: as it was read, before the changes.
        incident: incident.json, to be changed in place.
        markers: the markers of markers.json, to be changed in place.
        has_markers: whether there is a markers.json.
        suggestions: the suggestions of suggestions.json, to be changed in place.
        called: what names it on a command line.
        afterwards: what is to be done once the documents are saved, while the incident is still held.
    """

    folder: IncidentFolder
    incident: dict[str, Any]
    markers: list[dict[str, Any]]
    has_markers: bool
    called: str
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    afterwards: list[Callable[[], object]] = field(default_factory=list)


def is_number(text: str) -> bool:
    """Whether text can be the number of an incident, and so the name of its folder."""
    return _NUMBER.fullmatch(text) is not None


def locate(vault: Vault, named: str) -> Path:
    """The folder of an incident that was named by its number or by its folder; it need not exist.

    Raises:
        UsageError: the number is one in the vault, and another folder of that name stands here.
    """
    here, there = Path(named), vault.layout.incident(named) if is_number(named) else None
    if there is None or not there.is_dir():
        return here
    if here.is_dir() and not here.samefile(there):
        shown = visible(named)
        raise UsageError(t("incidents.two", number=shown), t("incidents.two_hint", number=shown))
    return there


def called(vault: Vault, path: Path, number: str) -> str:
    """What names an incident on a command line: its number where that leads to it, else its folder."""
    there = vault.layout.incident(number) if is_number(number) else None
    if there is not None and there.is_dir() and path.is_dir() and there.samefile(path):
        return number
    return shlex.quote(visible(str(path)))


def create(vault: Vault, number: str, seams: Seams, fill: Callable[[Path, str], None] | None = None) -> Path:
    """Make the folder of a new incident in the vault; without a number the year's next one is taken.

    Args:
        vault: the vault.
        number: the wanted number, or empty.
        seams: clock, randomness and file system.
        fill: puts more into the folder, which it gets with its number, before the incident can be seen.

    Raises:
        UsageError: the number can't be one.
        StateError: there is an incident of that number.
        StoreError: the file system refuses.
    """
    if number and not is_number(number):
        raise UsageError(t("intake.needs_number"), t("intake.needs_number_hint"))
    _require_folder(vault)
    is_there = number and os.path.lexists(vault.layout.incident(number))
    if is_there or (number and archive_store.named(vault.layout, number)):
        raise _taken(number)
    year = seams.clock().year
    count = 0 if number else _last(vault, year)
    while True:
        count += 1
        wanted = number or f"INC-{year:04d}-{count:06d}"
        if _make(vault, wanted, seams, fill):
            return vault.layout.incident(wanted)
        if number:
            raise _taken(wanted)


def _make(vault: Vault, number: str, seams: Seams, fill: Callable[[Path, str], None] | None) -> bool:
    """Make an incident's folder with its incident.json in one step; False when the number is taken."""
    made = vault.layout.incidents / f".new-{new_uuid(seams.entropy)}"
    try:
        seams.durable.make_directory(made)
        save(seams.durable, made / INCIDENT, drafting.render(drafting.new_incident(number)))
        if fill is not None:
            fill(made, number)
        is_free = _named(made, vault.layout.incident(number), seams)
        seams.durable.sync_directory(vault.layout.incidents)
    except OSError as error:
        raise files.unwritable(vault.layout.incidents, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return is_free


def _named(made: Path, folder: Path, seams: Seams) -> bool:
    try:
        seams.durable.replace(made, folder)
    except OSError:
        if not os.path.lexists(folder):
            raise
        return False
    return True


def _require_folder(vault: Vault) -> None:
    """The folder for incidents; vaults of earlier versions have none."""
    if not vault.layout.incidents.is_dir():
        try:
            vault.durable.make_directory(vault.layout.incidents)
        except OSError as error:
            if vault.layout.incidents.is_dir():  # another process was quicker
                return
            raise files.unwritable(vault.layout.incidents, error) from error


def _taken(number: str) -> StateError:
    return StateError(t("incidents.taken", number=number), t("incidents.taken_hint", number=number))


def numbers(vault: Vault) -> list[str]:
    """The numbers of the incidents in the vault, sealed or not, in order."""
    folders = vault.layout.incidents
    found = {path.name for path in folders.iterdir() if path.is_dir()} if folders.is_dir() else set()
    found |= {path.stem for path in archive_store.published(vault.layout)}
    return sorted(name for name in found if is_number(name))


def _last(vault: Vault, year: int) -> int:
    """The highest number that the program gave in a year, or that something else stands in the way of."""
    there = {path.name for path in vault.layout.incidents.iterdir()}
    there |= {path.stem for path in archive_store.published(vault.layout)}
    taken = [int(m[2]) for name in there if (m := _OURS.fullmatch(name)) and int(m[1]) == year]
    return max(taken, default=0)


def claim_of(vault: Vault, folder: IncidentFolder) -> Claim | None:
    """The claim on an incident that is sealed or about to be; None while it can still be changed."""
    claim = claims.find(vault.store, folder.uid) if folder.uid else None
    return claim if claim is not None and claim.state in {"publishing", "published"} else None


@contextmanager
def editing(vault: Vault, path: Path, seams: Seams, *, waits: bool = True) -> Iterator[Draft]:
    """Hold an incident, and save its documents afterwards if they were changed and still hold.

    Args:
        vault: the vault.
        path: the incident's folder.
        seams: clock, randomness and file system.
        waits: whether to wait while another program holds it.

    Raises:
        UsageError: there is no such folder, or the changed documents wouldn't hold; nothing is saved then.
        FormatError: a document isn't what it should be.
        StateError: it is sealed; or another program holds it, and nobody waits.
        StoreError: the file system refuses.
    """
    folder = ensure_uid(read_folder(path, is_whole=False), seams.entropy)
    lock = OwnedLock(vault.layout.claim_lock(folder.uid))
    if not lock.take((lambda: None) if waits else None):
        raise StateError(t("review.held"), t("review.held_hint"))
    try:
        claim = claim_of(vault, folder)
        if claim is not None:
            number = folder.incident.number
            raise StateError(
                t("incidents.sealed", number=number, sequence=claim.sequence or 0),
                t("incidents.sealed_hint", number=called(vault, path, number)),
            )
        sweep(path, seams)
        draft = _draft(path, called(vault, path, folder.incident.number))
        before = _rendered(draft)
        yield draft
        _save(path, draft, before, seams)
        for action in draft.afterwards:
            action()
    finally:
        lock.release()


def _draft(path: Path, name: str) -> Draft:
    folder = read_folder(path, is_whole=False)
    documents = {file.name: file.data for file in folder.files if file.data is not None}
    _, incident = read(path, INCIDENT, "incident.v1", documents[INCIDENT])
    has_markers = MARKERS in documents
    markers = read(path, MARKERS, "markers.v1", documents[MARKERS])[1]["markers"] if has_markers else []
    return Draft(folder, incident, markers, has_markers, name, suggestions_of(folder))


def suggestions_of(folder: IncidentFolder) -> list[dict[str, Any]]:
    """The suggestions of an incident folder; none when it has no suggestions.json.

    One of which markers.json doesn't hold the marker that it became, as when an earlier markers.json was put
    back, is undecided again.

    Raises:
        FormatError: the document isn't what it should be.
        StoreError: the file system refuses.
    """
    if not os.path.lexists(folder.path / SUGGESTIONS):
        return []
    found: list[dict[str, Any]] = read(folder.path, SUGGESTIONS, "suggestions.v1", limit=MAX_SUGGESTIONS)[1][
        "suggestions"
    ]
    for one in found:
        if one.get("decided", {}).get("as") == "accepted" and not _became(one, folder.markers):
            del one["decided"]
    return found


def _became(suggestion: dict[str, Any], markers: Sequence[Marker]) -> bool:
    """Whether the marker of the number that a suggestion became is its."""
    number = suggestion["decided"].get("marker", 0)
    if not 1 <= number <= len(markers):
        return False
    marker = markers[number - 1]
    part = marker.suggestion or {"words": None}
    is_its = all(suggestion.get(name) == value for name, value in part.items())
    return is_its and marker.document_name == suggestion["recording"]


def _rendered(draft: Draft) -> dict[str, bytes]:
    documents = {INCIDENT: drafting.render(draft.incident)}
    if draft.markers or draft.has_markers:
        documents[MARKERS] = drafting.render({"format": 1, "markers": draft.markers})
    if draft.suggestions:
        documents[SUGGESTIONS] = drafting.render({"format": 1, "suggestions": draft.suggestions})
    return documents


def _save(path: Path, draft: Draft, before: dict[str, bytes], seams: Seams) -> None:
    changed = {name: data for name, data in _rendered(draft).items() if before.get(name) != data}
    if not changed:
        return
    try:
        stated = {name: data for name, data in changed.items() if name != SUGGESTIONS}
        read_folder(path, stated, is_whole=False)
        if SUGGESTIONS in changed:
            read(path, SUGGESTIONS, "suggestions.v1", changed[SUGGESTIONS], limit=MAX_SUGGESTIONS)
    except FormatError as error:
        read_folder(path, is_whole=False)  # tells what has gone wrong in the folder itself meanwhile
        raise UsageError(error.message, error.hint) from error
    for name, data in changed.items():
        try:
            save(seams.durable, path / name, data)
        except OSError as error:
            raise files.unwritable(path, error) from error


def same_recording(vault: Vault, path: Path, name: str) -> list[str]:
    """The numbers of other incidents in the vault that hold the bytes of a file."""
    mine = path / os.fsdecode(names.to_bytes(name))
    size = mine.stat().st_size
    found = []
    for number in numbers(vault):
        folder = vault.layout.incident(number)
        if folder.is_dir() and not folder.samefile(path) and _holds(folder, mine, size):
            found.append(number)
    return found


def _holds(folder: Path, mine: Path, size: int) -> bool:
    """Whether a file in a folder has the bytes of another; a folder that can't be read has none."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            is_as_long = entry.is_file(follow_symlinks=False) and entry.stat().st_size == size
            if is_as_long and filecmp.cmp(entry.path, mine, shallow=False):
                return True
    return False


def account() -> str:
    """The name that a person at this machine probably goes by: the account's full name, else its own."""
    import pwd  # noqa: PLC0415  not on Windows

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return ""
    return entry.pw_gecos.split(",")[0].strip() or entry.pw_name
