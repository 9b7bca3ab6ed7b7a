"""The page of a translation's segments in a real browser: keys, right to left, hostile words, nobody else's asks."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.revising import Wish
from app.segment_rows import review
from app.segmenting import open_grid
from app.segments_page import segments_router
from app.studio import Studio
from app.web_guard import LOOPBACK, WebGuard
from tests.app.chat_server import browser_path, free_port
from tests.app.translating import LATA, TIN, post, small_studio, translate
from tests.conftest import Clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = "<script>window.ran=1</script><img src=x onerror=window.ran=2> \"'><b>"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = small_studio(tmp_path, clock)
    yield made
    made.close()


def web(studio: Studio) -> FastAPI:
    app = FastAPI()
    app.include_router(segments_router(studio))
    app.add_middleware(WebGuard, hosts=LOOPBACK, chat_page="")
    return app


@pytest.fixture
def client(studio: Studio) -> Iterator[TestClient]:
    with TestClient(web(studio), base_url="http://127.0.0.1") as made:
        yield made


def asked(client: TestClient, ref: str, **what: Any) -> Any:
    return client.post(f"/segments/{ref}", json=what)


def test_the_list_names_what_needs_a_person(client: TestClient, studio: Studio) -> None:
    assert "None." in client.get("/segments").text
    found = open_grid(studio, post(studio).id, "es")
    page = client.get("/segments").text
    assert f'href="/segments/{found.looked.draft.id}"' in page
    assert "0 of 4 approved, 4 to be translated" in page
    assert client.get("/segments/p_nobody00000").status_code == 404


def test_every_verb_by_its_hash_and_what_is_stale_is_refused(client: TestClient, studio: Studio) -> None:
    ref = str(translate(studio, post(studio)).as_json()["proposal_id"])
    sha = review(studio, ref).rows[1].as_json()["sha"]
    assert "approved by owner" in asked(client, ref, verb="approve", segment="2", shown=sha).text
    refused = asked(client, ref, verb="approve", segment="1", shown=sha)
    assert (refused.status_code, "not what you were shown" in refused.json()["error"]) == (409, True)
    assert asked(client, ref, verb="edit", segment="1", shown=sha, text="x").status_code == 409
    assert "too formal" in asked(client, ref, verb="comment", segment="2", shown=sha, text="too formal").text
    [act] = [act for act in review(studio, ref).rows[1].acts if act.verb == "approve"]
    assert "approved by owner" not in asked(client, ref, verb="undo", act=act.id).text
    assert asked(client, ref, verb="approve_all").text.count("approved by owner") >= 4
    assert asked(client, ref, verb="publish").status_code == 422
    assert asked(client, ref, verb="approve", by="Ana", segment="2", shown=sha).status_code == 422


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_no_other_site_asks_for_anything(client: TestClient, studio: Studio, headers: dict[str, str]) -> None:
    ref = str(translate(studio, post(studio)).as_json()["proposal_id"])
    assert client.post(f"/segments/{ref}", json={"verb": "approve_all"}, headers=headers).status_code == 403
    form = client.post(f"/segments/{ref}", content='{"verb": "approve_all"}', headers={"Content-Type": "text/plain"})
    assert form.status_code == 422
    assert {row.state for row in review(studio, ref).rows} == {"edited"}


def test_hostile_words_are_words(client: TestClient, studio: Studio) -> None:
    ref = str(translate(studio, post(studio, HOSTILE), (HOSTILE,) * 1).as_json()["proposal_id"])
    page = client.get(f"/segments/{ref}")
    assert "<script>window" not in page.text and "<img" not in page.text
    assert page.text.count("<script>") == 1
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'sha256-" in policy and "default-src 'none'" in policy


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_person_reviews_by_keys_and_what_they_type_is_never_lost(studio: Studio) -> None:
    path = browser_path()
    from playwright.sync_api import sync_playwright

    source = post(studio)
    grid = translate(studio, source, LATA[:3], "ar")
    with served_here(studio) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.set_default_timeout(60_000)
        page.goto(f"{address}/segments/{grid.looked.draft.id}")
        assert page.locator("textarea:visible").count() == 0
        keys(page, "j", "a", "a")  # one key approves, and goes on
        page.wait_for_function("() => document.querySelectorAll('li[data-state=approved]').length === 2")
        assert page.evaluate("document.activeElement.id") == "s3"
        target = page.locator("#s1 > p").nth(1)
        assert (target.get_attribute("dir"), target.get_attribute("lang")) == ("rtl", "ar")
        assert page.locator("#s1 > p").first.get_attribute("dir") == "ltr"
        keys(page, "a", "j", "e")
        page.keyboard.type(HOSTILE)
        page.wait_for_function("() => document.querySelectorAll('li[data-state=approved]').length === 3")
        assert page.locator("#s4 textarea").input_value() == HOSTILE  # the page was renewed meanwhile
        assert page.locator("#s4 textarea").get_attribute("dir") == "rtl"
        page.keyboard.press("Control+Enter")
        page.wait_for_function("() => document.querySelectorAll('li[data-state=edited]').length === 1")
        assert "/segments/p_" in page.url
        assert page.evaluate("window.ran") is None
        keys(page, "c")
        page.keyboard.type("a comment")
        page.keyboard.press("Control+Enter")
        page.wait_for_function("() => document.querySelector('#s4').innerText.includes('a comment')")
        keys(page, "u", "k", "u")
        page.wait_for_function("() => document.querySelectorAll('li[data-state=approved]').length === 2")
        studio.revise(source.id, Wish(body=TIN.replace("on a shelf", "on a stove")))
        page.reload()
        assert "1 of 4 segments" in page.locator("p.stale").inner_text()
        assert page.locator("li[data-state=void]").count() == 1
        page.get_by_role("button", name="Bring up").click()
        page.wait_for_function("() => document.querySelectorAll('li[data-state=empty]').length === 1")
        assert page.locator("li[data-state=approved]").count() == 1
        browser.close()


def keys(page: "Page", *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def served_here(studio: Studio) -> Any:
    """Serve the page in a thread of this process until the block ends."""
    import threading
    import time
    from contextlib import contextmanager

    import uvicorn

    @contextmanager
    def serve() -> Iterator[str]:
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(web(studio), host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(30)

    return serve()
