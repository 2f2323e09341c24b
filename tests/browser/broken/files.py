"""Archives whose file is broken: any byte of it, or which members it has, where they stand and what is in them."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from evidence.container.names import SIGNATURE
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case
from tests.builder import Members
from tests.vectors import archives
from tests.vectors.archives import TOKEN, World, source

TELLING = bytes.fromhex("00010203040530317f80a0a1ff17180a20222c")
"""Bytes that mean something in ZIP, DER, JSON or text."""

NAMES = (
    *("mimetype", "manifest.json", "Manifest.json", "SHA256SUMS", "VERIFY.txt", "report.pdf", "report.html"),
    *("exhibits/E1.wav", "exhibits/E2", "exhibits/E10000.a", "exhibits/E100000.a", "exhibits/E2.abcdefghi"),
    *("records/r-00000000.json", "access/a", "access/.a", "access/../a", "a//b", "/a", "a b", "a\\b", "ü"),
    *("x" * 128, "x" * 129, "META-INF/x", "META-INF/ASiCManifest000.xml", "META-INF/ASiCManifest001.xml"),
    *("META-INF/ASiCManifest002.xml", "META-INF/ASiCManifest003.xml", "META-INF/ASiCManifest1000.xml"),
    *("META-INF/signature001.p7s", "META-INF/signature002.p7s", "META-INF/signature003.p7s"),
    *("META-INF/ASiCArchiveManifest001.xml", "META-INF/ASiCArchiveManifest002.xml"),
    *("META-INF/timestamp001.tst", "META-INF/timestamp002.tst", "META-INF/register-entry.json"),
    *("META-INF/register-000.tlog-proof", "META-INF/register-001.tlog-proof"),
    *("META-INF/register-002.tlog-proof", "META-INF/register-003.tlog-proof"),
    *("META-INF/register-100.tlog-proof", "META-INF/register-001-token-1.tsr"),
    *("META-INF/register-001-token-2.tsr", "META-INF/register-002-token-1.tsr"),
    *("META-INF/register-001.key-proof", "META-INF/register-002.key-proof"),
)


def cases() -> Iterator[Case]:
    """Without end; each is made from its own number."""
    makers = (_cut, _repacked, _evidence)
    for seed in count():
        yield f"files {seed}", partial(makers[seed % len(makers)], random.Random(seed))  # noqa: S311  a test's choice


def _parts(chance: random.Random) -> Members:
    worlds: list[Callable[[], World]] = [archives.world, archives.received, archives.announced]
    made = chance.choice(worlds)()
    token = [(TOKEN, source("token.tsr"))] if chance.random() < 0.5 else []
    return [*made.members, *token]


def _cut(chance: random.Random) -> Given:
    data = builder.pack_anyhow(_parts(chance))
    near = chance.choice([len(data), 120, data.find(b"PK", chance.randrange(len(data)))])
    place = max(0, min(len(data), near) - 1 - chance.randrange(1200))
    if chance.random() < 0.3:
        return Given(mangled(chance, data))
    return Given(data[:place] + flipped(chance, data[place : place + 40]) + data[place + 40 :])


def _repacked(chance: random.Random) -> Given:
    parts = _parts(chance)
    for _ in range(chance.randint(1, 2)):
        parts = _exchanged(chance, parts)
    wrong = {chance.choice(parts)[0]: 1} if chance.random() < 0.2 else None
    return Given(builder.pack_anyhow(parts, wrong), require=chance.choice(["", "complete"]))


def _exchanged(chance: random.Random, parts: Members) -> Members:
    place = chance.randrange(1, len(parts))
    (name, data), rest = parts[place], [*parts[:place], *parts[place + 1 :]]
    other = chance.randrange(1, len(rest) + 1)
    match chance.randrange(6):
        case 0:
            return rest
        case 1:
            return [*rest[:other], (name, data), *rest[other:]]
        case 2:
            return [*parts[:place], (chance.choice(NAMES), data), *parts[place + 1 :]]
        case 3:
            return [*parts[:other], (chance.choice(NAMES), data), *parts[other:]]
        case 4:
            return [*parts[:place], (name, mangled(chance, data)), *parts[place + 1 :]]
        case _:
            return [*parts[:place], (name, parts[other][1]), *parts[place + 1 :]]


def _evidence(chance: random.Random) -> Given:
    parts = _parts(chance)
    name = chance.choice([name for name, _data in parts if name.startswith("META-INF") and name != SIGNATURE])
    return Given(builder.pack_anyhow(builder.changed(parts, name, partial(mangled, chance))))


def flipped(chance: random.Random, data: bytes) -> bytes:
    """The bytes with one of them changed, one more or one less."""
    place = chance.randrange(len(data)) if data else 0
    before, byte, after = data[:place], data[place : place + 1], data[place + 1 :]
    telling = bytes([chance.choice(TELLING)])
    match chance.randrange(4):
        case 0 if byte:
            return before + bytes([byte[0] ^ 1 << chance.randrange(8)]) + after
        case 1:
            return before + telling + after
        case 2:
            return before + telling + byte + after
        case _:
            return before + after


def mangled(chance: random.Random, data: bytes) -> bytes:
    """The bytes cut, longer, with some of them gone or twice, or one of them changed."""
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    match chance.randrange(8):
        case 0:
            return data[:start]
        case 1:
            return data + chance.choice([b"\0", b"\n", b" ", data[:end]])
        case 2:
            return data[:start] + data[end:]
        case 3:
            return data[:end] + data[start:]
        case _:
            return flipped(chance, data)
