"""The list's pages as readers, link scanners and mail programs use them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.list_pages import Patience, create_list_app
from core.works import Workspace
from memory import Memory
from tests.conftest import Clock

ADA = "ada@example.org"


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Tide & <Letters>", created_at=clock.now))
    yield memory
    memory.close()


@pytest.fixture
def client(memory: Memory, clock: Clock) -> TestClient:
    return TestClient(create_list_app(memory, clock), base_url="http://127.0.0.1:8025")


def link(memory: Memory, purpose: str, address: str = ADA) -> str:
    person = memory.subscribers.get("ines", address)
    return f"/list/ines/{purpose}/{memory.subscribers.link('ines', person.id, purpose)}"


def state(memory: Memory) -> str:
    return memory.subscribers.get("ines", ADA).state


def test_from_the_form_to_the_list_and_off_it(client: TestClient, memory: Memory) -> None:
    form = client.get("/list/ines")
    assert form.status_code == 200
    assert "Subscribe to Tide &amp; &lt;Letters&gt;" in form.text
    assert '<form class="ask" method="post">' in form.text
    assert "<script" not in form.text
    assert "Look into your mailbox" in client.post("/list/ines", data={"address": f" {ADA} "}).text
    assert (state(memory), memory.subscribers.get("ines", ADA).source) == (
        "asked",
        "the form of ines at 2026-11-20T12:00:00Z",
    )
    confirm = link(memory, "confirm")
    for look in (client.get, client.get, client.head):  # scanners open every link of a mail
        look(confirm)
    assert state(memory) == "asked"
    assert "Yes, send it to me" in client.get(confirm).text
    assert "You are subscribed" in client.post(confirm).text
    assert state(memory) == "confirmed"
    leave = link(memory, "unsubscribe")
    assert "Leave Tide" in client.get(leave).text
    assert state(memory) == "confirmed"
    assert "You have left" in client.post(leave).text
    assert "You have left" in client.post(leave).text
    assert state(memory) == "unsubscribed"
    assert client.post(confirm).status_code == 404  # the old link brings nobody back
    assert state(memory) == "unsubscribed"


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_one_click_of_a_mail_program(client: TestClient, memory: Memory, form: str) -> None:
    """RFC 8058: a POST without cookies, Origin or Referer, and an answer that is no redirect."""
    memory.subscribers.add_consented("ines", ADA, source="the fair, says Ines")
    said = (
        {"data": {"List-Unsubscribe": "One-Click"}}
        if form == "urlencoded"
        else {"files": {"List-Unsubscribe": (None, "One-Click")}}
    )
    answer = client.post(link(memory, "unsubscribe"), follow_redirects=False, **said)
    assert (answer.status_code, state(memory)) == (200, "unsubscribed")


def test_the_answer_tells_nobody_who_is_on_the_list(client: TestClient, memory: Memory) -> None:
    memory.subscribers.add_consented("ines", ADA, source="the fair, says Ines")
    pages = {client.post("/list/ines", data={"address": address}).text for address in (ADA, "new@example.org")}
    assert len(pages) == 1


@pytest.mark.parametrize("address", ["", "no", "a@b.example\r\nBcc: x@y.example", "<script>@x.example", "x" * 5000])
def test_nonsense_is_said_and_kept_nowhere(client: TestClient, memory: Memory, address: str) -> None:
    answer = client.post("/list/ines", data={"address": address})
    assert answer.status_code == 422
    assert "This is no e-mail address" in answer.text
    assert "<script>@" not in answer.text
    assert memory.subscribers.list("ines") == []


def test_whoever_asks_too_often_waits(client: TestClient, memory: Memory) -> None:
    codes = [client.post("/list/ines", data={"address": f"r{n}@example.org"}).status_code for n in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert len(memory.subscribers.list("ines")) == 10


def test_patience_comes_back() -> None:
    now = [0.0]
    patience = Patience(2, 10, lambda: now[0])
    assert [patience.allows("a") for _ in range(3)] == [True, True, False]
    assert patience.allows("b")
    now[0] = 10.1
    assert patience.allows("a")
    assert len(patience._seen) == 1  # nobody is remembered for long


@pytest.mark.parametrize(
    "path",
    [
        "/list/nobody",
        "/list/-/../../../etc/passwd",
        "/list/-/%2e%2e/words.yaml",
        "/list/ines/confirm/s_1.x",
        "/list/ines/delete/s_1.x",
        "/list/ines/unsubscribe/",
        "/",
        "/chat/",
        "/health",
    ],
)
def test_nothing_else_is_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 422)
    assert client.post(path).status_code in (404, 405, 422)


def test_pages_say_what_browsers_may_do(client: TestClient, memory: Memory) -> None:
    memory.subscribers.ask("ines", ADA, source="the form")
    for path in ("/list/ines", link(memory, "confirm"), link(memory, "unsubscribe")):
        headers = client.get(path).headers
        assert "form-action 'self'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")
        assert headers["x-robots-tag"] == "noindex"
    assert "--paper" in client.get("/list/-/site.css").text


def test_other_sites_cannot_send_the_form_and_the_public_name_is_answered(memory: Memory, clock: Clock) -> None:
    pages = {"list_url": "https://letters.ines.example"}
    memory.connections.add("ines", "newsletter", "ines.example", settings=pages)
    outside = TestClient(create_list_app(memory, clock), base_url="https://letters.ines.example")
    assert outside.get("/list/ines").status_code == 200
    own = outside.post("/list/ines", data={"address": ADA}, headers={"Origin": "https://letters.ines.example"})
    foreign = outside.post("/list/ines", data={"address": "b@x.example"}, headers={"Origin": "https://evil.example"})
    assert (own.status_code, foreign.status_code) == (200, 403)
    stranger = TestClient(create_list_app(memory, clock), base_url="https://other.example")
    assert stranger.get("/list/ines").status_code == 403
