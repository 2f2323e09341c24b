"""The journal: what is being sealed, how far it came, and who may go on with it.

States: ``claimed`` (nothing in the register yet), ``publishing`` (entered, with everything that is needed to
finish), ``published``; or ``void``. Every change is fenced by the epoch that the owner was given, so that a
process that was taken for dead can't go on.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace

from evidence.container.zipformat import Member
from evidence.errors import StateError
from evidence.messages import t
from evidence.vault.register_store import RegisterStore

NAMELESS = "unknown-"
"""Begins the uid of a recovered claim whose incident's UUID nobody knows any more; its archive id follows."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the journal; random ids, lengths and digests only.

    Attributes:
        uid: the incident's UUID.
        claim: random id of this attempt.
        epoch: how often the incident was claimed.
        state: how far it came.
        archive_id: UUID of the archive being made.
        cites: the voided archive of the same incident that this one replaces.
        body_length: bytes of the staged body, from ``publishing`` on, as everything below.
        identity: digest of its ASiCManifest001.xml.
        signature_sha256: digest of its signature001.p7s.
        members: its member list (encode_members).
        sequence: its place in the register.
        expects: whether its manifest says that a time-stamp token belongs to it (1 or 0).
        tokens: the evidence that was chosen for it: None: not yet; WITHOUT or WITH the token over its
            checkpoint; DELIVERED: without, and a sidecar brings one.
    """

    uid: str
    claim: str
    epoch: int
    state: str
    archive_id: str
    cites: str | None = None
    body_length: int | None = None
    identity: bytes | None = None
    signature_sha256: bytes | None = None
    members: bytes | None = None
    sequence: int | None = None
    expects: int = 0
    tokens: int | None = None


WITHOUT, WITH, DELIVERED = range(3)


def find(store: RegisterStore, uid: str) -> Claim | None:
    """The claim on an incident, if there is one."""
    rows = store.rows("SELECT * FROM claims WHERE uid = ?", uid)
    return Claim(*rows[0]) if rows else None


def of_archive(store: RegisterStore, archive_id: str) -> Claim | None:
    """The claim under which an archive was made, if it was made here."""
    rows = store.rows("SELECT * FROM claims WHERE archive_id = ?", archive_id)
    return Claim(*rows[0]) if rows else None


def unfinished(store: RegisterStore) -> list[Claim]:
    """Claims that are neither published nor void."""
    rows = store.rows("SELECT * FROM claims WHERE state NOT IN ('published', 'void') ORDER BY sequence")
    return [Claim(*row) for row in rows]


def waiting(store: RegisterStore) -> list[Claim]:
    """Published archives to which a token belongs and that have none, in the order of the register.

    Archives of a former register have no place in this one, whose checkpoints say nothing about them.
    """
    rows = store.rows(
        "SELECT * FROM claims WHERE expects = 1 AND tokens = 0 AND state = 'published' "
        "AND sequence IS NOT NULL ORDER BY sequence"
    )
    return [Claim(*row) for row in rows]


def delivered(store: RegisterStore) -> list[tuple[str, Claim]]:
    """Published archives beside which a sidecar was put, in the order of the register, each with its day.

    The day is that of the entry's claimed time, ``YYYY-MM-DD``. Entries are RFC 8785, so there is one way to
    write the member, and no text before it can hold its quotes.
    """
    rows = store.rows(
        'SELECT substr(d, instr(d, \'"claimed_time":"\') + 16, 10), c.* FROM claims c JOIN '
        "(SELECT sequence AS s, CAST(document AS TEXT) AS d FROM entries) ON s = c.sequence "
        "WHERE c.tokens = 2 AND c.state = 'published' ORDER BY c.sequence"
    )
    return [(day, Claim(*row)) for day, *row in rows]


def make(store: RegisterStore, uid: str, claim: str, archive_id: str) -> Claim:
    """Step 1: claim an incident for a new archive. The caller holds the incident's lock.

    Raises:
        StateError: it is claimed or sealed already; a voided one may be sealed again.
    """
    return make_all(store, [(uid, claim, archive_id)])[0]


def make_all(store: RegisterStore, wanted: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Step 1 for several incidents at once, each (uid, claim, archive id); all or none are claimed.

    Raises:
        StateError: one is claimed or sealed already; voided ones may be sealed again.
    """
    with store.transaction() as connection:
        return [_make(store, connection, *each) for each in wanted]


