"""Step 3 of FORMAT.md, "Verification": ASiCManifest001.xml and the digest of every member it lists."""

from collections.abc import Callable

from evidence.container import asic
from evidence.container.names import ASIC_MANIFEST, classify
from evidence.verify.state import State

MAX_ASIC_MANIFEST = 8 * 1024 * 1024
"""Bytes of the longest ASiCManifest001.xml."""

Progress = Callable[[int, int], None]
"""Told how many bytes of the body were read, and how many there are."""


def read_list(state: State) -> None:
    """The list's form; what it says counts only when the signature doesn't contradict it (step 4)."""
    state.asic = state.read(ASIC_MANIFEST, MAX_ASIC_MANIFEST, "ASIC_MANIFEST_MALFORMED")
    if state.asic is None:
        return
    try:
        listed = dict(asic.parse(state.asic))
    except asic.UnsupportedDigest as error:
        state.find("DIGEST_UNSUPPORTED", ASIC_MANIFEST, algorithm=error.algorithm)
        return
    except ValueError as error:
        state.find("ASIC_MANIFEST_MALFORMED", ASIC_MANIFEST, reason=str(error))
        return
    foreign = next((name for name in listed if not classify(name).in_body), None)
    if foreign is not None:
        reason = f"lists {foreign}, which is no member of the body"
        state.find("ASIC_MANIFEST_MALFORMED", ASIC_MANIFEST, reason=reason)
        return
    state.listed = listed


def check_digests(state: State, progress: Progress | None) -> None:
    """Every listed member is as listed; a checksum of the ZIP counts only where the digest is right."""
    if state.listed is None:
        return
    members = [m for name in state.listed if (m := state.container.find(name)) and not state.is_blamed(name)]
    advance = None if progress is None else _Counter(progress, sum(member.size for member in members))
    for member in members:
        digest, crc = state.container.digest(member, advance)
        if digest != state.listed[member.name]:
            state.find("MEMBER_ALTERED", member.name)
            continue
        state.digests[member.name] = digest
        if crc != member.crc32:
            state.find("MEMBER_CRC", member.name)
    state.checks[3] = len(members)
    state.finished.add(3)


class _Counter:
    """Adds up the bytes that were read and tells them on."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


def check_checksums(state: State) -> None:
    """The checksum of every member that no digest vouched for, after everything else was found."""
    for member in state.container.members[1:]:
        if member.name in state.digests or state.is_blamed(member.name):
            continue
        _digest, crc = state.container.digest(member)
        if crc != member.crc32:
            state.find("MEMBER_CRC", member.name)
