"""The loopback server over real sockets: whom it lets in, and what it makes of hostile and slow clients."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from evidence.network.answering import DEADLINE, Answer
from evidence.network.guard import MAX_BODY, Guard
from evidence.network.loopback import WORKERS, Loopback, is_loopback

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


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def served(shared: Served) -> Served:
    shared.taken.clear()
    shared.told.clear()
    return shared


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


def test_a_program_with_the_token_is_let_in(served: Served) -> None:
    status, headers, document = post(served.port, b'{"agent":"101"}')
    assert (status, document, served.taken) == (201, {"n": 1}, [b'{"agent":"101"}'])
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "application/json"
    assert headers["server"] == "evidence"
    assert "access-control-allow-origin" not in headers
    assert served.told == []


@pytest.mark.parametrize(
    "changed",
    [
        {"Authorization": f"bearer  {TOKEN}"},
        {"Content_Type": "Application/JSON; charset=UTF-8"},
        {"Host": "LOCALHOST:{port}"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_other_ways_to_say_the_same(served: Served, changed: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        name: value.replace("{port}", str(served.port)) for name, value in changed.items()
    }
    assert post(served.port, **values)[0] == 201


def test_a_page_that_is_allowed_is_let_in_and_may_read_the_answer(served: Served) -> None:
    status, headers, _document = post(served.port, Origin=CRM, Sec_Fetch_Site="cross-site")
    assert status == 201
    assert headers["access-control-allow-origin"] == CRM
    assert headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origin",
    [
        *(
            EVIL,
            "null",
            "http://crm.example.com",
            f"{CRM}:8443",
            f"{CRM}.evil.example",
            f"{CRM}@evil.example",
        ),
        *("", "*", f"{CRM}, {EVIL}", f"{CRM}/", "http://127.0.0.1", "file://"),
    ],
)
def test_other_pages_are_refused_though_they_know_the_token(served: Served, origin: str) -> None:
    refused(served, post(served.port, Origin=origin), 403, "origin")


def test_a_page_that_hides_its_origin_is_refused(served: Served) -> None:
    refused(served, post(served.port, Sec_Fetch_Site="cross-site"), 403, "origin")
    headers = [*usual(served.port), ("Origin", CRM), ("Origin", EVIL)]
    served.told.clear()
    refused(served, parsed(exchange(served.port, request("POST", "/mark", headers, b"{}"))), 403, "origin")


@pytest.mark.parametrize(
    "host", ["evil.example.com:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "", None]
)
def test_a_page_that_bound_its_name_to_this_machine_is_refused(served: Served, host: str | None) -> None:
    """DNS rebinding: the browser thinks it is the page's own server, so no Origin need come."""
    refused(served, post(served.port, Host=host and host.replace("{port}", str(served.port))), 403, "host")


def test_two_hosts_are_none(served: Served) -> None:
    headers = [*usual(served.port), ("Host", "evil.example.com")]
    refused(served, parsed(exchange(served.port, request("POST", "/mark", headers, b"{}"))), 403, "host")


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer ÿ",
    ],
)
def test_without_the_token_nobody_is_let_in(served: Served, token: str | None) -> None:
    answer = post(served.port, Authorization=token)
    refused(served, answer, 401, "token")
    assert answer[1]["www-authenticate"] == "Bearer"
    assert TOKEN not in str(answer)


def test_two_tokens_are_none(served: Served) -> None:
    headers = [*usual(served.port), ("Authorization", "Bearer x")]
    refused(served, parsed(exchange(served.port, request("POST", "/mark", headers, b"{}"))), 401, "token")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"Content_Type": "text/plain"}, 415, "type"),  # what a form of any page can send
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "type"),
        ({"Content_Type": "application/json; charset=utf-16"}, 415, "type"),
        ({"Content_Type": None}, 415, "type"),
        ({"Content_Length": None}, 411, "length"),
        ({"Content_Length": "-1"}, 400, "request"),
        ({"Content_Length": "+2"}, 400, "request"),
        ({"Content_Length": "0x2"}, 400, "request"),
        ({"Content_Length": "2, 2"}, 400, "request"),
        ({"Content_Length": "1" * 300}, 400, "request"),
        ({"Content_Length": str(MAX_BODY + 1)}, 413, "too_long"),
        ({"Transfer_Encoding": "chunked"}, 501, "coding"),
        ({"Content_Encoding": "gzip"}, 501, "coding"),
    ],
)
def test_other_bodies_are_refused(served: Served, changed: dict[str, Any], status: int, code: str) -> None:
    refused(served, post(served.port, **changed), status, code)


