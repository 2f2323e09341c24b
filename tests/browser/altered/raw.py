"""Bytes changed here and there."""

from tests.browser.altered.draw import Draw


def damaged(draw: Draw, data: bytes, low: int = 0, high: int | None = None) -> bytes:
    """The bytes after one to three changes between two places."""
    changed = bytearray(data)
    for _ in range(draw.between(1, 3)):
        end = len(changed) if high is None else min(high, len(changed))
        if low >= end:
            break
        start = draw.between(low, end - 1)
        _change(draw, changed, start, min(start + draw.between(1, 8), len(changed)))
    return bytes(changed)


def _change(draw: Draw, data: bytearray, start: int, end: int) -> None:
    match draw.below(8):
        case 0:
            data[start:end] = draw.bytes(end - start)
        case 1:
            data[start:end] = bytes(end - start)
        case 2:
            data[start:start] = draw.bytes(draw.between(1, 4))
        case 3:
            del data[start:end]
        case 4:
            data[start:start] = data[start:end]
        case 5:
            data[start] = (data[start] + draw.one([1, 255])) % 256
        case _:
            data[start] ^= 1 << draw.below(8)
