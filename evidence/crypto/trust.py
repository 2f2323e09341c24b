"""Whether a certificate is trusted: paths from it to an anchor of the verifier (FORMAT.md, "Trust").

Rules for a path (RFC 5280, section 6, without policies and name constraints):

1. It ends in an anchor: a certificate equal to one of the anchors, or with one of their fingerprints. The
   signer's own certificate may be the anchor.
2. It has at most MAX_DEPTH certificates; each is signed by the next, whose subject is its issuer.
3. Each is valid at the given time, the anchor too.
4. The first is for the purpose: no CA, key usage digitalSignature or nonRepudiation if stated; for time
   stamps a critical extended key usage timeStamping alone; for seals none that names other jobs only.
5. The others are CAs: basicConstraints CA:TRUE, key usage keyCertSign if stated, path length kept.
6. None has a critical extension that isn't known here.

Revocation isn't looked at.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evidence.crypto import x509
from evidence.crypto.problems import Unsupported
from evidence.crypto.x509 import Certificate

MAX_DEPTH = 8
MAX_STEPS = 256
"""Signatures checked while looking for paths."""

Purpose = Literal["seal", "timestamp"]
Status = Literal["trusted", "unknown", "expired", "not_yet_valid", "unusable"]

_WORST_FIRST = ("unknown", "unusable", "expired", "not_yet_valid", "trusted")

_KNOWN_EXTENSIONS = frozenset(
    {
        x509.BASIC_CONSTRAINTS,
        x509.KEY_USAGE,
        x509.EXTENDED_KEY_USAGE,
        x509.SUBJECT_KEY_ID,
        "2.5.29.35",  # authorityKeyIdentifier
        "2.5.29.17",  # subjectAltName
        "2.5.29.18",  # issuerAltName
        "2.5.29.31",  # cRLDistributionPoints
        "2.5.29.32",  # certificatePolicies: any policy will do
        "1.3.6.1.5.5.7.1.3",  # qcStatements, critical in Ukrainian certificates
    }
)
_OTHER_JOBS = frozenset(
    {
        x509.TIME_STAMPING,
        "1.3.6.1.5.5.7.3.1",  # serverAuth
        "1.3.6.1.5.5.7.3.3",  # codeSigning
        "1.3.6.1.5.5.7.3.9",  # OCSPSigning
    }
)
_ANY_PURPOSE = "2.5.29.37.0"


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the verifier trusts for one purpose.

    Attributes:
        certificates: DER.
        fingerprints: SHA-256 of certificates, 64 lower-case hexadecimal digits; such a certificate must be
            the signer's or stand beside it.
    """

    certificates: tuple[bytes, ...] = ()
    fingerprints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChainResult:
    """The best path that was found.

    Attributes:
        status: ``trusted``; ``unknown`` when no path ends in an anchor; ``expired``, ``not_yet_valid`` or
            ``unusable`` when one does and breaks rule 3, or another.
        anchor_sha256: the anchor's fingerprint; empty when unknown.
        direct: the anchor is the signer's certificate itself.
        valid_until: the earliest end of validity on the path; of the signer's certificate when unknown.
        reason: why it is unusable, a technical detail in English; else empty.
    """

    status: Status
    anchor_sha256: str
    direct: bool
    valid_until: dt.datetime
    reason: str = ""


def check(
    signer: bytes, others: Sequence[bytes], anchors: Anchors, at: dt.datetime, purpose: Purpose
) -> ChainResult:
    """Judge the best path from a signer's certificate to an anchor.

    Args:
        signer: DER.
        others: DER certificates that stood beside it, untrusted; those that can't be read are left aside.
        anchors: from the verifier's side.
        at: aware; the proven time of the signature, or now.
        purpose: ``seal`` or ``timestamp``.

    Raises:
        ValueError: the signer's certificate isn't one.
    """
    leaf = x509.parse(signer)
    search = _Search(anchors, _readable([*anchors.certificates, *others]))
    results = [_judge(path, at, purpose) for path in search.paths(_Path((leaf,)))]
    unknown = ChainResult(status="unknown", anchor_sha256="", direct=False, valid_until=leaf.not_after)
    return max(results, key=_rank, default=unknown)


