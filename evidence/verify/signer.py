"""Step 10 of FORMAT.md, "Verification": the signer's certificate and the verifier's trust."""

import datetime as dt

from evidence.crypto import trust
from evidence.digests import sha256_hex
from evidence.strict import format_timestamp
from evidence.verify.state import State

_CODES = {
    "unknown": "SIGNER_UNKNOWN",
    "expired": "CERTIFICATE_EXPIRED",
    "not_yet_valid": "CERTIFICATE_NOT_YET_VALID",
    "unusable": "CERTIFICATE_UNUSABLE",
}


def judged_at(state: State) -> dt.datetime:
    """The time for which the certificate is judged: the proven one, else the one asked for, else now.

    A time that only a sidecar proves doesn't displace an earlier one that was asked for: a sidecar must never
    make a verdict worse.
    """
    proven, asked = state.proven, state.options.at
    if proven is not None and not (proven.in_sidecar and asked is not None and asked < proven.time):
        return proven.time
    return asked or state.options.now


def check(state: State) -> None:
    """Step 10; trust is the verifier's, never the archive's."""
    signature, facts = state.signature, state.signer
    if signature is None or facts is None:
        return
    at = judged_at(state)
    state.trust = trust.check(signature.certificate, signature.chain, state.options.anchors, at, "seal")
    state.checks[10] = 1
    state.finished.add(10)
    if state.trust.status != "trusted":
        state.find(
            _CODES[state.trust.status],
            "",
            name=facts.subject,
            sha256=facts.sha256,
            reason=state.trust.reason,
            at=format_timestamp(at),
            not_before=format_timestamp(facts.not_before),
            not_after=format_timestamp(facts.not_after),
        )
        if state.trust.status == "unknown":
            _note_mistaken_trust(state, facts.sha256)
        return
    if facts.sha256 in state.options.own_fingerprints:
        state.note("SIGNER_OWN_KEY", name=facts.subject)
    elif not state.trust.direct:
        state.note("SIGNER_NOT_EXPECTED", name=facts.subject)
    if state.proven is None and state.options.at is None:
        state.note("VERDICT_ENDS", date=format_timestamp(state.trust.valid_until))


def _note_mistaken_trust(state: State, sha256: str) -> None:
    """Say so when the verifier named somebody, and it isn't this signer: a slip, or a stranger's archive."""
    anchors = state.options.anchors
    if sha256_hex(state.asic or b"") in anchors.fingerprints:
        state.note("TRUST_IS_ARCHIVE", sha256=sha256)
    elif anchors.certificates or anchors.fingerprints:
        state.note("TRUST_OTHER", sha256=sha256)
