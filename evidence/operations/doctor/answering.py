"""Whether time-stamping authorities and witnesses answer: each is asked, nothing of it is kept."""

from evidence.findings import Finding
from evidence.operations import stamping, witnessing
from evidence.operations.audit.findings import Found
from evidence.operations.seams import Seams
from evidence.vault.vault import Vault


def check(vault: Vault, seams: Seams, found: Found) -> None:
    """Ask every authority for a time stamp over random bytes, and every witness about the newest checkpoint.

    Args:
        vault: an open vault.
        seams: the authorities, randomness and clock.
        found: takes findings.
    """
    for refusal in stamping.tried(vault, seams):
        found(Finding("TSA_UNANSWERED", refusal.server, {"reason": refusal.reason}))
    note = vault.store.checkpoint()
    for witness in vault.config.second_place.witnesses:
        for problem in witnessing.tried(witness, note):
            code = "SECOND_PLACE_CONTRADICTS" if problem.is_alarm else "WITNESS_UNANSWERED"
            found(Finding(code, problem.place, {"problem": problem.message}))
