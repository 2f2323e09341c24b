"""The loopback server at work, and a client that says whatever it likes."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from evidence.network.answering import Answer
from evidence.network.guard import Guard
from evidence.network.loopback import Loopback

TOKEN = "k" * 43
CRM = "https://crm.example.com"
EVIL = "https://evil.example.com"


@dataclass
class Served:
    """A running server.

    Attributes:
        port: where it listens.
        taken: bodies that it took.
        told: codes of refusals.
        hold: cleared, it keeps a request from being answered.
    """

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def take(self, body: bytes) -> Answer:
        self.hold.wait(20)
        if body == b"boom":
            raise RuntimeError("secret words of a bug")
        self.taken.append(body)
        return Answer(201, {"n": len(self.taken)})


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Served]:
    served = Served()
    served.hold.set()

    def guard(hosts: frozenset[str]) -> Guard:
        return Guard(hosts, frozenset({CRM}), TOKEN)

    with Loopback(host, 0, guard, served.take, served.told.append) as server:
        served.port = server.port
        try:
            yield served
        finally:
            served.hold.set()


def exchange(port: int, data: bytes, host: str = "127.0.0.1") -> bytes:
    """Send bytes as they are; everything that comes back."""
    with socket.create_connection((host, port), 10) as connection:
        connection.sendall(data)
        found = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                found += piece
    return found


def request(method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    rows = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{method} {path} HTTP/1.1\r\n{rows}\r\n".encode("latin-1") + body


def usual(port: int, body: bytes = b"{}", **changed: Any) -> list[tuple[str, str]]:
    """Headers of a good request; ``None`` leaves one out."""
    headers: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return [(name, value) for name, value in headers.items() if value is not None]


def post(
    port: int, body: bytes = b"{}", path: str = "/mark", **changed: Any
) -> tuple[int, dict[str, str], object]:
    """Status, headers by lower-case names, and the JSON that came back."""
    return parsed(exchange(port, request("POST", path, usual(port, body, **changed), body)))


def parsed(answer: bytes) -> tuple[int, dict[str, str], object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rows = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows)}
    return int(first.split()[1]), headers, json.loads(body) if body else None


def refused(served: Served, answer: tuple[int, dict[str, str], object], status: int, code: str) -> None:
    found, headers, document = answer
    assert (found, served.taken) == (status, [])
    assert isinstance(document, dict)
    assert document["error"] == code
    assert headers["cache-control"] == "no-store"
    assert headers["connection"] == "close"
    assert "access-control-allow-origin" not in headers or headers["access-control-allow-origin"] == CRM
    assert served.told == [code]
