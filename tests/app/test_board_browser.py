"""The board in a real headless browser: twelve decisions by keys, another that sees them live, axe, hostile words."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import argon2
import pytest

from app.accounts.opening import Wanted, open_account
from app.board import rows
from app.revising import Wish
from app.segmenting import edit as word_anew
from app.segmenting import open_grid
from app.studio import Studio
from tests.app.board_server import axe, board_of, violations
from tests.app.translating import TIN, post, small_studio
from tests.conftest import Clock
from tests.copied import copied_studio
from tests.making import ASK, sat_down_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOSTILE = (
    "Kelp. <script>window.ran = 1</script><img src=x onerror='window.ran = 2'> [out](javascript:window.ran=3) \"'><b>"
)
SECRET = "harbour at low tide"
VERBS = "aarhaaraaahr"
WORDS = {"a": "approve", "r": "reject", "h": "hold"}
SHOWN = """id => { const card = document.getElementById('card');
    return card.dataset.open === '1' && card.dataset.state === 'waiting' && card.dataset.id !== id }"""
COUNT = "states => [...document.querySelectorAll('.row')].filter(row => states.includes(row.dataset.state)).length"
SLOW = """() => {
    const send = window.fetch
    document.getElementById('said').textContent = ''
    window.fetch = async (...what) => {
        if (String(what[0]).includes('/board/decide')) await new Promise(done => setTimeout(done, 800))
        return send(...what)
    } }"""
ISOLATED = """it => { const walk = document.createTreeWalker(it, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) if (walk.currentNode.data.includes('\\u202e'))
        return getComputedStyle(walk.currentNode.parentElement).unicodeBidi === 'isolate' }"""
WIDER = "() => document.documentElement.scrollWidth > innerWidth + 1"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = copied_studio(tmp_path, clock)
    yield made
    made.close()


def opened(browser: "Browser", address: str, hears: bool = True, **options: Any) -> "Page":
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}).new_page()
    if not hears:
        page.add_init_script("window.EventSource = class { addEventListener() {} close() {} }")
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def test_a_brief_and_twelve_decisions_by_keys_alone_seen_live_by_another_browser(
    browser: "Browser", studio: Studio
) -> None:
    with board_of(studio) as address:
        page = opened(browser, address)
        page.keyboard.press("n")
        page.locator("#ask:focus").wait_for()
        page.keyboard.type(ASK)
        while page.evaluate("document.activeElement.id") != "variants":
            page.keyboard.press("Tab")
        page.keyboard.type("2")
        page.keyboard.press("Control+Enter")
        page.wait_for_function("count => document.querySelectorAll('.row').length === count", arg=12)
        page.wait_for_function(SHOWN, arg="")
        other = opened(browser, address)
        decided: dict[str, str] = {}
        for number, key in enumerate(VERBS):
            now = str(page.locator("#card").get_attribute("data-id"))
            if number == 5:
                half_a_wish_survives_a_reload(page, now)
            decided[now] = WORDS[key]
            page.keyboard.press(key)
            if number < len(VERBS) - 1:
                page.wait_for_function(SHOWN, arg=now)
        for each in (page, other):  # nobody reloads the other one
            each.wait_for_function("() => document.querySelectorAll('.row[data-state=\"waiting\"]').length === 0")
            assert each.evaluate(COUNT, ["rejected", "held"]) == 5
            assert each.title().startswith("Nothing waits")
        assert len(decided) == 12
        for proposal_id, verb in decided.items():
            [decision] = studio.memory.decisions.for_proposal(proposal_id)
            assert decision.verb == verb
        page.keyboard.press("u")  # the last one was a slip of the finger
        other.wait_for_function("() => document.querySelectorAll('.row[data-state=\"waiting\"]').length === 1")
        assert [each.id for each in studio.pending() if each.state == "waiting"] == [list(decided)[-1]]
        page.wait_for_function(SHOWN, arg="")
        page.evaluate(SLOW)
        page.keyboard.press("h")
        page.keyboard.press("u")  # sooner than the decision before it has arrived: it is still that one that is meant
        page.locator("#said", has_text="Taken back").wait_for()
        assert [each.id for each in studio.pending() if each.state == "waiting"] == [list(decided)[-1]]
        page.keyboard.press("j")
        page.keyboard.press("u")
        page.wait_for_function("() => document.querySelectorAll('.row[data-state=\"waiting\"]').length === 2")
        a_page_that_hears_late_takes_back_what_was_decided_last(browser, address, studio)


def a_page_that_hears_late_takes_back_what_was_decided_last(browser: "Browser", address: str, studio: Studio) -> None:
    page = opened(browser, address, hears=False)
    first = str(page.locator("#card").get_attribute("data-id"))
    page.keyboard.press("r")
    page.wait_for_function(SHOWN, arg=first)
    last = str(page.locator("#card").get_attribute("data-id"))
    page.keyboard.press("h")
    page.locator("#said", has_text="held").wait_for()
    page.keyboard.press("u")
    page.locator("#said", has_text="Taken back").wait_for()
    assert [each.id for each in studio.pending() if each.state == "waiting"] == [last]


def half_a_wish_survives_a_reload(page: "Page", proposal_id: str) -> None:
    page.keyboard.press("c")
    page.keyboard.type("end on the quo")
    page.reload()
    assert page.locator("#card").get_attribute("data-id") == proposal_id
    page.locator("form.typed textarea:focus").wait_for()
    assert page.locator("form.typed textarea").input_value() == "end on the quo"
    page.keyboard.press("Escape")
    page.locator("form.typed").wait_for(state="hidden")


def test_what_waits_behind_a_long_list_comes_up_and_is_counted(
    browser: "Browser", studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST", 3)
    made = [post(studio, f"The tin was number {number}.") for number in range(5)]
    with board_of(studio) as address:
        page = opened(browser, address)
        page.get_by_text("2 more wait behind these").wait_for()
        assert page.title().startswith("5 wait")
        hidden = next(each for each in made if not page.locator(f'.row[data-id="{each.id}"]').count())
        studio.decide(hidden.id, "reject", hidden.sha)
        page.get_by_text("1 more waits behind these").wait_for()
        assert page.title().startswith("4 wait")
        for left in ("3 wait", "2 wait", "1 waits", "Nothing waits"):
            shown = page.locator("#card").get_attribute("data-id")
            page.keyboard.press("r")
            page.wait_for_function("left => document.title.startsWith(left)", arg=left)
            if left != "Nothing waits":
                page.wait_for_function(SHOWN, arg=shown)
    assert {studio.show(each.id).state for each in made} == {"rejected"}


def test_an_ask_that_turns_the_order_of_signs_turns_nothing_beside_itself(browser: "Browser", studio: Studio) -> None:
    made = [post(studio, ask="The tin \u202e"), post(studio)]
    with board_of(studio) as address:
        page = opened(browser, f"{address}/?p={made[0].id}")
        for which in (".group h2 span", ".sub"):
            asks = page.locator(which).filter(has_text="\u202e").first
            assert asks.evaluate(ISOLATED) is True, which


def test_hostile_words_run_nothing_and_somebody_elses_decision_is_said_in_place(
    browser: "Browser", studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "evil.md").write_text(f"---\ntitle: Kelp\n---\n\n{HOSTILE}\n", encoding="utf-8")
    studio.import_paths([tmp_path / "evil.md"])
    made = studio.start(f"Kelp {HOSTILE}", channels=("bluesky", "newsletter", "site")).proposals
    made = [studio.decide(each.id, "edit", each.sha, body=HOSTILE).new_proposal or each for each in made]
    with board_of(studio) as address:
        page = opened(browser, address)
        other = opened(browser, address)
        for each in made:
            page.goto(f"{address}/?p={each.id}")
            page.locator("html[data-ready]").wait_for(state="attached")
            assert "<script>" in page.locator(".stage").inner_text() or each.channel != "bluesky"
        for where in ("/works", f"/works/{studio.works()[0].id}", f"/alike/{made[0].id}", f"/brief?ask={HOSTILE}"):
            page.goto(f"{address}{where}")
        page.goto(f"{address}/?p={made[0].id}")
        page.locator("html[data-ready]").wait_for(state="attached")
        page.keyboard.press("e")
        page.keyboard.type(f"شط {HOSTILE}")
        page.keyboard.press("Control+Enter")
        page.wait_for_function(SHOWN, arg=made[0].id)
        assert "شط" in page.locator(".post .text").inner_text()
        assert page.locator(".changed ins").count() > 0
        other.locator(f'.row[data-supersedes="{made[0].id}"]').wait_for()
        assert [each.evaluate("window.ran") for each in (page, other)] == [None, None]
        deaf = browser.new_page()  # it hears of nothing, so it posts what it shows, and is told who was first
        deaf.route("**/board/events*", lambda route: route.abort())
        deaf.goto(f"{address}/?p={made[1].id}")
        deaf.locator("html[data-ready]").wait_for(state="attached")
        sat_down_at(studio, "Ines").decide(made[1].id, "reject", made[1].sha)
        other.get_by_text("Newsletter: Ines rejected this at").wait_for()
        deaf.keyboard.press("a")
        deaf.get_by_text("Your click changed nothing.").wait_for()
        assert studio.show(made[1].id).state == "rejected"


def test_a_post_is_dragged_to_another_day_and_a_work_is_forgotten_by_hand(browser: "Browser", studio: Studio) -> None:
    [made] = studio.start(ASK, channels=("bluesky",)).proposals
    work = next(each.work_id for each in made.receipts if each.work_id)
    made = studio.revise(made.id, Wish(at=studio.clock() + timedelta(hours=1))).proposal  # a Friday
    studio.decide(made.id, "approve", made.sha)
    with board_of(studio) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/calendar")
        days, post_it = page.locator(".day"), page.locator(f'.post-it[data-id="{made.id}"]')
        post_it.drag_to(days.last)
        page.get_by_text("Its approval is void when it moves").wait_for()
        assert studio.show(made.id).state != "stale" and studio.show(made.id).superseded_by is None
        page.get_by_role("button", name="Move it").click()
        page.get_by_text("Its approval is void with that").wait_for()
        assert days.last.locator('.post-it[data-approved="0"]').count() == 1
        new = str(studio.show(made.id).superseded_by)
        assert studio.show(new).state == "waiting"
        page.goto(f"{address}/works/{work}")
        page.get_by_role("link", name="Forget it").click()
        page.get_by_text("the work itself").wait_for()
        page.get_by_role("button", name="Forget it").click()
        page.get_by_text("Forgotten. Receipt").wait_for()
    assert studio.show(new).state == "stale"
    assert work not in {each.id for each in studio.works()}


def test_axe_finds_nothing_serious_on_any_page_and_none_is_wider_than_a_phone(
    browser: "Browser", studio: Studio
) -> None:
    script = axe()
    made = studio.start(ASK, channels=("bluesky", "newsletter"), variants=2).proposals
    studio.decide(made[0].id, "hold", made[0].sha, note="later")
    studio.decide(made[1].id, "edit", made[1].sha, body="Marit kept the tin.")
    studio.remembering(
        str(uuid4()), "What did I say about a word as long as Donaudampfschifffahrtsgesellschaft?" * 2, "Kelp."
    )
    with board_of(studio) as address:
        page = opened(browser, address, reduced_motion="reduce")  # no colour is on its way to another one
        found = []
        for where in (
            "/",
            "/?by=day",
            f"/alike/{made[2].id}",
            "/brief",
            "/works",
            f"/works/{studio.works()[0].id}",
            "/works/w_nobody",
            "/calendar",
            "/calendar?view=month",
            "/voice",
            "/health",
            "/segments",
            "/talks",
            f"/works/{studio.works()[0].id}/forget",
        ):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{address}{where}")
            if where == "/":
                page.locator("html[data-ready]").wait_for(state="attached")
                page.keyboard.press("e")
                page.locator("form.typed textarea").wait_for()
            found += [(where, *each) for each in violations(page, script)]
            page.set_viewport_size({"width": 360, "height": 700})
            found += [(where, "360 px", "wider than the phone")] if page.evaluate(WIDER) else []
        assert found == []


def test_signing_in_is_for_everyone_and_says_hostile_names_as_words(
    browser: "Browser", tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = axe()
    cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(argon2, "PasswordHasher", cheap)
    made = small_studio(tmp_path, clock, user="Ines")
    open_account(made, Wanted("Ines", None, None, SECRET), by="Ines", secret=None)
    grid = open_grid(made, post(made, TIN + HOSTILE).id, "es")
    made.close()
    studio = small_studio(tmp_path, clock, user="web")
    found: list[Any] = []
    with board_of(studio, login=True) as address:
        page = browser.new_context(viewport={"width": 360, "height": 700}, reduced_motion="reduce").new_page()
        page.set_default_timeout(60_000)  # two cores, and another test beside it: slow is no failure here

        def look(where: str) -> None:
            found.extend((where, *each) for each in violations(page, script))
            assert not page.evaluate(WIDER), f"{where} is wider than a phone"
            assert page.evaluate("window.ran") is None

        page.goto(f"{address}/login?next={quote(HOSTILE)}")
        sign_in(page, HOSTILE, "not it")
        page.get_by_role("alert").wait_for()
        assert page.locator("#name").input_value() == HOSTILE
        look("/login")
        sign_in(page, "Ines", SECRET)
        page.locator("h1.count").wait_for()
        page.goto(f"{address}/account")
        look("/account")
        page.goto(f"{address}/segments/{grid.looked.draft.id}")
        assert "<script>" in page.locator("main").inner_text()
        look("/segments/…")
    studio.close()
    assert found == []


def test_a_segment_without_words_stands_in_the_same_columns_as_others(browser: "Browser", studio: Studio) -> None:
    grid = open_grid(studio, post(studio, TIN).id, "es")
    grid = word_anew(studio, grid.looked.draft.id, "1", "Marit guardaba la lata en un estante.")
    with board_of(studio) as address:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(f"{address}/segments/{grid.looked.draft.id}")
        assert page.locator("li[data-state=empty]").count() == len(grid.rows) - 1 > 0
        lefts = page.evaluate("() => [...document.querySelectorAll('main ol > li > p')].map(each => each.offsetLeft)")
        assert len(set(lefts)) == 2


def sign_in(page: "Page", name: str, secret: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#secret").fill(secret)
    page.get_by_role("button", name="Sign in").click()
