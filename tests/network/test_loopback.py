"""The loopback server over real sockets: whom it lets in, and which requests it takes."""

from typing import Any

import pytest

from evidence.network.guard import MAX_BODY
from tests.network.loopbackclient import (
    CRM,
    EVIL,
    TOKEN,
    Served,
    exchange,
    parsed,
    post,
    refused,
    request,
    usual,
)


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
