"""The messages of RFC 3161 (time-stamp protocol) as they are encoded."""

from typing import Annotated

from cryptography.hazmat import asn1

from evidence.crypto.algorithms import AlgorithmIdentifier
from evidence.crypto.cms import ContentInfo
from evidence.crypto.der import Oid
from evidence.crypto.x509 import Extension

TST_INFO = "1.2.840.113549.1.9.16.1.4"
GRANTED = (0, 1)


@asn1.sequence
class MessageImprint:
    """The digest that is stamped."""

    algorithm: AlgorithmIdentifier
    digest: bytes


@asn1.sequence
class Request:
    """TimeStampReq (section 2.4.1); no extensions."""

    version: int
    imprint: MessageImprint
    policy: Oid | None
    nonce: int | None
    certificates: Annotated[bool, asn1.Default(False)]


@asn1.sequence
class StatusInfo:
    """PKIStatusInfo: why there is a token or not."""

    status: int
    text: list[asn1.TLV] | None
    failure: asn1.BitString | None


@asn1.sequence
class Response:
    """TimeStampResp (section 2.4.2)."""

    status: StatusInfo
    token: ContentInfo | None


@asn1.sequence
class Accuracy:
    """How exact the time is; the sum of its parts."""

    seconds: int | None
    milliseconds: Annotated[int | None, asn1.Implicit(0)]
    microseconds: Annotated[int | None, asn1.Implicit(1)]

    def in_milliseconds(self) -> int:
        """The sum, rounded up."""
        micros = (self.seconds or 0) * 1_000_000 + (self.milliseconds or 0) * 1000 + (self.microseconds or 0)
        return -(-micros // 1000)


@asn1.sequence
class Info:
    """TSTInfo, what the authority signs; ``authority``, ``[0] EXPLICIT GeneralName``, is read as a list."""

    version: int
    policy: Oid
    imprint: MessageImprint
    serial: int
    time: asn1.GeneralizedTime
    accuracy: Accuracy | None
    ordering: bool | None
    nonce: int | None
    authority: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    extensions: Annotated[list[Extension] | None, asn1.Implicit(1)]
