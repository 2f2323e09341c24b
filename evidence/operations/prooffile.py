"""What a file NAME.asice.proof beside an archive is worth to it (FORMAT.md, "Sidecar").

Whether its authorities are trusted is for verification; here counts what holds in itself.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evidence.container import sidecar as container
from evidence.crypto import tokens
from evidence.digests import sha256
from evidence.operations.audit.places import open_regular
from evidence.register import sidecar
from evidence.register.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class ProofFile:
    """What one holds.

    Attributes:
        tokens: time-stamp tokens over checkpoints that the archive's entry stands under, DER.
        heads: these checkpoints.
        problem: why something in it proves nothing; empty when all of it holds, or there is no file.
    """

    tokens: tuple[bytes, ...] = ()
    heads: tuple[Checkpoint, ...] = ()
    problem: str = ""


def read(archive: Path) -> bytes | None:
    """The bytes of the sidecar beside an archive, as many as one may have, and one.

    Returns:
        None where there is none; nothing where something stands there that can't be read.
    """
    try:
        with open_regular(archive.with_name(archive.name + container.SUFFIX)) as file:
            return file.read(container.MAX_SIZE + 1)
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def judge(data: bytes | None, entry: bytes, register_key: str, origin: str) -> ProofFile:
    """Judge a sidecar against the entry of the archive beside it.

    Args:
        data: what `read` gave.
        entry: the archive's register entry.
        register_key: verifier key of the register.
        origin: the register's name.
    """
    if data is None:
        return ProofFile()
    try:
        found = sidecar.later(container.read(data), entry, register_key, origin)
    except ValueError as error:
        return ProofFile(problem=str(error))
    good: list[bytes] = []
    problems: list[str] = []
    for item in found:
        checked = [(token, _problem(token, item.committed)) for _name, token in item.tokens]
        problems += [item.problem, *(problem for _token, problem in checked)]
        good += [token for token, problem in checked if not problem and not item.problem]
    heads = tuple(item.checkpoint for item in found if item.checkpoint is not None)
    return ProofFile(tuple(good), heads, next(filter(None, problems), ""))


@lru_cache(maxsize=256)
def _problem(token: bytes, committed: bytes) -> str:
    """Why a token isn't one over a checkpoint as committed; the same one stands beside many archives."""
    try:
        tokens.verify(token, sha256(committed))
    except ValueError as error:
        return str(error) or type(error).__name__
    return ""