def test_the_longest_body_is_taken_and_a_longer_one_is_answered_before_it_is_sent_whole(
    served: Served,
) -> None:
    assert post(served.port, b" " * MAX_BODY)[0] == 201
    assert len(served.taken[0]) == MAX_BODY
    served.taken.clear()
    refused(served, post(served.port, b" " * 200_000), 413, "too_long")


@pytest.mark.parametrize("path", ["/", "/mark/", "/mark?token=x", "/Mark", "http://127.0.0.1/mark", "*"])
def test_there_is_one_path(served: Served, path: str) -> None:
    refused(served, post(served.port, path=path), 404, "path")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_there_is_one_method(served: Served, method: str) -> None:
    answer = parsed(exchange(served.port, request(method, "/mark", usual(served.port), b"{}")))
    refused(served, answer, 405, "method")
    assert answer[1]["allow"] == "POST, OPTIONS"


def test_the_preflight_of_a_page_that_is_allowed(served: Served) -> None:
    asked = [
        *(("Host", f"localhost:{served.port}"), ("Origin", CRM), ("Access-Control-Request-Method", "POST")),
        ("Access-Control-Request-Headers", "authorization,content-type"),
    ]
    status, headers, document = parsed(exchange(served.port, request("OPTIONS", "/mark", asked)))
    assert (status, document) == (204, None)
    assert headers["access-control-allow-origin"] == CRM
    assert headers["access-control-allow-methods"] == "POST"
    assert headers["access-control-allow-headers"] == "authorization, content-type"
    assert headers["vary"] == "Origin"
    assert "access-control-allow-private-network" not in headers
    asked.append(("Access-Control-Request-Private-Network", "true"))
    _status, headers, _ = parsed(exchange(served.port, request("OPTIONS", "/mark", asked)))
    assert headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ([("Host", "localhost:{port}"), ("Origin", EVIL)], 403, "origin"),
        ([("Host", "evil.example:{port}"), ("Origin", CRM)], 403, "host"),
        ([("Host", "localhost:{port}")], 405, "method"),
    ],
)
def test_the_preflight_of_others_allows_nothing(
    served: Served, headers: list[tuple[str, str]], status: int, code: str
) -> None:
    rows = [(name, value.replace("{port}", str(served.port))) for name, value in headers]
    rows.append(("Access-Control-Request-Private-Network", "true"))
    answer = parsed(exchange(served.port, request("OPTIONS", "/mark", rows)))
    refused(served, answer, status, code)
    assert not any(name.startswith("access-control") for name in answer[1])


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n",
        b"\0" * 1000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 500 + b"\r\n\r\n",  # TLS
        b"POST /mark\r\n\r\n",
        b"POST /mark HTTP/9.9\r\n\r\n",
        b"POST /mark HTTP/x\r\n\r\n",
        b"POST " + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /mark HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"POST /mark HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
        b"<script> /mark HTTP/1.1\r\n\r\n",
        b"GET /mark\r\n\r\n",
    ],
)
def test_what_is_no_request_is_answered_without_a_word_of_it(served: Served, data: bytes) -> None:
    answer = exchange(served.port, data)
    assert served.taken == []
    assert b"Traceback" not in answer
    assert b"<" not in answer
    assert b"aaaa" not in answer
    assert post(served.port)[0] == 201


def test_a_bug_is_answered_and_not_shown(served: Served) -> None:
    answer = post(served.port, b"boom")
    refused(served, answer, 500, "failed")
    assert "secret" not in str(answer)
    assert post(served.port)[0] == 201


