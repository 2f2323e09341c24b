"""canonical and strict: laws, and RFC 8785 by an implementation of the whole of it."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evidence import canonical, strict

LIMIT = 1_000_000
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127))
INTEGERS = st.integers(-strict.MAX_INTEGER, strict.MAX_INTEGER)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
).filter(lambda document: depth(document) < strict.MAX_DEPTH)


def depth(document: Any) -> int:
    inner = (
        document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    )
    return 1 + max(map(depth, inner), default=0)


@given(DOCUMENTS)
def test_decode_of_encode_is_the_document(document: Any) -> None:
    assert canonical.decode(canonical.encode(document), LIMIT) == document


@given(DOCUMENTS)
def test_encode_writes_rfc_8785(document: Any) -> None:
    assert canonical.encode(document) == rfc8785.dumps(document)


@given(DOCUMENTS, st.sampled_from([{"indent": 1}, {"separators": (", ", ": ")}, {"ensure_ascii": True}]))
def test_decode_refuses_every_other_form(document: Any, form: dict[str, Any]) -> None:
    data = json.dumps(
        document, **{"ensure_ascii": False, "sort_keys": True, "separators": (",", ":"), **form}
    ).encode()
    if data != rfc8785.dumps(document):
        with pytest.raises(ValueError, match="canonical"):
            canonical.decode(data, LIMIT)


@given(st.binary(max_size=200))
def test_decode_raises_nothing_but_value_error(data: bytes) -> None:
    try:
        document = canonical.decode(data, LIMIT)
    except ValueError:
        return
    assert canonical.encode(document) == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"\xd1\x97":1}',
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b'"\\ud800"',
        b'"\\u0061"',
        b'"\xff"',
        b'\xef\xbb\xbf""',
        b'"a" ',
        b"",
        b"[" * 17 + b"]" * 17,
        b"[" * 100_000,
        b'"' + b"a" * LIMIT + b'"',
    ],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical.decode(data, LIMIT)


@pytest.mark.parametrize("document", [1.5, float("nan"), 2**53, -(2**53), "\ud800", {"ї": 1}, [[1.0]]])
def test_encode_refuses(document: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical.encode(document)


def test_sixteen_levels_are_allowed() -> None:
    document: Any = 1
    for _ in range(strict.MAX_DEPTH - 1):
        document = [document]
    assert canonical.decode(canonical.encode(document), LIMIT) == document
    with pytest.raises(ValueError, match="deeper"):
        canonical.encode([document])


@given(st.text(max_size=20))
def test_strict_forms_are_the_only_ones(text: str) -> None:
    """Whatever a strict parser takes is exactly what is written for its value."""
    forms: tuple[tuple[Any, Any], ...] = (
        (strict.decimal, str),
        (lambda t: strict.hexadecimal(t, 2), bytes.hex),
        (strict.timestamp, strict.format_timestamp),
    )
    for parse, write in forms:
        try:
            value = parse(text)
        except ValueError:
            continue
        assert write(value) == text


@pytest.mark.parametrize("text", ["", "+1", "01", " 1", "1 ", "1_0", "١", "-0", "9007199254740992", "1\n"])
def test_decimal_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        strict.decimal(text)


@pytest.mark.parametrize("text", ["A", "YQ", "YQ=", "YQ==\n", " YQ==", "YR==", "YQ===", "Y-==", "=", "ї"])
def test_base64_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        strict.base64_bytes(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-05T10:15:02Z",
        "2026-11-05T10:15:02.1Z",
        "2026-13-05T10:15:02.100Z",
        "2026-11-05t10:15:02.100Z",
        "2026-11-05T10:15:60.100Z",
        "2026-11-05T10:15:02.100+00:00",
        "٢026-11-05T10:15:02.100Z",
    ],
)
def test_timestamp_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict.timestamp(text)
