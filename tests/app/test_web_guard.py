"""Only our own pages may talk to us, and no page may load anything from elsewhere."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from app.web_guard import LOOPBACK, WebGuard, inline_hashes

HERE = "http://127.0.0.1:8000"
PAGE = "<html><script>let a = 1</script><script src='/x.js'></script></html>"


async def _page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("in")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", _page, methods=["GET", "POST"]), WebSocketRoute("/chat/ws", _socket)])
    return TestClient(WebGuard(app, LOOPBACK, PAGE), base_url=HERE)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"host": "evil.example"},
        {"host": "evil.example:8000", "origin": "http://evil.example:8000"},  # a name pointed at this machine
    ],
)
def test_refuses_what_comes_from_elsewhere(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/chat/project/action", headers=headers).status_code == 403
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/chat/ws", headers=headers):
        pass
    assert refused.value.status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"origin": HERE}, {"host": "localhost:8000", "origin": "http://localhost:8000"}]
)
def test_lets_our_own_pages_in(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/chat/project/action", headers=headers).text == "in"
    with client.websocket_connect("/chat/ws", headers={"host": "127.0.0.1:8000", **headers}) as socket:
        assert socket.receive_text() == "in"


@pytest.mark.parametrize("path", ["/chat/", "/site/", "/preview/p_1/", "/health"])
def test_every_page_is_told_to_load_nothing_from_outside(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    named = set(re.findall(r"(?:https?|wss?)://\S+?(?=[;\s]|$)", policy))
    assert named <= {"ws://127.0.0.1:8000", "wss://127.0.0.1:8000"}
    assert "*" not in policy


@pytest.mark.parametrize("path", ["/site/", "/preview/p_1/", "/health"])
def test_what_readers_see_runs_no_script(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_only_the_pages_own_inline_scripts_may_run(client: TestClient) -> None:
    policy = client.get("/chat/").headers["content-security-policy"]
    assert inline_hashes(PAGE) == ["'sha256-LAfYd7pbFUgwfQu8b4q135PeTG2z+/coPEUYCd74eCQ='"]
    assert inline_hashes(PAGE)[0] in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]


def test_what_is_no_origin_at_all_is_refused_and_breaks_nothing(client: TestClient) -> None:
    for origin in ("http://[", "http://127.0.0.1:8000@evil.example", "http://127.0.0.1:8000/", "", "file://"):
        assert client.post("/board/decide", headers={"origin": origin}).status_code == 403, origin


@pytest.mark.parametrize("name", ["host", "origin"])
def test_a_header_that_stands_there_twice_counts_for_nothing(client: TestClient, name: str) -> None:
    ours = {"host": "127.0.0.1:8000", "origin": HERE}
    twice = [(name, ours[name]), (name, ours[name].replace("127.0.0.1", "evil.example"))]
    assert client.post("/board/decide", headers=twice).status_code == 403


def test_where_people_come_by_https_a_page_without_it_is_foreign() -> None:
    app = Starlette(routes=[Route("/{path:path}", _page, methods=["GET", "POST"])])
    guard = WebGuard(app, (*LOOPBACK, "greenroom.example"), PAGE, https_only="greenroom.example")
    client = TestClient(guard, base_url="https://greenroom.example")
    assert client.post("/board/decide", headers={"origin": "https://greenroom.example"}).status_code == 200
    assert client.post("/board/decide", headers={"origin": "http://greenroom.example"}).status_code == 403
    here = {"host": "127.0.0.1:8000", "origin": HERE}
    assert client.post("/board/decide", headers=here).status_code == 200


@pytest.mark.parametrize(
    "path", ["/list/-/%00", "/chat/public/a%00b", "/list/-/" + "x" * 256, "/works/" + "%C3%A9" * 128]
)
def test_what_can_be_no_name_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get("/works/" + "%C3%A9" * 127).status_code == 200
