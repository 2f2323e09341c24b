"""SHA256SUMS: digests of the body for ``sha256sum -c`` (FORMAT.md, "SHA256SUMS").

One line ``<64 hexadecimal digits>  <name>`` a member. Law: ``parse(build(x)) == x``.
"""

import re
from collections.abc import Sequence

from evidence import strict
from evidence.container import lists

_LINE = re.compile(r"([0-9a-f]{64})  ([\x21-\x7e]+)")


def build(members: Sequence[tuple[str, bytes]]) -> bytes:
    """The file's bytes for members in their order, each with its SHA-256 (32 bytes).

    Raises:
        ValueError: no members, a name that a member can't have or that is there twice, or no SHA-256.
    """
    lists.check(members)
    return "".join(f"{digest.hex()}  {name}\n" for name, digest in members).encode("ascii")


def parse(data: bytes) -> list[tuple[str, bytes]]:
    """Members and their SHA-256, in the file's order.

    Raises:
        ValueError: the bytes aren't what ``build`` makes of any members.
    """
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError("not ASCII") from error
    if lines.pop():
        raise ValueError("the last line doesn't end")
    rows = [_row(line) for line in lines]
    lists.check_names([name for name, _digest in rows])
    return rows


def _row(line: str) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("a line isn't a digest, two spaces and a name")
    return match[2], strict.hexadecimal(match[1], lists.DIGEST_SIZE)
