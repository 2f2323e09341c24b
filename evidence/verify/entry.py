"""Step 7 of FORMAT.md, "Verification": the register entry names this archive, signature and signer."""

from collections.abc import Iterator
from dataclasses import replace

from evidence import strict
from evidence.container.names import ASIC_MANIFEST, ENTRY, SIGNATURE
from evidence.digests import sha256_hex
from evidence.register import entries
from evidence.verify.signature import MAX_SIGNATURE
from evidence.verify.state import State


def check(state: State) -> None:
    """Step 7; what the entry is compared with may itself be missing or broken, which was found before."""
    data = state.read(ENTRY, entries.MAX_ENTRY, "ENTRY_MALFORMED")
    if data is None:
        return
    try:
        state.entry = entries.parse(data)
    except ValueError as error:
        state.find("ENTRY_MALFORMED", ENTRY, reason=str(error))
        return
    state.entry_data = data
    state.claimed = replace(state.claimed, entry=strict.timestamp(state.entry.claimed_time))
    compared = list(_comparisons(state))
    wrong = [(field, member) for field, member, agrees in compared if not agrees]
    if wrong:
        members = [member for _field, member in wrong]
        state.find("ENTRY_DISAGREES", ENTRY, *members, fields=", ".join(field for field, _member in wrong))
    state.checks[7] = len(compared)
    if len(compared) == _COMPARISONS:
        state.finished.add(7)


_COMPARISONS = 6


def _comparisons(state: State) -> Iterator[tuple[str, str, bool]]:
    """Fields of the entry, each with the member that it has to agree with, and whether it does."""
    entry = state.entry
    if entry is None:
        return
    yield "type", ENTRY, entry.type == entries.SEALED
    if state.manifest is not None:
        yield "archive_id", ENTRY, entry.text("archive_id") == state.manifest.archive_id
        yield "origin", ENTRY, entry.origin == state.manifest.origin
    if state.asic is not None and not state.is_blamed(ASIC_MANIFEST):
        yield "identity", ASIC_MANIFEST, entry.text("identity") == sha256_hex(state.asic)
    signature = state.read(SIGNATURE, MAX_SIGNATURE, "SIGNATURE_MALFORMED")
    if signature is not None:
        yield "signature_sha256", SIGNATURE, entry.text("signature_sha256") == sha256_hex(signature)
    if state.signature is not None:
        digest = sha256_hex(state.signature.certificate)
        yield "certificate_sha256", SIGNATURE, entry.text("certificate_sha256") == digest
