"""Make the pictures of the docs: the sample creator's pages, light, dark and on a phone, by the real command."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.accounts.opening import Wanted, open_account  # noqa: E402
from app.segmenting import edit as word_anew  # noqa: E402
from app.segmenting import open_grid  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.studio import Studio  # noqa: E402
from scripts.screenshot import make_home  # noqa: E402
from tests.app.chat_server import browser_path, free_port, served  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COLOURS = 256
IMAGES = ROOT / "docs" / "images"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
NAME, SECRET = "Ines", "the tin under the bench"
NORWEGIAN = {
    "Torunn Eide": "Torunn Eide, som har vært havnefogd siden 2003, gikk i naustet og fant fram håndpumpa fra 1958.",
    "Episode 41": "Episode 41, Den langsomme havna.",
}
"""A translation that somebody is half through."""

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def main(folder: Path = IMAGES, only: str = "") -> None:
    """Make every picture anew, or those whose names begin with one of `only` (`calendar,voice`)."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as elsewhere, sync_playwright() as playwright:
        home = make_home(Path(elsewhere) / "home")
        empty = make_home(Path(elsewhere) / "empty", brief=False)
        grid = decide_some(home)
        guarded = make_home(Path(elsewhere) / "guarded")
        with_account(guarded)
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        with (
            served(home, free_port()) as address,
            served(empty, free_port()) as nothing,
            served(guarded, free_port(), GREENROOM_LOGIN="true") as door,
        ):
            every = {**pages(address, nothing), **more_pages(address, door, grid)}
            for scheme in ("light", "dark"):
                wanted = {name: each for name, each in every.items() if name.startswith(tuple(only.split(",")))}
                for name, prepare in wanted.items():
                    take(browser, folder / f"{name}-{scheme}.png", prepare, {**WIDE, "color_scheme": scheme})
                for name, prepare in on_a_phone(address).items():
                    if name.startswith(tuple(only.split(","))):
                        take(browser, folder / f"{name}-{scheme}.png", prepare, {**PHONE, "color_scheme": scheme})


def on_a_phone(address: str) -> dict[str, Callable[["Page"], None]]:
    """Return what is photographed on a phone."""
    return {
        "board-phone-list": to(address, "/"),
        "board-phone": card(address),
        "calendar-phone": to(address, "/calendar"),
    }


def pages(address: str, nothing: str) -> dict[str, Callable[["Page"], None]]:
    """Return what is photographed, and how each comes to stand there."""
    return {
        "board": to(address, "/"),
        "board-letter": lambda page: letter(page, address),
        "board-edit": lambda page: edit(page, address),
        "board-help": lambda page: helped(page, address),
        "board-by-day": to(address, "/?by=day"),
        "board-empty": to(nothing, "/"),
        "board-alike": lambda page: alike(page, address),
        "brief": to(address, "/brief?ask=Announce+the+next+walk"),
        "works": to(address, "/works"),
        "calendar": to(address, "/calendar"),
        "calendar-month": to(address, "/calendar?view=month"),
        "voice": to(address, "/voice"),
        "health": to(address, "/health"),
        "work": lambda page: work(page, address),
        "forget": lambda page: forget(page, address),
    }


def more_pages(address: str, door: str, grid: str) -> dict[str, Callable[["Page"], None]]:
    """Return what is photographed of conversations and translations, and where people sign in."""
    return {
        "talks": to(address, "/talks"),
        "segments": to(address, f"/segments/{grid}"),
        "login": to(door, "/login"),
        "account": lambda page: account(page, door),
    }


def to(address: str, where: str) -> Callable[["Page"], None]:
    """Return what opens an address."""

    def opened(page: "Page") -> None:
        page.goto(f"{address}{where}")

    return opened


def card(address: str) -> Callable[["Page"], None]:
    """Return what opens the first card, as a tap on its row does."""

    def opened(page: "Page") -> None:
        page.goto(address)
        page.locator('.row[data-state="waiting"] a').first.click()
        page.locator('main[data-shows="card"]').wait_for()

    return opened


def letter(page: "Page", address: str) -> None:
    """Open the newsletter."""
    page.goto(address)
    page.locator('.row[data-channel="newsletter"] a').first.click()
    page.locator('#card[data-title^="Newsletter"]').wait_for()


def edit(page: "Page", address: str) -> None:
    """Begin an edit."""
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.keyboard.press("e")
    page.locator("form.typed textarea").wait_for()


def helped(page: "Page", address: str) -> None:
    """Open the list of keys."""
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.keyboard.press("?")


def alike(page: "Page", address: str) -> None:
    """Open the look-alikes of the first card, and take one."""
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.keyboard.press("b")
    page.locator(".alike li").first.wait_for()
    page.keyboard.press("Space")


def work(page: "Page", address: str) -> None:
    """Open the newest work."""
    page.goto(f"{address}/works")
    page.locator(".works a").first.click()
    page.locator(".body").wait_for()


def forget(page: "Page", address: str) -> None:
    """Look at what forgetting the newest work would come to."""
    work(page, address)
    page.get_by_role("link", name="Forget it").click()
    page.locator("#forget").wait_for()


def account(page: "Page", door: str) -> None:
    """Sign in, and open one's account."""
    page.goto(f"{door}/login?next=/account")
    page.locator("#name").fill(NAME)
    page.locator("#secret").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")


def take(browser: "Browser", file: Path, prepare: Callable[["Page"], None], options: dict[str, Any]) -> None:
    """Photograph one page."""
    context = browser.new_context(device_scale_factor=1, reduced_motion="reduce", **options)
    page = context.new_page()
    prepare(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)
    page.screenshot(path=file)
    context.close()
    lighter(file)
    print(file.name, file=sys.stderr)


def lighter(file: Path) -> None:
    """Write a picture anew in its commonest colours, as they are: a third of the bytes, and no state's is another's."""
    from PIL import Image

    with Image.open(file) as picture:
        full = picture.convert("RGB")
    counted = sorted(full.getcolors(full.width * full.height) or (), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    full.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def with_account(home: Path) -> None:
    """Give the sample's creator an account."""
    studio = Studio.open(Settings(home=home, user=NAME))
    open_account(studio, Wanted(NAME, None, None, SECRET), by=NAME, secret=None)
    studio.close()


def decide_some(home: Path) -> str:
    """Decide as a person would have by noon: one approved, one held, one rejected, one asked for anew.

    Returns the id of a translation that somebody is half through.
    """
    studio = Studio.open(Settings(home=home))
    studio.start(
        "Invite people to the harbour walk on Saturday", channels=("bluesky", "linkedin", "mastodon"), variants=2
    )
    waiting = studio.pending()
    said = (
        ("site", "approve", ""),
        ("mastodon", "hold", "wait for the photo rights"),
        ("x", "reject", "not for this place"),
        ("linkedin", "changes", "shorter"),
    )
    for channel, verb, note in said:
        found = next(each for each in waiting if each.channel == channel)
        studio.decide(found.id, verb, found.sha, note=note)
    for asked in ("What did I say about tide tables?", "Who is Torunn Eide?"):
        for _ in studio.converse(str(uuid4()), asked):
            pass
    grid = open_grid(studio, next(each.id for each in waiting if each.channel == "bluesky"), "nb")
    for row in grid.rows:
        words = next((said for begins, said in NORWEGIAN.items() if row.segment.source.startswith(begins)), "")
        if words:
            grid = word_anew(studio, grid.looked.draft.id, row.segment.id, words)
    studio.close()
    return grid.looked.draft.id


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES, sys.argv[2] if len(sys.argv) > 2 else "")
