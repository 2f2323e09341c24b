"""Has a witness cosign the newest checkpoint (C2SP tlog-witness) and keeps what it signed.

FORMAT.md, "Cosignature". A witness that has seen more of the register than there is, or finds that the
register doesn't continue what it has seen, is an alarm.
"""

from evidence import strict
from evidence.crypto import cosignatures, notes
from evidence.crypto.cosignatures import WitnessKey
from evidence.errors import TimestampServiceError
from evidence.messages import t
from evidence.network import witness as client
from evidence.network.witness import Answer
from evidence.operations.problem import Problem
from evidence.operations.seams import Seams
from evidence.register import merkle
from evidence.text import visible
from evidence.vault import heads, places
from evidence.vault.durable import save
from evidence.vault.settings import WitnessSettings
from evidence.vault.vault import Vault

TIMEOUT = 20
"""Seconds that one exchange with a witness may take."""


def ask(vault: Vault, witness: WitnessSettings, note: bytes, seams: Seams) -> list[Problem]:
    """Have one witness cosign a checkpoint of the register; the cosigned note is kept durably.

    Args:
        vault: an open vault. The caller holds the lock for second places.
        witness: its address and key.
        note: the register's newest checkpoint.
        seams: the file system.

    Returns:
        At most one problem.
    """
    place = visible(witness.url)
    try:
        key = cosignatures.parse_vkey(witness.key)
    except ValueError as error:
        return [Problem(place, t("recover.witness_key", reason=str(error)))]
    try:
        answer, old = _asked(vault, witness, note, _last(vault, key))
    except TimestampServiceError as error:
        return [Problem(place, error.message)]
    if answer.status != 200:
        return [_refused(place, answer, old, heads.size_of(note))]
    try:
        line = cosignatures.added(note, answer.body, key)
    except ValueError as error:
        return [Problem(place, t("recover.witness_bad_signature", reason=str(error)))]
    _keep(vault, heads.size_of(note), note, line.raw, seams)
    return []


def tried(witness: WitnessSettings, note: bytes) -> list[Problem]:
    """Ask a witness about a checkpoint in a way that changes nothing for it.

    It is asked to cosign the checkpoint as the one that it cosigned last: if it was, it signs it again; if
    not, it answers which size it knows (status 409).

    Args:
        witness: its address and key.
        note: the register's newest checkpoint.

    Returns:
        At most one problem.
    """
    place, size = visible(witness.url), heads.size_of(note)
    try:
        key = cosignatures.parse_vkey(witness.key)
    except ValueError as error:
        return [Problem(place, t("recover.witness_key", reason=str(error)))]
    try:
        answer = client.add_checkpoint(witness.url, client.request_body(size, [], note), TIMEOUT)
    except TimestampServiceError as error:
        return [Problem(place, error.message)]
    known = _size(answer.body) if answer.status == 409 else None
    if known is not None and known < size:
        return []
    if answer.status != 200:
        return [_refused(place, answer, size, size)]
    try:
        cosignatures.added(note, answer.body, key)
    except ValueError as error:
        return [Problem(place, t("recover.witness_bad_signature", reason=str(error)))]
    return []


def _asked(vault: Vault, witness: WitnessSettings, note: bytes, old: int) -> tuple[Answer, int]:
    """The answer, and the old size that it is about; asked again when the witness knows another one."""
    answer = _send(vault, witness, note, old)
    known = _size(answer.body) if answer.status == 409 else None
    if known is None or known > heads.size_of(note):
        return answer, old
    return _send(vault, witness, note, known), known


def _send(vault: Vault, witness: WitnessSettings, note: bytes, old: int) -> Answer:
    proof = merkle.consistency_proof(old, heads.size_of(note), vault.store.node)
    return client.add_checkpoint(witness.url, client.request_body(old, proof, note), TIMEOUT)


def _last(vault: Vault, key: WitnessKey) -> int:
    """The size of the newest checkpoint of this register that this witness cosigned; 0 for none."""
    for note in reversed(places.cosigned(vault.layout)):
        try:
            cosignatures.verify(notes.parse(note), key)
        except ValueError:
            continue
        found = heads.authentic(note, vault.store.register_key(), vault.store.origin())
        if found is not None and found.size <= vault.store.size():
            return found.size
    return 0


def _size(body: bytes) -> int | None:
    try:
        return strict.decimal(body.decode("ascii").removesuffix("\n"))
    except ValueError:
        return None


def _refused(place: str, answer: Answer, old: int, size: int) -> Problem:
    """What an answer without cosignatures means (C2SP tlog-witness, "add-checkpoint")."""
    status, known = answer.status, _size(answer.body)
    if status == 409 and known is not None and known > size:
        return Problem(place, t("recover.place_ahead", seen=known, size=size), is_alarm=True)
    if status == 422:
        return Problem(place, t("recover.witness_contradicts", n=old), is_alarm=True)
    if status in {403, 404}:
        return Problem(place, t("recover.witness_unknown_log", status=status))
    return Problem(place, t("recover.witness_answer", status=status))


def _keep(vault: Vault, size: int, note: bytes, line: str, seams: Seams) -> None:
    """Add a witness's line to the cosigned checkpoint of that size."""
    if not vault.layout.cosigned.is_dir():
        seams.durable.make_directory(vault.layout.cosigned)
    path = places.cosigned_path(vault.layout, size)
    kept = places.read(path) if path.exists() else note
    name_and_id = line.rsplit(" ", 1)[0]
    others = [row for row in notes.parse(kept).lines if row.raw.rsplit(" ", 1)[0] != name_and_id]
    lines = [row.raw for row in others if row.raw not in note.decode("utf-8").split("\n")]
    save(seams.durable, path, note + "".join(f"{row}\n" for row in [*lines, line]).encode())
