"""The PBX's logs of an incident that isn't sealed yet: read, and what nobody stated filled in from them."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidence.intake import drafting, roles
from evidence.intake.folder import IncidentFolder, open_exhibit, read_folder
from evidence.intake.pbx import filling
from evidence.intake.pbx.checking import check
from evidence.intake.pbx.filling import Filled
from evidence.intake.pbx.reading import read_logs
from evidence.intake.pbx.rules import PbxRules
from evidence.model.pbxlog import PbxLog
from evidence.operations import incidents
from evidence.operations.prepare import NewFile
from evidence.operations.seams import Seams
from evidence.vault.vault import Vault


def with_roles(files: Sequence[NewFile], rules: PbxRules) -> list[NewFile]:
    """New files, those with the role of logs whose names a ``[pbx.NAME]`` of the configuration fits.

    Raises:
        FormatError: that section can't be used.
    """
    found = []
    for file in files:
        mapping = rules.mapping(file.name)
        if mapping is not None and file.role in {None, "pbx"}:
            check(mapping)
            found.append(replace(file, role="pbx"))
        else:
            found.append(file)
    return found


def is_log(file: NewFile) -> bool:
    """Whether a new file is a log of the PBX."""
    return (file.role or roles.by_name(file.name)) == "pbx"


def recordings(files: Sequence[NewFile]) -> list[str]:
    """The names of those new files that are recordings."""
    return [file.name for file in files if (file.role or roles.by_name(file.name)) == roles.RECORDING]


def read(vault: Vault, path: Path) -> tuple[PbxLog, ...]:
    """The logs of an incident.

    Raises:
        UsageError, FormatError, StoreError: as read_folder and read_logs.
    """
    return _read(vault, read_folder(path, is_whole=False))


def read_and_fill(
    vault: Vault, path: Path, prepared: Mapping[str, Any], seams: Seams
) -> tuple[tuple[PbxLog, ...], list[Filled]]:
    """The logs of an incident, and what was filled in from them because nobody stated it.

    Args:
        vault: the vault.
        path: the incident's folder.
        prepared: who lets this be filled in and when, as of prepare.Change; empty: it isn't noted.
        seams: randomness and file system.

    Raises:
        UsageError, FormatError, StateError, StoreError: as incidents.editing and read_logs.
    """
    if not any(file.role == "pbx" for file in read_folder(path, is_whole=False).files):
        return (), []
    with incidents.editing(vault, path, seams) as draft:
        logs = _read(vault, draft.folder)
        before = copy.deepcopy(draft.incident)
        named = [file.name for file in draft.folder.files if file.role == roles.RECORDING]
        filled = filling.fill(draft.incident, named, logs)
        drafting.sign(draft.incident, before, prepared, goes_on=True)
    return logs, filled


def _read(vault: Vault, folder: IncidentFolder) -> tuple[PbxLog, ...]:
    return read_logs(folder, vault.config.pbx_rules, open_exhibit)
