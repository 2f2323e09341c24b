"""Asks a witness to cosign a checkpoint: C2SP tlog-witness, ``add-checkpoint``.

Only the request and the raw answer; what an answer means is judged elsewhere. Redirections aren't followed:
a checkpoint goes to the address that the owner of the vault wrote down, and nowhere else.
"""

import base64
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.errors import TimestampServiceError
from evidence.messages import t
from evidence.text import visible

MAX_ANSWER = 64 * 1024
"""Bytes of the longest answer that is read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answered; untrusted.

    Attributes:
        status: the HTTP status, e.g. 200 (cosigned) or 409 (it knows another size).
        body: at most MAX_ANSWER bytes.
    """

    status: int
    body: bytes


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing; the redirection is the answer."""


def request_body(old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of ``add-checkpoint``: old size, consistency proof, empty line, signed checkpoint.

    Args:
        old_size: size of the checkpoint that the witness cosigned last; 0 for none.
        proof: hashes of the consistency proof from there (RFC 6962, section 2.1.2).
        checkpoint: the signed note.
    """
    lines = [f"old {old_size}", *(base64.b64encode(value).decode("ascii") for value in proof), "", ""]
    return "\n".join(lines).encode("ascii") + checkpoint


def add_checkpoint(url: str, body: bytes, timeout_seconds: float) -> Answer:
    """Send a checkpoint to a witness.

    Args:
        url: the witness' submission prefix.
        body: as ``request_body`` makes it.
        timeout_seconds: for the whole exchange.

    Raises:
        TimestampServiceError: the witness can't be reached, doesn't speak HTTP, or is too slow.
    """
    deadline = time.monotonic() + timeout_seconds
    address = f"{url.rstrip('/')}/add-checkpoint"
    try:
        request = urllib.request.Request(address, data=body, method="POST")  # noqa: S310  config.v1: http(s)
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        opener = urllib.request.build_opener(_NoRedirection)
        try:
            response = opener.open(request, timeout=timeout_seconds)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Answer(response.status or 0, _read(response, deadline))
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise TimestampServiceError(
            t("recover.witness_unreachable", reason=visible(str(reason) or type(error).__name__)[:300]),
            t("recover.witness_unreachable_hint"),
        ) from error


def _read(response: Any, deadline: float) -> bytes:
    """The answer, at most MAX_ANSWER bytes of it; one that drips in too slowly is given up."""
    parts: list[bytes] = []
    left = MAX_ANSWER
    while left and (part := response.read1(left)):
        if time.monotonic() > deadline:
            raise TimeoutError(t("recover.too_slow"))
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
