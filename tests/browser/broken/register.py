"""Archives whose register entry or proofs are broken, sidecars, exports and kept checkpoints that are."""

import json
from collections.abc import Iterator
from functools import partial

from evidence import canonical
from evidence.container.names import ENTRY, key_proof_name, proof_name, token_name
from evidence.container.sidecar import MIMETYPE
from evidence.register.checkpoint import Checkpoint, sign
from evidence.register.merkle import leaf_hash
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case, values
from tests.browser.broken.notes import notes
from tests.builder import Members, Register, changed
from tests.vectors import archives, beside
from tests.vectors.archives import PROOF, World, world


def cases() -> Iterator[Case]:
    """Names and what makes them."""
    yield from _entries()
    yield from _proofs()
    yield from _later_proofs()
    yield from _sidecars()
    yield from _exports()
    yield from _kept()


def _entries() -> Iterator[Case]:
    """The archive's entry changed or written otherwise; it is proven so."""
    base = world()
    data = base.register.chain[2]
    entries = [(name, canonical.encode(made)) for name, made in values.changed(json.loads(data))]
    later = data.replace(b'"sealed"', b'"later"')
    entries += [(f"type later {name}", text) for name, text in values.texts(later)]
    entries += [
        ("type later", later),
        ("longest", later[:-1] + b',"z":"' + b"x" * (4096 - len(later) - 7) + b'"}'),
    ]
    entries.append(("too long", later[:-1] + b',"z":"' + b"x" * (4097 - len(later) - 7) + b'"}'))
    for other in (base.register.chain[0], base.register.chain[1]):
        entries.append((f"another's {len(other)}", other))
    for name, entry in entries:
        yield f"entry {name}", partial(_entered, base, entry)


def _entered(base: World, entry: bytes) -> Given:
    register = base.register.copy()
    register.chain[2] = entry
    return Given(builder.pack(builder.members(base.sealed, register, 2)))


def _proofs() -> Iterator[Case]:
    """Proof 001 with another head, path or note."""
    base = world()
    parts, good = base.members, base.register.proof(2, 3).decode()
    head, _, note = good.partition("\n\n")
    lines = head.split("\n")
    hashes = lines[2:]
    heads = {
        "good": head,
        "extra": "\n".join([lines[0], "extra AAAA", *lines[1:]]),
        "empty extra": "\n".join([lines[0], "extra ", *lines[1:]]),
        "extra that isn't base64": "\n".join([lines[0], "extra ?", *lines[1:]]),
        "two extras": "\n".join([lines[0], "extra AAAA", "extra AAAA", *lines[1:]]),
        "extra behind": "\n".join([*lines, "extra AAAA"]),
        "no index": "\n".join([lines[0], *hashes]),
        "other index": head.replace("index 2", "index 1"),
        "index at the size": head.replace("index 2", "index 3"),
        "leading zero": head.replace("index 2", "index 02"),
        "largest index": head.replace("index 2", f"index {2**53 - 1}"),
        "no hashes": "\n".join(lines[:2]),
        "a hash twice": "\n".join([*lines, lines[-1]]),
        "short hash": "\n".join([*lines[:2], "AAAA", *lines[3:]]),
        "hash with a bit too many": head[:-2] + chr(ord(head[-2]) + 1) + "=",
        "53 hashes": "\n".join([*lines[:2], *hashes[:1] * 53]),
        "54 hashes": "\n".join([*lines[:2], *hashes[:1] * 54]),
        "other version": head.replace("@v1", "@v2"),
        "carriage return": head.replace("\n", "\r\n"),
        "not ASCII": head + "\n\u0454",
        "space behind": head + " ",
    }
    for name, changed_head in heads.items():
        data = f"{changed_head}\n\n{note}".encode()
        yield f"proof {name}", partial(Given, builder.pack(changed(parts, PROOF, data)))
    for name, changed_note in notes(base.register):
        data = f"{head}\n\n".encode() + changed_note
        yield f"proof note {name}", partial(Given, builder.pack(changed(parts, PROOF, data)))
    for name, data in {"empty": b"", "no note": f"{head}\n\n".encode(), "long": b"x" * 70000}.items():
        yield f"proof {name}", partial(Given, builder.pack(changed(parts, PROOF, data)))


def grown(base: World, count: int = 3) -> Register:
    """The archive's register some entries later."""
    register = base.register.copy()
    for number in range(count):
        register.seal(builder.seal(20 + number).facts)
    return register


def forked(base: World) -> Register:
    """Another register of the same key, in which the archive stands at the same place."""
    register = Register()
    register.seal(builder.seal(9).facts)
    register.seal(base.sealed.facts)
    return register


