"""What the two lists of digests (asic, sums) have in common."""

from collections.abc import Sequence

from evidence.container.names import is_valid

DIGEST_SIZE = 32


def check_names(names: Sequence[str]) -> None:
    """Refuses a list that no archive can have.

    Raises:
        ValueError: it is empty, or has a name that is invalid or there twice (without regard to case).
    """
    if not names:
        raise ValueError("lists nothing")
    if not all(map(is_valid, names)):
        raise ValueError("lists a name that no member may have")
    if len({name.lower() for name in names}) != len(names):
        raise ValueError("lists a name twice")


def check(members: Sequence[tuple[str, bytes]]) -> None:
    """Refuses what can't be written: as check_names, or a digest that isn't SHA-256's 32 bytes.

    Raises:
        ValueError: it can't be written.
    """
    check_names([name for name, _digest in members])
    if any(len(digest) != DIGEST_SIZE for _name, digest in members):
        raise ValueError("a digest isn't 32 bytes")
