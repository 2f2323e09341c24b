"""tlog-proof@v1: one way to write it, nothing else is read."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.register import proof
from evidence.register.checkpoint import MAX_NOTE
from evidence.register.proof import Proof
from tests.register.chains import LAWS

HASHES = tuple(bytes([number]) * 32 for number in range(3))
NOTE = "register.test/one\n5\nroot\n\n— register.test/one AAAA\n".encode()
VALUE = Proof(4, HASHES, NOTE)
GOOD = proof.encode(VALUE)
LINE = base64.b64encode(HASHES[1])

proofs = st.builds(
    Proof,
    index=st.integers(0, 2**53 - 1),
    hashes=st.lists(st.binary(min_size=32, max_size=32), max_size=53).map(tuple),
    checkpoint=st.binary(min_size=1, max_size=300),
)


@LAWS
@given(proofs)
def test_parse_of_encode_is_the_same(value: Proof) -> None:
    data = proof.encode(value)
    assert proof.parse(data) == value
    assert proof.encode(proof.parse(data)) == data


@LAWS
@given(proofs, st.data())
def test_a_changed_byte_is_another_proof_or_none(value: Proof, data: st.DataObject) -> None:
    good = proof.encode(value)
    place = data.draw(st.integers(0, len(good) - 1))
    other = good[:place] + bytes([data.draw(st.integers(0, 255))]) + good[place + 1 :]
    try:
        assert (proof.parse(other) == value) == (other == good)
    except ValueError:
        assert other != good


def test_the_form_of_the_c2sp_text() -> None:
    lines = ["c2sp.org/tlog-proof@v1", "index 4", *(base64.b64encode(h).decode() for h in HASHES), "", ""]
    assert "\n".join(lines).encode() + NOTE == GOOD


def test_a_proof_in_a_register_of_one_entry_has_no_hashes() -> None:
    data = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + NOTE
    assert proof.parse(data) == Proof(0, (), NOTE)


@pytest.mark.parametrize("extra", [b"extra YWdl\n", b"extra \n"])
def test_an_extra_line_is_ignored(extra: bytes) -> None:
    assert proof.parse(GOOD.replace(b"index", extra + b"index", 1)) == VALUE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        NOTE,
        GOOD[: GOOD.index(b"\n\n") + 1],
        GOOD[: GOOD.index(b"\n\n") + 2],
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD,
        b"\n" + GOOD,
        GOOD.replace(b"@v1", b"@v2"),
        GOOD.replace(b"@v1", b"@v1 "),
        GOOD.replace(b"index 4\n", b""),
        GOOD.replace(b"index 4", b"4"),
        b"c2sp.org/tlog-proof@v1\n\n" + NOTE,
        b"c2sp.org/tlog-proof@v1\nextra YWdl\n\n" + NOTE,
        GOOD.replace(b"index 4\n", b"index 4\nindex 4\n"),
        GOOD.replace(b"index 4", b"Index 4"),
        GOOD.replace(b"index 4", b"index\t4"),
        GOOD.replace(b"index 4", b"index  4"),
        GOOD.replace(b"index 4", b"index 04"),
        GOOD.replace(b"index 4", b"index +4"),
        GOOD.replace(b"index 4", b"index -4"),
        GOOD.replace(b"index 4", b"index 4 "),
        GOOD.replace(b"index 4", b"index 1_0"),
        GOOD.replace(b"index 4", b"index "),
        GOOD.replace(b"index 4", b"index 9007199254740992"),
        GOOD.replace(b"index 4", "index \u0664".encode()),
        GOOD.replace(b"index 4", b"extra YWdl\nextra YWdl\nindex 4"),
        GOOD.replace(b"index 4", b"extra YWd\nindex 4"),
        GOOD.replace(b"index 4", b"extra YWdlYR==\nindex 4"),
        GOOD.replace(b"index 4", b"extra\nindex 4"),
        GOOD.replace(b"index 4\n", b"index 4\nextra YWdl\n"),
        GOOD.replace(LINE, LINE[:-1]),
        GOOD.replace(LINE, LINE[:-2] + b"F="),  # the bits below the last byte set
        GOOD.replace(LINE, b" " + LINE),
        GOOD.replace(LINE, LINE + b" "),
        GOOD.replace(LINE, LINE.replace(b"/", b"_").replace(b"+", b"-")[:-1] + b"."),
        GOOD.replace(LINE, base64.b64encode(bytes(31))),
        GOOD.replace(LINE, base64.b64encode(bytes(33))),
        GOOD.replace(LINE, b"\n".join([LINE] * 52)),
        GOOD + b"x" * MAX_NOTE,
        b"c2sp.org/tlog-proof@v1\nextra " + base64.b64encode(bytes(proof.MAX_PROOF)) + GOOD[22:],
    ],
)
def test_any_other_writing_is_refused(data: bytes) -> None:
    assert data != GOOD
    with pytest.raises(ValueError):
        proof.parse(data)


@pytest.mark.parametrize(
    "value",
    [
        Proof(-1, HASHES, NOTE),
        Proof(2**53, HASHES, NOTE),
        Proof(4, (*HASHES, bytes(31)), NOTE),
        Proof(4, (*HASHES, b""), NOTE),
        Proof(4, HASHES * 18, NOTE),
        Proof(4, HASHES, b""),
        Proof(4, HASHES, b"x" * (MAX_NOTE + 1)),
    ],
)
def test_values_no_proof_can_hold_are_refused(value: Proof) -> None:
    with pytest.raises(ValueError):
        proof.encode(value)
