"""A small HTTP server for programs on this machine: one path, one method, JSON in and out.

It listens on a loopback address only. Each connection carries one request, must send it within DEADLINE
seconds, and has a thread of its own, of which there are at most WORKERS; what they make of a body is the
caller's business. Whatever goes wrong is answered with a line of JSON.
"""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

from evidence.messages import t
from evidence.network.guard import PATH, Guard, Refusal, length

WORKERS = 16
"""Connections at a time."""

DEADLINE = 5.0
"""Seconds within which a request must have come, however slowly its bytes drip."""

_POLL = 0.2
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


def is_loopback(host: str) -> bool:
    """Whether an IP address, in text, can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Loopback(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The server; it listens once it is made. A context manager.

    Args:
        host: IP address, a loopback one.
        port: 0: any that is free.
        guard: makes the guard, given the hosts by which the server may be called.
        take: makes something of bodies.
        tell: hears of refusals.
        tick: called by the thread that serves, several times a second.

    Raises:
        ValueError: the address isn't a loopback one.
        OSError: the port is taken, or isn't for this account.
    """

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 64

    def __init__(  # noqa: PLR0917  as many as there are edges
        self,
        host: str,
        port: int,
        guard: Callable[[frozenset[str]], Guard],
        take: Take,
        tell: Tell,
        tick: Callable[[], None],
    ) -> None:
        if not is_loopback(host):
            raise ValueError("not a loopback address")
        if ip_address(host).version == 6:
            self.address_family = socket.AF_INET6
        self._slots = threading.BoundedSemaphore(WORKERS)
        self._late: dict[socket.socket, float] = {}
        self._tick = tick
        self.take = take
        self.tell = tell
        super().__init__((host, port), _Handler)
        self.port = int(self.server_address[1])
        self.name = f"[{host}]" if self.address_family == socket.AF_INET6 else host
        self.guard = guard(frozenset(_hosts((self.name, "localhost"), self.port)))

    @property
    def url(self) -> str:
        """Where events are posted to."""
        return f"http://{self.name}:{self.port}{PATH}"

    def serve(self) -> None:
        """Serve until the thread is interrupted."""
        self.serve_forever(_POLL)

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Listen no more; whoever has sent a request still gets the answer."""
        for connection in list(self._late):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        self.server_close()

    def __enter__(self) -> Self:
        return self

    def service_actions(self) -> None:
        """End the requests that take too long; tell the caller that time goes by."""
        now = time.monotonic()
        for connection, until in list(self._late.items()):
            if now > until:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)
        self._tick()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or send it away when there are too many."""
        if not self._slots.acquire(blocking=False):
            self.tell("busy")
            with suppress(OSError):
                request.setblocking(False)
                request.send(_BUSY)
            self.shutdown_request(request)
            return
        self._late[request] = time.monotonic() + DEADLINE
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread can be started any more
            self.settled(request)
            self._slots.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Work through a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.settled(request)
            self._slots.release()

    def settled(self, request: socket.socket) -> None:
        """Let a connection take as long as it needs: its request has come."""
        self._late.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  its signature
        """A connection that broke concerns nobody; what else goes wrong is answered and told before."""
        self.tell("broken")


_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nCache-Control: no-store\r\nConnection: close\r\n"
    b'Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{"error":"busy"}\n'
)


def _hosts(names: tuple[str, ...], port: int) -> list[str]:
    return [*(f"{name}:{port}" for name in names), *(names if port == 80 else ())]


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    protocol_version = "HTTP/1.1"
    server_version = "evidence"
    sys_version = ""
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

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is logged here: lines would name persons."""
