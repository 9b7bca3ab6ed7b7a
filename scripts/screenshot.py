"""Make the README's pictures: the sample creator's chat, in the real page, by the real command (make screenshots)."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.founding import found_sample  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.studio import Studio  # noqa: E402
from tests.app.chat_server import browser_path, free_port, served  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = ROOT / "docs" / "images"
ASK = "Announce episode 41, The slow harbour"
SOURCE = ROOT / "evals" / "sample" / "tidewater" / "brief-source.md"
PICTURES = {
    "chat-review-card.png": {"viewport": {"width": 1200, "height": 1000}, "color_scheme": "light"},
    "chat-review-card-dark.png": {"viewport": {"width": 1200, "height": 1000}, "color_scheme": "dark"},
    "chat-review-card-phone.png": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "is_mobile": True,
        "has_touch": True,
    },
}


def main() -> None:
    """Make every picture anew."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = make_home(Path(folder) / "home")
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        with served(home, free_port()) as address:
            for name, options in PICTURES.items():
                take(browser, address, IMAGES / name, options)
                print(IMAGES.relative_to(ROOT) / name)


def make_home(home: Path, *, brief: bool = True) -> Path:
    """Make the sample creator's home, with the drafts of one brief in it."""
    settings = Settings(home=home)
    _, works = found_sample(settings)
    studio = Studio.open(settings)
    studio.import_paths([works])
    if brief:
        studio.start(ASK, from_=str(SOURCE))
    studio.close()
    return home


def take(browser: "Browser", address: str, file: Path, options: dict[str, object]) -> None:
    """Photograph the first card of what waits."""
    page = browser.new_context(device_scale_factor=1.5, reduced_motion="reduce", **options).new_page()
    page.goto(f"{address}/chat")
    page.wait_for_selector("#chat-input")
    page.wait_for_selector('.gr-card[data-channel="site"]', timeout=60_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=file)


if __name__ == "__main__":
    main()
