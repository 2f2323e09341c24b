"""One request to the loopback server: checked, handed on, answered with a line of JSON."""

import json
import socket
import socketserver
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from evidence.messages import t
from evidence.network.guard import PATH, Guard, Refusal, length

DEADLINE = 5.0
"""Seconds within which a request must have come, however slowly its bytes drip."""

_DRAINED_SECONDS = 1.0
_PREFLIGHT_SECONDS = 600
_METHODS = "POST, OPTIONS"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        status: of the HTTP answer.
        document: its body.
    """

    status: int
    document: Mapping[str, Any]


Take = Callable[[bytes], Answer]
"""Makes something of a body; called from several threads at once."""

Tell = Callable[[str], None]
"""Hears why a request was refused, by its code; called from several threads at once."""


class Serving(socketserver.TCPServer):
    """What a handler needs of its server.

    Attributes:
        guard: says who may post.
        take: makes something of bodies.
        tell: hears of refusals.
    """

    guard: Guard
    take: Take
    tell: Tell

    def settled(self, request: socket.socket) -> None:
        """Let a connection take as long as it needs: its request has come."""
        raise NotImplementedError


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP on one connection."""

    server: Serving
    protocol_version = "HTTP/1.1"
    server_version = "evidence"
    timeout = DEADLINE

    def handle(self) -> None:
        """One request, then the connection is closed."""
        self.close_connection = True
        self.origin = ""
        self.handle_one_request()

    def parse_request(self) -> bool:
        """Read what stands before the body; a request that asks to go on is still the only one."""
        is_parsed = super().parse_request()
        self.close_connection = True
        return is_parsed

    def do_POST(self) -> None:
        """Take a body."""
        try:
            self._require()
            if self.path != PATH:
                raise Refusal(404, "path")  # noqa: TRY301  answered like every other
            self.server.guard.require_token(self.headers)
            answer = self.server.take(self._body(length(self.headers)))
        except Refusal as refusal:
            self._refuse(refusal)
            return
        except TimeoutError:
            self._refuse(Refusal(408, "slow"))
            return
        except Exception:  # noqa: BLE001  whatever it is, the client must not take the event for noted
            self._refuse(Refusal(500, "failed"))
            return
        self._reply(answer.status, answer.document)

    def do_OPTIONS(self) -> None:
        """Answer what a browser asks before it lets a page post."""
        try:
            self._require()
            if not self.origin:
                raise Refusal(405, "method")  # noqa: TRY301
        except Refusal as refusal:
            self._refuse(refusal)
            return
        allowed = {
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
        }
        if self.headers.get("Access-Control-Request-Private-Network", "").strip().lower() == "true":
            allowed["Access-Control-Allow-Private-Network"] = "true"
        self._reply(204, None, allowed)

    def do_GET(self) -> None:
        """There is nothing to get."""
        try:
            self._require()
        except Refusal as refusal:
            self._refuse(refusal)
            return
        self._refuse(Refusal(405 if self.path == PATH else 404, "method" if self.path == PATH else "path"))

    do_HEAD = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815  as http.server looks for them

    def _require(self) -> None:
        self.origin = self.server.guard.origin(self.headers)

    def _body(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            raise Refusal(408, "slow")
        self.server.settled(self.connection)
        return body

    def _refuse(self, refusal: Refusal) -> None:
        self.server.tell(refusal.code)
        more = {401: {"WWW-Authenticate": "Bearer"}, 405: {"Allow": _METHODS}}
        document = {"error": refusal.code, "message": t(f"live.http_{refusal.code}")}
        self._reply(refusal.status, document, more.get(refusal.status, {}))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002  its signature
        """Answer a request that can't be understood, without a word of it."""
        self._refuse(Refusal(501, "method") if int(code) == 501 else Refusal(int(code), "request"))

    def _reply(
        self, status: int, document: Mapping[str, Any] | None, more: Mapping[str, str] | None = None
    ) -> None:
        body = b"" if document is None else json.dumps(document, ensure_ascii=True).encode("ascii") + b"\n"
        with suppress(OSError):
            self.send_response(status)
            for name, value in {**self._always(), **(more or {})}.items():
                self.send_header(name, value)
            if document is not None:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def _always(self) -> dict[str, str]:
        found = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Connection": "close"}
        allowed = {"Access-Control-Allow-Origin": self.origin} if self.origin else {}
        return {**found, "Vary": "Origin", **allowed}

    def finish(self) -> None:
        """Close; what of the request wasn't read is thrown away, or the answer would be lost with it."""
        super().finish()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            until = time.monotonic() + _DRAINED_SECONDS
            while (left := until - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(65536):
                    return

    def version_string(self) -> str:
        """What the server calls itself: nothing that says how old it is."""
        return self.server_version

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is logged here: lines would name persons."""