def _later_proofs() -> Iterator[Case]:
    """Proofs 002 and 003."""
    base = world()
    register = grown(base)
    other = Checkpoint(builder.ORIGIN, 5, bytes(32))
    lying = sign(other, register.key.sign_note)
    proofs = {
        "later": register.proof(2, 5),
        "same": base.register.proof(2, 3),
        "of another entry": register.proof(1, 5),
        "earlier head": base.register.proof(1, 2),
        "another root": register.proof(2, 5, lying),
        "of another key": register.proof(2, 5, register.checkpoint(5, builder.register_key("successor"))),
        "of a fork": forked(base).proof(2, 3),
        "nothing": b"",
        "long": b"x" * 70000,
    }
    for first, one in proofs.items():
        for second, two in {"none": None, **proofs}.items():
            parts = [*base.members, (proof_name(2), one)]
            parts += [] if two is None else [(proof_name(3), two)]
            yield f"proofs {first}, {second}", partial(Given, builder.pack_anyhow(parts))


def _sidecars() -> Iterator[Case]:
    base = world()
    register = grown(base)
    good = [(ENTRY, register.chain[2]), (PROOF, register.proof(2, 5))]
    token = (token_name(1, 1), b"\x30\x00")
    second = (proof_name(2), register.proof(2, 6))
    members: dict[str, Members] = {
        "good": good,
        "with a token": [*good, token],
        "with nine tokens": [*good, *((token_name(1, n), b"0") for n in range(1, 10))],
        "with token 2 alone": [*good, (token_name(1, 2), b"0")],
        "with a key proof": [*good, token, (key_proof_name(1), b"0")],
        "with a key proof before the token": [*good, (key_proof_name(1), b"0"), token],
        "with two proofs": [*good, token, second],
        "with a late token": [*good, second, token],
        "with proof 3": [*good, (proof_name(3), register.proof(2, 6))],
        "with a stranger": [*good, ("META-INF/x", b"0")],
        "with a manifest": [*good, ("manifest.json", b"{}")],
        "without proof": good[:1],
        "without entry": good[1:],
        "empty": [],
        "in another order": good[::-1],
        "of another entry": [(ENTRY, register.chain[1]), good[1]],
        "with another entry's proof": [good[0], (PROOF, register.proof(1, 5))],
        "of a fork": [good[0], (PROOF, forked(base).proof(2, 3))],
        "with the same head": [good[0], (PROOF, register.proof(2, 3))],
        "with a large member": [*good, (token_name(1, 1), bytes(65537))],
        "with a large key proof": [*good, (key_proof_name(1), bytes(65537))],
        "with the largest member": [*good, (token_name(1, 1), bytes(65536))],
        "forked inside": [*good, (proof_name(2), register.proof(2, 5, _lying(register, 5)))],
        "forked inside first": [good[0], (PROOF, register.proof(2, 5, _lying(register, 5))), second],
    }
    for name, parts in members.items():
        yield f"sidecar {name}", partial(Given, base.file, sidecar(parts))
    for name, note in notes(register, 5):
        parts = [good[0], (PROOF, register.proof(2, 5).partition(b"\n\n")[0] + b"\n\n" + note)]
        yield f"sidecar note {name}", partial(Given, base.file, sidecar(parts))
    data = beside.pack(good)
    for place in range(0, len(data), 37):
        yield f"sidecar flipped {place}", partial(Given, base.file, builder.flipped(data, place))
    for name, made in {
        "cut": data[:-1],
        "longer": data + b"\0",
        "long": data + bytes(2**22),
        "an archive": base.file,
    }.items():
        yield f"sidecar {name}", partial(Given, base.file, made)


def _lying(register: Register, size: int) -> bytes:
    return sign(Checkpoint(builder.ORIGIN, size, bytes(32)), register.key.sign_note)


def sidecar(parts: Members) -> bytes:
    """A sidecar of whatever members."""
    return builder.pack_anyhow([("mimetype", MIMETYPE), *parts])


