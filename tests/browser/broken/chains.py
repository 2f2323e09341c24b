"""Archives and tokens that are signed with many kinds of certificates, keys and attributes, right and wrong ones.

What is done follows from the number; keys are made once in a run.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from evidence.crypto import algorithms, cms, ess, tst
from evidence.crypto import x509 as certificates
from evidence.crypto.der import Oid, contents, encode, tlv
from evidence.digests import sha256
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case
from tests.browser.broken.encoded import other
from tests.builder import Changes, Sealed
from tests.crypto import pki
from tests.crypto.pki import Issued, Key
from tests.vectors import archives

GOOD = (("p256", 0), ("p256", 1), ("p384", 0), ("p521", 0), ("rsa", 0))
UNKNOWN = (("k256", 0), ("ed25519", 0))
DIGESTS = ("sha256", "sha256", "sha384", "sha512")
PURPOSES = (
    *(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING),
    *(ExtendedKeyUsageOID.OCSP_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION),
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
)
NAMES = ("Підпис", 'a,b+c="<>;#', "#x", " x ", "x ", "\\", "a\0b")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Chance:
    """Choices from one number; ``rate`` is how often something is odd."""

    choose: random.Random
    rate: float

    def odd(self, rate: float | None = None) -> bool:
        """Whether this one is."""
        return self.choose.random() < (self.rate if rate is None else rate)


@dataclass(frozen=True)
class Party:
    """Somebody who has a key."""

    name: x509.Name
    key: Key


@dataclass(frozen=True)
class Content:
    """What is signed; without a type it is detached data."""

    data: bytes
    type: str | None = None

    @property
    def oid(self) -> str:
        return self.type or cms.DATA


def cases() -> Iterator[Case]:
    """Without end; each is made from its own number."""
    for seed in count():
        choose = random.Random(seed)  # noqa: S311  a test's choice
        yield f"chains {seed}", partial(_made, Chance(choose, choose.choice([0, 0.02, 0.06, 0.12])))


def _made(chance: Chance) -> Given:
    chain = _chain(chance, is_stamp=False)
    signature, shown = b"", chain[0].der

    def signed(listed: bytes) -> bytes:
        nonlocal signature, shown
        signature, shown = _message(chance, chain, Content(listed))
        return listed

    def certified(sealed: Sealed) -> Sealed:
        return replace(sealed, certificate=shown)

    changes = Changes(asic=signed, signature=lambda _old: signature)
    made = archives.world(changes, time_policy=chance.choose.choice(["none", "expected"]), then=certified)
    parts, trusted = [*made.members], list[bytes]()
    for number in range(chance.choose.choice([0, 1, 1, 2])):
        token, anchors = _token(chance, made.register.checkpoint(3))
        parts.append((f"META-INF/register-001-token-{number + 1}.tsr", token))
        trusted += anchors
    return Given(
        builder.pack(parts),
        trust=(),
        trust_tsa=(),
        at=chance.choose.choice(["", "", "2026-03-02T18:00:00.000Z"]),
        anchors=_anchors(chance, [shown, *(one.der for one in chain[1:])]),
        tsa_anchors=trusted,
    )


def _anchors(chance: Chance, chain: Sequence[bytes]) -> list[bytes]:
    """Those that can be read: other ones no verifier takes."""
    found = chance.choose.choice([[], chain[:1], chain[-1:], chain[-1:], [chance.choose.choice(chain)]])
    return [der for der in found if _is_readable(der)]


def _is_readable(der: bytes) -> bool:
    try:
        certificates.parse(der)
    except ValueError:
        return False
    return True


def _chain(chance: Chance, *, is_stamp: bool) -> list[Issued]:
    """From the signer's certificate up; some authorities have two."""
    depth = chance.choose.choice([0, 0, 1, 1, 2, 3, 8])
    what = "Stamp" if is_stamp else "Seal"
    parties = [Party(_name(chance, f"{what} {level}"), _key(chance)) for level in range(depth + 1)]
    found: list[Issued] = []
    for level, party in enumerate(parties):
        issuer = parties[min(level + 1, depth)]
        issuer = replace(issuer, key=_key(chance)) if chance.odd(0.03) else issuer
        times = 2 if level and chance.odd(0.1) else 1
        found += [_certificate(chance, party, issuer, level, is_stamp=is_stamp) for _ in range(times)]
    return found


def _key(chance: Chance) -> Key:
    return pki.key_of(*chance.choose.choice(UNKNOWN if chance.odd() else GOOD))


