"""The benchmark of grounding runs on our own texts, and holds what the product promises."""

from pathlib import Path

import pytest

from core.errors import BadInput
from evals.bench.grounding import run
from evals.bench.grounding.texts import read


def test_what_is_made_up_is_found_and_honest_drafts_are_left_alone() -> None:
    figures = run(None, cases=120, seed=11)
    assert figures["recall"]["number"] >= 0.95 and figures["recall"]["name"] >= 0.9
    assert figures["recall"]["quote"] == 1.0 and figures["recall"]["link"] == 1.0
    assert figures["false_alarms"] < 0.05


def test_seeds_vary_and_repeat() -> None:
    heard: list[list[str]] = [[], [], []]
    figures = [run(None, cases=8, seed=seed, show=heard[at].append) for at, seed in enumerate((1, 1, 2))]
    assert figures[0] == figures[1] and heard[0] == heard[1] and figures[2]["seed"] == 2


def test_a_file_without_texts_is_refused_with_its_line(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"no": "text"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="line 1"):
        read(rows)