def _rank(result: ChainResult) -> tuple[int, bool, dt.datetime]:
    return _WORST_FIRST.index(result.status), result.direct, result.valid_until


@dataclass(frozen=True, slots=True)
class _Path:
    certificates: tuple[Certificate, ...]
    reason: str = ""


@dataclass(slots=True)
class _Search:
    anchors: Anchors
    pool: list[Certificate]
    steps: int = field(default=0)

    def paths(self, path: _Path) -> Iterator[_Path]:
        """The paths to an anchor that begin with this one, depth first."""
        last = path.certificates[-1]
        if last.der in self.anchors.certificates or last.sha256 in self.anchors.fingerprints:
            yield path
        if len(path.certificates) < MAX_DEPTH:
            for issuer in self.pool:
                if issuer.subject == last.issuer and issuer not in path.certificates:
                    yield from self._through(path, issuer)

    def _through(self, path: _Path, issuer: Certificate) -> Iterator[_Path]:
        self.steps += 1
        if self.steps > MAX_STEPS:
            return
        reason = path.reason
        try:
            path.certificates[-1].check_issued_by(issuer)
        except Unsupported as error:
            reason = reason or str(error)
        except ValueError:
            return
        yield from self.paths(_Path((*path.certificates, issuer), reason))


def _readable(ders: Sequence[bytes]) -> list[Certificate]:
    found: list[Certificate] = []
    for der in dict.fromkeys(ders):
        try:
            found.append(x509.parse(der))
        except ValueError:
            continue
    return found


def _judge(path: _Path, at: dt.datetime, purpose: Purpose) -> ChainResult:
    reason = path.reason or _why_unusable(path.certificates, purpose)
    return ChainResult(
        status="unusable" if reason else _status_in_time(path.certificates, at),
        anchor_sha256=path.certificates[-1].sha256,
        direct=len(path.certificates) == 1,
        valid_until=min(certificate.not_after for certificate in path.certificates),
        reason=reason,
    )


def _status_in_time(path: Sequence[Certificate], at: dt.datetime) -> Status:
    if any(certificate.not_before > at for certificate in path):
        return "not_yet_valid"
    return "expired" if any(certificate.not_after < at for certificate in path) else "trusted"


def _why_unusable(path: Sequence[Certificate], purpose: Purpose) -> str:
    for certificate in path:
        critical = {oid for oid, (is_critical, _) in certificate.extensions.items() if is_critical}
        if not critical <= _KNOWN_EXTENSIONS:
            return f"critical extension {min(critical - _KNOWN_EXTENSIONS)}"
    if not _fits(path[0], purpose):
        return "the certificate isn't for this purpose"
    below = 0
    for issuer in path[1:]:
        if reason := _why_no_issuer(issuer, below, purpose):
            return reason
        below += not issuer.self_issued
    return ""


def _fits(leaf: Certificate, purpose: Purpose) -> bool:
    if not leaf.may_sign:
        return False
    return leaf.only_for_time_stamps() if purpose == "timestamp" else _may_seal(leaf)


def _may_seal(certificate: Certificate) -> bool:
    return certificate.purposes is None or not set(certificate.purposes) <= _OTHER_JOBS


def _why_no_issuer(issuer: Certificate, below: int, purpose: Purpose) -> str:
    if not issuer.is_ca or (issuer.key_usage is not None and "keyCertSign" not in issuer.key_usage):
        return "an issuer that isn't a certification authority"
    if issuer.path_length is not None and below > issuer.path_length:
        return "a longer path than an issuer allows"
    purposes = {x509.TIME_STAMPING, _ANY_PURPOSE}
    if purpose == "timestamp" and issuer.purposes is not None and not purposes & set(issuer.purposes):
        return "an issuer that isn't for time stamping"
    return "" if purpose == "timestamp" or _may_seal(issuer) else "an issuer that isn't for seals"
