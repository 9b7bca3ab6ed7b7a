"""The bench of generic writing, small: its figures follow from the rows, and a row that is off is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput
from evals.bench.slop import FEWEST, run
from tests.memory.test_generic import GENERIC, LETTER
from tests.memory.voices import write


def rows(path: Path, *found: dict[str, Any]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write("\n".join(json.dumps(row) for row in found))
    return path


def row(domain: str, src: str, label: int, text: str) -> dict[str, Any]:
    return {"domain": domain, "src": src, "label": label, "text": text}


def test_domains_with_both_labels_have_an_area_and_others_a_mean(tmp_path: Path) -> None:
    people = [row("news", "ines", 0, write("plain", 130, seed)) for seed in range(FEWEST)]
    learners = [row("toefl", "toefl", 0, write("stately", 130, seed)) for seed in range(FEWEST)]
    figures = run(
        rows(tmp_path / "s.jsonl.gz", *people, *learners, row("news", "m", 1, GENERIC), row("x", "m", 1, LETTER))
    )
    assert figures["auc"] == {"news": 1.0} and figures["words"] == 100
    assert set(figures["one_class"]) == {"toefl", "x"} and figures["one_class"]["x"] < 50
    mine = figures["relative"]["news/ines"]
    assert (mine["works"], mine["auc"], mine["hits_at_5_percent"]) == (FEWEST / 2, 1.0, 1.0)
    general, relative = figures["non_native"]["toefl/toefl"]
    assert general > relative == figures["worst_false_alarms"] or relative == 0
    assert figures["false_alarms_general"]["news/ines"] == 0


def test_a_row_that_is_off_is_named(tmp_path: Path) -> None:
    path = rows(tmp_path / "s.jsonl.gz", row("news", "m", 1, GENERIC), {"domain": "news"})
    with pytest.raises(BadInput, match="line 2"):
        run(path)
