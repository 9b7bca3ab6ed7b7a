"""Signing in: every page, decision and socket is closed without it, and each decision is its member's own."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import argon2
import pytest
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from app.accounts import doorkeeper
from app.accounts.doorkeeper import Doorkeeper
from app.accounts.oidc import provider_of
from app.accounts.opening import Wanted, open_account
from app.accounts.pages import Desk, accounts_router, safe_next
from app.accounts.rules import Rules, hosts_of, needs_login, refuse_without_accounts
from app.accounts.who import who_asks
from app.board.pages import board_router, mount_assets
from app.metrics import metrics
from app.segments_page import segments_router
from app.settings import Settings
from app.studio import Studio
from app.web_guard import WebGuard
from core.errors import NotAllowed, WrongUse
from core.proposals import Proposal
from memory.logins import WRONG
from tests.app.translating import post, small_studio
from tests.conftest import Clock

HERE = "https://greenroom.example"
SOCKET = "wss://greenroom.example/chat/ws/socket.io/"
HEARD: list[str] = []
INES, MATS, VERA = "harbour at low tide", "three wooden boats", "looking is enough"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)  # argon2 itself, less of it
    monkeypatch.setattr(argon2, "PasswordHasher", cheap)
    made = small_studio(tmp_path, clock, user="Ines")
    open_account(made, Wanted("Ines", None, None, INES), by="Ines", secret=None)
    open_account(made, Wanted("Mats", "editor", None, MATS), by="Ines", secret=INES)
    open_account(made, Wanted("Vera", "viewer", None, VERA), by="Ines", secret=INES)
    made.close()
    made = small_studio(tmp_path, clock, user="web")
    yield made
    made.close()


def web(studio: Studio, **settings: Any) -> FastAPI:
    given = Settings(home=studio.settings.home, public_url=HERE, **settings)
    rules, app = Rules.of(given), FastAPI()
    app.include_router(board_router(studio))
    mount_assets(app)
    app.include_router(segments_router(studio))
    app.include_router(accounts_router(Desk(studio, rules, provider_of(given))))

    @app.get("/metrics")
    def figures(authorization: str = "") -> Any:
        return metrics(studio, None, authorization)

    @app.websocket("/chat/ws/socket.io/")
    async def socket(it: WebSocket) -> None:
        await it.accept()
        with suppress(WebSocketDisconnect):
            while True:
                HEARD.append(await it.receive_text())
                await it.send_text(str(who_asks().by))

    app.add_middleware(Doorkeeper, studio=studio, rules=rules)
    app.add_middleware(WebGuard, hosts=hosts_of(given), chat_page="")
    return app


@pytest.fixture
def client(studio: Studio) -> Iterator[TestClient]:
    with TestClient(web(studio), base_url=HERE, headers={"origin": HERE}, follow_redirects=False) as made:
        yield made


def sign_in(client: TestClient, name: str = "Mats", secret: str = MATS, next_: str = "/") -> Any:
    client.cookies.clear()
    form = re.search(r'name="form" value="([^"]+)"', client.get("/login").text)
    assert form
    return client.post("/login", data={"name": name, "secret": secret, "form": form[1], "next": next_})


def asked(shown: Proposal, verb: str = "approve") -> dict[str, str]:
    return {"id": shown.id, "verb": verb, "sha": shown.sha}


@pytest.mark.parametrize(
    "path",
    ["/", "/works", "/segments", "/board/list", "/board/events", "/brief", "/account", "/site/../", "//", "/chat/"],
)
def test_every_page_asks_for_a_session(client: TestClient, path: str) -> None:
    told = client.get(path, headers={"accept": "text/html"})
    assert (told.status_code, told.headers["location"].startswith("/login?next=")) == (303, True)
    assert client.get(path).status_code == 401
    assert client.post(path, json={}).status_code == 401


def test_the_chats_socket_asks_for_one_too_and_ends_with_it(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeper, "LOOK_AGAIN_S", 0.0)
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(SOCKET):
        pass
    assert refused.value.status_code == 401
    sign_in(client)
    cookie = {"cookie": f"__Host-greenroom={client.cookies['__Host-greenroom']}"}
    with client.websocket_connect(SOCKET, headers=cookie) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "Mats"
        studio.memory.sessions.end_all(studio.workspace.id)
        HEARD.clear()
        socket.send_text("one more thing")
        assert socket.receive()["type"] == "websocket.close"
    assert HEARD == []  # what somebody says whose session has ended is not even taken


def test_an_open_socket_ends_with_the_role_it_was_opened_in(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeper, "LOOK_AGAIN_S", 0.0)
    sign_in(client)
    cookie = {"cookie": f"__Host-greenroom={client.cookies['__Host-greenroom']}"}
    with client.websocket_connect(SOCKET, headers=cookie) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "Mats"
        studio.memory.members.change(studio.workspace.id, "Mats", by="Ines", role="viewer", secret=INES)
        HEARD.clear()
        socket.send_text("draft something")
        assert socket.receive()["type"] == "websocket.close"
    assert HEARD == []
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(SOCKET, headers=cookie):
        pass
    assert refused.value.status_code == 403  # still signed in, and may only look


def test_what_is_decided_is_decided_by_who_signed_in(client: TestClient, studio: Studio) -> None:
    told = sign_in(client, next_="/works?q=tide")
    assert (told.status_code, told.headers["location"]) == (303, "/works?q=tide")
    cookie = told.headers["set-cookie"]
    assert all(word in cookie for word in ("__Host-greenroom=grs_", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"))
    shown = post(studio)
    assert client.post("/board/decide", json=asked(shown, "hold")).json()["done"]
    [entry] = [each for each in studio.memory.ledger.entries() if each.kind == "decision"]
    assert entry.actor == "Mats"
    assert studio.memory.ledger.verify().ok


def test_roles_and_four_eyes_hold(client: TestClient, studio: Studio) -> None:
    own = studio.memory.workspaces.get(studio.workspace.id)
    policy = own.policy | {"approval": {"four_eyes": True}}
    studio.memory.workspaces.replace(own.model_copy(update={"policy": policy}))
    mine, theirs = post(studio, requested_by="Mats"), post(studio, requested_by="Ines")
    sign_in(client)
    refused = client.post("/board/decide", json=asked(mine)).json()
    assert not refused["done"] and "second pair of eyes" in refused["said"]
    assert client.post("/board/decide", json=asked(theirs)).json()["done"]
    sign_in(client, "Vera", VERA)
    assert client.get("/").status_code == 200
    told = client.post("/board/decide", json=asked(mine, "reject"))
    assert (told.status_code, "may look here" in told.json()["said"]) == (403, True)
    assert client.get("/chat/").status_code == 403


def test_a_request_that_says_not_where_it_comes_from_changes_nothing(client: TestClient, studio: Studio) -> None:
    sign_in(client)
    shown = post(studio)
    del client.headers["origin"]
    assert client.post("/board/decide", json=asked(shown)).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    assert client.post("/board/decide", json=asked(shown), headers=elsewhere).status_code == 403
    assert studio.show(shown.id).state == "waiting"


def test_forms_are_bound_to_their_page(client: TestClient, studio: Studio) -> None:
    assert client.post("/login", data={"name": "Mats", "secret": MATS}).status_code == 403
    assert client.post("/login", data={"name": "Mats", "secret": MATS, "form": "x"}).status_code == 403
    sign_in(client)
    assert client.post("/logout", data={"form": "é"}).status_code == 403
    assert client.post("/account", data={"what": "end"}).status_code == 403
    assert client.get("/account").status_code == 200
    form = re.search(r'name="form" value="([^"]+)"', client.get("/account").text)
    assert form
    bearer = client.cookies["__Host-greenroom"]
    assert client.post("/logout", data={"form": form[1]}).status_code == 303
    client.cookies.set("__Host-greenroom", bearer)
    assert client.get("/").status_code == 401


def test_a_new_secret_signs_out_everywhere_else(client: TestClient, studio: Studio) -> None:
    sign_in(client)
    old = client.cookies["__Host-greenroom"]
    sign_in(client)
    assert len(studio.memory.sessions.list(studio.workspace.id)) == 2
    form = re.search(r'name="form" value="([^"]+)"', client.get("/account").text)
    assert form
    words = {"form": form[1], "secret": MATS, "new": "boats made of tin", "again": "boats made of tin"}
    assert client.post("/account", data=words | {"secret": "wrong"}).status_code == 403
    assert client.post("/account", data=words | {"again": "other"}).status_code == 400
    assert client.post("/account", data=words).status_code == 303
    assert client.get("/account").status_code == 200
    assert client.cookies["__Host-greenroom"] != old
    assert len(studio.memory.sessions.list(studio.workspace.id)) == 1
    assert sign_in(client, "Mats", MATS).status_code == 403
    assert sign_in(client, "Mats", "boats made of tin").status_code == 303


def test_a_wrong_name_and_a_wrong_secret_look_the_same(client: TestClient) -> None:
    wrong = {sign_in(client, *pair).text.count(WRONG.replace("'", "&#39;")) for pair in (("Mats", "x"), ("<b>", MATS))}
    assert wrong == {1}
    assert "<b>" not in sign_in(client, "<b>", "x").text
    statuses = [sign_in(client, "Mats", "x").status_code for _ in range(7)]
    assert statuses[0] == 403 and statuses[-1] == 429


@pytest.mark.parametrize("hostile", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/\nx", "/login"])
def test_nobody_is_sent_to_another_site(hostile: str) -> None:
    assert safe_next(hostile) == "/"


def test_a_proxys_word_counts_from_the_proxy_alone(studio: Studio) -> None:
    space = studio.workspace.id
    studio.memory.identities.link(space, "Mats", "proxy", "mats@example.org", by="Ines", secret=INES)
    shown, told = post(studio), {"x-forwarded-user": "mats@example.org", "origin": HERE}
    behind = {"trusted_proxies": "10.0.0.0/24", "proxy_header": "X-Forwarded-User"}
    app = web(studio, **behind)
    with TestClient(app, base_url=HERE, headers=told, client=("10.9.9.9", 1), follow_redirects=False) as outside:
        assert outside.get("/").status_code == 401
    app = web(studio, **behind)
    with TestClient(app, base_url=HERE, headers=told, client=("10.0.0.7", 1), follow_redirects=False) as inside:
        assert inside.get("/").status_code == 200
        assert inside.post("/board/decide", json=asked(shown, "hold")).json()["done"]
        assert len(studio.memory.sessions.list(space)) == 1
        assert inside.get("/", headers={"x-forwarded-user": "eve@example.org"}).status_code == 401
        del inside.headers["x-forwarded-user"]
        assert inside.get("/").status_code == 401  # the cookie alone is not the proxy's word
    assert studio.memory.ledger.entries()[-1].actor == "Mats"


def test_where_a_request_comes_from_is_the_last_address_that_is_not_ours(studio: Studio) -> None:
    rules = Rules.of(Settings(trusted_proxies="10.0.0.0/24, ::1"))
    assert rules.client("10.0.0.7", ["6.6.6.6, 203.0.113.9", "10.0.0.8"]) == "203.0.113.9"
    assert rules.client("203.0.113.9", ["6.6.6.6"]) == "203.0.113.9"
    with pytest.raises(WrongUse, match="believed only from a proxy"):
        Rules.of(Settings(proxy_header="X-Forwarded-User"))
    with pytest.raises(WrongUse, match="is no address"):
        Rules.of(Settings(trusted_proxies="everybody"))


def test_more_than_this_machine_needs_an_account_and_a_name(tmp_path: Path, clock: Clock) -> None:
    assert [needs_login(each) for each in (Settings(), Settings(host="::1"))] == [False, False]
    assert all(
        needs_login(each) for each in (Settings(host="0.0.0.0"), Settings(login=True), Settings(public_url=HERE))
    )
    with pytest.raises(WrongUse, match="listens everywhere"):
        hosts_of(Settings(host="0.0.0.0"))
    assert hosts_of(Settings(host="0.0.0.0", public_url=HERE))[-1] == "greenroom.example"
    assert hosts_of(Settings(host="192.168.1.5"))[-1] == "192.168.1.5"
    alone = small_studio(tmp_path, clock)
    with pytest.raises(NotAllowed, match="there are no accounts"):
        refuse_without_accounts(alone, "owner")
    open_account(alone, Wanted("owner", None, None, INES), by="owner", secret=None)
    refuse_without_accounts(alone, "owner")
    alone.close()


def test_the_figures_name_nobody(client: TestClient, studio: Studio) -> None:
    assert client.get("/metrics").status_code == 401
    sign_in(client)
    post(studio)
    told = client.get("/metrics").text
    assert 'greenroom_proposals{state="waiting"} 1.0' in told
    assert "greenroom_worker_alive 0.0" in told
    for word in ("Mats", "Ines", studio.workspace.id, "tide tables", "process_"):
        assert word not in told
