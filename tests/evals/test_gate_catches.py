"""What the gate is for, through the terminal: worse words, a broken recall, a drifted voice, a broken promise.

Each fault is put into the product, never into the figures. Baselines are made with the product as it is; the gate runs
the same cases again. `fake-apprentice` answers over HTTP: its work depends on the words of its prompt and on nothing
else. What is asserted beside the exit code is the interval that the verdict rests on.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import memory.recall.finder
import prompts.library
from app.cli import build
from evals.harness.apprentice import NAME, serving
from evals.harness.creators import Creator
from evals.harness.records import RunRecord, load
from memory.embedding.onnx import MiniLM
from publishing import Desk
from publishing.desk import DispatchReport

BRIEFS = 6  # creators, one brief each: where all six are worse the interval can't hold zero
PEOPLE = 12
QUESTIONS = 24
ATTACKS = 3

Told = dict[str, Any]


class Terminal:
    """`greenroom eval …` in a home of its own, in this process."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def baseline(self, name: str, *words: str) -> Path:
        """Run tasks with the product as it is; return the run."""
        code, _ = self.eval(*words, "--no-cache", "--out", str(self.home / name))
        assert code == 0
        return self.home / name

    def gate(self, *words: str, baseline: Path) -> tuple[int, Told]:
        """Return the gate's exit code and what it tells. Nothing is taken from an earlier run."""
        return self.eval("gate", *words, "--baseline", str(baseline), "--no-cache", "--out", str(self.home / "gated"))

    def eval(self, *words: str) -> tuple[int, Told]:
        """Return the exit code and the object that was printed."""
        done = CliRunner().invoke(build(), ["eval", *words, "--home", str(self.home), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        told: Told = json.loads(done.stdout)
        return done.exit_code, told


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A home whose one endpoint is the apprentice."""
    home = tmp_path_factory.mktemp("gated")
    with serving() as base_url:
        endpoint = f'model = "{NAME}"\nbase_url = "{base_url}"\nkind = "on_premises"\nmax_retries = 0\n'
        (home / "models.toml").write_text(f"[models.apprentice]\n{endpoint}", encoding="utf-8")
        yield Terminal(home)


@pytest.fixture(scope="module")
def drafts(terminal: Terminal) -> Path:
    """Whole briefs under the shipped prompts."""
    return terminal.baseline("drafts", "briefs", "--quick", "--limit", str(BRIEFS), "--models", "apprentice")


def figure(told: Told, name: str) -> Told:
    """Return one figure's difference: `task/figure`."""
    return next(each for each in told["differences"] if f"{each['task']}/{each['figure']}" == name)


def accused(told: Told) -> set[str]:
    """Return the figures that got worse."""
    return {f"{each['task']}/{each['figure']}" for each in told["differences"] if each["verdict"] == "worse"}


def assert_caught(code: int, told: Told, name: str, *, cases: int) -> None:
    """The gate is shut, and it names the figure, its interval and the cases that lost most."""
    found = figure(told, name)
    reason = next((each for each in told["reasons"] if each.startswith(f"{name} got worse")), "")
    assert (code, told["passed"]) == (1, False)
    assert found["n"] == cases and found["low"] <= found["mean"] <= found["high"]
    assert reason and all(worst in reason for worst in found["worst"]) and len(found["worst"]) == 3
    print(reason)


# worse words


def without(folder: Path, name: str, *sentences: str) -> Path:
    """Copy one shipped prompt into a folder without its lines that hold these words."""
    text = (prompts.library.FOLDER / name).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not any(words in line for words in sentences)]
    assert len(kept) == len(text.splitlines()) - len(sentences)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def test_a_prompt_without_its_rule_of_truth_is_caught(terminal: Terminal, drafts: Path, tmp_path: Path) -> None:
    worse = without(tmp_path, "parts/truth.md", "Never invent or round")
    code, told = terminal.gate("--models", "apprentice", "--prompts", str(worse), baseline=drafts)
    assert_caught(code, told, "briefs/grounded", cases=BRIEFS)
    assert "briefs/keeps_back" not in accused(told) and "briefs/made" not in accused(told)


def test_a_prompt_that_lets_what_is_private_out_and_gushes_is_caught(
    terminal: Terminal, drafts: Path, tmp_path: Path
) -> None:
    worse = without(without(tmp_path, "parts/material.md", "not for the audience"), "parts/style.md", "as the creator")
    code, told = terminal.gate("--models", "apprentice", "--prompts", str(worse), baseline=drafts)
    assert_caught(code, told, "briefs/keeps_back", cases=BRIEFS)
    assert "briefs/grounded" not in accused(told)


def test_the_same_prompts_in_a_folder_of_ones_own_pass(terminal: Terminal, drafts: Path, tmp_path: Path) -> None:
    same = shutil.copytree(prompts.library.FOLDER, tmp_path / "same", ignore=shutil.ignore_patterns("*.py*"))
    code, told = terminal.gate("--models", "apprentice", "--prompts", str(same), baseline=drafts)
    assert (code, told["reasons"]) == (0, [])
    assert {each["verdict"] for each in told["differences"]} == {"same"}


# a broken memory


@pytest.fixture(scope="module")
def questions(terminal: Terminal) -> Path:
    """Questions to archives."""
    return terminal.baseline("questions", "recall", "--quick", "--limit", str(QUESTIONS))


def worst_first(scores: Any, k: int) -> Any:
    """Rank as a forgotten minus sign does."""
    return np.argsort(scores, kind="stable")[:k]


def scrambled(self: MiniLM, texts: Sequence[str]) -> Any:
    """Return vectors that mean nothing, as the weights of another model would."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
    rows = [np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds]
    return np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(-1, self.dim)


def test_a_recall_that_ranks_backwards_is_caught(
    terminal: Terminal, questions: Path, drafts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory.recall.finder, "best_first", worst_first)
    code, told = terminal.gate(baseline=questions)
    assert_caught(code, told, "recall/recall_at_5", cases=QUESTIONS)
    code, told = terminal.gate("--models", "apprentice", baseline=drafts)
    assert_caught(code, told, "briefs/leans", cases=BRIEFS)


def test_vectors_that_mean_nothing_are_caught(
    terminal: Terminal, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words alone still find something: the loss is a part of the figure, not all of it."""
    monkeypatch.setattr(MiniLM, "embed", scrambled)
    code, told = terminal.gate(baseline=questions)
    assert_caught(code, told, "recall/recall_at_5", cases=QUESTIONS)


# a voice that drifts


@pytest.fixture(scope="module")
def voices(terminal: Terminal) -> Path:
    """Unseen pieces against what is not theirs."""
    return terminal.baseline("voices", "voice", "slop", "--limit", str(PEOPLE))


def blander(folder: Path) -> Callable[[Creator], Path]:
    """Return where a creator's works are found whose every retold piece is replaced by its bland twin."""

    def works(self: Creator) -> Path:
        copied = folder / self.slug
        if not copied.is_dir():
            shutil.copytree(self.folder / "works", copied)
            for twin in self.generic:
                path = copied / f"{twin.work}.md"
                _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
                path.write_text(f"---\n{front}---\n\n{twin.text}", encoding="utf-8")
        return copied

    return works


def test_a_voice_that_drifts_towards_the_bland_is_caught(
    terminal: Terminal, voices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Creator, "works", property(blander(tmp_path)))
    code, told = terminal.gate(baseline=voices)
    assert_caught(code, told, "voice/above_bland", cases=PEOPLE)


# reruns


def test_three_reruns_without_anything_kept_pass_with_the_same_figures(terminal: Terminal, tmp_path: Path) -> None:
    tasks = ("briefs", "recall", "voice", "tags", "grounding", "edits")
    before = terminal.baseline("before", *tasks, "--quick", "--limit", "2")
    greenroom = [sys.executable, "-c", "from app.cli import main; main()"]
    words = ["eval", "gate", "--baseline", str(before), "--no-cache", "--json"]
    reruns = [
        subprocess.Popen(
            [*greenroom, *words, "--home", str(tmp_path / seed), "--out", str(tmp_path / seed / "run")],
            env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for seed in ("0", "1", "2")
    ]  # fmt: skip
    ended = [(each.communicate(timeout=300), each.returncode) for each in reruns]
    assert [code for _, code in ended] == [0, 0, 0], ended
    told = [json.loads(out) for (out, _), _ in ended]
    assert {each["verdict"] for one in told for each in one["differences"]} == {"same"}
    assert {*map(str, map(figures, map(load, (before, *(tmp_path / seed / "run" for seed in "012")))))} == {
        str(figures(load(before)))
    }


def figures(run: RunRecord) -> list[Told]:
    """Return every figure and every value of a run."""
    return [
        {**task.model_dump(include={"name", "figures"}), "values": [(row.id, row.values) for row in task.rows]}
        for task in run.first().tasks
    ]


# broken promises


@pytest.fixture(scope="module")
def attacks(terminal: Terminal) -> Path:
    """A few attacks."""
    return terminal.baseline("attacks", "injection", "--limit", str(ATTACKS))


def test_a_sender_beside_the_gate_is_caught_in_one_case_of_all(
    terminal: Terminal, attacks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, in one case: no mean would show it."""
    real, once = Desk.publish_due, iter([True])

    def beside(self: Desk, workspace: str | None = None) -> DispatchReport:
        rows = [each for each in self._memory.proposals.list("blank") if each.state == "waiting"]
        if rows and next(once, False):
            row = rows[0]
            place = {"workspace": row.workspace, "channel": row.channel, "account": row.account, "part": 1}
            self._platforms[row.channel].send({**place, "payload": row.payload, "key": "beside"})  # type: ignore[attr-defined]
        return real(self, workspace)

    monkeypatch.setattr(Desk, "publish_due", beside)
    code, told = terminal.gate(baseline=attacks)
    first = load(attacks).first().tasks[0].rows[0].id
    assert (code, told["reasons"]) == (1, [f"a promise is broken: injection/only_approved_left in {first}"])
    assert figure(told, "injection/only_approved_left")["verdict"] == "no difference shown"
