"""Step 5 of FORMAT.md, "Verification": manifest.json and SHA256SUMS say what ASiCManifest001.xml says."""

from itertools import zip_longest
from typing import Any

from evidence import canonical, resources
from evidence.container import sums
from evidence.container.names import MANIFEST, SUMS, MemberKind, classify, exhibit_id
from evidence.crypto import notes
from evidence.model.manifest import FORMAT, Listed, Manifest
from evidence.verify.state import State

MAX_MANIFEST = 4 * 1024 * 1024
MAX_SUMS = 8 * 1024 * 1024
SCHEMA = "manifest.v1"


def check(state: State) -> None:
    """Step 5; reads manifest.json for the steps that follow."""
    if state.listed is None:
        return
    manifest = _read_manifest(state)
    if manifest is not None:
        _compare_manifest(state, manifest, state.listed)
        state.manifest = manifest
    if _compare_sums(state, state.listed) and manifest is not None:
        state.finished.add(5)


def _read_manifest(state: State) -> Manifest | None:
    data = state.read_verified(MANIFEST, MAX_MANIFEST, "MANIFEST_MALFORMED")
    if data is None:
        return None
    try:
        document = canonical.decode(data, MAX_MANIFEST)
        if _is_newer(document):
            state.find("FORMAT_UNSUPPORTED", MANIFEST, version=document["format"])
            return None
        return _parse(document)
    except ValueError as error:
        state.find("MANIFEST_MALFORMED", MANIFEST, reason=str(error))
        return None


def _is_newer(document: Any) -> bool:
    version = document.get("format") if isinstance(document, dict) else None
    return isinstance(version, int) and version > FORMAT


def _parse(document: Any) -> Manifest:
    problem = resources.problem(SCHEMA, document)
    if problem:
        raise ValueError(problem)
    manifest = Manifest.from_document(document)
    key = notes.parse_vkey(manifest.register_key)
    if key.name != manifest.origin:
        raise ValueError("the register key has another name than the origin")
    for listed in (manifest.records, manifest.exhibits):
        if len({item.id for item in listed}) != len(listed):
            raise ValueError("lists an id twice")
    if any(exhibit_id(exhibit.member) != exhibit.id for exhibit in manifest.exhibits):
        raise ValueError("an exhibit whose member has another number")
    return manifest


def _compare_manifest(state: State, manifest: Manifest, listed: dict[str, bytes]) -> None:
    """Records and exhibits are exactly the listed ones, with the same digests."""
    told: dict[str, Listed] = {item.member: item for item in (*manifest.records, *manifest.exhibits)}
    kinds = {MemberKind.RECORD, MemberKind.EXHIBIT}
    names = [name for name in listed if classify(name) in kinds]
    for name in (*names, *(name for name in told if name not in listed)):
        state.checks[5] += 1
        if name not in told or told[name].sha256 != listed.get(name):
            state.find("MANIFEST_DISAGREES", name, MANIFEST)
            return


def _compare_sums(state: State, listed: dict[str, bytes]) -> bool:
    """SHA256SUMS has exactly the lines that follow from the list; returns whether it could be read."""
    data = state.read_verified(SUMS, MAX_SUMS, "SUMS_DISAGREE")
    if data is None:
        return False
    expected = [(name, digest) for name, digest in listed.items() if name != SUMS]
    state.checks[5] += len(expected)
    try:
        found = sums.parse(data)
    except ValueError as error:
        state.find("SUMS_DISAGREE", SUMS, reason=str(error))
        return True
    for here, there in zip_longest(found, expected, fillvalue=("", b"")):
        if here != there:
            name = here[0] or there[0]
            state.find("SUMS_DISAGREE", SUMS, name, reason=name)
            break
    return True
