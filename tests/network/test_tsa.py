"""Asking over HTTP: whatever a server does, there is an answer or a reason within the time."""

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from evidence.errors import TimestampServiceError
from evidence.network import tsa
from tests.crypto import pki
from tests.network.tsaserver import drip, raw, refused_url, serving

QUERY = b"a query"


def reason(url: str, seconds: float = 5) -> str:
    begun = time.monotonic()
    with pytest.raises(TimestampServiceError) as caught:
        tsa.post(url, QUERY, seconds)
    assert time.monotonic() - begun < seconds + 1
    return caught.value.message


def test_the_query_arrives_and_the_answer_comes_back() -> None:
    with serving(lambda query: query[::-1]) as served:
        assert tsa.post(served.url + "?key=7", QUERY, 5) == QUERY[::-1]
    assert served.queries == [QUERY]
    assert served.headers[0]["content-type"] == "application/timestamp-query"
    assert "authorization" not in served.headers[0]


def test_name_and_password_are_sent_and_never_shown() -> None:
    with serving(lambda _query: b"x") as served:
        url = served.url.replace("http://", "http://desk:s%20cret@") + "?token=hidden"
        assert tsa.post(url, QUERY, 5) == b"x"
        assert served.headers[0]["authorization"] == "Basic ZGVzazpzIGNyZXQ="  # printf 'desk:s cret' | base64
        assert tsa.shown(url) == served.url


def test_nobody_listens() -> None:
    assert reason(refused_url()) == "no connection: Connection refused"


def test_no_such_host() -> None:
    assert reason("http://no-such-host.invalid/").startswith("no connection: ")


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_another_status_is_a_reason(status: int) -> None:
    with serving(lambda _query: b"<html>sorry</html>", status=status, kind="text/html") as served:
        assert reason(served.url).startswith(f"it answered with status {status} (")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://other.example/tsa", "file:///etc/passwd", "/elsewhere"])
def test_redirections_are_told_and_not_followed(status: int, to: str) -> None:
    with serving(lambda _query: b"", status=status, more={"Location": to}) as served:
        said = reason(served.url)
    assert f"status {status}" in said
    assert len(served.queries) == 1


def test_a_huge_answer_is_cut_off() -> None:
    with serving(lambda _query: bytes(tsa.MAX_ANSWER + 1)) as served:
        assert "longer than 256 KiB" in reason(served.url)
    with serving(lambda _query: bytes(tsa.MAX_ANSWER)) as served:
        assert len(tsa.post(served.url, QUERY, 5)) == tsa.MAX_ANSWER


def test_an_answer_without_end_is_cut_off() -> None:
    def speak(connection: socket.socket, done: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not done.is_set():
            connection.sendall(bytes(65536))

    with raw(speak) as url:
        assert "longer than 256 KiB" in reason(url)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 1000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    ],
)
def test_a_server_that_drips_bytes_holds_nobody_up(said: bytes) -> None:
    with raw(drip(said, 0.05)) as url:
        assert reason(url, 0.4) == "no whole answer within 0.4 s"


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    def speak(_connection: socket.socket, done: threading.Event) -> None:
        done.wait(5)

    with raw(speak) as url:
        said = reason(url, 0.3)
    assert "0.3 s" in said or "timed out" in said


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\xff" * 100])
def test_what_is_not_http_is_a_reason(said: bytes) -> None:
    with raw(lambda connection, _done: connection.sendall(said)) as url:
        assert reason(url)


def test_an_answer_that_breaks_off_is_a_reason() -> None:
    part = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123"
    with raw(lambda connection, _done: connection.sendall(part)) as url:
        assert reason(url) == "its answer broke off"


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "ftp://example.org/", "http://x:99999999/", "http://x:y/", "x", ""]
)
def test_an_address_that_is_none(url: str) -> None:
    assert reason(url)
    assert tsa.shown(url) is not None


def test_a_certificate_of_the_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    own = pki.signer("localhost")
    (tmp_path / "both.pem").write_bytes(own.pem + pki.key_pem(own.key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")

    def speak(connection: socket.socket, _done: threading.Event) -> None:
        connection.do_handshake()  # type: ignore[attr-defined]

    with raw(speak, context) as url:
        assert "certificate" in reason(url.replace("http://127.0.0.1", "https://localhost")).lower()
