"""Who may post to a loopback server: what a request's headers must be before its body is read.

The server stands on a machine where browsers run, and any page in them can send requests to it. So the host
that is asked for must be the server's own (a page may have bound its name to this machine), a page's origin
must be one that was allowed, and the token must be there, which no page can read.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

PATH = "/mark"
"""Where events are posted to."""

MAX_BODY = 16 * 1024
"""Bytes of the longest body."""

_JSON = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE | re.ASCII)


class Refusal(Exception):
    """A request that isn't taken.

    Attributes:
        status: of the HTTP answer.
        code: why, for programs; ``live.http_CODE`` says it in words.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Guard:
    """What a server asks of requests.

    Attributes:
        hosts: values of ``Host`` by which it may be called, in lower case.
        origins: web pages that may post, as browsers name them, in lower case.
        token: what must be shown.
    """

    hosts: frozenset[str]
    origins: frozenset[str]
    token: str

    def origin(self, headers: Message) -> str:
        """The page that a request comes from; empty where no browser sent it.

        Raises:
            Refusal: another host is asked for, or the page isn't allowed.
        """
        hosts = headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip().lower() not in self.hosts:
            raise Refusal(403, "host")
        origins = headers.get_all("Origin", [])
        if not origins:
            if headers.get("Sec-Fetch-Site", "none").strip().lower() != "none":
                raise Refusal(403, "origin")
            return ""
        if len(origins) != 1 or origins[0].strip().lower() not in self.origins:
            raise Refusal(403, "origin")
        return str(origins[0]).strip()

    def require_token(self, headers: Message) -> None:
        """Refuse a request that doesn't show the token.

        Raises:
            Refusal: it shows none, or another.
        """
        shown = headers.get_all("Authorization", [])
        found = _BEARER.fullmatch(shown[0].strip()) if len(shown) == 1 else None
        given = found[1] if found else ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode("ascii")):
            raise Refusal(401, "token")


def length(headers: Message) -> int:
    """How long the body is, which must be JSON.

    Raises:
        Refusal: another type, no length, or too long.
    """
    if not _JSON.fullmatch(_only(headers, "Content-Type").strip()):
        raise Refusal(415, "type")
    if "Transfer-Encoding" in headers or "Content-Encoding" in headers:
        raise Refusal(501, "coding")
    given = _only(headers, "Content-Length").strip()
    if not given:
        raise Refusal(411, "length")
    if not _DIGITS.fullmatch(given):
        raise Refusal(400, "request")
    if int(given) > MAX_BODY:
        raise Refusal(413, "too_long")
    return int(given)


def _only(headers: Message, name: str) -> str:
    found: Sequence[str] = headers.get_all(name, [])
    if len(found) > 1:
        raise Refusal(400, "request")
    return str(found[0]) if found else ""
