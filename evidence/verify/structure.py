"""Steps 1 and 2 of FORMAT.md, "Verification": the container and its members' names."""

from typing import BinaryIO

from evidence.container.names import (
    ASIC_MANIFEST,
    ENTRY,
    MANIFEST,
    SIGNATURE,
    SUMS,
    VERIFY_TXT,
    MemberKind,
    check_order,
    classify,
    proof_name,
)
from evidence.container.reader import Container, NotAnArchive, open_archive
from evidence.errors import FormatError
from evidence.messages import t
from evidence.verify.state import State

REQUIRED = (MANIFEST, SUMS, VERIFY_TXT, ASIC_MANIFEST, SIGNATURE, ENTRY, proof_name(1))
"""Members that every archive has, besides mimetype, records and exhibits."""

_UNCHECKED = {MemberKind.LATER, MemberKind.KEY_PROOF}


def open_container(file: BinaryIO) -> Container:
    """Step 1: the file is an archive in which every byte has its place.

    Raises:
        FormatError: it doesn't begin as one, so there is nothing to judge.
        evidence.container.reader.Malformed: it begins as one and isn't; its ``code`` is the finding's.
    """
    try:
        return open_archive(file)
    except NotAnArchive as error:
        raise FormatError(t("verify.not_an_archive"), t("verify.not_an_archive_hint")) from error


def check_names(state: State) -> bool:
    """Step 2, first half: no required member is missing, and names and their order are the format's.

    Returns:
        Whether the order is right as far as names tell.
    """
    names = [member.name for member in state.container.members]
    state.checks[1] = state.checks[2] = len(names)
    state.finished.add(1)
    for name in REQUIRED:
        if not state.has(name):
            state.find("MEMBER_MISSING", name)
    _report_unchecked(state, names)
    wrong = check_order(names)
    if wrong is not None:
        code, name = wrong
        state.find(code, name)
    return wrong is None


def check_set(state: State, *, ordered: bool) -> None:
    """Step 2, second half: outside META-INF stand the members that ASiCManifest001.xml lists, in its order.

    Args:
        state: has the list, if there is one to go by.
        ordered: what check_names said; a second finding about the same disorder would say nothing new.
    """
    if state.listed is None:
        return
    present = [m.name for m in state.container.members if classify(m.name).in_body]
    for name in state.listed:
        if not state.has(name):
            state.find("MEMBER_MISSING", name)
    for name in present:
        if name not in state.listed:
            state.find("MEMBER_EXTRA", name)
    if ordered:
        _compare_order(state, present, state.listed)
    state.finished.add(2)


def _compare_order(state: State, present: list[str], listed: dict[str, bytes]) -> None:
    here = [name for name in present if name in listed]
    there = [name for name in listed if state.has(name)]
    misplaced = next((a for a, b in zip(here, there, strict=True) if a != b), None)
    if misplaced is not None:
        state.find("MEMBER_ORDER", misplaced)


def _report_unchecked(state: State, names: list[str]) -> None:
    unchecked = [name for name in names if classify(name) in _UNCHECKED]
    for name in unchecked:
        state.note("LATER_NOT_CHECKED", name)
    if unchecked and state.options.require_complete:
        state.find("NOT_COMPLETE", unchecked[0], n=len(unchecked))
