"""The chat in a real headless browser: a brief, six cards, a click, live on the site; and what a page must never do."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.preferring import rules
from app.settings import Settings
from app.studio import Studio, utc_now
from app.talks import Talks
from core.dialogue import Thread
from tests.app.board_server import axe, violations
from tests.app.chat_page import card, open_chat, say, tab_to, wait_for_cards
from tests.app.chat_server import free_port, served
from tests.making import ASK, CHANNELS, make_studio, sat_down_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOSTILE = "Kelp. <script>window.ran = 1</script><img src=x onerror='window.ran = 2'> [out](javascript:window.ran=3)"

ALONE_MS = 800  # after this long without another letter, a key stands alone

FOG = "The fog signal at Ferder sounded twice a minute, and then it was sold to a man who collects them."

SPILLING = """() => [...document.querySelectorAll('.gr-card, .gr-card *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.className)"""
NAMELESS = """() => [...document.querySelectorAll('button, a, textarea, input:not([type=file])')]
    .filter(each => each.offsetParent && !each.innerText?.trim() && !each.ariaLabel && !each.labels?.length)
    .map(each => each.outerHTML)"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    make_studio(folder, utc_now).close()
    return folder / "home"


@pytest.fixture(scope="module")
def address(browser: "Browser", home: Path) -> Iterator[str]:
    with served(home, free_port()) as where:
        yield where


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(90_000)  # two cores, and another test beside it: slow is no failure here
    yield made
    made.close()


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """Another process's eyes and hands on the same home (here: this test's)."""
    opened = Studio.open(Settings(home=home))
    yield opened
    opened.close()


def upload(name: str, kind: str, data: bytes) -> "FilePayload":
    return {"name": name, "mimeType": kind, "buffer": data}


def to_folks(text: str) -> str:
    return text.replace("Users", "Folks").replace("users", "folks")


def ids(page: "Page", state: str = "waiting") -> set[str]:
    return {str(each.get_attribute("data-proposal")) for each in page.locator(f'.gr-card[data-state="{state}"]').all()}


def test_a_brief_becomes_six_cards_one_click_publishes_and_the_others_are_still_there(
    context: "BrowserContext", browser: "Browser", home: Path
) -> None:
    port = free_port()
    with served(home, port) as address:
        page = open_chat(context, address)
        say(page, ASK)
        wait_for_cards(page, len(CHANNELS))
        assert page.get_by_text("Making drafts").count() == 1
        assert {each.get_attribute("data-channel") for each in page.locator(".gr-card").all()} == set(CHANNELS)
        others = ids(page) - {str(card(page, "site").get_attribute("data-proposal"))}
        card(page, "site").locator('[data-verb="approve"]').click()
        card(page, "site", "live").wait_for(timeout=20_000)
        link = str(card(page, "site").locator(".gr-outcome a").get_attribute("href"))
        published = page.request.get(f"{address}{link}")
        assert published.status == 200
        assert "biscuit tin" in published.text()
        page.reload()
        wait_for_cards(page, len(others))
        assert ids(page) == others
    with served(home, port):  # the server is gone and comes back: the open page connects again and keeps its cards
        page.wait_for_function("() => document.title.includes('5 wait')")
        page.reload()
        wait_for_cards(page, len(others))
        assert ids(page) == others


def test_nothing_is_asked_of_the_outside(context: "BrowserContext", address: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page = open_chat(context, address)
    say(page, "What did I say about tide tables?")
    page.get_by_text("Who owns the tide tables").first.wait_for(timeout=30_000)
    elsewhere = [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))]
    assert len(asked) > 10
    assert elsewhere == []
    assert complaints == []  # a blocked font, style or script would complain here
    loaded = "() => document.fonts.load('16px \"Source Serif 4\"').then(faces => faces.map(face => face.status))"
    assert page.evaluate(loaded) == ["loaded"]  # from here: every other place was refused above


def test_words_typed_before_the_cards_come_stay_and_what_was_sent_is_gone(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    studio.start(ASK, channels=["site"])
    page = context.new_page()
    page.goto(f"{address}/chat")
    page.locator("#chat-input").fill("What did I say about tide tables?")  # the first message makes a new box
    page.locator(".gr-card").first.wait_for()
    assert page.locator("#chat-input").input_value() == "What did I say about tide tables?"
    page.locator("#chat-submit:enabled").wait_for()
    page.locator("#chat-input").press("Enter")
    page.get_by_text("Who owns the tide tables").first.wait_for()
    assert page.locator("#chat-input").input_value() == ""


def test_the_words_of_a_draft_are_shown_and_never_run(context: "BrowserContext", address: str, studio: Studio) -> None:
    made = studio.start(ASK, channels=["mastodon", "site"]).proposals
    page = open_chat(context, address)
    for channel in ("mastodon", "site"):
        card(page, channel, "waiting").locator('[data-verb="edit"]').click()
        box = card(page, channel).locator("textarea")
        box.and_(page.locator(":not([readonly])")).wait_for()
        box.fill(f"{box.input_value().rstrip()}\n\n{HOSTILE}" if channel == "site" else HOSTILE)
        card(page, channel).get_by_role("button", name="Save as a new version").click()
        card(page, channel).locator(".gr-text", has_text="<script>window.ran = 1</script>").wait_for(timeout=20_000)
    assert not ids(page) & {proposal.id for proposal in made}
    assert page.locator(".gr-card script, .gr-card img, .gr-card [onerror]").count() == 0
    with context.expect_page() as opened:
        card(page, "site").get_by_role("link", name=re.compile("as readers will")).click()
    reading = opened.value
    reading.get_by_text("<script>window.ran = 1</script>").wait_for()
    assert [shown.evaluate("() => window.ran") for shown in (page, reading)] == [None, None]


def test_keys_decide_the_card_that_has_the_focus_and_never_while_somebody_types(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    [proposal] = studio.start(ASK, channels=["x"]).proposals
    page = open_chat(context, address)
    tab_to(page, proposal.id)
    page.keyboard.press("h")
    card(page, "x", "held").wait_for()
    page.wait_for_timeout(ALONE_MS)
    page.keyboard.press("u")
    card(page, "x", "waiting").wait_for()
    page.wait_for_timeout(ALONE_MS)
    page.keyboard.press("c")
    card(page, "x").locator("textarea").wait_for()
    page.keyboard.type("a rather shorter one")  # every letter of it would be a verb outside the field
    assert card(page, "x").locator("textarea").input_value() == "a rather shorter one"
    page.keyboard.press("Escape")
    page.wait_for_timeout(ALONE_MS)
    page.keyboard.press("r")
    card(page, "x").locator("textarea").wait_for()
    page.keyboard.press("Control+Enter")
    card(page, "x", "rejected").wait_for()
    outline = card(page, "x").evaluate("card => { card.focus(); return getComputedStyle(card).outlineStyle }")
    assert outline == "solid"


def test_text_typed_into_a_card_decides_nothing_and_a_key_that_stands_alone_does(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    [proposal] = studio.start(ASK, channels=["site"]).proposals
    page = open_chat(context, address)
    mine = page.locator(f'.gr-card[data-proposal="{proposal.id}"]')
    mine.wait_for()
    page.evaluate("() => addEventListener('keydown', e => { window.typed = (window.typed ?? '') + e.key })")
    mine.locator(".gr-text").click()
    page.keyboard.press("a")  # even alone: the card was reached by mouse
    page.wait_for_timeout(ALONE_MS)
    page.keyboard.type("announce our spring issue", delay=40)
    page.wait_for_timeout(ALONE_MS)
    assert page.evaluate("() => window.typed") == "aannounce our spring issue"
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")  # back on the card, and now it was meant
    page.wait_for_timeout(ALONE_MS)
    page.keyboard.type("announce our spring issue", delay=40)  # and by keyboard: no letter of it stands alone
    page.wait_for_timeout(ALONE_MS)
    assert studio.show(proposal.id).state == "waiting"
    assert studio.memory.decisions.for_proposal(proposal.id) == []
    page.keyboard.press("a")
    mine.get_by_text("Approving …").wait_for()
    mine.and_(page.locator('[data-state="live"]')).wait_for(timeout=20_000)
    assert [each.verb for each in studio.memory.decisions.for_proposal(proposal.id)] == ["approve"]


def test_the_text_of_an_unconnected_channel_is_there_to_copy(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    [proposal] = studio.start(ASK, channels=["linkedin"]).proposals
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_chat(context, address)
    mine = page.locator(f'.gr-card[data-proposal="{proposal.id}"]')
    mine.locator('[data-verb="approve"]').click()
    mine.get_by_role("button", name="Copy text").click()
    mine.get_by_text("Copied.").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == proposal.text
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    mine.get_by_role("button", name="Copy text").click()
    mine.get_by_text("It is selected").wait_for()
    assert page.evaluate("() => String(getSelection())") == proposal.text


def test_a_letter_is_shown_as_it_reads_and_its_source_on_request(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    [proposal] = studio.start(ASK, channels=["newsletter"]).proposals
    page = open_chat(context, address)
    mine = page.locator(f'.gr-card[data-proposal="{proposal.id}"]')
    mine.locator(".gr-rendered p").first.wait_for()
    mine.get_by_role("button", name="Show the source").click()
    assert mine.locator(".gr-source").text_content() == proposal.text
    assert mine.locator(".gr-rendered").count() == 0


def test_a_refusal_is_seen_above_the_composer(context: "BrowserContext", address: str, studio: Studio) -> None:
    [proposal] = studio.start(ASK, channels=["mastodon"]).proposals
    page = open_chat(context, address)
    mine = page.locator(f'.gr-card[data-proposal="{proposal.id}"]')
    mine.locator('[data-verb="changes"]').click()
    mine.locator("textarea").fill("shorter")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('gone')) }")
    page.wait_for_timeout(ALONE_MS)
    mine.get_by_role("button", name="Ask for it").click()
    said = mine.locator(".gr-said", has_text=re.compile("not answer|did not work"))
    said.wait_for()
    page.wait_for_timeout(ALONE_MS)
    box, composer = said.bounding_box(), page.locator("#message-composer").bounding_box()
    assert box is not None
    assert composer is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= composer["y"]


def test_every_page_sees_who_decided_wherever_it_was(context: "BrowserContext", address: str, studio: Studio) -> None:
    proposal = studio.start(ASK, channels=["bluesky"]).proposals[0]
    first, second = (open_chat(context, address) for _ in range(2))
    for page in (first, second):
        page.locator(f'.gr-card[data-proposal="{proposal.id}"]').wait_for()
    sat_down_at(studio, "Ines").decide(proposal.id, "reject", proposal.sha, note="too early")
    for page in (first, second):
        told = page.locator(f'.gr-card[data-proposal="{proposal.id}"] .gr-outcome')
        told.wait_for(timeout=10_000)
        assert re.fullmatch(
            r"Ines rejected this at \d\d:\d\d: “too early”\. It will not be sent\. ?Undo", told.inner_text()
        )


def test_a_phone_sees_whole_cards_and_every_control_has_a_name(
    browser: "Browser", address: str, studio: Studio
) -> None:
    studio.start(ASK, channels=["newsletter"])
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark", reduced_motion="reduce")
    page = open_chat(context, address)
    card(page, "newsletter", "waiting").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(NAMELESS) == []
    assert violations(page, axe(), but=("minor", "moderate")) == []  # Chainlit's page has no landmarks of its own
    assert "dark" in str(page.evaluate("() => document.documentElement.className"))
    context.close()


def test_a_rule_asks_when_an_edit_teaches_it_and_one_key_keeps_or_drops_it(
    context: "BrowserContext", address: str, studio: Studio, tmp_path: Path
) -> None:
    for name, thing in (("one.md", "reading room"), ("two.md", "boat shed")):
        text = f"Users asked for the {thing} for years, and users of every age may stay in it as long as they like."
        (tmp_path / name).write_text(f"# The {thing}\n\n{text}\n", encoding="utf-8")
    [first] = studio.start("Announce one", from_=str(tmp_path / "one.md"), channels=["linkedin"]).proposals
    studio.decide(first.id, "edit", first.sha, body=to_folks(studio.document(first.id)))
    [second] = studio.start("Announce two", from_=str(tmp_path / "two.md"), channels=["linkedin"]).proposals
    # last of all: where more wait than a page shows, the newest brief's stand on it
    page = open_chat(context, address)
    page.locator(f'.gr-card[data-proposal="{second.id}"] [data-verb="edit"]').click()
    box = page.locator(".gr-card textarea:not([readonly])")
    box.wait_for()
    box.fill(to_folks(box.input_value()))
    page.get_by_role("button", name="Save as a new version").click()
    rule = page.locator(".gr-rule", has_text="rather than “users”")
    rule.locator('[data-word="accept"]').wait_for()
    assert {"Folks", "folks"} & set(rule.locator(".gr-edits ins").all_inner_texts())
    assert page.evaluate(SPILLING) == []
    focused = "() => document.activeElement?.classList.contains('gr-rule')"
    for _ in range(200):
        if page.evaluate(focused):
            break
        page.keyboard.press("Tab")
    for key, state in (("a", "active"), ("u", "candidate")):
        page.wait_for_timeout(ALONE_MS)
        page.keyboard.press(key)
        rule.and_(page.locator(f'[data-state="{state}"]')).wait_for()
    page.reload()
    rule.locator('[data-word="reject"]').click()
    rule.get_by_text("No edit brings it back").wait_for()
    assert [each.state for each in rules(studio, rejected=True) if each.old == "users"] == ["rejected"]


def test_a_conversation_goes_on_after_a_reload_from_the_list_and_for_nobody_else(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    page = open_chat(context, address)
    say(page, f"What did I say about tide tables? {HOSTILE}")
    page.get_by_text("Who owns the tide tables").first.wait_for()
    _talks(studio, 2)
    page.reload()
    page.get_by_text("Who owns the tide tables").first.wait_for()  # nothing but what was laid can say it now
    assert page.get_by_text("<script>window.ran = 1</script>").count() == 1
    say(page, "hello again")
    page.wait_for_function("() => document.querySelectorAll('[data-step-type=user_message]').length === 2")
    [talk] = [each for each in _talks(studio, 4) if each.turns == 4]
    page.locator("#new-chat-button").click()
    page.get_by_text("hello again").wait_for(state="detached")
    page.reload()
    page.locator("#starters button:enabled, .gr-card").first.wait_for()
    assert page.get_by_text("hello again").count() == 0
    page.goto(f"{address}/talks")
    page.locator(f'a[href="/chat/?talk={talk.thread}"]').click()
    page.get_by_text("hello again").first.wait_for()
    assert "talk=" not in page.url
    assert page.evaluate("() => document.cookie") == ""
    assert page.evaluate("() => window.ran") is None
    hers = str(uuid4())
    list(sat_down_at(studio, "Ines").converse(hers, "the secret regatta"))
    page.goto(f"{address}/chat/?talk={hers}")
    page.get_by_text("There is no such conversation of yours").first.wait_for()
    assert page.get_by_text("regatta").count() == 0


def _talks(studio: Studio, turns: int) -> list[Thread]:
    """Return the owner's conversations once one has so many turns: an answer is kept after it is shown."""
    ends = time.monotonic() + 30
    found = Talks(studio).earlier()
    while time.monotonic() < ends and not any(each.turns == turns for each in found):
        time.sleep(0.1)
        found = Talks(studio).earlier()
    return found


def test_a_dropped_file_is_learned_from_and_one_that_can_not_be_read_is_named(
    context: "BrowserContext", address: str, studio: Studio
) -> None:
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page = open_chat(context, address)
    page.get_by_role("button", name="Attach a file").wait_for()
    chosen = page.locator("#upload-button-input")
    kettle = "The harbour office opens at six, and the kettle is on before the light is. Nobody asks why."
    files = {"<b>kettle.txt": kettle.encode(), "program.txt": b"\x7fELF\x00\x01" * 50, "boat.png": b"\x89PNG\r\n"}
    kinds = {".txt": "text/plain", ".png": "image/png"}
    chosen.set_input_files([upload(name, kinds[name[-4:]], data) for name, data in files.items()])
    page.locator("#chat-submit:enabled").click()
    page.get_by_text("is remembered (18 words).").wait_for()
    page.get_by_text("program.txt:").first.wait_for()
    page.get_by_text("boat.png is not a JPEG, PNG, GIF or WebP picture").first.wait_for()
    [work] = [each for each in studio.works() if each.body == kettle]
    nothing_stays(studio)
    chosen.set_input_files([upload("fog.md", "text/markdown", f"# Fog\n\n{FOG}".encode())])
    say(page, "announce this")
    page.get_by_text("“Fog” is remembered").wait_for()
    [fog] = [each for each in studio.works() if each.title == "Fog"]
    page.locator(".gr-card", has_text=f"announce this ({fog.id})").first.wait_for(timeout=240_000)
    made = [studio.memory.briefs.get(each.brief_id) for each in studio.pending()]
    assert fog.id in {each.source_work_id for each in made}
    page.reload()
    page.get_by_text("is remembered (18 words).").wait_for()
    page.wait_for_timeout(1000)  # whatever a laid turn might still ask for
    assert complaints == []
    assert work.source == "b kettle.txt"


def nothing_stays(studio: Studio) -> None:
    """Wait until no uploaded file lies on this machine: what was learned of it does."""
    folder = studio.settings.home / "chat-page" / ".files"
    ends = time.monotonic() + 30
    while left := [each for each in folder.rglob("*") if each.is_file()]:
        assert time.monotonic() < ends, left
        time.sleep(0.2)
