"""Damaged tokens and answers: documented refusals, whatever is broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.crypto import cms, der, tokens, tst
from tests.crypto import pki
from tests.crypto.mutations import damaged
from tests.crypto.test_tokens import IMPRINT, own_token, stamping

VALID_LEAF = stamping()
VALID = own_token(VALID_LEAF, named=VALID_LEAF, old_named=VALID_LEAF)
PROBLEMS = (tokens.TokenMalformed, tokens.TokenUnsupported, tokens.TokenBroken)


@settings(max_examples=400, deadline=None)
@given(damaged(VALID))
def test_damage_raises_documented_problems_only(data: bytes) -> None:
    try:
        read = tokens.verify(data, IMPRINT)
    except PROBLEMS:
        return
    assert (read.certificate, read.gen_time) == (VALID_LEAF.der, pki.NOW)


RESPONSE = der.encode(
    tst.Response(
        status=tst.StatusInfo(status=0, text=None, failure=None), token=der.decode(cms.ContentInfo, VALID)
    )
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(damaged(RESPONSE), st.binary(max_size=200)))
def test_damaged_answers_raise_documented_problems_only(data: bytes) -> None:
    try:
        token = tokens.token_of(data, IMPRINT, None)
    except (*PROBLEMS, tokens.TokenRefused):
        return
    assert tokens.parse(token).imprint == IMPRINT


def test_bytes_after_a_token_are_malformed() -> None:
    for data in (VALID + b"\0", VALID[:-1], b"", bytes(der.MAX_SIZE + 1)):
        with pytest.raises(tokens.TokenMalformed):
            tokens.parse(data)
