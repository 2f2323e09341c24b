"""A time-stamping authority behind HTTP, in a thread: a real one, or one that misbehaves."""

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

REPLY = "application/timestamp-reply"

Answer = Callable[[bytes], bytes]
"""Gives the answer's body to a query."""


@dataclass
class Served:
    """A running server.

    Attributes:
        url: where it is asked.
        queries: bodies of what was asked, in order.
        headers: of the requests, by lower-case name.
    """

    url: str
    queries: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def serving(
    answer: Answer, *, status: int = 200, kind: str = REPLY, more: dict[str, str] | None = None
) -> Iterator[Served]:
    """Serve on a port of the loopback interface."""
    served = Served("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            served.queries.append(query)
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            body = answer(query)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in (more or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        served.url = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def refused_url() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/tsa"


@contextmanager
def raw(
    speak: Callable[[socket.socket, threading.Event], None], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server that says what it likes; ``speak`` gets the connection, and an event that is set at the end."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def run() -> None:
            while not done.is_set():
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                with suppress(OSError), connection:
                    if tls is None:
                        connection.recv(65536)
                        speak(connection, done)
                    else:
                        with tls.wrap_socket(
                            connection, server_side=True, do_handshake_on_connect=False
                        ) as wrapped:
                            speak(wrapped, done)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/tsa"
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)


def drip(data: bytes, pause: float) -> Callable[[socket.socket, threading.Event], None]:
    """Sends a byte now and then."""

    def speak(connection: socket.socket, done: threading.Event) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            if done.wait(pause):
                return

    return speak
