"""The board's speed: the real command serves it, a script that reads nothing decides, many look and decide at once.

The proposals are copies of what one brief of the sample creator came to: the same weight as real ones, made in no time.
"""

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.founding import found_sample
from app.settings import Settings
from app.studio import Studio
from core.errors import WrongUse
from core.ids import new_id
from core.proposals import Proposal

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASK = "Announce episode 41, The slow harbour"
A_BRIEF = 12  # proposals under one heading
START_S = 120
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SERVE = (sys.executable, "-c", "from app.cli import main; main()", "serve")
_NEXT = """id => { const card = document.getElementById('card');
    return card.dataset.open === '1' && card.dataset.state === 'waiting' && card.dataset.id !== id }"""
_TRIPS = (
    "() => performance.getEntriesByType('resource').filter(e => e.name.endsWith('/board/decide')).map(e => e.duration)"
)
Told = Callable[[str, int, int], None]


def run(proposals: int, *, people: int, decisions: int, progress: Told) -> dict[str, Any]:
    """Return `{browser, pages, decisions}`: times in milliseconds (the browser's whole run in seconds)."""
    with TemporaryDirectory(prefix="greenroom-bench-") as folder:
        home = Path(folder) / "home"
        progress("Putting proposals on the board", 0, proposals)
        made = _filled(home, proposals)
        with _served(home) as port:
            progress("Deciding by keys alone", 0, decisions)
            browser = _by_keys(port, decisions)
            progress("Looking and deciding at once", 0, people)
            crowd = _crowd(port, made[: len(made) // 2], people)
        return {"proposals": proposals, "browser": browser, **crowd, **_counted(home, browser, crowd)}


def _filled(home: Path, count: int) -> list[Proposal]:
    """Make a home with so many waiting proposals; return those that nobody has decided, the last made first."""
    settings = Settings(home=home)
    _, works = found_sample(settings)
    studio = Studio.open(settings)
    studio.import_paths([works])
    made = studio.start(ASK).proposals
    brief = studio.memory.briefs.get(made[0].brief_id)
    copies: list[Proposal] = []
    while len(made) + len(copies) < count:
        if len(copies) % A_BRIEF == 0:
            brief = brief.model_copy(update={"id": new_id("b"), "created_at": studio.clock()})
            studio.memory.briefs.add(brief)
        like = made[len(copies) % len(made)]
        new = like.model_copy(update={"id": new_id("p"), "brief_id": brief.id, "created_at": studio.clock()})
        studio.memory.proposals.add(new)
        copies.append(new)
    studio.close()
    return copies


@contextmanager
def _served(home: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (home.parent / "serve.log").open("ab")
    command = [*_SERVE, "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(port, process, Path(log.name))
        yield port
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            _asked(HTTPConnection("127.0.0.1", port, timeout=30), "GET", "/")
            return
        except OSError:
            time.sleep(0.2)
    raise WrongUse(f"The board did not start: {log.read_text(encoding='utf-8')[-500:]}")


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
    return {"decisions": count, "keys": keys, "seconds": round(seconds, 2), "round_trip": _spread(trips)}


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
            pages.append(_asked(line, "GET", "/")[0])
            cards.append(_asked(line, "GET", f"/board/card/{proposal.id}")[0])
            asked = {"id": proposal.id, "sha": proposal.sha, "verb": "reject"}
            took, answer = _asked(line, "POST", "/board/decide", asked)
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
        "page": _spread(pages),
        "card": _spread(cards),
        "decision": _spread(decides),
        "decided": len(decides) - len(refused),
        "refused": refused[:3],
    }


def _asked(line: HTTPConnection, method: str, where: str, body: object = None) -> tuple[float, bytes]:
    started = time.perf_counter()
    headers = {"Content-Type": "application/json"} if body is not None else {}
    line.request(method, where, None if body is None else json.dumps(body), headers)
    answer = line.getresponse()
    read = answer.read()
    if answer.status != 200:
        raise WrongUse(f"{where} answered {answer.status}: {read[:200]!r}")
    return (time.perf_counter() - started) * 1000, read


def _counted(home: Path, browser: dict[str, Any] | None, crowd: dict[str, Any]) -> dict[str, int]:
    """Say how many decisions the database lacks, or has twice, of those that were answered as done."""
    studio = Studio.open(Settings(home=home))
    told = crowd["decided"] + (browser["decisions"] if browser else 0)
    decided = [studio.memory.decisions.for_proposal(each.id) for each in studio.proposals()]
    studio.close()
    return {"lost": told - sum(len(each) for each in decided), "twice": sum(len(each) > 1 for each in decided)}


def _spread(milliseconds: list[float]) -> dict[str, float]:
    if len(milliseconds) < 2:
        return {"count": len(milliseconds), "median": round(sum(milliseconds), 1), "p95": round(sum(milliseconds), 1)}
    p95 = quantiles(milliseconds, n=20, method="inclusive")[-1]
    return {"count": len(milliseconds), "median": round(median(milliseconds), 1), "p95": round(p95, 1)}
