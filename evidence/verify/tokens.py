"""Step 9 of FORMAT.md, "Verification": time-stamp tokens over the checkpoint, and the order of times."""

import datetime as dt
from collections.abc import Iterator

from evidence.container.names import MemberKind, classify, evidence_numbers
from evidence.crypto import certificates, tokens, trust
from evidence.digests import sha256
from evidence.strict import format_timestamp
from evidence.verify.results import ProvenTime
from evidence.verify.state import State

MAX_TOKEN = 64 * 1024
"""Bytes of the longest register-NNN-token-M.tsr."""
TOLERANCE = dt.timedelta(seconds=300)
"""How far the sealer's clock may be ahead of an authority's, beyond the accuracy that the token states."""


def check(state: State) -> None:
    """Step 9. Under the policy ``none``, a token that can't be judged is as good as absent."""
    if state.manifest is None:
        return
    undecided: list[tuple[str, str, str]] = []
    seen = skipped = 0
    for name, number in _tokens(state):
        if number in state.heads:
            seen += 1
            undecided += _check(state, name, state.heads[number].committed)
        else:
            skipped += number == 1
            state.note("TOKEN_NOT_CHECKED", name)
    expected = state.manifest.time_policy == "expected" and state.proven is None
    for code, name, reason in undecided:
        if expected:
            state.find(code, name, reason=reason)
        else:
            state.note("TOKEN_UNKNOWN_IGNORED", name, reason=reason)
    state.checks[9] = 1 + seen
    if expected and not seen and not skipped:
        state.find("TOKEN_MISSING")
    if state.proven is None and not expected:
        state.note("TIME_CLAIMED_ONLY")
    if not (expected and skipped):
        state.finished.add(9)
    _check_order(state)


def _tokens(state: State) -> Iterator[tuple[str, int]]:
    for member in state.container.members:
        if classify(member.name) is MemberKind.TOKEN:
            yield member.name, evidence_numbers(member.name)[0]


def _check(state: State, name: str, committed: bytes) -> Iterator[tuple[str, str, str]]:
    """Check one token; gives code, name and reason where its authority can't be relied on."""
    data = state.read(name, MAX_TOKEN, "TOKEN_MALFORMED")
    if data is None:
        return
    try:
        token = tokens.verify(data, sha256(committed))
        authority = certificates.facts(token.certificate).subject
    except tokens.TokenMalformed as error:
        state.find("TOKEN_MALFORMED", name, reason=str(error))
    except tokens.TokenUnsupported as error:
        yield "TOKEN_UNSUPPORTED", name, str(error)
    except tokens.TokenBroken as error:
        state.find("TOKEN_BROKEN", name, reason=str(error))
    except ValueError as error:
        state.find("TOKEN_MALFORMED", name, reason=f"the authority's certificate: {error}")
    else:
        chain = trust.check(
            token.certificate, token.others, state.options.tsa_anchors, token.gen_time, "timestamp"
        )
        if chain.status != "trusted":
            yield "TSA_UNKNOWN", name, authority
        elif state.proven is None or token.gen_time < state.proven.time:
            state.proven = ProvenTime(token.gen_time, token.accuracy_ms, authority, name)


def _check_order(state: State) -> None:
    """A time can't be proven before it was claimed, beyond what clocks differ."""
    proven = state.proven
    if proven is None:
        return
    allowed = dt.timedelta(milliseconds=proven.accuracy_ms) + TOLERANCE
    claims = [time for time in (state.claimed.signing, state.claimed.entry) if time is not None]
    if claims and max(claims) - proven.time > allowed:
        state.find(
            "TIME_ORDER",
            proven.member,
            claimed=format_timestamp(max(claims)),
            proven=format_timestamp(proven.time),
        )
