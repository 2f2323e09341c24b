"""Archives with another DER in their signature or time-stamp token; the signature is registered as it is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case
from tests.browser.broken.files import flipped
from tests.builder import Changes
from tests.vectors.archives import TOKEN, source, world

_CONSTRUCTED = 0x20
_TAGS = bytes.fromhex("0102030405060c131417181c1e303180818283a0a1a2a31f3f")
_VALUES = (
    *(b"", b"\0", b"\1", b"\xff", b"\0\x80", b"\0\1", b"\xff\xff", b"\x80", b"\0\xff", b"\7\x80", b"\7\x81"),
    *(b"20270101000000Z", b"20270101000000.5Z", b"20270101000000.50Z", b"20270101000000.1234567Z"),
    *(b"20270231000000Z", b"202701010000Z", b"270101000000Z", b"500101000000Z", b"2701010000Z"),
    *(b"00000101000000Z", b"00010101000000Z", b"99991231235959Z", b"20270101000060Z", b"20270101240000Z"),
)
_OIDS = tuple(
    map(
        bytes.fromhex,
        (
            *("2a864886f70d010101", "2a864886f70d01010b", "2a864886f70d01010c", "2a864886f70d01010d"),
            *("2a8648ce3d040302", "2a8648ce3d040303", "2a8648ce3d040304", "2a8648ce3d0201", "2b0e03021a"),
            *(
                "608648016503040201",
                "608648016503040202",
                "608648016503040203",
                "2a8648ce3d030107",
                "2b81040022",
            ),
            *("2a864886f70d010701", "2a864886f70d010702", "2a864886f70d010903", "2a864886f70d010904"),
            *("2a864886f70d010905", "2a864886f70d0109100104", "2a864886f70d010910022f", "551d0f", "551d13"),
            *("551d25", "551d0e", "2a8001", "80", "ff7f", "2a" + "01" * 62, "2a" + "01" * 63),
        ),
    )
)
_MORE = tuple(
    map(bytes.fromhex, ("0500", "020101", "04026162", "3000", "010100", "0101ff", "a000", "a100", "1f8100"))
)


@dataclass
class Node:
    """One element; ``inner`` are the elements in it, if it was read as such, else ``data`` is what it holds."""

    tag: int
    data: bytes = b""
    inner: list["Node"] = field(default_factory=list)
    written: bytes = b""

    def encoded(self) -> bytes:
        """DER, or whatever ``written`` says instead."""
        data = self.contents()
        return self.written or bytes([self.tag]) + _length(len(data)) + data

    def contents(self) -> bytes:
        """The bytes in it."""
        return b"".join(node.encoded() for node in self.inner) or self.data


def cases() -> Iterator[Case]:
    """Without end; each is made from its own number."""
    makers = (_signature, _token)
    for seed in count():
        yield f"encoded {seed}", partial(makers[seed % 2], random.Random(seed))  # noqa: S311  a test's choice


def _signature(chance: random.Random) -> Given:
    return Given(world(Changes(signature=partial(other, chance))).file)


def _token(chance: random.Random) -> Given:
    made = world(time_policy=chance.choice(["none", "expected"]))
    return Given(builder.pack([*made.members, (TOKEN, other(chance, source("token.tsr")))]))


def other(chance: random.Random, data: bytes) -> bytes:
    """DER with one or two of its elements changed; lengths around them are as they must be."""
    tree = _read(data)
    for _ in range(chance.choice([1, 1, 1, 2])):
        if not tree:
            break
        holder = chance.choice(list(_holders(tree)))
        _change(chance, tree, holder, chance.randrange(len(holder)))
    return b"".join(node.encoded() for node in tree)


def _change(chance: random.Random, tree: list[Node], holder: list[Node], place: int) -> None:
    node = holder[place]
    changes: tuple[Callable[[], None], ...] = (
        partial(holder.__delitem__, place),
        lambda: holder.insert(place, node),
        holder.reverse,
        lambda: setattr(node, "tag", chance.choice([*_TAGS, node.tag ^ _CONSTRUCTED])),
        lambda: setattr(node, "written", _lengthy(chance, node)),
        lambda: setattr(node, "written", bytes([node.tag | _CONSTRUCTED, 0x80]) + node.contents() + b"\0\0"),
        lambda: _put(node, flipped(chance, node.contents())),
        lambda: _put(node, flipped(chance, node.contents())),
        lambda: _put(node, chance.choice(_VALUES)),
        lambda: _put(node, chance.choice(_OIDS)),
        lambda: holder.insert(place, Node(0, written=chance.choice(_MORE))),
        lambda: holder.insert(
            place, Node(0, written=chance.choice(chance.choice(list(_holders(tree)))).encoded())
        ),
    )
    chance.choice(changes)()


def _put(node: Node, data: bytes) -> None:
    node.data, node.inner = data, []


def _lengthy(chance: random.Random, node: Node) -> bytes:
    """With more bytes for the length than it needs, or as many as it needs beyond 127."""
    size = len(node.contents())
    digits = size.to_bytes(max((size.bit_length() + 7) // 8, 1) + chance.randrange(4), "big")
    return bytes([node.tag, 0x80 + len(digits)]) + digits + node.contents()


def _holders(tree: list[Node]) -> Iterator[list[Node]]:
    if tree:
        yield tree
    for node in tree:
        yield from _holders(node.inner)


def _read(data: bytes) -> list[Node]:
    """The elements of well-formed DER; what stands in octet strings is read, too, where it is DER itself."""
    found: list[Node] = []
    position = 0
    while position < len(data):
        size, start = _size(data, position + 1)
        node = Node(data[position], data[start : start + size])
        node.inner = _inside(node)
        found.append(node)
        position = start + size
    return found


def _inside(node: Node) -> list[Node]:
    is_wrapped = node.tag == 0x04 and node.data[:1] in {b"\x30", b"\x03", b"\x04"}
    if not (node.tag & _CONSTRUCTED or is_wrapped):
        return []
    try:
        inner = _read(node.data)
    except IndexError:
        return []
    return inner if b"".join(one.encoded() for one in inner) == node.data else []


def _size(data: bytes, place: int) -> tuple[int, int]:
    first = data[place]
    if first < 0x80:
        return first, place + 1
    end = place + 1 + first - 0x80
    return int.from_bytes(data[place + 1 : end], "big"), end


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 + len(digits)]) + digits
