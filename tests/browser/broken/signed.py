"""Archives with signatures, certificates, paths and tokens of every kind (FORMAT.md, "Signature", "Token", "Trust")."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count

from evidence.digests import sha256
from evidence.strict import format_timestamp
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case, der, messages, pki
from tests.browser.broken.draw import Draw, Odd
from tests.browser.broken.messages import Wish
from tests.browser.broken.pki import Issued, Key, Plan
from tests.builder import Changes
from tests.vectors.archives import World, world

_MOMENTS = [
    dt.datetime(year, 6, 1, tzinfo=dt.UTC) for year in (2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031)
]
_TIMES = [format_timestamp(moment) for moment in _MOMENTS]
_KINDS = ("p256", "p256", "p256", "p384", "p521", "rsa2048")


def cases() -> Iterator[Case]:
    """Without end; each is made from its own number."""
    for seed in count():
        for make in (signature, path, token):
            yield f"{make.__name__} {seed}", partial(_drawn, make, seed)


def _drawn(make: Callable[[Draw], Given], seed: int) -> Given:
    return make(Draw(seed))


def _sealed(make: Callable[[bytes], bytes], certificate: bytes, time_policy: str = "none") -> World:
    """The archive of PASSED with another signature, which is entered so."""
    held: list[bytes] = []

    def listed(data: bytes) -> bytes:
        held.append(data)
        return data

    changes = Changes(asic=listed, signature=lambda _old: make(held[-1]))
    return world(
        changes, time_policy=time_policy, then=lambda sealed: replace(sealed, certificate=certificate)
    )


def _leaf(draw: Draw, key: Key, purposes: tuple[str, ...] = ()) -> list[bytes]:
    """Extensions of a certificate that signs, mostly."""
    found = [pki.constraints(ca=draw.maybe(3))] if draw.maybe(80) else []
    if draw.maybe(80):
        found.append(pki.usage(draw.one([0xC0, 0xC0, 0xC0, 0x80, 0x40, 0x20, 0x84, 0x00])))
    if purposes:
        found.append(pki.purposes(*purposes, critical=draw.maybe(95)))
    elif draw.maybe(25):
        found.append(pki.purposes(*draw.some(pki.OTHER_PURPOSES), critical=draw.maybe(50)))
    found.append(pki.extension(pki.SUBJECT_KEY_ID, der.octets(pki.key_id(key))))
    return found + _odd_extensions(draw)


def _odd_extensions(draw: Draw) -> list[bytes]:
    if draw.maybe(94):
        return []
    known = ["2.5.29.35", "2.5.29.17", "2.5.29.18", "2.5.29.31", "2.5.29.32", "1.3.6.1.5.5.7.1.3"]
    strange = ["2.5.29.30", "2.5.29.36", "1.2.3.4", *known]
    made = [
        pki.extension(draw.one(strange), der.NULL, critical=draw.one([True, False, None])),
        pki.extension(
            pki.KEY_USAGE, draw.one([der.NULL, der.bits(b""), der.bits(b"\xc0\x80", 7), der.bits(b"\xc1", 1)])
        ),
        pki.extension(
            pki.CONSTRAINTS,
            draw.one([der.NULL, der.sequence(der.integer(-1)), der.sequence(der.tlv(1, b"\0"))]),
        ),
        pki.extension(pki.PURPOSES, draw.one([der.sequence(), der.sequence(der.NULL), der.NULL])),
        pki.extension(pki.SUBJECT_KEY_ID, draw.one([b"", der.NULL, der.octets(b"")])),
    ]
    return [draw.one(made)]


def _moment(draw: Draw, usual: dt.datetime) -> bytes:
    if draw.maybe(90):
        return draw.one([der.utc_time, der.generalized_time])(usual)
    return draw.one(
        [
            der.generalized_time(usual, draw.one([".5", ".999999", ".50"])),
            der.generalized_time(usual.replace(year=draw.one([1, 1950, 2049, 2050, 9999]))),
            der.tlv(0x17, b"260230000000Z"),
            der.NULL,
        ]
    )


def signature(draw: Draw) -> Given:
    """An archive signed by one certificate, in a message of any form."""
    key = pki.key_of(draw.one([*_KINDS, "k256", "rsa1024", "rsa3072"]), draw.below(3))
    subject = pki.any_name(draw) if draw.maybe(50) else pki.name("Signer")
    plan = Plan(key, subject, serial=draw.one([1, 127, 128, 4711, 2**70, 0, -5]), extensions=_leaf(draw, key))
    plan = replace(plan, since=_moment(draw, pki.SINCE), until=_moment(draw, pki.UNTIL))
    if draw.maybe(5):
        plan = replace(
            plan,
            version=draw.one(
                [
                    b"",
                    der.tlv(0xA0, der.integer(1)),
                    der.tlv(0xA0, der.integer(0)),
                    der.tlv(0xA0, der.integer(3)),
                ]
            ),
        )
    if draw.maybe(10):
        plan = replace(plan, issuer=pki.any_name(draw))
    signer = pki.issue(plan)
    others = [pki.issue(Plan(pki.key_of("p256", 9), pki.name("Other"))).data]
    made = _sealed(
        lambda content: messages.message(
            draw, Wish(content, messages.DATA, detached=True, signer=signer, others=others)
        ),
        signer.data,
    )
    if draw.maybe(50):
        return Given(made.file, trust=(), anchors=[signer.data])
    return Given(made.file, trust=(), fingerprints=[signer.sha256])


def path(draw: Draw) -> Given:
    """An archive whose signer stands below certificates of every kind."""
    signer, others = _paths(draw, ())
    wish = Wish(
        b"", messages.DATA, detached=True, signer=signer, others=[one.data for one in others], oddity=0
    )
    made = _sealed(lambda content: messages.message(draw, replace(wish, content=content)), signer.data)
    at = draw.one(_TIMES[2:6]) if draw.maybe(60) else ""
    anchors, fingerprints = _anchors(draw, [signer, *others])
    now = draw.one(_TIMES)
    return Given(made.file, trust=(), anchors=anchors, fingerprints=fingerprints, now=now, at=at)


def token(draw: Draw) -> Given:
    """An archive with tokens of every kind."""
    policy = draw.one(["none", "expected", "expected"])
    made = world(time_policy=policy)
    stamped = made.register.checkpoint(3)
    parts = made.members
    known: list[Issued] = []
    for number in range(1, draw.between(2, 4)):
        data, authorities = _token(draw, stamped)
        known += authorities
        parts = [*parts, (f"META-INF/register-001-token-{number}.tsr", data)]
    archive = builder.pack_anyhow(parts)
    anchors, fingerprints = _anchors(draw, known)
    now = draw.one(_TIMES)
    return Given(archive, trust_tsa=(), tsa_anchors=anchors, tsa_fingerprints=fingerprints, now=now)


def _token(draw: Draw, stamped: bytes) -> tuple[bytes, list[Issued]]:
    purposes = (pki.TIME_STAMPING,) if draw.maybe(93) else tuple(draw.some(pki.OTHER_PURPOSES))
    signer, others = _paths(draw, purposes) if draw.maybe(50) else (_stamper(draw, purposes), [])
    content = _info(draw, stamped)
    wish = Wish(
        content, messages.TST_INFO, detached=False, signer=signer, others=[one.data for one in others]
    )
    wish = replace(wish, oddity=draw.one([0, 0, 1, 3]))
    return messages.message(draw, wish), [signer, *others]


def _stamper(draw: Draw, purposes: tuple[str, ...]) -> Issued:
    key = pki.key_of(draw.one(_KINDS), draw.below(3))
    return pki.issue(Plan(key, pki.name("Stamper"), extensions=_leaf(draw, key, purposes)))


def _info(draw: Draw, stamped: bytes) -> bytes:
    odd = Odd(draw, 1).one
    kind = pki.algorithm(
        odd(pki.DIGEST_OIDS["sha256"], pki.DIGEST_OIDS["sha512"], "1.2.3"), draw.one([b"", der.NULL])
    )
    imprint = der.sequence(kind, der.octets(odd(sha256(stamped), sha256(b"other"), b"")))
    moment = draw.one(
        [*_MOMENTS, dt.datetime(2026, 3, 2, 18, draw.between(33, 42), draw.below(60), tzinfo=dt.UTC)]
    )
    fraction = draw.one(["", "", ".5", ".001", ".000001", ".999999"])
    time = odd(
        der.generalized_time(moment, fraction), der.utc_time(moment), der.generalized_time(moment, ".50")
    )
    return der.sequence(
        der.integer(odd(1, 0, 2)),
        der.oid("1.2.3.4.1"),
        imprint,
        der.integer(odd(77, -1, 2**100)),
        time,
        _accuracy(draw),
        odd(b"", der.tlv(1, b"\xff"), der.tlv(1, b"\0"), der.tlv(1, b"\1")),
        odd(b"", der.integer(5), der.integer(-5)),
        odd(b"", der.tlv(0xA0, der.tlv(0xA4, pki.name("Stamper"))), der.tlv(0xA0)),
        odd(
            b"",
            der.tlv(0xA1, pki.extension("1.2.3", b"", critical=draw.one([True, False, None]))),
            der.tlv(0xA1),
        ),
        odd(b"", der.NULL),
    )


def _accuracy(draw: Draw) -> bytes:
    if draw.maybe(40):
        return b""
    odd = Odd(draw, 3).one
    seconds = der.integer(odd(draw.one([0, 1, 60, 300]), 10**9, 10**9 + 1, -1)) if draw.maybe(60) else b""
    small = [odd(draw.one([1, 5, 500, 999]), 0, 1000, -1) for _ in range(2)]
    parts = [
        der.tlv(tag, der.integer(value)[2:])
        for tag, value in zip((0x80, 0x81), small, strict=True)
        if draw.maybe(30)
    ]
    return der.sequence(seconds, *parts)


def _paths(draw: Draw, purposes: tuple[str, ...]) -> tuple[Issued, list[Issued]]:
    """A signer's certificate, and others of which some stand above it; few names and keys, so that ways cross."""
    issued: list[Issued] = []
    for _ in range(draw.between(1, 7)):
        key = pki.key_of(draw.one(_KINDS), draw.below(3))
        issued.append(_issue(draw, issued, key, pki.name(f"CA {draw.below(3)}"), _issuing(draw, key)))
    key = pki.key_of(draw.one(_KINDS), 7)
    signer = _issue(draw, issued, key, pki.name("Leaf"), _leaf(draw, key, purposes))
    return signer, issued