def _make(
    store: RegisterStore, connection: sqlite3.Connection, uid: str, claim: str, archive_id: str
) -> Claim:
    old = find(store, uid)
    if old is not None and old.state != "void":
        raise StateError(t("vault.already_claimed"), t("vault.already_claimed_hint"))
    epoch, cites = (old.epoch + 1, old.archive_id) if old else (1, None)
    made = Claim(uid, claim, epoch, "claimed", archive_id, cites)
    connection.execute("DELETE FROM claims WHERE uid = ?", (uid,))
    connection.execute(
        "INSERT INTO claims (uid, claim, epoch, state, archive_id, cites) VALUES (?, ?, ?, ?, ?, ?)",
        (made.uid, made.claim, made.epoch, made.state, made.archive_id, made.cites),
    )
    return made


def put(store: RegisterStore, claim: Claim) -> Claim:
    """Write a claim's new values, inside a transaction.

    Raises:
        StateError: somebody else has taken the incident over.
    """
    cursor = store.connection.execute(
        "UPDATE claims SET state = ?, archive_id = ?, body_length = ?, identity = ?, signature_sha256 = ?, "
        "members = ?, sequence = ?, expects = ?, tokens = ? WHERE uid = ? AND claim = ? AND epoch = ?",
        (
            *(claim.state, claim.archive_id, claim.body_length, claim.identity, claim.signature_sha256),
            *(claim.members, claim.sequence, claim.expects, claim.tokens),
            *(claim.uid, claim.claim, claim.epoch),
        ),
    )
    if cursor.rowcount != 1:
        raise StateError(t("vault.fenced"), t("vault.fenced_hint"))
    return claim


def restore(store: RegisterStore, claim: Claim) -> None:
    """Put back what is known of an incident that was sealed, inside a transaction.

    Whatever the journal had of that incident or that archive gives way: it is older.
    """
    old = find(store, claim.uid)
    execute = store.connection.execute
    execute("DELETE FROM claims WHERE uid = ? OR archive_id = ?", (claim.uid, claim.archive_id))
    execute(
        f"INSERT INTO claims VALUES ({', '.join('?' * len(fields(Claim)))})",  # noqa: S608  only marks
        astuple(replace(claim, epoch=max(claim.epoch, old.epoch + 1 if old else 1))),
    )


def every(store: RegisterStore) -> list[Claim]:
    """All claims, in the order of their entries."""
    return [Claim(*row) for row in store.rows("SELECT * FROM claims ORDER BY sequence")]


def nameless(store: RegisterStore) -> list[Claim]:
    """Claims of archives whose incident's UUID was lost (see NAMELESS)."""
    last = NAMELESS + "g"  # behind every hexadecimal digit
    rows = store.rows("SELECT * FROM claims WHERE uid BETWEEN ? AND ? ORDER BY sequence", NAMELESS, last)
    return [Claim(*row) for row in rows]


def drop(store: RegisterStore, claim: Claim) -> None:
    """Forget a claim that never reached the register; one that replaces a voided archive stays void."""
    with store.transaction() as connection:
        if claim.cites is None:
            connection.execute("DELETE FROM claims WHERE claim = ?", (claim.claim,))
        else:
            put(store, replace(claim, state="void", archive_id=claim.cites, members=None))


def encode_members(members: tuple[Member, ...]) -> bytes:
    """The member list of a staged body, as the journal keeps it: size, CRC-32 and name, a line each."""
    return "\n".join(f"{m.size} {m.crc32} {m.name}" for m in members).encode("ascii")


def decode_members(data: bytes) -> list[Member]:
    """The members of a staged body from the journal; their places follow from their order."""
    members: list[Member] = []
    for line in data.decode("ascii").splitlines():
        size, crc, name = line.split(" ")
        members.append(Member.at(members[-1].end if members else 0, name, int(size), int(crc)))
    return members
