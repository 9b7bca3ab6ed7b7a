"""The API: the objects of the terminal, for whoever has a token; decisions only where the token allows them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api import create_api
from app.body_limit import MOST
from app.studio import Studio
from core.proposals import Proposal
from memory.tokens import Asked

pytestmark = pytest.mark.xdist_group("ide")

Bearer = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def api(studio: Studio) -> Iterator[TestClient]:
    with TestClient(create_api(studio), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def bearer(studio: Studio) -> Bearer:
    """Return what makes a header with a new token."""

    def make(**wanted: Any) -> dict[str, str]:
        _, token = studio.memory.tokens.make(studio.workspace.id, Asked("tests", **wanted), by="owner")
        return {"authorization": f"Bearer {token}"}

    return make


def test_nothing_is_told_without_a_token(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    assert len(paths) == 15
    for path, verbs in paths.items():
        for verb, operation in verbs.items():
            answer = api.request(verb, path, json={})
            assert (answer.status_code, answer.json()["error"]["kind"]) == (401, "not_allowed"), path
            assert operation["security"] == [{"HTTPBearer": []}]
    assert api.get("/works", headers={"authorization": "Bearer grt_" + "x" * 43}).status_code == 401


def test_it_shows_what_the_terminal_prints(api: TestClient, bearer: Bearer, studio: Studio, draft: Proposal) -> None:
    mine = bearer()
    assert api.get("/workspace", headers=mine).json() == {
        "workspace": {"id": "small-harbour", "name": "Small harbour", "timezone": "Europe/Oslo", "locale": "en"},
        "member": "owner",
        "decides": "never",
    }
    assert {each["title"] for each in api.get("/works", headers=mine).json()["works"]} == {
        w.title for w in studio.works()
    }
    found = api.get("/recall", params={"query": "fog signal", "k": 1}, headers=mine).json()["results"]
    assert found[0]["title"] == "The fog signal at Ferder" and found[0]["passages"][0]["text"]
    shown = api.get(f"/proposals/{draft.id}", headers=mine).json()["proposal"]
    assert shown == draft.as_json()
    waiting = api.get("/proposals", headers=mine).json()["proposals"]
    assert [each["id"] for each in waiting] == [each.id for each in studio.pending()]
    assert api.post("/check", json={"text": "a" * 301, "channel": "bluesky"}, headers=mine).json()["ok"] is False
    assert api.post("/tags", json={"text": "tide tables"}, headers=mine).json()["tags"]
    assert "verdict" in api.post("/voice/score", json={"text": "Nobody owns the tide."}, headers=mine).json()
    assert api.get("/voice", headers=mine).json()["works"] == 4
    assert {"proposals"} == set(api.get("/calendar", headers=mine).json())
    assert {"publications"} == set(api.get("/publications", headers=mine).json())


def test_only_a_token_for_it_decides_and_only_by_the_hash_that_was_shown(
    api: TestClient, bearer: Bearer, studio: Studio, draft: Proposal
) -> None:
    place, said = f"/proposals/{draft.id}/decisions", {"verb": "approve", "sha": draft.sha}
    for wrong in (bearer(), bearer(decides="asked")):
        answer = api.post(place, json=said, headers=wrong)
        assert (answer.status_code, answer.json()["error"]["kind"]) == (403, "not_allowed")
    mine = bearer(decides="api")
    for sha in ("0" * 64, draft.sha[:12], "", draft.sha.upper()):
        answer = api.post(place, json=said | {"sha": sha}, headers=mine)
        assert (answer.status_code, answer.json()["error"]["kind"]) == (409, "stale")
    assert studio.show(draft.id).state == "waiting"
    done = api.post(place, json=said, headers=mine)
    assert (done.status_code, done.json()["decision"]["by"], done.json()["decision"]["sha"]) == (
        201,
        "owner",
        draft.sha,
    )
    again = api.post(place, json=said, headers=mine)
    assert (again.status_code, again.json()["error"]["kind"]) == (409, "already_decided")
    undone = api.post(f"/decisions/{done.json()['decision']['id']}/undo", headers=mine)
    assert undone.json()["proposal"]["state"] == "waiting"


def test_a_brief_waits_and_opens_no_file(api: TestClient, bearer: Bearer, studio: Studio) -> None:
    mine = bearer()
    asked = {"ask": "Announce an episode about kelp", "channels": ["x"], "source": "/etc/passwd"}
    made = api.post("/briefs", json=asked, headers=mine)
    assert made.status_code == 201 and "root:" not in made.text
    assert [each["state"] for each in made.json()["proposals"]] == ["waiting"]
    assert made.json()["proposals"][0]["requested_by"] == "owner"
    refused = api.post("/briefs", json={"ask": "Announce it", "source": "https://example.org/"}, headers=mine)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("get", "/works/w_none", {}, 404),
        ("get", "/nothing", {}, 404),
        ("delete", "/works", {}, 405),
        ("get", "/recall", {}, 400),
        ("get", "/proposals?state=eaten", {}, 400),
        ("post", "/check", {"json": {"text": "x", "channel": "../x"}}, 400),
        ("post", "/check", {"json": {"text": "x", "channel": "x", "more": 1}}, 400),
        ("post", "/check", {"content": b"\xff\xfe{"}, 400),
        ("post", "/check", {"content": b'{"text": "\\ud800", "channel": "site"}'}, 400),
        ("post", "/briefs", {"content": b'{"ask": "\\ud800"}'}, 400),
        ("post", "/briefs", {"content": b'{"\\ud800": 1}'}, 400),
        ("post", "/check", {"content": b"x" * (MOST + 1)}, 413),
        ("post", "/briefs", {"json": {"ask": "x", "at": "2030-01-01T00:00:00"}}, 400),
        ("post", "/proposals/p_none/decisions", {"json": {"verb": "publish", "sha": "x"}}, 400),
        ("post", "/proposals/' OR 1=1/decisions", {"json": {"verb": "approve", "sha": "x"}}, 404),
    ],
)
def test_bad_input_is_answered_in_words(
    api: TestClient, bearer: Bearer, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    headers = bearer(decides="api") | {"content-type": "application/json"}
    answer = api.request(method, path, headers=headers, **sent)
    assert answer.status_code == status
    assert answer.json()["error"]["message"] and answer.json()["error"]["kind"]


def test_what_is_private_needs_a_token_for_it(api: TestClient, bearer: Bearer, studio: Studio) -> None:
    work = next(each for each in studio.works() if each.title == "Kelp, by weight")
    studio.memory.privacy.mark_work(studio.workspace.id, work.id, private=True, by="owner")
    try:
        plain, private = bearer(), bearer(sees_private=True)
        assert api.get(f"/works/{work.id}", headers=plain).status_code == 403
        assert api.get(f"/works/{work.id}", headers=private).status_code == 200
        assert work.id not in {each["id"] for each in api.get("/works", headers=plain).json()["works"]}
    finally:
        studio.memory.privacy.mark_work(studio.workspace.id, work.id, private=False, by="owner")
