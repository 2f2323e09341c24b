"""Files altered as files, and archives packed again from other members (FORMAT.md, steps 1 to 3)."""

from dataclasses import replace
from functools import cache

from evidence.container.reader import open_archive
from tests import builder
from tests.browser.altered.asked import Asked
from tests.browser.altered.draw import Draw
from tests.browser.altered.raw import damaged
from tests.browser.altered.vectors import asked, names
from tests.builder import Members

_OTHER_NAMES = (
    "manifest.json",
    "MANIFEST.json",
    "exhibits/E1.wav",
    "exhibits/E2.wav",
    "exhibits/E01.wav",
    "exhibits/E12345.wav",
    "exhibits/E123456.wav",
    "exhibits/E3",
    "exhibits/E3.toolongext",
    "records/r-0000000a.json",
    "records/r-0000000A.json",
    "access/E1.mp3",
    "access/a/b",
    "access",
    "report.pdf",
    "report.html",
    "mimetype",
    "META-INF/ASiCManifest001.xml",
    "META-INF/ASiCManifest002.xml",
    "META-INF/ASiCManifest003.xml",
    "META-INF/signature002.p7s",
    "META-INF/signature002.xml",
    "META-INF/ASiCArchiveManifest001.xml",
    "META-INF/ASiCArchiveManifest000.xml",
    "META-INF/timestamp001.tst",
    "META-INF/timestamp000.tst",
    "META-INF/register-000.tlog-proof",
    "META-INF/register-002.tlog-proof",
    "META-INF/register-099.tlog-proof",
    "META-INF/register-100.tlog-proof",
    "META-INF/register-001.key-proof",
    "META-INF/register-002.key-proof",
    "META-INF/register-001-token-1.tsr",
    "META-INF/register-001-token-2.tsr",
    "META-INF/register-002-token-1.tsr",
    "META-INF/register-001-token-0.tsr",
    "META-INF/other",
    "..",
    "a/./b",
    "a//b",
    "/a",
    "a/",
    "a b",
    "é",
    "a" * 128,
    "a" * 129,
    "",
)


def damaged_file(draw: Draw) -> Asked:
    """A vector's file with a few bytes changed, mostly of its structure."""
    one = asked(draw.one(names()))
    size = len(one.archive)
    low = draw.one([0, 0, max(0, size - 22), max(0, size - 2500), max(0, size - 6000)])
    data = damaged(draw, one.archive, low, draw.one([None, None, low + 200]))
    match draw.below(12):
        case 0:
            data = data[: draw.below(size + 1)]
        case 1:
            data = one.archive + draw.bytes(draw.between(1, 30))
        case 2:
            data = one.archive + one.archive[-draw.between(1, 200) :]
        case 3:
            data = one.archive[: -draw.between(1, 60)]
    return replace(one, archive=data)


def repacked(draw: Draw) -> Asked:
    """A vector's members in another choice, order or under other names; the container is sound."""
    name = draw.one(_readable())
    parts = list(_members(name))
    checksums: dict[str, int] = {}
    for _ in range(draw.between(1, 3)):
        _change(draw, parts, checksums)
    file = builder.pack_anyhow([(name, data) for name, data in parts if len(name.encode()) < 1000], checksums)
    return replace(asked(name), archive=file, complete=draw.maybe(30))


def _change(draw: Draw, parts: Members, checksums: dict[str, int]) -> None:
    place = draw.between(1, len(parts) - 1)
    name, data = parts[place]
    match draw.below(9):
        case 0 if len(parts) > 2:
            del parts[place]
        case 1:
            parts.insert(draw.between(1, len(parts)), parts.pop(place))
        case 2:
            parts[place] = (draw.one(_OTHER_NAMES), data)
        case 3:
            parts.insert(draw.between(1, len(parts)), (draw.one(_OTHER_NAMES), data[:50]))
        case 4:
            checksums[name] = draw.below(2**32)
        case 5:
            parts.append((draw.one(_OTHER_NAMES[18:36]), draw.bytes(10)))
        case 6:
            numbered = [name for name in _OTHER_NAMES[18:36] if "00" in name]
            parts += [(numbered[draw.below(len(numbered))], b"x") for _ in range(draw.between(1, 4))]
        case _:
            parts[place] = (name, damaged(draw, data))


@cache
def _readable() -> tuple[str, ...]:
    return tuple(
        name for name in names() if not name.startswith(("CONTAINER", "MEMBER_DUP", "MEMBER_NAME", "NOT_AN"))
    )


@cache
def _members(name: str) -> Members:
    import io  # noqa: PLC0415

    container = open_archive(io.BytesIO(asked(name).archive))
    return [(member.name, container.read(member, 2**30)) for member in container.members]
