"""META-INF/ASiCManifest001.xml: the digests that the signature closes (FORMAT.md, "ASiCManifest001.xml").

The file is a fixed template (ETSI EN 319 162-1, annex A.4), compared as text and never parsed as XML. The
SHA-256 of its bytes is the identity of the archive. Law: ``parse(build(x)) == x``.
"""

import base64
import re
from collections.abc import Sequence

from evidence import strict
from evidence.container import lists
from evidence.container.names import SIGNATURE

SHA256_URI = "http://www.w3.org/2001/04/xmlenc#sha256"

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    f'<SigReference URI="{SIGNATURE}" MimeType="application/pkcs7-signature"/>\n'
)
_LINE = (
    '<DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{algorithm}"/>'
    "<ds:DigestValue>{digest}</ds:DigestValue></DataObjectReference>\n"
)
_TAIL = "</ASiCManifest>\n"
# The template holds nothing that a regular expression would read otherwise.
_PATTERN = re.compile(
    _LINE.format(name='([^"<>&]*)', algorithm="([!#-%'-;=?-~]+)", digest="([^<>&]*)").removesuffix("\n")
)


class UnsupportedDigest(ValueError):
    """The file is the template but for digest algorithms that this version doesn't know.

    Attributes:
        algorithm: the URI of the first of them; untrusted text, ASCII.
    """

    def __init__(self, algorithm: str) -> None:
        super().__init__("a digest algorithm other than SHA-256")
        self.algorithm = algorithm


def build(members: Sequence[tuple[str, bytes]]) -> bytes:
    """The file's bytes for members in their order, each with its SHA-256 (32 bytes).

    Raises:
        ValueError: no members, a name that a member can't have or that is there twice, or no SHA-256.
    """
    lists.check(members)
    lines = [
        _LINE.format(name=name, algorithm=SHA256_URI, digest=base64.b64encode(digest).decode("ascii"))
        for name, digest in members
    ]
    return "".join([_HEAD, *lines, _TAIL]).encode("ascii")


def parse(data: bytes) -> list[tuple[str, bytes]]:
    """Members and their SHA-256, in the file's order.

    Raises:
        UnsupportedDigest: an Algorithm isn't SHA-256 and everything else is as it has to be.
        ValueError: the bytes aren't what ``build`` makes of any members.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ValueError("not ASCII") from error
    if not (text.startswith(_HEAD) and text.endswith(_TAIL)):
        raise ValueError("the first or last lines aren't those of the template")
    lines = text[len(_HEAD) : -len(_TAIL)].split("\n")
    if lines.pop():
        raise ValueError("the last line doesn't end")
    rows = [_row(line) for line in lines]
    lists.check_names([name for name, _algorithm, _digest in rows])
    for _name, algorithm, _digest in rows:
        if algorithm != SHA256_URI:
            raise UnsupportedDigest(algorithm)
    return [(name, digest) for name, _algorithm, digest in rows]


def _row(line: str) -> tuple[str, str, bytes]:
    match = _PATTERN.fullmatch(line)
    if match is None:
        raise ValueError("a line isn't as the template has it")
    name, algorithm, value = match.groups()
    digest = strict.base64_bytes(value)
    if algorithm == SHA256_URI and len(digest) != lists.DIGEST_SIZE:
        raise ValueError("a digest isn't 32 bytes")
    return name, algorithm, digest