def _exports() -> Iterator[Case]:
    base = world()
    for name, register in registers(base):
        data, kept = register.export(), register.checkpoint(min(2, len(register.chain)))
        yield f"export {name}", partial(Given, base.file, register=data)
        yield (
            f"export {name}, kept",
            partial(Given, base.file, register=data, checkpoint=kept),
        )
    register = grown(base)
    data = register.export()
    body, _, _note = data.partition(b"\n\n")
    for name, note in notes(register, len(register.chain)):
        yield f"export note {name}", partial(Given, base.file, register=body + b"\n\n" + note)
    for name, made in {
        "empty": b"",
        "other version": data.replace(b"@v1", b"@v2", 1),
        "carriage return": data.replace(b"\n", b"\r\n", 1),
        "space in the first line": data.replace(b"\n", b" \n", 1),
        "no empty line": data.replace(b"\n\n", b"\n"),
        "empty line first": data.replace(b"\n", b"\n\n", 1),
        "longest line": data.replace(b"\n\n", b"\n" + b"x" * 4096 + b"\n\n", 1),
        "long line": data.replace(b"\n\n", b"\n" + b"x" * 4097 + b"\n\n", 1),
        "first line alone": data[:21],
        "without its last line feed": data[:-1],
        "an entry twice": data.replace(register.chain[3], register.chain[3] + b"\n" + register.chain[3]),
        "an entry gone": data.replace(register.chain[3] + b"\n", b""),
    }.items():
        yield f"export {name}", partial(Given, base.file, register=made)


def registers(base: World) -> Iterator[tuple[str, Register]]:
    """Registers that signed what they hold, right or wrong."""
    archive = base.sealed.facts
    yield "shorter", Register(base.register.key, base.register.chain[:2])
    yield "only created", Register(base.register.key, base.register.chain[:1])
    yield "same", base.register
    yield "longer", grown(base)
    yield "forked", forked(base)
    yield "of another key", Register(builder.register_key("successor"))
    for place in (1, 2, 5):
        register = grown(base)
        told = json.loads(register.chain[place])
        for name, made in values.changed(told):
            broken = register.copy()
            broken.chain[place] = canonical.encode(made)
            yield f"entry {place} {name}", broken
        for name, text in values.texts(register.chain[place]):
            if b"\n" not in text and 0 < len(text) <= 4096:
                broken = register.copy()
                broken.chain[place] = text
                yield f"entry {place} text {name}", broken
    yield from _voided(base)
    double = grown(base)
    double.seal(archive)
    yield "double", double
    voided = double.copy()
    voided.void(2)
    yield "double, ours voided", voided
    both = voided.copy()
    both.void(len(double.chain) - 1)
    yield "double, both voided", both
    other = double.copy()
    other.void(len(double.chain) - 1)
    yield "double, the other voided", other
    yield "named by a later type", _named(base)
    for name in ("created", "continues"):
        second = grown(base)
        second.chain.append(second.chain[0] if name == "created" else b"{}")
        yield f"{name} at the end", second


def _voided(base: World) -> Iterator[tuple[str, Register]]:
    for index in (1, 2, 3):
        register = grown(base)
        register.void(index)
        yield f"entry {index} voided", register
        again = register.copy()
        again.void(index, "body_lost")
        yield f"entry {index} voided twice", again
        told = json.loads(register.chain[-1])
        for name, made in values.changed(told):
            broken = register.copy()
            broken.chain[-1] = canonical.encode(made)
            yield f"void of {index} {name}", broken


def _named(base: World) -> Register:
    register = grown(base)
    told = json.loads(register.chain[2])
    last = leaf_hash(register.chain[-1]).hex()
    place = len(register.chain)
    register.chain.append(canonical.encode({**told, "type": "later", "sequence": place, "previous": last}))
    register.void(place)
    return register


def _kept() -> Iterator[Case]:
    base = world()
    register = grown(base)
    for size in (1, 2, 3, 5):
        for name, note in notes(register, size):
            yield f"kept {size} {name}", partial(Given, base.file, checkpoint=note)
    fork = forked(base)
    for size in (1, 2, 3):
        note = fork.checkpoint(size)
        yield f"kept fork {size}", partial(Given, base.file, checkpoint=note)
        yield (
            f"kept fork {size}, export",
            partial(Given, base.file, register=register.export(), checkpoint=note),
        )
    parts = [(ENTRY, register.chain[2]), (PROOF, register.proof(2, 5))]
    yield "kept later, sidecar", partial(Given, base.file, sidecar(parts), checkpoint=register.checkpoint(5))
    yield "export, sidecar", partial(Given, base.file, sidecar(parts), register=register.export(4))
    made = archives.received()
    older = Register(made.register.key, [made.register.chain[0], base.register.chain[1]])
    yield "receipt, kept fork", partial(Given, made.file, checkpoint=older.checkpoint(2))
    yield "receipt, kept", partial(Given, made.file, checkpoint=made.register.checkpoint(2))
    yield "receipt, export", partial(Given, made.file, register=made.register.export())
    yield "receipt, export fork", partial(Given, made.file, register=base.register.export())
