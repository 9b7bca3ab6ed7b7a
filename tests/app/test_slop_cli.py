"""`greenroom slop`, `greenroom check` and drafts: advice on generic writing, few words of it, and never a block."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.studio import Studio
from tests.making import ASK, make_studio
from tests.memory.test_generic import GENERIC, LETTER
from tools.generic import PLACES


@pytest.fixture
def studio(tmp_path: Path) -> Any:
    made = make_studio(tmp_path, lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))
    yield made
    made.close()


def run(studio: Studio, *words: str, as_json: bool = True) -> Any:
    options = ["--home", str(studio.settings.home), *(["--json"] if as_json else [])]
    result = CliRunner().invoke(build(), [*words, *options])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if as_json else result.stdout


def test_slop_says_how_much_and_where(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(GENERIC, encoding="utf-8")
    found = run(studio, "slop", str(file))
    assert found["score"] > 80
    assert all({"rule", "message", "span"} <= set(each) for each in found["findings"]) and found["findings"]
    told = run(studio, "slop", str(file), as_json=False)
    assert "generic-writing risk" in told and "line 1" in told
    file.write_text("Too short.", encoding="utf-8")
    assert run(studio, "slop", str(file))["score"] is None
    assert "Not measured" in run(studio, "slop", str(file), as_json=False)


def test_check_advises_and_never_blocks(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    for text, expected in ((GENERIC, 1 + PLACES), (LETTER, 0)):
        file.write_text(text, encoding="utf-8")
        found = [
            f for f in run(studio, "check", str(file), "--channel", "linkedin")["findings"] if f["rule"] == "generic"
        ]
        assert len(found) == expected
        assert all(each["severity"] in ("note", "warning") for each in found)
        for each in found[1:]:
            assert text[slice(*each["span"])].strip()


def test_drafts_from_the_creators_own_sentences_are_not_told_so(studio: Studio) -> None:
    proposals = run(studio, "brief", ASK, "--channels", "linkedin,newsletter")["proposals"]
    assert proposals and not [f for each in proposals for f in each["findings"] if f["rule"] == "generic"]
