"""`greenroom segments` and `greenroom tm` as a person and a script use them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from tests.app.translating import LATA, TIN, post, small_studio
from tests.conftest import Clock

Run = Callable[..., str]


@pytest.fixture
def source(tmp_path: Path, clock: Clock) -> str:
    studio = small_studio(tmp_path, clock)
    made = post(studio)
    studio.close()
    return made.id


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process and return what it prints."""
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(build(), list(words))
        assert done.exit_code == code, done.output
        return str(done.stdout)

    return run_command


def said(run: Run, *words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


def test_a_translation_from_the_grid_to_its_memory(run: Run, source: str, tmp_path: Path) -> None:
    grid = said(run, "segments", "open", source, "--to", "es")
    assert [row["state"] for row in grid["segments"]] == ["empty"] * 4
    assert "needs a language model" in grid["notices"][0]
    assert "0 of 4 approved, 4 to be translated" in run("segments", "list")
    for number, words in enumerate(LATA, start=1):
        grid = said(run, "segments", "edit", grid["id"], str(number), "--text", words)
    ref = grid["proposal_id"]
    assert grid["whole"] is True
    assert said(run, "segments", "back", ref, code=6)["error"]["kind"] == "needs_model"
    shown = grid["segments"][0]["sha"]
    assert said(run, "segments", "approve", ref, "2", "--sha", shown, code=3)["error"]["kind"] == "stale"
    assert said(run, "segments", "approve", ref, "1", "--sha", shown)["approved"] == 1
    said(run, "segments", "approve", ref, code=2)
    assert said(run, "segments", "approve", ref, "--all")["approved"] == 4
    said(run, "segments", "comment", ref, "1", code=2)
    told = said(run, "segments", "comment", ref, "1", "--note", "fine")
    assert "fine" in run("segments", "list", ref)
    [approval] = [act["id"] for act in told["segments"][0]["acts"] if act["verb"] == "approve"]
    assert said(run, "segments", "undo", approval)["undone"]["verb"] == "approve"
    assert said(run, "segments", "undo", approval, code=4)["error"]["kind"] == "already_decided"

    body = tmp_path / "body.md"
    body.write_text(TIN.replace("The lid does not close.", "The lid closes."))
    run("revise", source, "--body-file", str(body))
    stale = run("segments", "list", ref)
    assert "out of date" in stale and f"greenroom segments update {ref}" in stale
    updated = said(run, "segments", "update", ref)
    assert [row["state"] for row in updated["segments"]] == ["edited", "approved", "empty", "approved"]

    tmx = tmp_path / "m.tmx"
    assert said(run, "tm", "export", str(tmx), "--to", "es")["pairs"] == 3
    said(run, "tm", "export", str(tmx), code=2)
    assert said(run, "tm", "import", str(tmx)) == {"added": 0, "unchanged": 3, "failed": []}
    [pair] = said(run, "tm", "search", "It rusted on a shelf.", "--to", "es")["matches"]
    assert (pair["percent"], pair["target"], pair["by"]) == (100, LATA[1], "owner")
    listed = said(run, "tm", "list")
    assert listed["pairs"] == [{"source_locale": "en", "target_locale": "es", "count": 3}]
    said(run, "tm", "remove", listed["translations"][0]["id"])
    assert said(run, "tm", "list")["pairs"][0]["count"] == 2


def test_a_bad_tmx_names_the_line_and_a_missing_one_the_file(run: Run, source: str, tmp_path: Path) -> None:
    tmx = tmp_path / "bad.tmx"
    tmx.write_text('<tmx><header srclang="en"/><body>\n<tu><tuv xml:lang="en"><seg>one</seg></tuv></tu>\n</body></tmx>')
    assert said(run, "tm", "import", str(tmx))["failed"] == [{"line": 2, "error": "it has no translation beside en"}]
    assert "line 2" in run("tm", "import", str(tmx))
    tmx.write_text("<html/>")
    assert "is no TMX" in said(run, "tm", "import", str(tmx), code=2)["error"]["message"]
    assert "no file" in said(run, "tm", "import", "nowhere.tmx", code=2)["error"]["message"]


def test_localize_without_a_translator_gives_the_segments_and_says_why(run: Run, source: str, tmp_path: Path) -> None:
    file = tmp_path / "post.md"
    file.write_text("The lid does not close.\n\nNobody owns the tide.\n")
    done = said(run, "localize", str(file), "--to", "es", code=6)
    assert [(each["source"], each["target"]) for each in done["segments"]] == [
        ("The lid does not close.", ""),
        ("Nobody owns the tide.", ""),
    ]
    assert done["findings"][0]["rule"] == "needs_model"
    assert source