def _name(chance: Chance, text: str) -> x509.Name:
    more = [x509.NameAttribute(NameOID.COMMON_NAME, chance.choose.choice(NAMES))] if chance.odd(0.3) else []
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text), *more])


def _certificate(chance: Chance, party: Party, issuer: Party, level: int, *, is_stamp: bool) -> Issued:
    serial = 1 + chance.choose.randrange(10**9)
    key, by = party.key, issuer.key
    made = x509.CertificateBuilder(issuer.name, party.name, key.public_key(), serial)
    start, end = _validity(chance)
    made = made.not_valid_before(start).not_valid_after(end)
    for extension, is_critical in _extensions(chance, key, level, is_stamp=is_stamp):
        made = made.add_extension(extension, critical=is_critical != chance.odd())
    digest = None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    if chance.odd() and isinstance(by, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return Issued(made.sign(by, hashes.SHA256(), rsa_padding=pss), key)
    return Issued(made.sign(by, digest), key)


def _validity(chance: Chance) -> tuple[dt.datetime, dt.datetime]:
    start, end = builder.SIGNED - 400 * DAY, builder.SIGNED + 4000 * DAY
    if chance.odd():
        return builder.SIGNED + DAY, end
    if chance.odd():
        return dt.datetime(1950, 1, 1, tzinfo=dt.UTC), builder.SIGNED - DAY
    return start, dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC) if chance.odd() else end


def _extensions(
    chance: Chance, key: Key, level: int, *, is_stamp: bool
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    is_ca = (level > 0) != chance.odd()
    if not chance.odd():
        length = chance.choose.choice([None, None, 0, 1, 8]) if is_ca else None
        yield x509.BasicConstraints(ca=is_ca, path_length=length), True
    if not chance.odd(0.3):
        usage = pki.ISSUING if level else pki.SIGNING
        yield pki.usage("key_agreement") if chance.odd() else usage, True
    purposes = [ExtendedKeyUsageOID.TIME_STAMPING] if is_stamp and (not level or chance.odd(0.3)) else []
    if chance.odd() or (not is_stamp and chance.odd(0.1)):
        purposes = chance.choose.sample(PURPOSES, chance.choose.randint(1, 2))
    if purposes:
        yield x509.ExtendedKeyUsage(purposes), is_stamp
    if chance.odd(0.5):
        yield x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
    if chance.odd():
        oid = chance.choose.choice(["1.2.3.4", "2.5.29.30", "1.3.6.1.5.5.7.1.3"])
        yield x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x05\x00"), True


def _message(chance: Chance, chain: Sequence[Issued], content: Content) -> tuple[bytes, bytes]:
    """A signed message, and the signer's certificate as it stands in it."""
    leaf = certificates.parse(chain[0].der)
    shown = other(chance.choose, leaf.der) if chance.odd() else leaf.der
    name = chance.choose.choice(DIGESTS)
    digest = algorithms.identifier(algorithms.DIGEST_OIDS[name], null=chance.odd(0.3))
    attributes = asn1.SetOf(_attributes(chance, leaf, shown, content, name))
    by_key = bool(leaf.subject_key_id) and chance.odd(0.3)
    info = cms.SignerInfo(
        version=(3 if by_key else 1) + chance.odd(),
        signer=leaf.subject_key_id if by_key else cms.issuer_and_serial(leaf),
        digest_algorithm=digest,
        signed_attributes=attributes,
        signature_algorithm=algorithms.identifier(_signature_oid(chance, chain[0].key, name)),
        signature=_signed(chain[0].key, encode(attributes), name),
        unsigned_attributes=asn1.SetOf([cms.attribute("1.2.3", 5)]) if chance.odd(0.1) else None,
    )
    listed = [shown, *(one.der for one in chain[1:])][chance.odd() :]
    signed = cms.SignedData(
        version=chance.choose.choice([1, 3, 4]) if chance.odd() else 1,
        digest_algorithms=asn1.SetOf([digest]),
        content=cms.EncapsulatedContent(
            content_type=Oid(content.oid), content=content.data if content.type else None
        ),
        certificates=[tlv(der) for der in (listed if chance.odd() else sorted(listed))],
        revocation_lists=None,
        signer_infos=asn1.SetOf([info]),
    )
    return cms.frame(signed), shown


def _signature_oid(chance: Chance, key: Key, digest: str) -> str:
    if chance.odd():
        odd = ("1.2.840.113549.1.1.10", "1.3.101.112")
        return chance.choose.choice([*algorithms.RSA_OIDS.values(), *algorithms.ECDSA_OIDS.values(), *odd])
    if not isinstance(key, rsa.RSAPrivateKey):
        return algorithms.ECDSA_OIDS[digest]
    return algorithms._RSA if chance.odd(0.3) else algorithms.RSA_OIDS[digest]


def _signed(key: Key, data: bytes, digest: str) -> bytes:
    method = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(method))
    return (
        key.sign(data, padding.PKCS1v15(), method) if isinstance(key, rsa.RSAPrivateKey) else key.sign(data)
    )


