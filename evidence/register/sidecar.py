"""What a sidecar proves about one register entry (FORMAT.md, "Sidecar"); pure, nothing is trusted by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence.container.names import ENTRY, MemberKind, classify, evidence_numbers, proof_name
from evidence.crypto import notes
from evidence.register import checkpoint as checkpoints
from evidence.register import entries, merkle, proof
from evidence.register.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Later:
    """One proof of a sidecar, and the tokens over its checkpoint.

    Attributes:
        number: of the proof, from 1.
        data: the proof's bytes.
        problem: why it proves nothing; empty when it holds. Technical, in English.
        checkpoint: its checkpoint where the register signed it, else None.
        committed: what a token over it stamps.
        tokens: their members' names and bytes.
    """

    number: int
    data: bytes
    problem: str = ""
    checkpoint: Checkpoint | None = None
    committed: bytes = b""
    tokens: tuple[tuple[str, bytes], ...] = ()


def later(parts: Mapping[str, bytes], entry: bytes, register_key: str, origin: str) -> list[Later]:
    """Judge the proofs of a sidecar against an archive's entry.

    Args:
        parts: its members, from container.sidecar.read.
        entry: the archive's register entry, already accepted as that of a register.
        register_key: verifier key that the archive's manifest names.
        origin: the register's name.

    Raises:
        ValueError: the sidecar is another archive's.
    """
    if parts.get(ENTRY) != entry:
        raise ValueError("it belongs to another archive")
    sequence = entries.parse(entry).sequence
    return [
        _judged(number, parts, merkle.leaf_hash(entry), sequence, (register_key, origin))
        for number in _numbers(parts)
    ]


def _numbers(parts: Mapping[str, bytes]) -> Iterator[int]:
    return (evidence_numbers(name)[0] for name in parts if classify(name) is MemberKind.PROOF)


def _judged(
    number: int, parts: Mapping[str, bytes], leaf: bytes, sequence: int, register: tuple[str, str]
) -> Later:
    data = parts[proof_name(number)]
    try:
        read = proof.parse(data)
        head, committed = _authentic(read.checkpoint, *register)
    except ValueError as error:
        return Later(number, data, str(error))
    holds = read.index == sequence and merkle.verify_inclusion(
        leaf, sequence, head.size, read.hashes, head.root
    )
    problem = "" if holds else "the proof doesn't lead from the entry to the checkpoint"
    return Later(number, data, problem, head, committed, tuple(_tokens(number, parts)))


def _authentic(data: bytes, register_key: str, origin: str) -> tuple[Checkpoint, bytes]:
    note = notes.parse(data)
    line = notes.verify(note, notes.parse_vkey(register_key))
    head = checkpoints.parse(note.text)
    if head.origin != origin:
        raise ValueError("a checkpoint of another origin")
    return head, notes.committed(note, line)


def _tokens(number: int, parts: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in parts.items():
        if classify(name) is MemberKind.TOKEN and evidence_numbers(name)[0] == number:
            yield name, data
