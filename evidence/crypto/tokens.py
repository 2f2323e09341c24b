"""RFC 3161 time-stamp tokens: asking for them, reading and checking them (FORMAT.md, "Token").

Which authority is trusted, and whether its certificate was valid at the token's time, is for trust.check.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from evidence.crypto import algorithms, cms, ess, problems, tst
from evidence.crypto.der import contents, decode, encode, time_of
from evidence.crypto.problems import Broken, Malformed, Unsupported
from evidence.text import visible

_MAX_ACCURACY_S = 10**9
_MAX_REASON = 200


class TokenMalformed(ValueError):
    """The bytes aren't a time-stamp token."""


class TokenUnsupported(ValueError):
    """The token uses an algorithm or a feature that isn't checked here; it may be a good one."""


class TokenBroken(ValueError):
    """The token is over other bytes, or its signature, certificate or key usage doesn't fit."""


class TokenRefused(ValueError):
    """The authority answered that it gives no token."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as read; what it claims is checked by verify only.

    Attributes:
        gen_time: aware, UTC, to the microsecond.
        accuracy_ms: milliseconds, rounded up; 0 where the token says nothing.
        serial: the token's number at its authority.
        policy: OID.
        certificate: the authority's, DER.
        others: the other certificates that stand in it, DER; not checked.
        imprint: the SHA-256 that is stamped, 32 bytes.
        nonce: of the request it answers; None where the token repeats none.
    """

    gen_time: dt.datetime
    accuracy_ms: int
    serial: int
    policy: str
    certificate: bytes
    others: tuple[bytes, ...]
    imprint: bytes
    nonce: int | None


def request(imprint: bytes, nonce: int, *, certificates: bool = True) -> bytes:
    """A request for a token over a SHA-256 digest, DER TimeStampReq (RFC 3161, section 2.4.1).

    Args:
        imprint: 32 bytes.
        nonce: unpredictable, not negative; the answer must repeat it.
        certificates: whether the token is to hold the authority's certificate; it can't be checked without.
    """
    return encode(
        tst.Request(
            version=1,
            imprint=tst.MessageImprint(
                algorithm=algorithms.identifier(algorithms.DIGEST_OIDS["sha256"], null=True), digest=imprint
            ),
            policy=None,
            nonce=nonce,
            certificates=certificates,
        )
    )


def token_of(response: bytes, imprint: bytes, nonce: int | None) -> bytes:
    """The bare token of an authority's answer, DER TimeStampResp (RFC 3161, section 2.4.2).

    Looks at status, imprint and nonce; verify checks the rest.

    Raises:
        TokenRefused: the status isn't granted; its message holds the authority's reason.
        TokenMalformed, TokenUnsupported: not an answer, or a token that can't be read.
        TokenBroken: the token is over another digest, or an answer to another request.
    """
    token = token_in(response)
    with _renamed():
        info = _info(cms.parse(token))
        if info.imprint.digest != imprint or (nonce is not None and info.nonce != nonce):
            raise Broken("the answer to another request")
    return token


def token_in(response: bytes) -> bytes:
    """The bare token of an authority's answer, DER TimeStampResp (RFC 3161, section 2.4.2), not looked at.

    Raises:
        TokenRefused: the status isn't granted; its message holds the authority's reason.
        TokenMalformed: not an answer, or one without a token.
    """
    with _renamed():
        answer = decode(tst.Response, response)
    if answer.status.status not in tst.GRANTED:
        raise TokenRefused(_reason(answer.status))
    with _renamed():
        if answer.token is None:
            raise Malformed("granted, but without a token")
        return encode(answer.token)


def parse(token: bytes) -> Token:
    """Read a bare token (DER ContentInfo) without checking it.

    Raises:
        TokenMalformed: longer than 256 KiB, not DER, further bytes after it, not a token.
        TokenUnsupported: an algorithm that isn't known here, an imprint by another digest than SHA-256, a
            critical extension, or no certificate of the authority.
    """
    with _renamed():
        message = cms.parse(token)
        return _token(message, _info(message))


def verify(token: bytes, imprint: bytes) -> Token:
    """Check a token over a SHA-256 digest.

    Raises:
        TokenMalformed, TokenUnsupported: see parse.
        TokenBroken: another imprint; message digest or signature don't fit; ESSCertID or ESSCertIDv2 don't
            name the authority's certificate; that isn't for time stamping alone.
    """
    with _renamed():
        message = cms.parse(token)
        info = _info(message)
        if info.imprint.digest != imprint:
            raise Broken("the token is over other bytes")
        message.check(message.content or b"")
        ess.check_either(message.attributes, message.signer)
        if not message.signer.only_for_time_stamps():
            raise Broken("the signer's certificate isn't for time stamping alone")
        return _token(message, info)


@contextmanager
def _renamed() -> Iterator[None]:
    with problems.renamed(TokenMalformed, TokenUnsupported, TokenBroken, TokenBroken):
        yield


def _reason(status: tst.StatusInfo) -> str:
    texts = " ".join(contents(item).decode("utf-8", errors="replace") for item in status.text or [])
    failure = status.failure.as_bytes().hex() if status.failure else ""
    return f"status {status.status} {failure} {visible(texts[:_MAX_REASON])}".strip()


def _info(message: cms.SignedMessage) -> tst.Info:
    if message.content_type != tst.TST_INFO or message.content is None:
        raise Malformed("not a time-stamp token")
    info = decode(tst.Info, message.content)
    if info.version != 1:
        raise Unsupported(f"token version {info.version}")
    if algorithms.digest_of(info.imprint.algorithm) != "sha256":
        raise Unsupported("an imprint that isn't SHA-256")
    if any(extension.critical for extension in info.extensions or []):
        raise Unsupported("a critical extension in a token")
    _check_accuracy(info.accuracy)
    return info


def _check_accuracy(accuracy: tst.Accuracy | None) -> None:
    if accuracy is None:
        return
    parts = (accuracy.milliseconds, accuracy.microseconds)
    if not 0 <= (accuracy.seconds or 0) <= _MAX_ACCURACY_S or not all(
        p is None or 0 < p < 1000 for p in parts
    ):
        raise Malformed("accuracy of a token")


def _token(message: cms.SignedMessage, info: tst.Info) -> Token:
    return Token(
        gen_time=time_of(info.time),
        accuracy_ms=info.accuracy.in_milliseconds() if info.accuracy else 0,
        serial=info.serial,
        policy=info.policy.dotted_string,
        certificate=message.signer.der,
        others=message.others,
        imprint=info.imprint.digest,
        nonce=info.nonce,
    )
