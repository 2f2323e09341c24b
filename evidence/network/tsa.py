"""Asking a time-stamping authority over HTTP (RFC 3161, section 3.4).

What comes back is bytes, nothing more: whoever asked checks them (evidence.crypto.answers). This module is
imported when something is asked, since the standard library's HTTP takes longer to import than a seal.
"""

import http.client
import socket
import threading
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from evidence.errors import TimestampServiceError
from evidence.messages import t
from evidence.text import visible

MAX_ANSWER = 256 * 1024
"""Bytes of the longest answer that is read."""

QUERY = "application/timestamp-query"
_OK = 200


def post(url: str, query: bytes, timeout: float) -> bytes:
    """Send a time-stamp query and return the answer's bytes, unchecked.

    Redirections aren't followed: whom the vault asks is for its owner to decide. The time covers everything
    from looking up the name to the last byte, so that a server that drips bytes holds nobody up.

    Args:
        url: http or https; name and password in it are sent as basic authentication.
        query: DER TimeStampReq.
        timeout: seconds for the whole answer.

    Raises:
        TimestampServiceError: no answer, too late or too long, or another status than 200.
    """
    exchange = _Exchange(url, query, timeout)
    worker = threading.Thread(target=exchange.run, name="time stamp", daemon=True)
    worker.start()
    worker.join(timeout)
    if not exchange.is_done:
        exchange.give_up()
        raise TimestampServiceError(t("timestamp.too_slow", seconds=f"{timeout:g}"))
    if exchange.problem:
        raise TimestampServiceError(exchange.problem)
    return exchange.answer


def shown(url: str) -> str:
    """An address as it may be shown: without name, password and query."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return visible(f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}")
    except ValueError:
        return visible(url.rpartition("@")[2])


@dataclass
class _Exchange:
    """One query and its answer, in a thread of its own; nobody waits for it longer than the time allows.

    Attributes:
        is_done: whether ``answer`` or ``problem`` is there.
        problem: why there is no answer, in words.
    """

    url: str
    query: bytes
    timeout: float
    answer: bytes = b""
    problem: str = ""
    is_done: bool = False
    _connection: http.client.HTTPConnection | None = field(default=None)

    def run(self) -> None:
        """Ask; every failure becomes words."""
        try:
            self.answer = self._ask()
        except TimestampServiceError as error:
            self.problem = error.message
        except OSError as error:  # refused, reset, no such host, a certificate that doesn't fit, too late
            self.problem = t("timestamp.no_connection", reason=visible(error.strerror or str(error)))
        except (http.client.HTTPException, ValueError) as error:
            self.problem = t("timestamp.not_http", reason=visible(str(error) or type(error).__name__)[:200])
        finally:
            self._close()
            self.is_done = True

    def give_up(self) -> None:
        """Break the connection, so that the thread ends."""
        found = self._connection.sock if self._connection else None
        if found is not None:
            with suppress(OSError, AttributeError):
                found.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> bytes:
        parts = urlsplit(self.url)
        self._connection = connection = _connect(parts, self.timeout)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, self.query, _headers(parts))
        with connection.getresponse() as response:
            if response.status != _OK:
                raise TimestampServiceError(_status_words(response))
            data = response.read(MAX_ANSWER + 1)
            if response.length and len(data) <= MAX_ANSWER:
                raise TimestampServiceError(t("timestamp.cut"))
        if len(data) > MAX_ANSWER:
            raise TimestampServiceError(t("timestamp.too_long", size=str(MAX_ANSWER // 1024)))
        return data

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _connect(parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise TimestampServiceError(t("timestamp.bad_address"))
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname, parts.port, timeout=timeout)


def _headers(parts: SplitResult) -> dict[str, str]:
    headers = {"Content-Type": QUERY, "Accept": "application/timestamp-reply", "Connection": "close"}
    if parts.username is not None:
        word = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(word.encode()).decode()}"
    return headers


def _status_words(response: http.client.HTTPResponse) -> str:
    where = response.getheader("Location")
    if 300 <= response.status < 400 and where:
        return t("timestamp.redirected", status=str(response.status), address=shown(where[:500]))
    return t("timestamp.status", status=str(response.status), reason=visible(response.reason[:100]))
