"""Pictures dropped on the chat in a real headless browser: asked about, seen where they go, kept nowhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.studio import Studio, utc_now
from core.picture_words import PictureWords
from core.pictures import pictures_of
from media.metadata import with_words
from tests.app.chat_page import open_chat, say
from tests.app.chat_server import free_port, served
from tests.app.test_chat_browser import nothing_stays, upload
from tests.making import ASK, make_studio
from tests.media.making import noise, photo, saved

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ON_THE_MUD = "A boat on the mud, its mast down"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = make_studio(tmp_path, utc_now)
    yield made
    made.close()


@pytest.fixture
def address(browser: "Browser", studio: Studio) -> Iterator[str]:
    with served(studio.settings.home, free_port()) as where:
        yield where


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(90_000)
    yield made
    made.close()


def test_a_dropped_picture_is_asked_about_once_and_seen_on_the_card_and_the_board(
    context: "BrowserContext", studio: Studio, address: str
) -> None:
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page = open_chat(context, address)
    chosen = page.locator("#upload-button-input")
    titled = with_words(saved(noise(60, 40), "PNG"), "image/png", PictureWords(alt="The quay in March"))
    chosen.set_input_files(
        [upload("boat.jpg", "image/jpeg", photo(noise(300, 200))), upload("quay.png", "image/png", titled)]
    )
    say(page, "Announce the open studio in the harbour on Saturday, for Bluesky")
    page.get_by_text("quay.png shows: “The quay in March” (proposed: what stands in its file).").wait_for()
    page.get_by_text("What does boat.jpg show?").wait_for()
    nothing_stays(studio)
    say(page, ON_THE_MUD)
    shown = page.locator(f'.gr-card .gr-picture img[alt="{ON_THE_MUD}"]').first
    shown.wait_for(timeout=240_000)
    page.wait_for_function(
        "alt => [...document.querySelectorAll('.gr-picture img')].some(each => each.alt === alt && each.naturalWidth)",
        arg=ON_THE_MUD,
    )
    proposal = next(each for each in studio.pending() if pictures_of(each.payload))
    assert [each.alt for each in pictures_of(proposal.payload)] == [ON_THE_MUD, "The quay in March"]
    assert proposal.state == "waiting"
    page.reload()
    page.get_by_text("(boat.jpg, quay.png: The quay in March)").wait_for()  # what was given is in the history
    page.get_by_text(ON_THE_MUD, exact=True).first.wait_for()
    page.get_by_role("button", name="Attach a file").wait_for()
    chosen.set_input_files([upload("drawing.png", "image/png", b"<svg onload='window.ran = 1'/>")])
    page.locator("#chat-submit:enabled").click()
    page.get_by_text("drawing.png is not a JPEG, PNG, GIF or WebP picture.").wait_for()
    board = context.new_page()
    board.goto(f"{address}/#{proposal.id}")
    board.locator(f'img[alt="{ON_THE_MUD}"]').first.wait_for()
    assert [each.evaluate("() => window.ran") for each in (page, board)] == [None, None]
    assert complaints == []


def test_a_picture_without_words_goes_with_the_only_draft_that_waits_by_one_click(
    context: "BrowserContext", studio: Studio, address: str
) -> None:
    [draft] = studio.start(ASK, channels=["bluesky"]).proposals
    page = open_chat(context, address)
    titled = with_words(saved(noise(60, 40), "PNG"), "image/png", PictureWords(description="A tin on a shelf"))
    page.locator("#upload-button-input").set_input_files([upload("tin.png", "image/png", titled)])
    page.locator("#chat-submit:enabled").click()
    page.get_by_text("What should be told with tin.png?").wait_for()
    page.reload()  # it still lies there, and what was asked
    page.get_by_text("What should be told with tin.png?").last.wait_for()
    page.get_by_role("button", name="Put it with").last.click()
    page.locator('.gr-card .gr-picture img[alt="A tin on a shelf"]').wait_for()
    page.get_by_text("Exactly as it would be sent").last.wait_for()
    [new] = studio.pending()
    assert new.supersedes == draft.id
    assert [each.alt for each in pictures_of(new.payload)] == ["A tin on a shelf"]