def _attributes(
    chance: Chance, leaf: certificates.Certificate, shown: bytes, content: Content, digest: str
) -> list[cms.Attribute]:
    stated = b"other" if chance.odd() else content.data
    found = [
        cms.attribute(cms.CONTENT_TYPE, Oid(content.oid)),
        cms.attribute(cms.MESSAGE_DIGEST, algorithms.digest(digest, stated)),
        cms.attribute(cms.SIGNING_TIME, asn1.UTCTime(builder.SIGNED)),
        _named(chance, leaf, shown),
    ]
    if content.type and chance.odd(0.3):
        sha1 = x509.load_der_x509_certificate(leaf.der).fingerprint(hashes.SHA1())  # noqa: S303  what RFC 3161 has
        named = ess._CertificateId(digest=sha1, issuer_serial=None)
        value = ess._SigningCertificate(certificates=[named], policies=None)
        found.append(cms.attribute(ess.SIGNING_CERTIFICATE, value))
    if chance.odd():
        found.remove(chance.choose.choice(found))
    if chance.odd():
        found.append(chance.choose.choice(found))
    return found


def _named(chance: Chance, leaf: certificates.Certificate, shown: bytes) -> cms.Attribute:
    name = chance.choose.choice(DIGESTS)
    issuer = contents(tlv(encode(ess._DirectoryName(name=[tlv(leaf.issuer)]))))
    serial = ess._IssuerSerial(issuer=[tlv(issuer)], serial=leaf.serial + chance.odd())
    named = ess._CertificateIdV2(
        algorithm=None if name == "sha256" else algorithms.identifier(algorithms.DIGEST_OIDS[name]),
        digest=algorithms.digest(name, b"other" if chance.odd() else shown),
        issuer_serial=None if chance.odd(0.3) else serial,
    )
    value = ess._SigningCertificateV2(certificates=[] if chance.odd() else [named], policies=None)
    return cms.attribute(ess.SIGNING_CERTIFICATE_V2, value)


def _token(chance: Chance, committed: bytes) -> tuple[bytes, list[bytes]]:
    """A token over a checkpoint, about at the time of signing, and what is trusted for it."""
    seconds = chance.choose.choice([-302, -301, -300, -299, 0, 60, 3600, -86400])
    accuracy = tst.Accuracy(
        seconds=chance.choose.choice([None, 0, 1, 10**9, 10**9 + 1, -1]) if chance.odd() else 1,
        milliseconds=chance.choose.choice([None, 1, 999, 1000, 0]) if chance.odd() else None,
        microseconds=chance.choose.choice([None, 1, 999, 1000]) if chance.odd() else None,
    )
    critical = certificates.Extension(oid=Oid("1.2.3"), critical=chance.odd(0.5), value=b"")
    info = tst.Info(
        version=1 + chance.odd(),
        policy=Oid("1.2.3"),
        imprint=tst.MessageImprint(
            algorithm=algorithms.identifier(algorithms.DIGEST_OIDS["sha384" if chance.odd() else "sha256"]),
            digest=sha256(b"other" if chance.odd() else committed),
        ),
        serial=5,
        time=asn1.GeneralizedTime(
            builder.SIGNED + dt.timedelta(seconds=seconds, microseconds=chance.choose.choice([0, 1, 999999]))
        ),
        accuracy=accuracy if chance.odd(0.5) else None,
        ordering=chance.choose.choice([None, True, False]),
        nonce=chance.choose.choice([None, 7]),
        authority=None,
        extensions=[critical] if chance.odd() else None,
    )
    chain = _chain(chance, is_stamp=True)
    content = other(chance.choose, encode(info)) if chance.odd() else encode(info)
    token, shown = _message(chance, chain, Content(content, tst.TST_INFO))
    return token, _anchors(chance, [shown, *(one.der for one in chain[1:])])
