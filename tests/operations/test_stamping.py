"""Asking authorities for a time stamp: who is asked, what is kept, and that a seal never depends on it."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from evidence.crypto import cms, der, tokens, tst
from evidence.errors import EvidenceError, StateError, TimestampServiceError
from evidence.operations import stamping
from evidence.operations.seal import Sealed
from evidence.operations.seams import Seams
from evidence.vault import stamps
from tests import tsa
from tests.crypto import pki
from tests.crypto.test_answers import granted
from tests.crypto.test_tokens import STAMPING, own_token
from tests.network.tsaserver import refused_url, serving
from tests.operations.durables import Stepping
from tests.operations.scene import make_incident, seal, seal_all
from tests.operations.stamp_scene import (
    Counting,
    caught_up,
    check_stamped,
    configure,
    make_vault,
    open_vault,
    published,
    sidecar_of,
    verified,
)

NO_PAUSE: Callable[[float], None] = lambda _seconds: None  # noqa: E731
START, END = tsa.START, tsa.END


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("stranger"), "Stranger")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def asked(query: bytes) -> tuple[bytes, int]:
    """Imprint and nonce of a request."""
    found = der.decode(tst.Request, query)
    assert found.nonce is not None
    return found.imprint.digest, found.nonce


def own(leaf: pki.Issued, **changes: Any) -> Callable[[bytes], bytes]:
    """An authority that answers what it likes."""

    def answer(query: bytes) -> bytes:
        imprint, nonce = asked(query)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        values = {"named": leaf, "imprint": imprint, "nonce": nonce, "time": now, **changes}
        return granted(own_token(leaf, **values))

    return answer


def refusing(_query: bytes) -> bytes:
    info = tst.StatusInfo(status=2, text=[der.tlv(der.encode("\x1b[31mno more today"))], failure=None)
    return der.encode(tst.Response(status=info, token=None))


HOUR = dt.timedelta(hours=1)
Lying = tuple[Callable[[tsa.Authority, tsa.Authority], Callable[[bytes], bytes]], str]


def leaf_of(authority: tsa.Authority, **changes: Any) -> pki.Issued:
    return pki.signer(
        "Own TSA", authority.root, **{"purposes": STAMPING, "start": START, "end": END, **changes}
    )


def at(**distance: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(**distance)


LYING: dict[str, Lying] = {
    "wrong nonce": (lambda good, _: own(leaf_of(good), nonce=7), "another request"),
    "no nonce": (lambda good, _: own(leaf_of(good), nonce=None), "another request"),
    "wrong imprint": (lambda good, _: own(leaf_of(good), imprint=bytes(32)), "other bytes"),
    "an hour late": (lambda good, _: own(leaf_of(good), time=at(hours=1)), "its clock or this machine's"),
    "an hour early": (lambda good, _: own(leaf_of(good), time=at(hours=-1)), "its clock or this machine's"),
    "another key": (
        lambda _, other: other.answer,
        "neither in the time stamp nor among the configured roots",
    ),
    "other job": (lambda good, _: own(leaf_of(good, purposes_critical=False)), "time stamping alone"),
    "unnamed": (lambda good, _: own(leaf_of(good), named=None), "signingCertificateV2"),
    "not granted": (lambda _g, _o: refusing, r"status 2  \u{1b}[31mno more today"),
    "HTML": (lambda _g, _o: lambda _query: b"<html>log in</html>", "isn't a time stamp"),
    "nothing": (lambda _g, _o: lambda _query: b"", "isn't a time stamp"),
    "huge": (lambda _g, _o: lambda _query: bytes(10**6), "longer than 256 KiB"),
    "the request": (lambda _g, _o: lambda query: query, "isn't a time stamp"),
}


@pytest.mark.parametrize("lie", LYING)
def test_a_lying_authority_is_refused_and_the_next_one_asked(
    lie: str, tmp_path: Path, authority: tsa.Authority, stranger: tsa.Authority, stack: ExitStack
) -> None:
    make, words = LYING[lie]
    liar = stack.enter_context(serving(make(authority, stranger)))
    good = stack.enter_context(serving(authority.answer))
    root = make_vault(tmp_path / "v", authority, liar.url)
    vault = open_vault(root)
    stack.callback(vault.close)
    found = stamping.stamp_newest(vault, Seams(pause=NO_PAUSE))
    assert found.stamp is None
    assert [(r.server, words in r.reason) for r in found.refusals] == [(liar.url, True)], found.refusals
    assert stamps.token(vault.store, 1) is None
    configure(root, servers=[liar.url, good.url])
    both = open_vault(root)
    stack.callback(both.close)
    found = stamping.stamp_newest(both, Seams(pause=NO_PAUSE))
    assert found.stamp is not None
    assert (found.stamp.server, found.stamp.size, len(found.refusals)) == (good.url, 1, 1)
    assert len(liar.queries) == 2 * (2 if lie == "huge" else 1)  # only where no answer came, once more
    assert asked(liar.queries[0]) == asked(good.queries[0])


def test_servers_that_do_not_answer_are_asked_as_often_as_configured(
    tmp_path: Path, authority: tsa.Authority, stack: ExitStack
) -> None:
    ill = stack.enter_context(serving(authority.answer, status=500))
    root = make_vault(tmp_path / "v", authority, refused_url(), ill.url)
    configure(root, attempts=3)
    vault = open_vault(root)
    stack.callback(vault.close)
    pauses: list[float] = []
    found = stamping.stamp_newest(vault, Seams(pause=pauses.append))
    assert found.stamp is None
    assert len(ill.queries) == 3
    assert pauses == [0.25, 0.5] * 2
    assert ["refused" in found.refusals[0].reason, "500" in found.refusals[1].reason] == [True, True]


def test_the_nonce_is_committed_before_anything_leaves(tmp_path: Path, authority: tsa.Authority) -> None:
    root = make_vault(tmp_path / "v", authority, "http://tsa.example/")
    durable = Stepping()
    seen: list[tuple[int, int]] = []

    def post(_url: str, query: bytes, _timeout: float) -> bytes:
        other = open_vault(root)  # another connection sees only what is committed
        seen.append((durable.steps.count("commit"), stamps.asked_with(other.store, asked(query)[1])[0]))
        imprint = hashlib.sha256(other.store.checkpoint()).digest()
        assert asked(query)[0] == imprint
        other.close()
        raise TimestampServiceError("gone")

    vault = open_vault(root, Seams(durable=durable))
    assert stamping.stamp_newest(vault, Seams(durable=durable, post=post, pause=NO_PAUSE)).stamp is None
    vault.close()
    assert seen == [(1, 1), (1, 1)]


def test_a_checkpoint_is_stamped_once(tmp_path: Path, authority: tsa.Authority, stack: ExitStack) -> None:
    server = stack.enter_context(serving(authority.answer))
    vault = open_vault(make_vault(tmp_path / "v", authority, server.url))
    stack.callback(vault.close)
    first = stamping.stamp_newest(vault, Seams())
    second = stamping.stamp_newest(vault, Seams())
    assert first.stamp is not None
    assert second.stamp is not None
    assert first.stamp.time == second.stamp.time
    assert len(server.queries) == 1


def test_a_seal_goes_on_without_answer_and_asks_a_dead_server_once(
    tmp_path: Path, authority: tsa.Authority
) -> None:
    """Three groups; after nobody answered for the first, nobody is asked for a minute."""
    root = make_vault(tmp_path / "v", authority, refused_url())
    configure(root, attempts=1)
    counting = Counting(Seams().post, [])
    incidents = [make_incident(tmp_path / f"i{n}", f"N-{n}") for n in range(130)]
    outcomes = seal_all(root, incidents, Seams(post=counting))
    assert all(isinstance(outcome, Sealed) and outcome.is_pending for outcome in outcomes)
    assert len(counting.asked) == 1


def test_time_stamps_of_both_kinds_in_one_vault(
    tmp_path: Path, authority: tsa.Authority, stack: ExitStack
) -> None:
    server = stack.enter_context(serving(authority.answer))
    root = make_vault(tmp_path / "v", authority, server.url)
    inside = seal(root, make_incident(tmp_path / "a", "A"))
    assert inside.stamp is not None
    assert inside.stamp.size == 2
    configure(root, servers=[refused_url()], attempts=1)
    later = seal_all(root, [make_incident(tmp_path / name, name) for name in "BC"])
    assert [getattr(outcome, "is_pending", None) for outcome in later] == [True, True]
    done = caught_up(root, Seams(pause=NO_PAUSE))
    assert done.asked is not None
    assert done.asked.stamp is None
    configure(root, servers=[server.url])
    assert [item.sequence for item in caught_up(root).deliveries] == [2, 3]
    assert len(server.queries) == 2
    check_stamped(root, authority, archives=3)
    assert [sidecar_of(path).exists() for path in published(root)] == [False, True, True]


def test_under_none_nobody_is_asked(tmp_path: Path, authority: tsa.Authority) -> None:
    root = make_vault(tmp_path / "v", authority, "http://tsa.example/")
    text = (root / "evidence.toml").read_text(encoding="utf-8").replace('"expected"', '"none"')
    (root / "evidence.toml").write_text(text, encoding="utf-8")
    counting = Counting(Seams().post, [])
    sealed = seal(root, make_incident(tmp_path / "a"), Seams(post=counting))
    assert (sealed.stamp, sealed.is_pending, counting.asked) == (None, False, [])
    configure(root)
    text = (root / "evidence.toml").read_text(encoding="utf-8").replace('"none"', '"expected"')
    (root / "evidence.toml").write_text(text, encoding="utf-8")
    assert caught_up(root, Seams(post=counting)).asked is None  # none belongs to what was sealed before


@pytest.mark.parametrize("roots", ["absent.pem", "evidence.toml", "keys"])
def test_roots_that_cannot_be_used_never_stop_a_seal(
    roots: str, tmp_path: Path, authority: tsa.Authority
) -> None:
    root = make_vault(tmp_path / "v", authority, "http://tsa.example/")
    configure(root, roots=roots)
    counting = Counting(Seams().post, [])
    assert seal(root, make_incident(tmp_path / "a"), Seams(post=counting)).is_pending
    vault = open_vault(root)
    found = stamping.stamp_newest(vault, Seams(post=counting))
    vault.close()
    assert found.stamp is None
    assert len(found.refusals) == 1
    assert counting.asked == []


# By file


def test_by_file_days_later_and_after_more_was_sealed(tmp_path: Path, authority: tsa.Authority) -> None:
    root = make_vault(tmp_path / "v", authority)
    seal(root, make_incident(tmp_path / "a", "A"))
    vault = open_vault(root)
    size, query = stamping.request(vault, Seams())
    again, same = stamping.request(vault, Seams())
    assert (size, query) == (again, same) == (2, query)
    vault.close()
    seal(root, make_incident(tmp_path / "b", "B"))
    answer = authority.answer(query)
    later = Seams(clock=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=9))
    vault = open_vault(root)
    assert stamping.take(vault, later, answer).size == 2
    assert stamping.take(vault, later, answer).size == 2  # twice does no harm
    with pytest.raises(StateError, match="no request of this vault"):
        stamping.take(vault, later, authority.answer(tokens.request(bytes(32), 99)))
    vault.close()
    assert [item.sequence for item in caught_up(root, Seams(pause=NO_PAUSE)).deliveries] == [1]
    first, second = published(root)
    assert verified(root, first, authority).proven is not None
    assert verified(root, second, authority).proven is None


@pytest.mark.parametrize("what", ["junk", "flipped", "stranger", "too early"])
def test_a_file_that_is_no_usable_answer_is_refused(
    what: str, tmp_path: Path, authority: tsa.Authority, stranger: tsa.Authority
) -> None:
    root = make_vault(tmp_path / "v", authority)
    vault = open_vault(root)
    _size, query = stamping.request(vault, Seams())
    good = authority.answer(query)
    flipped = good[:-10] + bytes([good[-10] ^ 1]) + good[-9:]
    early = own(leaf_of(authority), time=at(days=-1))(query)
    answer = {"junk": b"junk", "flipped": flipped, "stranger": stranger.answer(query), "too early": early}
    with pytest.raises(EvidenceError) as caught:
        stamping.take(vault, Seams(), answer[what])
    assert caught.value.exit_code in {5, 7}
    assert stamps.token(vault.store, 1) is None
    assert stamping.take(vault, Seams(), good).size == 1
    vault.close()


def test_an_own_answer_is_good_where_nothing_is_wrong_with_it(
    tmp_path: Path, authority: tsa.Authority, stack: ExitStack
) -> None:
    """The lies above differ from this in the one thing that they are named after."""
    server = stack.enter_context(serving(own(leaf_of(authority))))
    vault = open_vault(make_vault(tmp_path / "v", authority, server.url))
    stack.callback(vault.close)
    assert stamping.stamp_newest(vault, Seams()).stamp is not None
    assert cms.parse(stamps.token(vault.store, 1) or b"").signer is not None
