"""A picture where a person decides: in the terminal, on the card, at an address that only our own pages may read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from app.card_table import CardTable
from app.preview import picture
from app.settings import Settings
from app.studio import Studio, utc_now
from core.pictures import pictures_of
from tests.app.chat_server import browser_path, free_port, served
from tests.app.test_cli import runner
from tests.conftest import Clock
from tests.making import ASK, make_studio
from tests.media.making import noise, photo

if TYPE_CHECKING:
    from playwright.sync_api import Page

ALT = "A biscuit tin [bold] on a shelf"


@pytest.fixture
def tin(tmp_path: Path) -> Path:
    path = tmp_path / "tin.jpg"
    path.write_bytes(photo(noise(300, 200)))
    return path


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


def test_the_card_shows_each_picture(studio: Studio, tin: Path) -> None:
    [proposal] = studio.start(ASK, images=[f"{tin}={ALT}"], channels=["bluesky"]).proposals
    [shown] = CardTable(studio).cards([proposal])[0]["preview"]["pictures"]
    [one] = pictures_of(proposal.payload)
    assert shown == {
        "src": f"/files/{studio.workspace.id}/{one.sha256}",
        "alt": ALT,
        "words": f"tin.jpg: {ALT}",
        "facts": f"JPEG, 300 × 200 pixels, {one.bytes:,} bytes, sha {one.sha256[:12]}",
    }
    answer = picture(studio, studio.workspace.id, one.sha256)
    assert (answer.status_code, answer.media_type) == (200, "image/jpeg")
    assert answer.body == studio.memory.files.read(studio.workspace.id, one.sha256)


def test_only_pictures_of_this_workspace_are_shown_and_only_whole_ones(studio: Studio) -> None:
    here, files = studio.workspace.id, studio.memory.files
    other = make_other(studio)
    theirs = files.add(other, b"theirs", mime="image/png")
    page = files.add(here, b"<script>1</script>", mime="text/html")
    drawing = files.add(here, b"<svg onload='1'/>", mime="image/svg+xml")
    swapped = files.add(here, b"as approved", mime="image/png")
    files.path(here, swapped.sha256).write_bytes(b"something else")
    wanted = [(other, theirs), (here, theirs), (here, page), (here, drawing), (here, swapped)]
    for workspace, file in wanted:
        answer = picture(studio, workspace, file.sha256)
        assert answer.status_code == 404
        assert answer.media_type == "text/plain"
        assert b"something else" not in bytes(answer.body)
    for name in ("0" * 64, "..", "x"):
        assert picture(studio, here, name).status_code == 404


def make_other(studio: Studio) -> str:
    studio.memory.workspaces.add(studio.workspace.model_copy(update={"id": "other", "name": "Other"}))
    return "other"


@pytest.fixture
def home(tmp_path: Path, tin: Path) -> Path:
    """A home in which a post with a picture waits."""
    studio = make_studio(tmp_path, utc_now)
    studio.start(ASK, images=[f"{tin}={ALT}"], channels=["bluesky"])
    studio.close()
    return tmp_path / "home"


def test_the_address_answers_our_own_pages_and_nobody_else(home: Path) -> None:
    studio = Studio.open(Settings(home=home))
    [proposal] = studio.pending()
    [one] = pictures_of(proposal.payload)
    place = studio.memory.files.path(studio.workspace.id, one.sha256)
    with served(home, free_port()) as address:
        source = f"{address}/files/{studio.workspace.id}/{one.sha256}"
        answer = httpx2.get(source)
        assert answer.content == place.read_bytes()
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert httpx2.get(source, headers={"origin": "https://evil.example"}).status_code == 403
        assert httpx2.get(source, headers={"host": "evil.example"}).status_code == 403
        assert httpx2.get(f"{address}/files/other/{one.sha256}").status_code == 404
        assert httpx2.get(f"{address}/files/..%2f..%2f/{one.sha256}").status_code == 404
        place.write_bytes(photo())
        assert httpx2.get(source).status_code == 404
    studio.close()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_it_is_seen_on_the_card(home: Path) -> None:
    path = browser_path()
    from playwright.sync_api import sync_playwright

    with served(home, free_port()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page: Page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/chat")
        shown = page.locator(".gr-card .gr-picture img")
        shown.wait_for(timeout=60_000)
        page.wait_for_function("() => document.querySelector('.gr-picture img').naturalWidth === 300")
        assert shown.get_attribute("alt") == ALT
        assert "300 × 200 pixels" in page.locator(".gr-picture figcaption").inner_text()
        browser.close()


def test_in_the_terminal_from_attaching_to_none(tmp_path: Path, tin: Path) -> None:
    make_studio(tmp_path, utc_now).close()
    run = runner(tmp_path / "home")
    [old] = json.loads(run("brief", ASK, "--channels", "bluesky", "--image", f"{tin}={ALT}", "--json").stdout)[
        "proposals"
    ]
    [media] = old["payload"]["media"]
    said = run("show", old["id"]).stdout
    assert f"picture   tin.jpg: {ALT}" in said
    assert f"JPEG, 300 × 200 pixels, {media['bytes']:,} bytes, sha {media['sha256'][:12]}" in said
    run("decide", old["id"], "approve", "--sha", old["sha"])
    revised = json.loads(run("revise", old["id"], "--image", str(tin), "--json").stdout)
    assert revised["voided"]["proposal"] == old["id"]
    new = revised["proposal"]
    assert [each["alt"] for each in new["payload"]["media"]] == [""]
    assert "no alt text" in run("show", new["id"]).stdout
    assert any(f["rule"] == "missing_alt" and f["severity"] == "error" for f in new["findings"])
    none = json.loads(run("revise", new["id"], "--no-images", "--json").stdout)["proposal"]
    assert "media" not in none["payload"]
    refused = run("revise", none["id"], "--image", str(tin), "--no-images", code=2)
    assert "exclude each other" in refused.stderr
    gone = run("brief", ASK, "--image", f"{tmp_path / 'gone.jpg'}=x", code=2)
    assert "There is no picture at" in gone.stderr
