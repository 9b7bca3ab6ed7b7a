"""Chainlit's folder is ours, and its page loads nothing from outside."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from app import chat_root

WORKSPACE = 'Salt & "Stone" <b>'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CHAINLIT_APP_ROOT", "CHAINLIT_ENV_FILE"):
        monkeypatch.setenv(name, "before")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return chat_root.prepare(tmp_path / "home", WORKSPACE)


def test_everything_is_written_under_home(root: Path, tmp_path: Path) -> None:
    assert root.is_relative_to(tmp_path / "home")
    assert os.environ["CHAINLIT_APP_ROOT"] == str(root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_preparing_twice_is_harmless(root: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    assert chat_root.prepare(tmp_path / "home", WORKSPACE) == root
    assert {file: file.read_bytes() for file in root.rglob("*") if file.is_file()} == before


def test_neither_page_nor_styles_name_another_site(root: Path) -> None:
    ours = [root / "build" / "index.html", *(root / "public").rglob("*.css"), *(root / "public").rglob("*.js*")]
    found = {
        file.name: re.findall(r"(?:https?:)?//[a-z][\w.-]+\.\w+", file.read_text(encoding="utf-8")) for file in ours
    }
    assert len(found) >= 5
    assert {name: urls for name, urls in found.items() if urls} == {}


def test_the_page_carries_chainlits_script_and_our_styles_last(root: Path) -> None:
    page = (root / "build" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<script type="module"[^>]* src="/assets/index-[\w-]+\.js">', page)
    assert page.index("/assets/index-") < page.index("CSS INJECTION PLACEHOLDER")


def test_the_page_names_the_workspace_as_text(root: Path) -> None:
    page = (root / "build" / "index.html").read_text(encoding="utf-8")
    assert 'content="Salt &amp; &quot;Stone&quot; &lt;b&gt;"' in page


def test_our_words_stand_in_chainlits_translation(root: Path) -> None:
    words = json.loads((root / ".chainlit" / "translations" / "en-US.json").read_text(encoding="utf-8"))
    assert words["chat"]["input"]["placeholder"].startswith("Ask for drafts")
    assert words["chat"]["watermark"] == ""
    assert words["common"]["actions"]["cancel"] == "Cancel"  # the others are Chainlit's


def test_the_page_speaks_the_browsers_language_where_chainlit_does(root: Path) -> None:
    config = tomllib.loads((root / ".chainlit" / "config.toml").read_text(encoding="utf-8"))
    assert "language" not in config["UI"]
    german = json.loads((root / ".chainlit" / "translations" / "de-DE.json").read_text(encoding="utf-8"))
    assert german["common"]["actions"]["cancel"] == "Abbrechen"
    assert not german["chat"]["input"]["placeholder"].startswith("Ask for drafts")  # no English among the German


def test_what_we_leave_out_is_left_out_in_every_language(root: Path) -> None:
    files = list((root / ".chainlit" / "translations").glob("*.json"))
    assert len(files) >= 20
    for file in files:
        words = json.loads(file.read_text(encoding="utf-8"))
        assert words["chat"]["watermark"] == "", file.name
        assert words["chat"]["messages"]["status"]["used"] == "", file.name
    assert (root / "chainlit.md").read_text(encoding="utf-8") == ""


def test_the_header_leads_to_the_boards_pages_in_the_same_window(root: Path) -> None:
    links = tomllib.loads((root / ".chainlit" / "config.toml").read_text(encoding="utf-8"))["UI"]["header_links"]
    same = [link["url"] for link in links if link.get("target") == "_self"]
    assert same == ["/", "/talks", "/brief", "/calendar", "/works", "/voice"]


def test_every_bundled_font_stands_beside_its_licence(root: Path) -> None:
    fonts = root / "public" / "fonts"
    used = set(re.findall(r'url\("([\w.-]+)"\)', (fonts / "fonts.css").read_text(encoding="utf-8")))
    assert used == {file.name for file in fonts.glob("*.woff2")}
    families = {re.sub(r"-latin.*", "", name) for name in used}
    assert {f"OFL-{family}.txt" for family in families} == {file.name for file in fonts.glob("OFL-*.txt")}
