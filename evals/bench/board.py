"""The board's speed: the real command serves it, a script that reads nothing decides, many look and decide at once."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from app.studio import Studio
from core.proposals import Proposal
from evals.bench.web import asked, filled, served, spread

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_NEXT = """id => { const card = document.getElementById('card');
    return card.dataset.open === '1' && card.dataset.state === 'waiting' && card.dataset.id !== id }"""
_TRIPS = (
    "() => performance.getEntriesByType('resource').filter(e => e.name.endsWith('/board/decide')).map(e => e.duration)"
)
Told = Callable[[str, int, int], None]


def run(proposals: int, *, people: int, decisions: int, progress: Told) -> dict[str, Any]:
    """Return `{browser, pages, decisions}`: times in milliseconds (the browser's whole run in seconds).

    Without `decisions` to make by keys no browser is started.
    """
    with TemporaryDirectory(prefix="greenroom-bench-") as folder:
        home = Path(folder) / "home"
        progress("Putting proposals on the board", 0, proposals)
        made = filled(home, proposals)
        with served(home) as port:
            progress("Deciding by keys alone", 0, decisions)
            browser = _by_keys(port, decisions) if decisions else None
            progress("Looking and deciding at once", 0, people)
            crowd = _crowd(port, made[: len(made) // 2], people)
        return {"proposals": proposals, "browser": browser, **crowd, **_counted(home, browser, crowd)}


# one person, by keys


def _by_keys(port: int, count: int) -> dict[str, Any] | None:
    """Decide with one key each as soon as the next card is shown; None where there is no browser."""
    path = next((each for name in BROWSERS if (each := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/")  # once before: the first page of a process loads what all others need
        found = _decided(page, f"http://127.0.0.1:{port}/", count)
        browser.close()
    return found


def _decided(page: "Page", address: str, count: int) -> dict[str, Any]:
    started = time.perf_counter()
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    now, keys = "", 0
    for number in range(count):
        page.wait_for_function(_NEXT, arg=now)
        now = str(page.locator("#card").get_attribute("data-id"))
        page.keyboard.press("arh"[number % 3])
        keys += 1
    page.wait_for_function("many => performance.getEntriesByType('resource').filter("
                           "e => e.name.endsWith('/board/decide')).length === many", arg=count)  # fmt: skip
    seconds = time.perf_counter() - started
    trips = [float(each) for each in page.evaluate(_TRIPS)]
    return {"decisions": count, "keys": keys, "seconds": round(seconds, 2), "round_trip": spread(trips)}


# many at once


def _crowd(port: int, made: list[Proposal], people: int) -> dict[str, Any]:
    """Let so many people open the board, look at a card and decide it, each by the hash that was shown, all at once."""
    pages: list[float] = []
    cards: list[float] = []
    decides: list[float] = []
    refused: list[str] = []
    shares = [made[place::people] for place in range(people)]

    def person(mine: list[Proposal]) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        for proposal in mine[:6]:
            pages.append(asked(line, "GET", "/")[0])
            cards.append(asked(line, "GET", f"/board/card/{proposal.id}")[0])
            wish = {"id": proposal.id, "sha": proposal.sha, "verb": "reject"}
            took, answer = asked(line, "POST", "/board/decide", wish)
            decides.append(took)
            if not json.loads(answer)["done"]:
                refused.append(json.loads(answer)["said"])

    threads = [threading.Thread(target=person, args=(share,)) for share in shares if share]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "people": len(threads),
        "page": spread(pages),
        "card": spread(cards),
        "decision": spread(decides),
        "decided": len(decides) - len(refused),
        "refused": refused[:3],
    }


def _counted(home: Path, browser: dict[str, Any] | None, crowd: dict[str, Any]) -> dict[str, int]:
    """Say how many decisions the database lacks, or has twice, of those that were answered as done."""
    studio = Studio.open(Settings(home=home))
    told = crowd["decided"] + (browser["decisions"] if browser else 0)
    decided = [studio.memory.decisions.for_proposal(each.id) for each in studio.proposals()]
    studio.close()
    return {"lost": told - sum(len(each) for each in decided), "twice": sum(len(each) > 1 for each in decided)}