def test_one_connection_carries_one_request(served: Served) -> None:
    good = request("POST", "/mark", usual(served.port), b"{}")
    answer = exchange(served.port, good + good)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert served.taken == [b"{}"]


def test_concurrent_posts_are_all_taken(served: Served) -> None:
    bodies = [b'{"id":"%d"}' % number for number in range(200)]
    left, lock = list(bodies), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not left:
                    return
                body = left.pop()
            while post(served.port, body)[0] == 503:
                time.sleep(0.05)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(served.taken) == sorted(bodies)


# Slow clients


def test_slow_clients_are_cut_off_and_others_are_answered_meanwhile() -> None:
    with serving() as served:
        head = request("POST", "/mark", usual(served.port, b"{}"))
        slow = [socket.create_connection(("127.0.0.1", served.port), 30) for _ in range(WORKERS - 2)]
        for number, connection in enumerate(slow):
            connection.sendall((b"", b"POST", head[:-2], head + b"{")[number % 4])
        began = time.monotonic()
        assert post(served.port)[0] == 201
        assert time.monotonic() - began < 2
        while time.monotonic() - began < DEADLINE + 3 and len(slow) > 0:
            for connection in list(slow):  # a byte now and then keeps no connection alive
                try:
                    connection.sendall(b"x") if len(slow) % 2 else None
                    connection.settimeout(0.05)
                    while connection.recv(65536):
                        pass
                except TimeoutError:
                    continue
                except OSError:
                    pass
                connection.close()
                slow.remove(connection)
        assert slow == []
        assert served.taken == [b"{}"]
        assert post(served.port)[0] == 201


def test_too_many_at_once_are_told_to_come_again() -> None:
    with serving() as served:
        served.hold.clear()
        body = request("POST", "/mark", usual(served.port), b"{}")
        waiting = [socket.create_connection(("127.0.0.1", served.port), 30) for _ in range(WORKERS)]
        for connection in waiting:
            connection.sendall(body)
        status, headers, document = parsed(exchange(served.port, b""))
        assert (status, document) == (503, {"error": "busy"})
        assert headers["retry-after"] == "1"
        served.hold.set()
        for connection in waiting:
            assert parsed(connection.recv(65536))[0] == 201
            connection.close()
        assert len(served.taken) == WORKERS


def test_a_request_that_came_in_time_is_answered_however_long_that_takes() -> None:
    with serving() as served:
        served.hold.clear()
        answers: list[int] = []
        thread = threading.Thread(target=lambda: answers.append(post(served.port)[0]))
        thread.start()
        time.sleep(DEADLINE + 1)
        served.hold.set()
        thread.join(10)
        assert answers == [201]


def test_whoever_has_asked_is_answered_before_the_end() -> None:
    answers: list[int] = []
    served = Served()
    with Loopback("127.0.0.1", 0, _lenient, served.take, print) as server:
        thread = threading.Thread(target=lambda: answers.append(post(server.port)[0]))
        thread.start()
        idle = socket.create_connection(("127.0.0.1", server.port), 30)
        time.sleep(0.3)
        threading.Timer(0.5, served.hold.set).start()
        began = time.monotonic()
    assert time.monotonic() - began < DEADLINE
    idle.close()
    thread.join(10)
    assert answers == [201]


def _lenient(hosts: frozenset[str]) -> Guard:
    return Guard(hosts, frozenset(), TOKEN)


# Addresses


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "192.168.1.1", "::", "localhost", "", "127.0.0.1.evil", "8.8.8.8"],  # noqa: S104  all refused
)
def test_no_other_machine_is_listened_to(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ValueError, match="loopback"):
        Loopback(host, 0, lambda hosts: Guard(hosts, frozenset(), TOKEN), lambda _: Answer(200, {}), print)


def test_the_newer_protocol() -> None:
    with serving("::1") as served:
        answer = exchange(
            served.port,
            request("POST", "/mark", usual(served.port, Host=f"[::1]:{served.port}"), b"{}"),
            "::1",
        )
        assert parsed(answer)[0] == 201
        refused_host = request("POST", "/mark", usual(served.port), b"{}")
        assert parsed(exchange(served.port, refused_host, "::1"))[0] == 403