def _issue(draw: Draw, above: list[Issued], key: Key, subject: bytes, extensions: list[bytes]) -> Issued:
    issuer = draw.one(above[-2:]) if above and draw.maybe(90) else None
    since, until = pki.SINCE, pki.UNTIL
    if draw.maybe(30):  # often ends at the moment that is judged
        since, until = draw.one(_MOMENTS[:4]), draw.one(_MOMENTS[3:])
    plan = Plan(
        key=key,
        subject=subject,
        issuer=issuer.subject if issuer else None,
        signer=issuer.key if issuer else None,
        serial=1000 + len(above),
        since=_moment(draw, since) if draw.maybe(10) else der.utc_time(since),
        until=_moment(draw, until) if draw.maybe(10) else der.utc_time(until),
        extensions=extensions,
        digest=draw.one(["sha256", "sha256", "sha256", "sha384", "sha512", "sha1"])
        if draw.maybe(30)
        else "sha256",
        broken=draw.maybe(2),
    )
    if issuer and draw.maybe(3):
        plan = replace(plan, issuer=pki.name("Somebody"))
    return pki.issue(plan)


def _issuing(draw: Draw, key: Key) -> list[bytes]:
    found = [pki.constraints(ca=draw.maybe(96), path_length=draw.one([None, None, None, 0, 1, 2]))]
    if draw.maybe(80):
        found.append(pki.usage(0x06 if draw.maybe(95) else 0xC0))
    if draw.maybe(15):
        found.append(pki.purposes(*draw.some(pki.OTHER_PURPOSES), critical=draw.maybe(50)))
    found.append(pki.extension(pki.SUBJECT_KEY_ID, der.octets(pki.key_id(key))))
    return found + (_odd_extensions(draw) if draw.maybe(20) else [])


def _anchors(draw: Draw, known: list[Issued]) -> tuple[list[bytes], list[str]]:
    """Certificates and fingerprints that the verifier trusts."""
    chosen = [draw.one(known) for _ in range(draw.between(0, 2))]
    if draw.maybe(60):
        chosen.append(known[draw.below(min(2, len(known)))])
    named = [one for one in chosen if draw.maybe(50)]
    return [one.data for one in chosen if one not in named], [one.sha256 for one in named]
