"""Chainlit's own folder: what it reads and writes lives under our home, never in the folder somebody starts us from."""

import html
import json
import os
import re
import shutil
from functools import reduce
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MOUNT = "/chat"
ENGLISH = "en-US"

WORDS: dict[str, Any] = {
    "chat.input.placeholder": "Ask for drafts, look something up, or say what should change",
    "chat.messages.status.using": "",
    "chat.messages.status.used": "",
    "chat.watermark": "",
    "common.status.error.serverConnection": "The server does not answer. What waits is kept.",
    "navigation.newChat.button": "New conversation",
    "navigation.newChat.dialog.tooltip": "New conversation",
}
"""What Chainlit's page says in our words, by the path in its translation file."""


def prepare(home: Path, workspace: str) -> Path:
    """Write Chainlit's folder under `home` and point Chainlit there; call it before the first `import chainlit`.

    `workspace` is the name that stands in the page's header.
    """
    root = home / "chat-page"
    shutil.copytree(HERE / "public", root / "public", dirs_exist_ok=True)
    (root / "build").mkdir(exist_ok=True)
    (root / ".chainlit" / "translations").mkdir(parents=True, exist_ok=True)
    (root / "build" / "index.html").write_text(page(workspace), encoding="utf-8")
    (root / "chainlit.md").write_text("", encoding="utf-8")  # no read-me button, in any language
    shutil.copyfile(HERE / "chat_config.toml", root / ".chainlit" / "config.toml")
    for language in languages():
        words = json.dumps(translation(language))
        (root / ".chainlit" / "translations" / f"{language}.json").write_text(words, encoding="utf-8")
    os.environ["CHAINLIT_APP_ROOT"] = str(root)
    os.environ["CHAINLIT_ENV_FILE"] = os.devnull  # Chainlit would load a .env of the current folder: settings do that
    return root


def page(workspace: str) -> str:
    """Return our page around Chainlit's own script and style: its page loads fonts and styles from outside."""
    theirs = (dist() / "index.html").read_text(encoding="utf-8")
    assets = re.findall(r"<(?:script|link)[^>]*/assets/[^>]*>(?:</script>)?", theirs)
    template = (HERE / "chat_page.html").read_text(encoding="utf-8")
    framed = template.replace("{root}", MOUNT).replace("{assets}", "\n    ".join(assets))
    return framed.replace("{workspace}", html.escape(workspace))


def languages() -> list[str]:
    """Return the languages that Chainlit's page has words in; it takes the browser's, or else English."""
    return sorted(file.stem for file in (package() / "translations").glob("*.json"))


def translation(language: str = ENGLISH) -> dict[str, Any]:
    """Return Chainlit's words in a language: in English with ours in their place, elsewhere without what we leave out.

    What stands in English only would be a foreign word among the others, so there Chainlit's own stays.
    """
    words: dict[str, Any] = json.loads((package() / "translations" / f"{language}.json").read_text(encoding="utf-8"))
    for path, text in WORDS.items():
        if text and language != ENGLISH:
            continue
        *parents, last = path.split(".")
        reduce(lambda at, key: at.setdefault(key, {}), parents, words)[last] = text
    return words


def dist() -> Path:
    """Return the folder of Chainlit's built page."""
    return package() / "frontend" / "dist"


def package() -> Path:
    """Return the folder Chainlit is installed in, without importing it."""
    spec = find_spec("chainlit")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("chainlit is not installed")
    return Path(spec.submodule_search_locations[0])
