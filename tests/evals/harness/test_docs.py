"""docs/evals.md holds: its case, task, dataset and rubric are run as they stand there, its commands exist."""

import json
import re
import shlex
from pathlib import Path
from typing import Any, cast

import pytest
import typer
from typer.testing import CliRunner

from app.cli import build
from app.settings import Settings
from evals.harness.candidate import Candidate
from evals.harness.evaluating import evaluate
from evals.harness.judging import open_judge, rubrics
from evals.harness.records import load
from evals.harness.running import Wanted
from evals.tasks import tasks
from tests.evals.harness.making import endpoints
from tests.fakes.openai_server import Say, openai_server

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?:yaml|python)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    greenroom (eval\b.*?)(?: {3,}.*)?$", re.MULTILINE)
FILES: dict[str, str] = dict(BLOCK.findall(DOC))


def written(folder: Path, path: str) -> Path:
    """Write a block of the document where its first line says, under a folder."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FILES[path], encoding="utf-8")
    return file


def test_the_case_of_ones_own_is_run_and_found_right(tmp_path: Path) -> None:
    cases = written(tmp_path, "my-cases/rules.yaml").parent
    words = ["eval", "rules", "--cases", str(cases), "--limit", "0", "--out", str(tmp_path / "out"), "--no-cache"]
    result = CliRunner().invoke(build(), [*words, "--home", str(tmp_path / "home"), "--json"])
    assert result.exit_code == 0, result.stderr
    [row] = load(tmp_path / "out").first().tasks[0].rows
    assert (row.id, row.values, row.error) == ("own-heading-on-bluesky", {"found": 1.0, "accused": None}, "")


def test_the_task_is_run_over_its_dataset_and_judged_by_the_rubric(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: dict[str, Any] = {"__name__": "evals.tasks.languages"}
    exec(compile(FILES["evals/tasks/languages.py"], "languages.py", "exec"), inside)
    task = inside["Languages"]()
    data, judges = (
        written(tmp_path, "evals/datasets/languages.yaml"),
        written(tmp_path, "evals/judges/tidy.yaml").parent,
    )
    monkeypatch.setattr(task, "dataset", lambda: task.read(data))
    with openai_server() as server:
        monkeypatch.setenv("JUDGE_KEY", server.key)
        told = endpoints(big={"model": "judge-1", "base_url": server.base_url, "key_env": "JUDGE_KEY"})
        judge = open_judge(Settings(home=tmp_path / "home", models=told), "big", None, known=rubrics(judges))
        server.script(*(Say(json.dumps({"why": "", "choice": each})) for each in ("tidy", "tidy", "tidy", "untidy")))
        run = evaluate([Candidate()], {"languages": task}, Wanted(tasks=()), tmp_path / "out", judge=judge)
        assert server.left == 0
    figures = {each.name: each.mean for each in run.first().tasks[0].figures}
    assert figures == {"right": 1.0, "tidy": 0.75, "tidy_steady": 0.5}
    assert "languages" not in tasks()  # once it is one of ours, the document needs another example


def test_every_command_of_the_document_has_the_options_that_it_is_shown_with() -> None:
    group = cast("Any", typer.main.get_command(build())).commands["eval"]
    shown = [shlex.split(line)[1:] for line in COMMAND.findall(DOC)]
    assert len(shown) > 12
    for words in shown:
        name = words[0] if words[0] in group.commands else "run"
        known = {option for each in group.commands[name].params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= known, words
        named = [word for word in words if word in tasks()]
        assert name != "run" or named or "--quick" in words, words


def test_every_task_and_figure_stands_in_the_document_once() -> None:
    for name, task in tasks().items():
        assert DOC.count(f"### {name}\n") == 1
        assert all(f"| `{each.name}` | {each.says} |" in DOC for each in task.metrics)
