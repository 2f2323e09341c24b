"""Verification of one archive: bytes in, results out (FORMAT.md, "Verification").

Nothing is written, fetched, decoded or looked for: trust, a register export and a kept checkpoint are handed
in, and never come from the archive or from where it lies.

The steps, in the order of FORMAT.md:

1. The container: every byte of the file has its place, names are valid and unique. (structure)
2. The member set: required members are there, names are the format's, in its order; outside META-INF stand
   exactly the members that ASiCManifest001.xml lists. (structure)
3. ASiCManifest001.xml has its one form, and every member it lists has the digest listed. (members)
4. signature001.p7s is a signature over ASiCManifest001.xml by the certificate it carries. (signature)
5. manifest.json and SHA256SUMS say the same as ASiCManifest001.xml. (documents)
6. Every record has its form and agrees with the exhibits and records it speaks of. (records)
7. The register entry names this archive, its identity, its signature and its certificate. (entry)
8. The checkpoint is signed with the register's key, and the entry's inclusion in it is proven. (proofs)
   What a sidecar adds to steps 8 and 9 is taken over where it authenticates itself. (sidecar)
9. Time-stamp tokens are over that checkpoint; a time isn't proven before it was claimed. (tokens)
10. The signer's certificate leads to the verifier's trust, at the proven time, else now. (signer)
11. A register export and a kept checkpoint from the verifier's side agree with it. (history)

Three things are done out of this order, so that one damage is one finding: the signature is checked before
the list it closes is relied on, for a list that isn't the signed one says nothing about members; the list is
read before the member set is compared with it; and a ZIP checksum counts only for a member about which
nothing else was found.

Left to others: showing findings (wording says them in words), extracting, remembering register heads.
"""

from dataclasses import replace
from typing import BinaryIO

from evidence.container.reader import Malformed
from evidence.digests import sha256_hex
from evidence.findings import Finding, Result, Status
from evidence.verify import (
    announcements,
    documents,
    entry,
    history,
    members,
    proofs,
    receipts,
    records,
    sidecar,
    signature,
    signer,
    structure,
    tokens,
    verdict,
)
from evidence.verify.members import Progress
from evidence.verify.results import Options, Position, Verification, VerifiedArchive
from evidence.verify.rules import RULES, STEPS
from evidence.verify.state import State

__all__ = ["Options", "Verification", "verify"]


def verify(file: BinaryIO, options: Options, progress: Progress | None = None) -> Verification:
    """Verify the archive in a file, however damaged it is.

    Args:
        file: a seekable binary file with ``readinto``, as ``open(path, "rb")`` gives it.
        options: the verifier's side.
        progress: told bytes read and bytes there are.

    Raises:
        FormatError: the file doesn't begin as an archive.
        OSError: it can't be read.
    """
    try:
        state = State(structure.open_container(file), options)
        _run(state, progress)
    except Malformed as error:
        return _malformed(error, options)
    return _verification(state)


def _run(state: State, progress: Progress | None) -> None:
    """Steps 2 to 11; each says itself what it can't do without."""
    ordered = structure.check_names(state)
    members.read_list(state)
    signature.check(state)
    structure.check_set(state, ordered=ordered)
    members.check_digests(state, progress)
    documents.check(state)
    records.check(state)
    entry.check(state)
    proofs.check(state)
    sidecar.check(state)
    tokens.check(state)
    receipts.check(state)
    announcements.check(state)
    signer.check(state)
    history.check(state)
    members.check_checksums(state)


def _malformed(error: Malformed, options: Options) -> Verification:
    """Step 1 failed: nothing else can be said about such a file."""
    finding = Finding(error.code, error.subject, {"reason": error.reason})
    not_asked = set() if options.register_export or options.checkpoint else {11}
    return Verification(
        steps=verdict.reports([finding], set(), {}),
        findings=(finding,),
        notes=(),
        results=verdict.results([finding], set(), not_asked),
        verdict=Status.FAILED,
    )


def _verification(state: State) -> Verification:
    findings = state.findings()
    not_asked = set() if history.is_asked(state) else {11}
    results = verdict.results(findings, state.finished, not_asked)
    placed = {4, 7, 8} <= state.finished
    return Verification(
        steps=verdict.reports(findings, state.finished, state.checks),
        findings=findings,
        notes=tuple(note for note in state.notes if verdict.is_news(note, results)),
        results=results,
        verdict=max(results.values()),
        archive_id=state.manifest.archive_id if state.signer and state.manifest else "",
        identity=sha256_hex(state.asic) if state.asic is not None else "",
        signer=state.signer if state.signature else None,
        trust=state.trust,
        judged_at=signer.judged_at(state) if state.trust else None,
        claimed=state.claimed if placed else replace(state.claimed, entry=None),
        proven=state.proven if placed else None,
        position=_position(state) if placed else None,
        contents=(contents := _contents(state, findings)),
        received=tuple(state.received) if contents else (),
    )


def _position(state: State) -> Position | None:
    """Place in the register, as the first checkpoint has it."""
    if state.entry is None:
        return None
    head = state.heads[1].checkpoint
    return Position(head.origin, state.entry.sequence, head.size, head.root, state.confirmed)


def _contents(state: State, findings: tuple[Finding, ...]) -> VerifiedArchive | None:
    """What may be shown: steps 1 to 6 are through, and nothing is open but members that aren't checked."""
    integrity = {f.code for f in findings if RULES[f.code].result is Result.INTEGRITY} - {"NOT_COMPLETE"}
    if integrity or state.manifest is None or not set(list(STEPS)[:6]) <= state.finished:
        return None
    return VerifiedArchive(
        manifest=state.manifest,
        entry=state.entry if {7, 8} <= state.finished else None,
        records=state.records,
        digests=state.digests,
    )
