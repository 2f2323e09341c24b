"""The loopback server over real sockets: what it makes of hostile and slow clients, and where it listens."""

import socket
import threading
import time

import pytest

from evidence.network.answering import DEADLINE, Answer
from evidence.network.guard import Guard
from evidence.network.loopback import WORKERS, Loopback, is_loopback
from tests.network.loopbackclient import (
    TOKEN,
    Served,
    exchange,
    parsed,
    post,
    refused,
    request,
    serving,
    usual,
)


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
