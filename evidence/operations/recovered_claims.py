"""The journal of a recovered register: which incidents are sealed, so that none is sealed twice.

An incident's UUID stands in the custody record of its seal, or in a journal that was found. Where neither
is left, the archive itself says the incident's number, and another incident of that number isn't sealed
before a person has looked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evidence.container import sidecar
from evidence.crypto.trust import Anchors
from evidence.entropy import new_uuid
from evidence.errors import FormatError
from evidence.model.entry import Entry
from evidence.operations.custody import facts_in, save_recovered
from evidence.operations.recovery import Ground, Survey
from evidence.register import entries
from evidence.vault import archive_store, archived, claims
from evidence.vault.claims import Claim
from evidence.vault.register_store import RegisterStore
from evidence.verify.verifier import Options, verify


@dataclass(slots=True)
class Rebuilt:
    """Claims to be put into the journal, and what could not be told.

    Attributes:
        claims: in the order of their entries.
        nameless: places of archives whose incident's UUID is lost.
        absent: places of entries whose archive isn't in the vault.
    """

    claims: list[Claim] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)


def rebuild(survey: Survey, documents: Sequence[bytes], journal: Sequence[Claim]) -> Rebuilt:
    """The claims that follow from entries.

    Args:
        survey: what was found.
        documents: the entries that the register gets.
        journal: claims that the register has, where it is sound; what was found elsewhere is in the survey.
    """
    parsed = [entries.parse(document) for document in documents]
    known = {claim.archive_id: claim for source in survey.sources for claim in source.claims}
    known |= {claim.archive_id: claim for claim in journal}
    voided = {entry.fields["voids"]["sequence"] for entry in parsed if entry.type == entries.VOID}
    rebuilt = Rebuilt()
    for claim in journal:
        if claim.sequence in voided and claim.sequence is not None and claim.sequence < survey.chain.start:
            rebuilt.claims.append(replace(claim, state="void", members=None))
    for entry in parsed:
        if entry.type == entries.SEALED:
            _add(rebuilt, survey, entry, known, is_void=entry.sequence in voided)
    return rebuilt


def _add(
    rebuilt: Rebuilt, survey: Survey, entry: Entry, known: Mapping[str, Claim], *, is_void: bool
) -> None:
    archive_id = entry.text("archive_id")
    path = survey.archives.paths.get(archive_id)
    old = known.get(archive_id)
    if old is not None and old.state == "publishing" and path is None and not is_void:
        rebuilt.claims.append(replace(old, sequence=entry.sequence))  # the next seal finishes it
        return
    uid = _uid(survey.ground, entry, old)
    if is_void and not uid:
        return
    made = Claim(
        uid=uid or f"{claims.NAMELESS}{archive_id}",
        claim=new_uuid(survey.ground.seams.entropy),
        epoch=1,
        state="void" if is_void else "published",
        archive_id=archive_id,
        cites=old.cites if old is not None else None,
        sequence=entry.sequence,
    )
    if not is_void and path is not None:
        made = _with_tokens(made, path)
    rebuilt.claims.append(made)
    if is_void:
        return
    if path is None:
        rebuilt.absent.append(entry.sequence)
    if not uid:
        rebuilt.nameless.append(entry.sequence)
        _remember_number(survey.ground, entry, path)


def _with_tokens(claim: Claim, path: Path) -> Claim:
    """A claim that says whether its archive waits for a time stamp."""
    carried = archived.read(path)
    if carried is None or not carried.expects:
        return claim
    delivered = claims.DELIVERED if path.with_name(path.name + sidecar.SUFFIX).exists() else claims.WITHOUT
    return replace(claim, expects=1, tokens=claims.WITH if carried.is_stamped else delivered)


def _uid(ground: Ground, entry: Entry, old: Claim | None) -> str:
    if old is not None and not old.uid.startswith(claims.NAMELESS):
        return old.uid
    return facts_in(ground.layout, entry.text("archive_id"), entry.text("custody_sha256")).get("uid", "")


def _remember_number(ground: Ground, entry: Entry, path: Path | None) -> None:
    """Keep the number that the archive states, unless the custody record of the seal has it."""
    archive_id = entry.text("archive_id")
    if path is None or facts_in(ground.layout, archive_id, entry.text("custody_sha256")):
        return
    save_recovered(ground.layout, archive_id, {"number": number_in(path, ground)}, ground.seams)


def number_in(path: Path, ground: Ground) -> str:
    """The incident's number that an archive states; its file's name where the archive is damaged."""
    nobody = Anchors((), frozenset())
    try:
        with path.open("rb") as file:
            found = verify(file, Options(nobody, nobody, ground.seams.clock())).contents
    except (FormatError, OSError):
        found = None
    for record in found.records.values() if found is not None else ():
        if record["kind"] == "incident":
            return str(record["number"])
    return path.name.removesuffix(archive_store.SUFFIX)


def put(store: RegisterStore, rebuilt: Rebuilt) -> None:
    """Put the claims into the journal, inside a transaction."""
    for claim in rebuilt.claims:
        claims.restore(store, claim)
