"""Step 4 of sealing, and `evidence timestamp`: a token over a checkpoint of the register.

The nonce is journaled before a request leaves; before an answer is kept, it is checked by the whole list of
evidence.crypto.answers. No lock is held while an authority is asked, and no key is needed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evidence import strict
from evidence.crypto import answers, certificates, tokens
from evidence.crypto.answers import AnswerUnusable, Expected
from evidence.crypto.certificates import MAX_PEM_SIZE, load_anchors
from evidence.errors import EvidenceError, StateError, TimestampServiceError
from evidence.messages import t
from evidence.operations.seams import Seams
from evidence.register import entries
from evidence.text import visible
from evidence.vault import claims, locks, stamps
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault

_AGAIN = dt.timedelta(seconds=60)
"""How long a seal of many incidents asks nobody after nobody answered."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token over a checkpoint, kept in the register store.

    Attributes:
        size: entries that the checkpoint covers.
        time: when the authority saw it, aware, UTC.
        accuracy_ms: what the token says about its accuracy, in milliseconds.
        authority: subject of the authority's certificate; untrusted text.
        server: the address that gave it; empty when it was there before, or came as a file.
        is_complete: whether the token's own certificates lead to a root.
    """

    size: int
    time: dt.datetime
    accuracy_ms: int
    authority: str
    server: str = ""
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one authority gave no usable token.

    Attributes:
        server: its address, harmless; empty when the reason is the vault's own.
        reason: in the user's language, harmless.
    """

    server: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking the authorities: a stamp, or why there is none."""

    stamp: Stamp | None = None
    refusals: tuple[Refusal, ...] = ()


def is_expected(vault: Vault) -> bool:
    """Whether a token belongs to each archive that is sealed now."""
    return vault.config.time_policy == "expected"


def pending(vault: Vault) -> list[Claim]:
    """Published archives to which a token belongs, and which have one neither inside nor in a sidecar."""
    return claims.waiting(vault.store)


def kept(vault: Vault, size: int) -> Stamp | None:
    """The stamp over the checkpoint of that size, if the vault has one."""
    data = stamps.token(vault.store, size)
    if data is None:
        return None
    with stamps.readable():
        token = tokens.parse(data)
        authority = certificates.facts(token.certificate).subject
    return Stamp(size, token.gen_time, token.accuracy_ms, authority)


def stamp_newest(vault: Vault, seams: Seams) -> Asked:
    """Have the newest checkpoint stamped, unless it is; see `stamp`."""
    return stamp(vault, seams, stamps.newest(vault.store))


def stamp(vault: Vault, seams: Seams, size: int) -> Asked:
    """Ask the configured authorities in their order for a token over the checkpoint of that size; keep it.

    Failures of authorities are returned, for a seal goes on without a token.

    Raises:
        StateError: the register was rolled back.
        StoreError: the store failed.
    """
    found = kept(vault, size)
    if found is not None:
        return Asked(found)
    try:
        roots = _roots(vault)
    except EvidenceError as error:
        return Asked(refusals=(Refusal("", error.message),))
    if not vault.config.time_stamp.servers:
        return Asked(refusals=(Refusal("", t("timestamp.no_server")),))
    nonce = _begin(vault, seams, size)
    refusals: list[Refusal] = []
    for server in vault.config.time_stamp.servers:
        try:
            return Asked(_ask(vault, seams, server, _Question(size, nonce, roots)), tuple(refusals))
        except TimestampServiceError as error:
            refusals.append(Refusal(_shown(server), error.message))
    return Asked(refusals=tuple(refusals))


def request(vault: Vault, seams: Seams) -> tuple[int, bytes]:
    """A request for a token over the newest checkpoint, for an authority that is asked by other means.

    Returns:
        the checkpoint's size, and the request (DER TimeStampReq), whose nonce is journaled.

    Raises:
        StateError: the newest checkpoint has a token, or the register was rolled back.
    """
    size = stamps.newest(vault.store)
    found = kept(vault, size)
    if found is not None:
        at = strict.format_timestamp(found.time)
        raise StateError(t("timestamp.stamped", n=size, time=at), t("timestamp.stamped_hint"))
    nonce = _begin(vault, seams, size)
    return size, tokens.request(stamps.imprint(vault.store, size), nonce)


def take(vault: Vault, seams: Seams, answer: bytes) -> Stamp:
    """Keep the token of an answer that came by other means, also to an earlier request.

    It was made after the last entry below its checkpoint was, and before now.

    Raises:
        StateError: no request of this vault has its nonce.
        TimestampServiceError: it isn't a usable answer.
        FormatError: the configured roots can't be used.
    """
    try:
        nonce = answers.read(answer).nonce
        sizes = stamps.asked_with(vault.store, -1 if nonce is None else nonce)
        if nonce is None or not sizes:
            raise StateError(t("timestamp.not_ours"), t("timestamp.not_ours_hint"))
        question = _Question(sizes[0], nonce, _roots(vault))
        entry = entries.parse(vault.store.entry(question.size - 1))
        made = _keep(vault, question, answer, (strict.timestamp(entry.claimed_time), seams.clock()))
    except AnswerUnusable as error:
        raise TimestampServiceError(_words(error), t("timestamp.answer_hint")) from error
    return kept(vault, question.size) or made


def tried(vault: Vault, seams: Seams) -> tuple[Refusal, ...]:
    """Ask every configured authority once for a token over random bytes, and check it as if it were kept.

    Returns:
        why an authority would be of no use now, one by one; empty when all would, or none is configured.
    """
    servers = vault.config.time_stamp.servers
    if not servers:
        return ()
    try:
        roots = _roots(vault)
    except EvidenceError as error:
        return (Refusal("", error.message),)
    refusals: list[Refusal] = []
    for server in servers:
        try:
            _try(vault, seams, server, roots)
        except TimestampServiceError as error:
            refusals.append(Refusal(_shown(server), error.message))
    return tuple(refusals)


def _try(vault: Vault, seams: Seams, server: str, roots: tuple[bytes, ...]) -> None:
    settings = vault.config.time_stamp
    imprint, nonce = seams.entropy(32), int.from_bytes(seams.entropy(stamps.NONCE))
    begun = seams.clock()
    answer = seams.post(server, tokens.request(imprint, nonce), settings.timeout_seconds)
    try:
        answers.check(answer, Expected(imprint, nonce, roots, settings.policies, begun, seams.clock()))
    except AnswerUnusable as error:
        raise TimestampServiceError(_words(error)) from error


class Stamper:
    """Stamps one checkpoint after another while many incidents are sealed.

    After nobody answered, nobody is asked for a minute: a dead authority mustn't cost a time-out a group.

    Attributes:
        refusals: what the authorities said when they were asked last; empty when one gave a token.
    """

    def __init__(self, vault: Vault, seams: Seams) -> None:
        self._vault = vault
        self._seams = seams
        self._not_before: dt.datetime | None = None
        self.refusals: tuple[Refusal, ...] = ()

    def stamp(self, size: int) -> None:
        """Have the checkpoint of that size stamped, if that is possible now."""
        if self._not_before is not None and self._seams.clock() < self._not_before:
            return
        asked = stamp(self._vault, self._seams, size)
        self.refusals = () if asked.stamp else asked.refusals
        self._not_before = None if asked.stamp else self._seams.clock() + _AGAIN


@dataclass(frozen=True, slots=True)
class _Question:
    size: int
    nonce: int
    roots: tuple[bytes, ...]


def _begin(vault: Vault, seams: Seams, size: int) -> int:
    """Journal the nonce; the head is outside the database before anything about it leaves."""
    with locks.held(vault.layout.lock):
        vault.check_heads()
        if not vault.layout.head.exists() or vault.layout.head.read_bytes() != vault.store.checkpoint():
            vault.write_head()
    return stamps.begin(vault.store, size, seams.entropy)


def _ask(vault: Vault, seams: Seams, server: str, question: _Question) -> Stamp:
    """One authority, as often as configured where it doesn't answer; a wrong answer isn't asked for again."""
    settings = vault.config.time_stamp
    query = tokens.request(stamps.imprint(vault.store, question.size), question.nonce)
    for left in reversed(range(settings.attempts)):
        begun = seams.clock()
        try:
            answer = seams.post(server, query, settings.timeout_seconds)
        except TimestampServiceError:
            if not left:
                raise
            seams.pause(min(2.0, 0.25 * 2 ** (settings.attempts - 1 - left)))
            continue
        try:
            made = _keep(vault, question, answer, (begun, seams.clock()))
        except AnswerUnusable as error:
            raise TimestampServiceError(_words(error)) from error
        return replace(made, server=_shown(server))
    raise AssertionError


def _keep(
    vault: Vault, question: _Question, answer: bytes, between: tuple[dt.datetime, dt.datetime]
) -> Stamp:
    """Check an answer and keep its token."""
    expected = Expected(
        imprint=stamps.imprint(vault.store, question.size),
        nonce=question.nonce,
        roots=question.roots,
        policies=vault.config.time_stamp.policies,
        earliest=between[0],
        latest=between[1],
    )
    found = answers.check(answer, expected)
    stamps.keep(vault.store, question.size, found.data)
    return Stamp(
        size=question.size,
        time=found.token.gen_time,
        accuracy_ms=found.token.accuracy_ms,
        authority=found.authority,
        is_complete=found.is_complete,
    )


def _roots(vault: Vault) -> tuple[bytes, ...]:
    """The certificates that tokens must lead to.

    Raises:
        StateError: none are configured, or the file can't be read.
        FormatError: it holds no certificate.
    """
    named = vault.config.time_stamp.roots
    if not named:
        raise StateError(t("timestamp.no_roots"), t("timestamp.configure_hint"))
    path = vault.layout.root / Path(named)
    try:
        with path.open("rb") as file:
            return load_anchors(file.read(MAX_PEM_SIZE + 1))
    except OSError as error:
        reason = visible(error.strerror or str(error))
        words = t("timestamp.roots_unreadable", path=visible(str(path)), reason=reason)
        raise StateError(words, t("timestamp.configure_hint")) from error


def _words(error: AnswerUnusable) -> str:
    # what an authority says of its refusal was made harmless when it was read
    detail = str(error) if error.code == "refused" else visible(str(error))
    return t(f"timestamp.answer_{error.code}", detail=detail[:300])


def _shown(server: str) -> str:
    from evidence.network.tsa import shown  # noqa: PLC0415  as Seams.post

    return shown(server)


def refused(refusals: Iterable[Refusal]) -> Iterator[str]:
    """Each refusal in a line."""
    for refusal in refusals:
        yield f"{refusal.server}: {refusal.reason}" if refusal.server else refusal.reason
