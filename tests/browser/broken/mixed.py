"""Archives that are broken in several places at once: what is told of one may keep another from being told."""

import random
from collections.abc import Iterator
from functools import partial
from itertools import count

from evidence.container.names import ENTRY, proof_name
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case, records, register, values
from tests.builder import Changes, Document, Members
from tests.vectors import archives
from tests.vectors.archives import PROOF, TOKEN, World, source, world

DAMAGES = ("flip", "cut", "drop", "swap", "twice", "none")


def cases() -> Iterator[Case]:
    """Without end; each is made from its own number."""
    for seed in count():
        yield f"mixed {seed}", partial(_made, seed)


def _made(seed: int) -> Given:
    chance = random.Random(seed)  # noqa: S311  a test's choice
    made = _world(chance)
    known = register.grown(made)
    parts = [*made.members]
    if chance.random() < 0.3:
        parts.append((TOKEN, source("token.tsr")))
    if chance.random() < 0.3:
        parts.append((proof_name(2), chance.choice([known, register.forked(made)]).proof(2, 3)))
    for _ in range(chance.randrange(3)):
        parts = _damaged(chance, parts)
    return Given(
        builder.pack_anyhow(parts),
        sidecar=_sidecar(chance, made, known),
        register=chance.choice([b"", known.export(), known.export(2), register.forked(made).export()]),
        checkpoint=chance.choice(
            [b"", known.checkpoint(4), known.checkpoint(3), register.forked(made).checkpoint(3)]
        ),
        trust=chance.choice([(), ("sources/sealer.pem",)]),
        require=chance.choice(["", "complete"]),
    )


def _world(chance: random.Random) -> World:
    """The archive of PASSED with some records changed, perhaps in a way that makes them malformed."""
    documents = records.full()
    for record_id in chance.sample(sorted(documents), chance.randrange(3)):
        documents[record_id] = _changed(chance, documents[record_id])

    def exchanged(_old: dict[str, Document]) -> dict[str, Document]:
        return documents

    policy = chance.choice(["none", "expected"])
    if chance.random() < 0.2:
        return chance.choice([archives.received, archives.announced])()
    return world(Changes(records=exchanged), time_policy=policy)


def _changed(chance: random.Random, document: Document) -> Document:
    """One value exchanged; mostly one that only others contradict."""
    if chance.random() < 0.5:
        made: Document = chance.choice(list(values.changed(document)))[1]
        return made
    swaps = {"exhibit": "E2", "recording_sha256": "0" * 64, "size": 1, "end_ms": 0, "exhibits": ["E7"]}
    fitting = [name for name in swaps if name in document] or ["salt"]
    name = chance.choice(fitting)
    return {**document, name: swaps.get(name, "0" * 64)}


def _damaged(chance: random.Random, parts: Members) -> Members:
    place = chance.randrange(1, len(parts))
    name, data = parts[place]
    match chance.choice(DAMAGES):
        case "flip" if data:
            data = builder.flipped(data, chance.randrange(len(data)), 1 << chance.randrange(8))
        case "cut":
            data = data[: chance.randrange(len(data) + 1)]
        case "drop":
            return [*parts[:place], *parts[place + 1 :]]
        case "swap" if place > 1:
            return [*parts[: place - 1], parts[place], parts[place - 1], *parts[place + 1 :]]
        case "twice":
            return [*parts, (name.replace(".", "x.", 1), data)]
        case _:
            return parts
    return [*parts[:place], (name, data), *parts[place + 1 :]]


def _sidecar(chance: random.Random, made: World, known: builder.Register) -> bytes:
    if chance.random() < 0.6:
        return b""
    heads = chance.choice([known, register.forked(made)])
    members: Members = [(ENTRY, known.chain[2]), (PROOF, heads.proof(2, 3))]
    for _ in range(chance.randrange(2)):
        members = [*members, (TOKEN, source("token.tsr"))]
    data = register.sidecar(members)
    return data if chance.random() < 0.7 else builder.flipped(data, chance.randrange(len(data)))
