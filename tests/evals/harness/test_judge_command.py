"""`eval --judge --rubrics --labels` as a person types it, with a judge behind a server."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import build
from evals.harness.records import load
from tests.evals.harness.making import endpoints
from tests.fakes.openai_server import Say, openai_server

CASES = """
card: {what: Two of our own., how_made: By hand., licence: ours}
cases:
  - {id: own-hash, channel: bluesky, document: "# Open studio\\nAt ten.", clean: false, expect: [hashtag_space]}
  - {id: own-clean, channel: bluesky, document: "The door opens at ten.", clean: true}
"""
RUBRIC = """
name: plain
task: {task}
says: how plain the finding is, by a judge
prompt: You judge findings of a checker.
choices:
  plain: {{score: 1.0, says: a reader knows what to mend}}
  dark: {{score: 0.0, says: a reader would have to ask}}
"""
LABELS = "- {case: own-hash, rubric: plain, choice: plain}\n- {case: own-clean, rubric: plain, choice: dark}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("cases/rules.yaml", CASES),
        ("rubrics/plain.yaml", RUBRIC.format(task="rules")),
        ("lost/plain.yaml", RUBRIC.format(task="rulez")),
        ("labels.yaml", LABELS),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "none").mkdir()
    return tmp_path


def ran(folder: Path, *words: str) -> Result:
    asked = ["eval", "rules", "--cases", str(folder / "cases"), "--limit", "0", "--no-cache", "--json"]
    return CliRunner().invoke(build(), [*asked, *words, "--out", str(folder / "out"), "--home", str(folder / "home")])


def test_ones_own_rubric_is_asked_and_held_against_ones_own_labels(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with openai_server() as server:
        monkeypatch.setenv("JUDGE_KEY", server.key)
        big: dict[str, Any] = {"model": "judge-1", "base_url": server.base_url, "key_env": "JUDGE_KEY"}
        monkeypatch.setenv("GREENROOM_MODELS", endpoints(big=big))
        server.script(*[Say(json.dumps({"why": "", "choice": "plain"}))] * 4)
        asked = ("--judge", "big", "--rubrics", str(folder / "rubrics"), "--labels", str(folder / "labels.yaml"))
        result = ran(folder, *asked, "--at-once", "1")
        assert (result.exit_code, server.left) == (0, 0), result.stderr
        assert all("You judge findings" in json.dumps(each["messages"]) for each in server.journal)
    [task] = load(folder / "out").first().tasks
    told = {each.name: each.mean for each in task.figures if each.judged}
    assert told == {"plain": 1.0, "plain_steady": 1.0, "plain_agrees": 0.5}
    assert {row.id: row.values["plain_agrees"] for row in task.rows} == {"own-hash": 1.0, "own-clean": 0.0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rubrics", "rubrics"), "--rubrics are for a judge"),
        (("--judge", "big", "--rubrics", "none"), "holds no rubric"),
        (("--judge", "big", "--rubrics", "lost"), "rubric 'plain': there is no task 'rulez'"),
        (("--judge", "big", "--rubrics", "cases"), "cases/rules.yaml: name: Field required"),
    ],
)
def test_what_could_never_be_asked_is_refused_before_the_run(folder: Path, words: tuple[str, ...], said: str) -> None:
    result = ran(folder, *(str(folder / each) if (folder / each).exists() else each for each in words))
    assert result.exit_code in (2, 3) and said in result.stderr
    assert not (folder / "out").exists()
