"""CMS messages written by hand, with right mathematics and a form that is right or wrong (RFC 5652)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.browser.broken import der, pki
from tests.browser.broken.draw import Draw, Odd
from tests.browser.broken.pki import Issued

DATA = "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_RSA = "1.2.840.113549.1.1.1"
_PSS = "1.2.840.113549.1.1.10"
_SIGNED = dt.datetime(2026, 3, 2, 18, 40, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Wish:
    """What is to be signed.

    Attributes:
        content: what the message digest is of.
        kind: OID of its type.
        detached: whether it stays outside.
        signer: whose key signs.
        others: further certificates in the message.
        oddity: how often, of a hundred, each part is written in an unusual or wrong way.
    """

    content: bytes
    kind: str
    detached: bool
    signer: Issued
    others: Sequence[bytes]
    oddity: int = 3


def message(draw: Draw, wish: Wish) -> bytes:
    """A ContentInfo."""
    odd = Odd(draw, wish.oddity)
    digest = draw.one(["sha256", "sha256", "sha384", "sha512", *odd.one([], ["sha1"])])
    plain = pki.algorithm(pki.DIGEST_OIDS[digest], odd.one(b"", der.NULL, der.integer(1)))
    listed = odd.one([plain], [plain, pki.algorithm("1.2.3")], [pki.algorithm("1.2.3")], [], [plain, plain])
    signers = [_signer_info(draw, odd, wish, digest, plain)]
    signers = odd.one(signers, [], [*signers, *signers])
    inner = der.octets(wish.content)
    wrapped = b"" if wish.detached else der.tlv(0xA0, inner)
    wrapped = odd.one(wrapped, b"", der.tlv(0xA0, inner), der.tlv(0xA0, inner, inner), der.tlv(0xA0))
    kind = odd.one(wish.kind, DATA, TST_INFO, "1.2.3")
    data = der.sequence(
        der.integer(draw.one([1, 3, *odd.one([], [0, 2, 4, 5])])),
        odd.one(der.set_of, _unsorted)(*listed),
        der.sequence(der.oid(kind), wrapped),
        _certificates(draw, odd, wish),
        odd.one(b"", der.tlv(0xA1, der.sequence()), der.tlv(0xA1), der.tlv(0xA1, b"\x30\x01")),
        odd.one(der.set_of, _unsorted)(*signers),
        odd.one(b"", der.NULL),
    )
    return der.sequence(der.oid(odd.one(_SIGNED_DATA, DATA)), der.tlv(0xA0, data)) + odd.one(b"", b"\0")


def _unsorted(*parts: bytes, tag: int = 0x31) -> bytes:
    return der.tlv(tag, *sorted(parts, reverse=True))


def _certificates(draw: Draw, odd: Odd, wish: Wish) -> bytes:
    own = wish.signer.data
    listed = [*odd.one([own], [], [own, own]), *draw.some(list(wish.others))]
    foreign = der.tlv(0xA1, der.integer(1))
    listed += odd.one(
        [], [foreign], [der.sequence()], [own[:-1] + b"\0"], [foreign] * 62, [foreign] * 64, [b"\x30\x01"]
    )
    order = (
        draw.one([listed, sorted(listed, reverse=True)]) if draw.maybe(2 * odd.percent) else sorted(listed)
    )
    return odd.one(der.tlv(0xA0, *order), b"", der.tlv(0xA0))


def _signer_info(draw: Draw, odd: Odd, wish: Wish, digest: str, plain: bytes) -> bytes:
    key = wish.signer.key
    signed = _attributes(draw, odd, wish, digest)
    value = pki.sign(key, der.tlv(0x31, signed), odd.one(digest, "sha256"))
    kind = pki.signature_algorithm(key, digest)
    if isinstance(key, rsa.RSAPrivateKey) and draw.maybe(30):
        kind = pki.algorithm(_RSA, draw.one([der.NULL, b""]))
    usual = pki.signature_algorithm(key, "sha256")
    kind = odd.one(
        kind,
        usual,
        pki.algorithm(_PSS),
        pki.algorithm("1.2.840.10045.4.3.2", der.NULL),
        pki.algorithm(_RSA, der.sequence()),
    )
    by_serial = draw.maybe(80)
    named = der.sequence(
        odd.one(wish.signer.issuer, pki.name("Somebody")), der.integer(odd.one(wish.signer.serial, 1))
    )
    by_key = der.tlv(0x80, odd.one(pki.key_id(key), b"", b"x"))
    damaged = odd.one(value, value[:-1], value + b"\0", b"", b"\0" * len(value), b"\0" + value)
    unsigned = der.set_of(_attribute("1.2.3", der.NULL), tag=0xA1)
    return der.sequence(
        der.integer(odd.one(1 if by_serial else 3, 0, 1, 2, 3)),
        named if by_serial else by_key,
        odd.one(plain, pki.algorithm(pki.DIGEST_OIDS["sha256"])),
        odd.one(der.tlv(0xA0, signed), b"", der.tlv(0xA0)),
        kind,
        der.octets(damaged),
        odd.one(b"", unsigned, der.tlv(0xA1), der.tlv(0xA1, der.NULL)),
    )


def _attribute(dotted: str, *values: bytes) -> bytes:
    return der.sequence(der.oid(dotted), der.set_of(*values))


def _attributes(draw: Draw, odd: Odd, wish: Wish, digest: str) -> bytes:
    own = hashlib.new(digest, wish.content).digest()
    found = [
        _attribute(
            _CONTENT_TYPE,
            *odd.one([der.oid(wish.kind)], [der.oid("1.2.3")], [der.NULL], [], [der.oid(DATA)] * 2),
        ),
        _attribute(
            _MESSAGE_DIGEST, *odd.one([der.octets(own)], [der.octets(own[:-1] + b"\0")], [der.integer(1)])
        ),
    ]
    found += odd.one([_certificate_v2(draw, odd, wish)], [])
    if draw.maybe(10) or (wish.kind == TST_INFO and draw.maybe(20)):
        found.append(_certificate_v1(draw, odd, wish))
    if wish.kind == TST_INFO and len(found) > 3 and draw.maybe(50):
        del found[2]
    if draw.maybe(80):
        found.append(_attribute(_SIGNING_TIME, _signing_time(draw, odd)))
    found += odd.one(
        [], [_attribute("1.2.3", der.NULL)], [found[0]], [_attribute("1.2.3", der.NULL, der.integer(1))]
    )
    found = odd.one(found, found[1:], [found[0], *found[2:]])
    return b"".join(odd.one(sorted(found), found, sorted(found, reverse=True)))


def _signing_time(draw: Draw, odd: Odd) -> bytes:
    usual = draw.one([der.utc_time(_SIGNED), der.generalized_time(_SIGNED)])
    strange: list[Callable[[], bytes]] = [
        lambda: der.generalized_time(_SIGNED, draw.one([".5", ".50", ".123456", ".1234567", ".0", "."])),
        lambda: der.generalized_time(_SIGNED.replace(year=draw.one([1, 1949, 2050, 2400, 9999]))),
        lambda: der.tlv(
            0x17,
            draw.one(
                [b"2603021840Z", b"260230184000Z", b"260302184060Z", b"260302184001+0000", b"500302184001Z"]
            ),
        ),
        lambda: der.tlv(
            0x18, draw.one([b"00000302184001Z", b"20260302244001Z", b"20260229184001Z", b"20260302184001"])
        ),
        lambda: der.octets(b"x"),
    ]
    return odd.one(usual, draw.one(strange)())


def _certificate_v2(draw: Draw, odd: Odd, wish: Wish) -> bytes:
    signer = wish.signer
    name = draw.one(["", "", "sha256", "sha384", "sha512", *odd.one([], ["sha1"])])
    kind = pki.algorithm(pki.DIGEST_OIDS[name], odd.one(b"", der.NULL, der.integer(1))) if name else b""
    value = hashlib.new(name or "sha256", odd.one(signer.data, b"other")).digest()
    first = der.sequence(kind, der.octets(value), _issuer_serial(draw, odd, signer))
    further = odd.one([], [der.sequence(der.octets(b"x"))], [der.sequence()], [first])
    policies = odd.one(b"", der.sequence(der.NULL), der.sequence(), der.NULL)
    listed = odd.one([first, *further], [*further, first], [])
    return _attribute(
        _SIGNING_CERTIFICATE_V2, odd.one(der.sequence(der.sequence(*listed), policies), der.NULL)
    )


def _certificate_v1(draw: Draw, odd: Odd, wish: Wish) -> bytes:
    value = hashlib.sha1(odd.one(wish.signer.data, b"other")).digest()  # noqa: S324
    first = der.sequence(der.octets(value), _issuer_serial(draw, odd, wish.signer))
    return _attribute(_SIGNING_CERTIFICATE, der.sequence(der.sequence(*odd.one([first], [], [first, first]))))


def _issuer_serial(draw: Draw, odd: Odd, signer: Issued) -> bytes:
    if draw.maybe(50):
        return b""
    own = der.tlv(0xA4, odd.one(signer.issuer, pki.name("Somebody")))
    other = der.tlv(0x82, b"dns.example")
    names = odd.one([own], [other, own], [other], [], [der.tlv(0xA4, signer.issuer, signer.issuer)])
    return der.sequence(der.sequence(*names), der.integer(odd.one(signer.serial, 1)))
