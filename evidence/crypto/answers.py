"""Whether an authority's answer is worth keeping: the whole list of checks before a token is relied on.

RFC 3161, section 2.4.2: the status is granted; the imprint is ours, by SHA-256; the nonce is that of the
request; the policy is accepted. tokens.verify: one signer, found by what names it, whose certificate is for
time stamping alone (critical) and named by ESSCertID or ESSCertIDv2; the signature fits. trust.check: a chain
to the configured roots, valid at the token's time. And that time can't be far from when it was asked for.
"""

import datetime as dt
from dataclasses import dataclass

from evidence.crypto import certificates, tokens, trust, x509
from evidence.crypto.tokens import Token
from evidence.crypto.trust import Anchors
from evidence.strict import format_timestamp

TOLERANCE = dt.timedelta(seconds=300)
"""How far an authority's clock may be from ours, beyond the accuracy that its token states."""


class AnswerUnusable(ValueError):
    """The answer isn't kept.

    Attributes:
        code: ``refused`` (no token was granted), ``malformed``, ``unsupported``, ``broken``, ``policy``,
            ``time``, ``unknown`` (leads to none of the roots), ``incomplete`` (the same, since a certificate
            between is missing), ``expired``, ``not_yet_valid`` or ``unusable``.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer is measured by.

    Attributes:
        imprint: the SHA-256 that was to be stamped, 32 bytes.
        nonce: of the request.
        roots: DER certificates that the authority's must lead to.
        policies: OIDs that are accepted; empty: any.
        earliest, latest: between these the token was made, by our clock.
    """

    imprint: bytes
    nonce: int
    roots: tuple[bytes, ...]
    policies: tuple[str, ...]
    earliest: dt.datetime
    latest: dt.datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A token that may be kept.

    Attributes:
        data: the bare token, DER.
        token: what it says.
        authority: subject of the authority's certificate; untrusted text.
        is_complete: whether its own certificates lead to a root; else whoever verifies needs those between.
    """

    data: bytes
    token: Token
    authority: str
    is_complete: bool


def bare(answer: bytes) -> bytes:
    """The token in an answer, not checked; a file that holds a bare token already will do.

    Raises:
        AnswerUnusable: neither.
    """
    try:
        return tokens.token_in(answer)
    except tokens.TokenRefused as error:
        raise AnswerUnusable("refused", str(error)) from error
    except ValueError as error:
        try:
            tokens.parse(answer)
        except ValueError:
            raise AnswerUnusable("malformed", str(error)) from error
        return answer


def read(answer: bytes) -> Token:
    """What the token in an answer says; nothing of it is checked.

    Raises:
        AnswerUnusable: there is none, or it can't be read.
    """
    try:
        return tokens.parse(bare(answer))
    except tokens.TokenUnsupported as error:
        raise AnswerUnusable("unsupported", str(error)) from error
    except tokens.TokenMalformed as error:
        raise AnswerUnusable("malformed", str(error)) from error


def check(answer: bytes, expected: Expected) -> Accepted:
    """Check an authority's answer (DER TimeStampResp), or a bare token, by the whole list.

    Raises:
        AnswerUnusable: something in the list doesn't hold.
    """
    data = bare(answer)
    token = _verified(data, expected.imprint)
    if token.nonce != expected.nonce:
        raise AnswerUnusable("broken", "the answer to another request")
    if expected.policies and token.policy not in expected.policies:
        raise AnswerUnusable("policy", token.policy)
    allowed = TOLERANCE + dt.timedelta(milliseconds=token.accuracy_ms)
    if not expected.earliest - allowed <= token.gen_time <= expected.latest + allowed:
        raise AnswerUnusable("time", format_timestamp(token.gen_time))
    authority = certificates.facts(token.certificate).subject
    _check_chain(token, authority, Anchors(expected.roots))
    own = tuple(root for root in expected.roots if x509.parse(root).self_issued)
    is_complete = not own or _status(token, Anchors(own)) == "trusted"
    return Accepted(data, token, authority, is_complete)


def _verified(data: bytes, imprint: bytes) -> Token:
    try:
        return tokens.verify(data, imprint)
    except tokens.TokenUnsupported as error:
        raise AnswerUnusable("unsupported", str(error)) from error
    except tokens.TokenBroken as error:
        raise AnswerUnusable("broken", str(error)) from error
    except tokens.TokenMalformed as error:
        raise AnswerUnusable("malformed", str(error)) from error


def _check_chain(token: Token, authority: str, roots: Anchors) -> None:
    status = _status(token, roots)
    if status == "trusted":
        return
    last = certificates.facts(_top(token, roots.certificates))
    if status == "unknown" and not last.self_issued:
        raise AnswerUnusable("incomplete", last.issuer)
    raise AnswerUnusable(status, authority)


def _status(token: Token, roots: Anchors) -> str:
    return trust.check(token.certificate, token.others, roots, token.gen_time, "timestamp").status


def _top(token: Token, roots: tuple[bytes, ...]) -> bytes:
    """The last certificate of the chain as far as the token and the roots hold it."""
    pool = {found.subject: found for der in (*token.others, *roots) if (found := _readable(der))}
    top = x509.parse(token.certificate)
    for _ in range(trust.MAX_DEPTH):
        issuer = pool.get(top.issuer)
        if issuer is None or issuer is top:
            break
        top = issuer
    return top.der


def _readable(der: bytes) -> x509.Certificate | None:
    try:
        return x509.parse(der)
    except ValueError:
        return None
