"""The versions of the notice that are in force now."""

from pathlib import Path

from evidence.errors import StateError
from evidence.findings import Finding
from evidence.operations import notices
from evidence.operations.audit.findings import Found
from evidence.operations.notices import NoticeVersion
from evidence.operations.opening import open_for_reading
from evidence.operations.seams import Seams


def in_force(vault: Path | None, seams: Seams, found: Found) -> list[NoticeVersion] | None:
    """The versions in force; None, and a finding, where the register can't be relied on.

    Args:
        vault: the vault that was named, or None for the user's own.
        seams: clock and the user's own store.
        found: takes findings.

    Raises:
        StateError, FormatError, StoreError: the vault can't be opened.
    """
    now = seams.clock()
    with open_for_reading(vault, seams) as (opened, _reader):
        try:
            return [version for version in notices.versions(opened) if version.is_in_force(now)]
        except StateError as error:
            found(Finding("PBX_CONFIG_UNREADABLE", str(opened.layout.notices), {"reason": error.message}))
            return None
