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

_OPEN = {"TSA_UNKNOWN", "TOKEN_UNSUPPORTED"}
"""What leaves open whether a token holds."""

_Problem = tuple[str, str, str]
"""Code, member and reason."""


def check(state: State) -> None:
    """Step 9. Under the policy ``none``, a token that can't be judged is as good as absent."""
    if state.manifest is None:
        return
    undecided: list[_Problem] = []
    seen = skipped = 0
    for name, number in _tokens(state):
        if number in state.heads:
            seen += 1
            undecided += _check(state, name, state.heads[number].committed)
        else:
            skipped += number == 1
            state.note("TOKEN_NOT_CHECKED", name)
    beside = _check_beside(state)
    state.checks[9] = 1 + seen + len(state.side_tokens)
    undecided, seen = undecided + beside, seen + len(beside)
    expected = state.manifest.time_policy == "expected" and state.proven is None
    for code, name, reason in undecided:
        if expected:
            state.find(code, name, reason=reason)
        else:
            state.note("TOKEN_UNKNOWN_IGNORED", name, reason=reason)
    if expected and not seen and not skipped:
        state.find("TOKEN_MISSING")
    if state.proven is not None and state.proven.in_sidecar:
        state.note("TIME_FROM_SIDECAR", state.proven.member)
    if state.proven is None and not expected:
        state.note("TIME_CLAIMED_ONLY")
    if not (expected and skipped):
        state.finished.add(9)
    _check_order(state)


def _tokens(state: State) -> Iterator[tuple[str, int]]:
    for member in state.container.members:
        if classify(member.name) is MemberKind.TOKEN:
            yield member.name, evidence_numbers(member.name)[0]


def _check(state: State, name: str, committed: bytes) -> Iterator[_Problem]:
    """Check one token of the archive; gives what leaves its authority open."""
    data = state.read(name, MAX_TOKEN, "TOKEN_MALFORMED")
    problem = None if data is None else _judge(state, name, data, committed)
    if problem is None:
        return
    if problem[0] in _OPEN:
        yield problem
    else:
        code, _name, reason = problem
        state.find(code, name, reason=reason)


def _check_beside(state: State) -> list[_Problem]:
    """Check the sidecar's tokens, for which one that doesn't hold is as good as absent."""
    undecided = []
    for token in state.side_tokens:
        problem = _judge(state, token.name, token.data, token.committed, in_sidecar=True)
        if problem is None:
            continue
        if problem[0] in _OPEN:
            undecided.append(problem)
        else:
            state.note("SIDECAR_TOKEN_IGNORED", token.name, reason=problem[2])
    return undecided


def _judge(
    state: State, name: str, data: bytes, committed: bytes, *, in_sidecar: bool = False
) -> _Problem | None:
    """Judge a token; the earliest that holds becomes the proven time.

    Returns:
        code, name and reason of what is wrong with it, or open; None when it proves a time.
    """
    try:
        token = tokens.verify(data, sha256(committed))
        authority = certificates.facts(token.certificate).subject
    except tokens.TokenMalformed as error:
        return "TOKEN_MALFORMED", name, str(error)
    except tokens.TokenUnsupported as error:
        return "TOKEN_UNSUPPORTED", name, str(error)
    except tokens.TokenBroken as error:
        return "TOKEN_BROKEN", name, str(error)
    except ValueError as error:
        return "TOKEN_MALFORMED", name, f"the authority's certificate: {error}"
    anchors = state.options.tsa_anchors
    if trust.check(token.certificate, token.others, anchors, token.gen_time, "timestamp").status != "trusted":
        return "TSA_UNKNOWN", name, authority
    if state.proven is None or token.gen_time < state.proven.time:
        state.proven = ProvenTime(token.gen_time, token.accuracy_ms, authority, name, in_sidecar)
    return None


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
