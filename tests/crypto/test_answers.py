"""What an authority answers is kept only when everything about it holds; openssl ts makes what is good."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.crypto import answers, cms, der, tokens, tst
from evidence.crypto.answers import AnswerUnusable, Expected
from tests.crypto import pki
from tests.crypto.test_tokens import IMPRINT, NONCE, STAMPING, Authority, own_token

NOW = dt.datetime.now(dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def just_now() -> dt.datetime:
    """The time of a token that is made now; modules may be read long before their tests run."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def expected(*roots: pki.Issued, **changes: Any) -> Expected:
    now = dt.datetime.now(dt.UTC)
    made = Expected(IMPRINT, NONCE, tuple(root.der for root in roots), (), now, now)
    return replace(made, **changes)


def granted(token: bytes, status: int = 0) -> bytes:
    info = tst.StatusInfo(status=status, text=None, failure=None)
    return der.encode(tst.Response(status=info, token=der.decode(cms.ContentInfo, token)))


def own(leaf: pki.Issued, **more: Any) -> bytes:
    """The answer of an authority that does as it likes."""
    values: dict[str, Any] = {
        "imprint": IMPRINT,
        "time": just_now(),
        "nonce": NONCE,
    }
    return granted(own_token(leaf, named=leaf, **{**values, **more}))


def refusal(answer: bytes, wanted: Expected) -> str:
    with pytest.raises(AnswerUnusable) as caught:
        answers.check(answer, wanted)
    return caught.value.code


SPAN: dict[str, Any] = {"start": NOW - 5 * pki.YEAR, "end": NOW + 5 * pki.YEAR}


def stamping(issuer: pki.Issued | None = None, **changes: Any) -> pki.Issued:
    return pki.signer("Own TSA", issuer, **{"purposes": STAMPING, **SPAN, **changes})


def test_an_answer_of_openssl_is_kept_as_openssl_accepts_it(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE), chain=True)
    found = answers.check(answer, expected(authority.root))
    assert authority.accepts(found.data)
    assert found.is_complete
    assert found.authority == "O=TSA,C=UA"
    assert found.token.nonce == NONCE
    assert answers.check(found.data, expected(authority.root)) == found  # a bare token in a file


def test_a_granted_answer_with_modifications_is_one() -> None:
    leaf = stamping()
    token = own_token(leaf, named=leaf, nonce=NONCE, time=just_now())
    assert answers.check(granted(token, 1), expected(leaf)).token.nonce == NONCE
    assert refusal(granted(token, 2), expected(leaf)) == "refused"


def test_a_chain_that_is_not_in_the_token_is_told(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE))
    with pytest.raises(AnswerUnusable, match="O=Middle") as caught:
        answers.check(answer, expected(authority.root))
    assert caught.value.code == "incomplete"
    found = answers.check(answer, expected(authority.root, authority.middle))
    assert not found.is_complete
    assert answers.check(answer, expected(authority.leaf)).is_complete


def test_nonce_imprint_and_policy(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE), chain=True)
    assert refusal(answer, expected(authority.root, nonce=NONCE + 1)) == "broken"
    assert refusal(answer, expected(authority.root, imprint=bytes(32))) == "broken"
    assert refusal(answer, expected(authority.root, policies=("1.2.3",))) == "policy"
    answers.check(answer, expected(authority.root, policies=("1.2.3", "1.2.3.4.1")))
    without = authority.answer(authority.query("-sha256", "-no_nonce", "-cert"), chain=True)
    assert refusal(without, expected(authority.root)) == "broken"


def test_roots_and_their_time(authority: Authority) -> None:
    answer = authority.answer(tokens.request(IMPRINT, NONCE), chain=True)
    assert refusal(answer, expected(pki.authority("Other", **SPAN))) == "unknown"
    assert refusal(answer, expected()) == "unknown"
    over = pki.authority("Over", start=NOW - 5 * pki.YEAR, end=NOW - dt.timedelta(days=1))
    assert refusal(own(stamping(over)), expected(over)) == "expired"
    early = pki.authority("Early", start=NOW + dt.timedelta(days=1), end=NOW + pki.YEAR)
    assert refusal(own(stamping(early)), expected(early)) == "not_yet_valid"
    no_ca = pki.signer("No CA", **SPAN)
    assert refusal(own(stamping(no_ca)), expected(no_ca)) == "unusable"


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": []},
        {"purposes_critical": False},
        {"purposes": [*STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]},
        {"purposes": [ExtendedKeyUsageOID.SERVER_AUTH]},
    ],
)
def test_its_certificate_is_for_time_stamps_alone(changes: dict[str, Any]) -> None:
    leaf = stamping(**changes)
    assert refusal(own(leaf), expected(leaf)) == "broken"


def test_its_certificate_is_named_by_the_token() -> None:
    leaf, other = stamping(), stamping()
    good: dict[str, Any] = {"imprint": IMPRINT, "nonce": NONCE, "time": just_now()}
    assert refusal(granted(own_token(leaf, **good)), expected(leaf)) == "broken"
    assert refusal(granted(own_token(leaf, named=other, **good)), expected(leaf, other)) == "broken"
    answers.check(granted(own_token(leaf, named=leaf, others=[other], **good)), expected(leaf))


@pytest.mark.parametrize(
    ("minutes", "accuracy", "code"),
    [(-6, None, "time"), (-4, None, ""), (4, None, ""), (6, None, "time"), (6, 120, ""), (-6, 30, "time")],
)
def test_a_clock_that_is_far_from_ours_is_refused(minutes: int, accuracy: int | None, code: str) -> None:
    leaf = stamping()
    at = dt.datetime.now(dt.UTC).replace(microsecond=0) + minutes * MINUTE
    stated = accuracy and tst.Accuracy(seconds=accuracy, milliseconds=None, microseconds=None)
    answer = own(leaf, time=at, accuracy=stated)
    if code:
        assert refusal(answer, expected(leaf)) == code
    else:
        assert answers.check(answer, expected(leaf)).token.gen_time == at


def test_between_a_request_and_an_answer_that_came_days_later_every_time_will_do() -> None:
    leaf = stamping()
    now = dt.datetime.now(dt.UTC)
    week: dict[str, Any] = {"earliest": now - dt.timedelta(days=7), "latest": now}
    answers.check(own(leaf, time=(now - dt.timedelta(days=3)).replace(microsecond=0)), expected(leaf, **week))
    late = own(leaf, time=(now - dt.timedelta(days=8)).replace(microsecond=0))
    assert refusal(late, expected(leaf, **week)) == "time"


@pytest.mark.parametrize("junk", [b"", b"\0", b"<html>", b"0" * 300_000, bytes(1000), b"0\x80\0\0"])
def test_what_is_no_answer_at_all(junk: bytes) -> None:
    assert refusal(junk, expected(stamping())) == "malformed"
    with pytest.raises(AnswerUnusable):
        answers.read(junk)


def test_every_single_changed_byte_is_refused() -> None:
    leaf = stamping()
    answer = own(leaf)
    wanted = expected(leaf)
    answers.check(answer, wanted)
    for place in range(0, len(answer), 7):
        changed = answer[:place] + bytes([answer[place] ^ 0x20]) + answer[place + 1 :]
        try:
            found = answers.check(changed, wanted)
        except AnswerUnusable:
            continue
        assert tokens.verify(found.data, IMPRINT).nonce == NONCE  # only what isn't signed may differ
