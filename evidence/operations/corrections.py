"""An incident that corrects one that is sealed: a new folder that holds the same and cites the archive."""

import os
from pathlib import Path

from evidence.errors import StateError
from evidence.intake import drafting
from evidence.intake.documents import INCIDENT, MARKERS, read
from evidence.intake.folder import IncidentFolder, read_folder
from evidence.intake.roles import UID_FILE
from evidence.messages import t
from evidence.model import names
from evidence.operations import incidents
from evidence.operations.addfiles import add_file
from evidence.operations.custody import is_changed
from evidence.operations.prepare import Change, Events, rehearse
from evidence.operations.seams import Seams
from evidence.vault.durable import save
from evidence.vault.vault import Vault


def begin(
    vault: Vault, named: str, new: tuple[str, str], change: Change, *, seams: Seams, events: Events
) -> tuple[Path, bool]:
    """Make the folder of a new incident with everything a sealed one holds; it cites that one's archive.

    Args:
        vault: the vault.
        named: number or folder of the sealed incident.
        new: number of the new one, empty for the next; and what was wrong or missing.
        change: what is going to be stated in the new one.
        seams: clock, randomness and file system.
        events: told what is copied.

    Returns:
        the new folder; and whether the old one was changed since it was sealed, so that the new one begins
        with something else than the archive holds.

    Raises:
        UsageError: there is no such incident, the number can't be one, or the documents can't hold what is
            stated; nothing is made then.
        StateError: it isn't sealed, so it can simply be changed; or the number is taken.
        FormatError, StoreError: as reading and copying raise them.
    """
    number, reason = new
    old = incidents.locate(vault, named)
    folder = read_folder(old)
    claim = incidents.claim_of(vault, folder)
    if claim is None or claim.identity is None:
        number = folder.incident.number
        hint = t("incidents.not_sealed_hint", number=incidents.called(vault, old, number))
        raise StateError(t("incidents.not_sealed", number=number), hint)
    _, document = read(old, INCIDENT, "incident.v1")
    document.pop("uid", None)
    document["corrects"] = {
        "number": folder.incident.number,
        "archive_id": claim.archive_id,
        "identity": claim.identity.hex(),
        "reason": reason,
    }
    rehearse(document, [file.name for file in folder.files], change, folder.markers)
    is_other = is_changed(vault, folder, claim.archive_id)

    def fill(made: Path, given: str) -> None:
        _fill(made, folder, {**document, "number": given}, seams, events)

    return incidents.create(vault, number, seams, fill), is_other


def _fill(made: Path, old: IncidentFolder, document: drafting.Document, seams: Seams, events: Events) -> None:
    for file in old.files:
        if file.name not in {INCIDENT, MARKERS, UID_FILE}:
            source = old.path / os.fsdecode(names.to_bytes(file.name))
            events.started(2 * file.size)
            add_file(made, source, file.name, seams, events.progress)
    if any(file.name == MARKERS for file in old.files):
        save(seams.durable, made / MARKERS, read(old.path, MARKERS, "markers.v1")[0])
    save(seams.durable, made / INCIDENT, drafting.render(document))
