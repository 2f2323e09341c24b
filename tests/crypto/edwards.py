"""The curve of Ed25519 by RFC 8032's formulas, slow and plain: an oracle, and signatures that no program makes."""

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, FIELD) % FIELD
_ROOT = pow(2, (FIELD - 1) // 4, FIELD)

Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    (x1, y1), (x2, y2) = a, b
    product = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, FIELD)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, FIELD)
    return x % FIELD, y % FIELD


def times(scalar: int, point: Point) -> Point:
    found = IDENTITY
    for bit in f"{scalar:b}":
        found = add(found, found)
        found = add(found, point) if bit == "1" else found
    return found


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def with_y(y: int) -> Point:
    """The point with that y and an even x."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    x = x if x * x % FIELD == square else x * _ROOT % FIELD
    assert x * x % FIELD == square
    return (x if x % 2 == 0 else FIELD - x), y


BASE = with_y(4 * pow(5, -1, FIELD) % FIELD)


def small_order() -> list[Point]:
    """The eight points of small order: a point times the order of the base point has no other part."""
    generator = next(p for y in range(2, 99) if times(4, p := _rest(y)) != IDENTITY)
    return [times(n, generator) for n in range(8)]


def _rest(y: int) -> Point:
    try:
        return times(ORDER, with_y(y))
    except (AssertionError, ValueError):
        return IDENTITY


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER


@dataclass(frozen=True, slots=True)
class Case:
    """A signature, and whether FORMAT.md has it verified."""

    what: str
    key: bytes
    signature: bytes
    message: bytes
    is_good: bool


@functools.cache
def cases() -> tuple[Case, ...]:
    """Signatures at the edges, made with the secret 12345 where they need one."""
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    secret, nonce = 12345, 67890
    a, r = times(secret, BASE), times(nonce, BASE)
    yield _signed("plain", a, secret, r, nonce, b"text")
    for n, point in enumerate(small_order()):
        yield _signed(f"key of small order {n}", point, 0, r, nonce, b"text")
        yield _signed(f"R of small order {n}", a, secret, point, 0, b"text")
        mixed_key, mixed_r = add(a, point), add(r, point)
        for message in (b"%d" % i for i in range(5)):
            yield _signed(f"key with a part of small order {n}", mixed_key, secret, r, nonce, message)
        yield _signed(f"R with a part of small order {n}", a, secret, mixed_r, nonce, b"text")
    for other in (FIELD, FIELD + 1, 1 | 1 << 255, FIELD - 1 | 1 << 255, FIELD + 1 | 1 << 255):
        raw = other.to_bytes(32, "little")
        # the identity in another encoding as key: [S]B = R fits every text
        yield Case("key in another encoding", raw, encode(r) + nonce.to_bytes(32, "little"), b"text", False)
        k = challenge(raw, encode(a), b"text")
        whole = raw + (k * secret % ORDER).to_bytes(32, "little")
        yield Case("R in another encoding", encode(a), whole, b"text", False)
    plain = _signed("", a, secret, r, nonce, b"text")
    s = int.from_bytes(plain.signature[32:], "little")
    for higher in (s + ORDER, s + 2 * ORDER, s + 8 * ORDER):
        yield Case("S above the order", plain.key, encode(r) + higher.to_bytes(32, "little"), b"text", False)
    yield Case("R negated", plain.key, encode((FIELD - r[0], r[1])) + plain.signature[32:], b"text", False)
    no_point = next(y for y in range(2, 99) if not _is_point(y)).to_bytes(32, "little")
    yield Case("no point as key", no_point, plain.signature, b"text", False)
    yield Case("no point as R", plain.key, no_point + plain.signature[32:], b"text", False)
    yield Case("too short", plain.key, plain.signature[:-1], b"text", False)
    yield Case("too long", plain.key, plain.signature + b"\0", b"text", False)
    yield Case("empty", plain.key, b"", b"text", False)


def _is_point(y: int) -> bool:
    try:
        with_y(y)
    except AssertionError:
        return False
    return True


def _signed(  # noqa: PLR0917  each of them varies
    what: str, key: Point, secret: int, r: Point, nonce: int, message: bytes
) -> Case:
    """S = nonce + k * secret; good if the equation without cofactor holds and nothing is of small order."""
    k = challenge(encode(r), encode(key), message)
    s = (nonce + k * secret) % ORDER
    holds = times(s, BASE) == add(r, times(k, key))
    is_sound = IDENTITY not in {times(8, key), times(8, r)}
    return Case(what, encode(key), encode(r) + s.to_bytes(32, "little"), message, holds and is_sound)
