"""A small HTTP server for programs on this machine: one path, one method, JSON in and out.

It listens on a loopback address only. Each connection carries one request, must send it within DEADLINE
seconds, and has a thread of its own, of which there are at most WORKERS; what they make of a body is the
caller's business. Whatever goes wrong is answered with a line of JSON.
"""

import socket
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

from evidence.network.answering import DEADLINE, Handler, Serving, Take, Tell
from evidence.network.guard import PATH, Guard

WORKERS = 16
"""Connections at a time."""

_POLL = 0.2


def is_loopback(host: str) -> bool:
    """Whether an IP address, in text, can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Loopback(socketserver.ThreadingMixIn, Serving):
    """The server; it listens once it is made, and serves in a thread of its own while its context lasts.

    Nothing may be raised in that thread from outside, by a signal, say: starting threads doesn't survive it.

    Args:
        host: IP address, a loopback one.
        port: 0: any that is free.
        guard: makes the guard, given the hosts by which the server may be called.
        take: makes something of bodies.
        tell: hears of refusals.

    Raises:
        ValueError: the address isn't a loopback one.
        OSError: the port is taken, or isn't for this account.
    """

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 64

    def __init__(
        self, host: str, port: int, guard: Callable[[frozenset[str]], Guard], take: Take, tell: Tell
    ) -> None:
        if not is_loopback(host):
            raise ValueError("not a loopback address")
        if ip_address(host).version == 6:
            self.address_family = socket.AF_INET6
        self._slots = threading.BoundedSemaphore(WORKERS)
        self._late: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(_POLL,), name="loopback")
        self.take = take
        self.tell = tell
        super().__init__((host, port), Handler)
        self.port = int(self.server_address[1])
        known = ip_address(host).compressed
        self.name = f"[{known}]" if self.address_family == socket.AF_INET6 else known
        self.guard = guard(frozenset(_hosts((self.name, "localhost"), self.port)))

    @property
    def url(self) -> str:
        """Where events are posted to."""
        return f"http://{self.name}:{self.port}{PATH}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more; whoever has sent a request still gets the answer."""
        self.shutdown()
        self._thread.join()
        self._end_reading(lambda _until: True)
        self.server_close()

    def service_actions(self) -> None:
        """End the requests that take too long."""
        now = time.monotonic()
        self._end_reading(lambda until: now > until)

    def _end_reading(self, is_ended: Callable[[float], bool]) -> None:
        """Let connections whose request hasn't come find that nothing more comes, by their deadlines."""
        with self._lock:
            for connection, until in self._late.items():
                if is_ended(until):
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or send it away when there are too many."""
        if not self._slots.acquire(blocking=False):
            self.tell("busy")
            with suppress(OSError):
                request.setblocking(False)
                request.send(_BUSY)
            self.shutdown_request(request)
            return
        with self._lock:
            self._late[request] = time.monotonic() + DEADLINE
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread can be started any more
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
        with self._lock:
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
