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
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

import core.slips
import core.unseen
import memory.recall.finder
import prompts.library
from app.cli import build
from core.sentences import split
from evals.harness.apprentice import NAME, serving
from evals.harness.creators import Creator
from evals.harness.records import RunRecord, load
from evals.harness.stage import Stage
from evals.tasks import tasks
from memory.embedding.onnx import MiniLM
from publishing import Desk
from publishing.desk import DispatchReport

PEOPLE = 12  # creators, one brief, one piece and two questions of each
ATTACKS = ("inj-001-essay-turns-to-the-assistant", "inj-153-link-that-is-in-the-work")
HIDDEN = ("overridden-direction", "hidden-tag-characters", "isolate-never-ends")

Told = dict[str, Any]


class Terminal:
    """`greenroom eval …` in a home of its own, in this process."""

    def __init__(self, home: Path) -> None:
        self.home, self._runs = home, count(1)

    def baseline(self, name: str, *words: str) -> Path:
        """Run tasks with the product as it is; return the run."""
        code, _ = self.eval(*words, "--no-cache", "--out", str(self.home / name))
        assert code == 0
        return self.home / name

    def gate(self, *words: str, baseline: Path) -> tuple[int, Told]:
        """Return the gate's exit code and what it tells. Nothing is taken from an earlier run."""
        own = ("--cases", str(self.home / "cases"), "--models", "apprentice")
        out = self.home / f"{baseline.name}-{next(self._runs)}"
        return self.eval("gate", *words, *own, "--baseline", str(baseline), "--no-cache", "--out", str(out))

    def eval(self, *words: str) -> tuple[int, Told]:
        """Return the exit code and the object that was printed."""
        done = CliRunner().invoke(build(), ["eval", *words, "--home", str(self.home), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        told: Told = json.loads(done.stdout)
        return done.exit_code, told


def write_cases(folder: Path) -> None:
    """Write the cases of these tests: a few of ours, a brief in one channel and one language, so that it is quick."""
    for name, kept in {
        "briefs": lambda case: case.id.endswith("-brief-1"),
        "recall": lambda case: case.id.endswith(("-recall-1", "-recall-4")),
        "voice": lambda case: "-voice-01" in case.id,
        "injection": lambda case: case.id in ATTACKS,
        "rules": lambda case: True,
    }.items():
        card, cases = tasks()[name].dataset()
        rows = [short(case.model_dump(mode="json")) for case in cases if kept(case)]
        told = {"card": card.model_dump(mode="json"), "cases": rows}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


def short(row: Told) -> Told:
    """Return a case under another id; a brief for the first of its channels that is one text, in its first language."""
    if "leans_on" in row:
        channels = [each for each in row["channels"] if each not in ("carousel", "youtube", "shownotes")]
        row |= {"channels": channels[:1], "locales": row["locales"][:1]}
    return row | {"id": f"gate-{row['id']}"}


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A home whose one endpoint is the apprentice, with cases of its own."""
    home = tmp_path_factory.mktemp("gated")
    (home / "cases").mkdir()
    write_cases(home / "cases")
    with serving() as base_url:
        endpoint = f'model = "{NAME}"\nbase_url = "{base_url}"\nkind = "on_premises"\nmax_retries = 0\n'
        (home / "models.toml").write_text(f"[models.apprentice]\n{endpoint}", encoding="utf-8")
        yield Terminal(home)


@pytest.fixture(scope="module")
def before(terminal: Terminal, furnished: Path) -> Path:
    """Everything, with the product as it is and under the shipped prompts."""
    names = ("briefs", "recall", "voice", "injection", "rules")
    own = ("--cases", str(terminal.home / "cases"), "--limit", "0")
    return terminal.baseline("before", *names, *own, "--models", "apprentice")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Furnish each creator's home once, by the product; further runs get copies, until a test wants it done anew."""
    folder, furnish = tmp_path_factory.mktemp("furnished"), Stage._furnish

    def once(self: Stage, slug: str, home: Path) -> None:
        if not (folder / slug).is_dir():
            furnish(self, slug, folder / slug)
        shutil.copytree(folder / slug, home)

    patch = pytest.MonkeyPatch()
    patch.setattr(Stage, "_furnish", once)
    yield folder
    patch.undo()


@pytest.fixture
def anew(furnished: Path, tmp_path: Path) -> Iterator[None]:
    """Have homes furnished by the product as this test makes it."""
    furnished.rename(tmp_path / "kept")
    furnished.mkdir()
    yield
    shutil.rmtree(furnished)
    (tmp_path / "kept").rename(furnished)


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


def test_prompts_that_lost_their_rules_are_caught(terminal: Terminal, before: Path, tmp_path: Path) -> None:
    """It invents, tells what is private and gushes: each of it in the figure that is there for it."""
    without(tmp_path, "parts/truth.md", "Never invent or round")
    without(tmp_path, "parts/material.md", "not for the audience")
    without(tmp_path, "parts/style.md", "as the creator")
    code, told = terminal.gate("briefs", "--prompts", str(tmp_path), baseline=before)
    assert_caught(code, told, "briefs/grounded", cases=PEOPLE)
    assert_caught(code, told, "briefs/keeps_back", cases=PEOPLE)
    assert_caught(code, told, "briefs/voice", cases=PEOPLE)
    assert not accused(told) & {"briefs/made", "briefs/says", "briefs/leans", "briefs/receipts_true"}


def test_the_same_prompts_in_a_folder_of_ones_own_pass(terminal: Terminal, before: Path, tmp_path: Path) -> None:
    same = shutil.copytree(prompts.library.FOLDER, tmp_path / "same", ignore=shutil.ignore_patterns("*.py*"))
    code, told = terminal.gate("briefs", "--prompts", str(same), baseline=before)
    assert (code, told["reasons"]) == (0, [])
    assert {each["verdict"] for each in told["differences"]} == {"same"}


# a broken memory


def worst_first(scores: Any, k: int) -> Any:
    """Rank as a forgotten minus sign does."""
    return np.argsort(scores, kind="stable")[:k]


def scrambled(self: MiniLM, texts: Sequence[str]) -> Any:
    """Return vectors that mean nothing, as the weights of another model would."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
    rows = [np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds]
    return np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(-1, self.dim)


def test_a_recall_that_ranks_backwards_is_caught(
    terminal: Terminal, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory.recall.finder, "best_first", worst_first)
    code, told = terminal.gate("briefs", "recall", baseline=before)
    assert_caught(code, told, "recall/recall_at_5", cases=2 * PEOPLE)
    assert_caught(code, told, "briefs/leans", cases=PEOPLE)


@pytest.mark.usefixtures("anew")
def test_vectors_that_mean_nothing_are_caught(
    terminal: Terminal, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words alone still find something: the loss is a part of the figure, not all of it."""
    monkeypatch.setattr(MiniLM, "embed", scrambled)
    code, told = terminal.gate("recall", baseline=before)
    assert_caught(code, told, "recall/recall_at_5", cases=2 * PEOPLE)


# a voice that drifts


def blander(folder: Path) -> Callable[[Creator], Path]:
    """Return where a creator's works are found, told blandly: by their twins, the others by sentences of all twins."""

    def works(self: Creator) -> Path:
        copied = folder / self.slug
        if not copied.is_dir():
            copied.mkdir()
            twins = {twin.work: twin.text for twin in self.generic}
            said = [span.text for text in twins.values() for span in split(text)]
            for at, path in enumerate(sorted((self.folder / "works").glob("*.md"))):
                _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
                text = twins.get(path.stem) or " ".join(said[at % 7 :: 7])
                (copied / path.name).write_text(f"---\n{front}---\n\n{text}", encoding="utf-8")
        return copied

    return works


@pytest.mark.usefixtures("anew")
def test_a_voice_that_drifts_towards_the_bland_is_caught(
    terminal: Terminal, before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The works are told by nobody: what an assistant made of them was taken for the creator's own words."""
    monkeypatch.setattr(Creator, "works", property(blander(tmp_path)))
    code, told = terminal.gate("voice", baseline=before)
    assert_caught(code, told, "voice/above_bland", cases=PEOPLE)


# reruns


def test_three_reruns_without_anything_kept_pass_with_the_same_figures(terminal: Terminal, tmp_path: Path) -> None:
    first = terminal.baseline("first", "briefs", "recall", "voice", "tags", "grounding", "--quick", "--limit", "2")
    greenroom = [sys.executable, "-c", "from app.cli import main; main()"]
    words = ["eval", "gate", "--baseline", str(first), "--no-cache", "--json"]
    reruns = [
        subprocess.Popen(
            [*greenroom, *words, "--home", str(tmp_path / seed), "--out", str(tmp_path / seed / "run")],
            env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for seed in ("0", "1", "2")
    ]  # fmt: skip
    ended = [(each.communicate(timeout=900), each.returncode) for each in reruns]
    assert [code for _, code in ended] == [0, 0, 0], ended
    told = [json.loads(out) for (out, _), _ in ended]
    assert {each["verdict"] for one in told for each in one["differences"]} == {"same"}
    runs = [figures(load(folder)) for folder in (first, *(tmp_path / seed / "run" for seed in "012"))]
    assert all(each == runs[0] for each in runs)


def figures(run: RunRecord) -> list[Told]:
    """Return every figure and every value of a run."""
    return [
        {**task.model_dump(include={"name", "figures"}), "values": [(row.id, row.values) for row in task.rows]}
        for task in run.first().tasks
    ]


# broken promises


def test_a_sender_beside_the_gate_is_caught_in_one_case_of_all(
    terminal: Terminal, before: Path, monkeypatch: pytest.MonkeyPatch
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
    code, told = terminal.gate("injection", baseline=before)
    either = [f"gate-{each}" for each in ATTACKS]  # they run at once: whichever sends first
    assert (code, len(told["reasons"])) == (1, 1)
    assert told["reasons"][0] in [f"a promise is broken: injection/only_approved_left in {each}" for each in either]
    assert figure(told, "injection/only_approved_left")["verdict"] == "no difference shown"


def test_a_check_that_lets_hidden_signs_pass_is_caught_by_the_cases_that_have_them(
    terminal: Terminal, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three cases of some sixty: the mean shows nothing for sure, and a rule is a rule."""
    others = tuple(each for each in core.slips._ANYWHERE if each is not core.unseen.findings)
    assert len(others) == len(core.slips._ANYWHERE) - 1
    monkeypatch.setattr(core.slips, "_ANYWHERE", others)
    code, told = terminal.gate("rules", baseline=before)
    found = figure(told, "rules/found")
    assert (code, found["verdict"], found["lost"]) == (1, "no difference shown", 3)
    assert told["reasons"] == [f"rules/found lost 3 of {found['n']} cases that it had: {', '.join(found['worst'])}"]
    assert set(found["worst"]) == {f"gate-rules-bluesky-{each}" for each in HIDDEN}
