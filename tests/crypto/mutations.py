"""Damaged copies of valid bytes, for laws about parsers."""

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Valid bytes after one to three flips, cuts, insertions, deletions or repetitions."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, max(len(data) - 1, 0)))
        end = min(start + draw(st.integers(1, 8)), len(data))
        kind = draw(st.sampled_from(["flip", "set", "cut", "insert", "delete", "repeat"]))
        if kind == "flip" and data:
            data[start] ^= 1 << draw(st.integers(0, 7))
        elif kind == "set":
            data[start:end] = draw(st.binary(min_size=end - start, max_size=end - start))
        elif kind == "cut":
            del data[start:]
        elif kind == "insert":
            data[start:start] = draw(st.binary(min_size=1, max_size=8))
        elif kind == "delete":
            del data[start:end]
        else:
            data[start:start] = data[start:end]
    return bytes(data)
