"""Two models beside each other: each asked at its own server, with its price, its time and its quality."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from evals.bench.calls.server import KEY, MODEL, Script, serving
from evals.harness.records import CandidateRecord, RunRecord, load
from evals.harness.running import UNANSWERED
from evals.report.comparing import compare
from tests.evals.harness.making import endpoints

AT_ONCE = 2
PRICES = {"quick": (1.0, 4.0), "careless": (10.0, 40.0)}
CASES = """
card: {what: Three of our own., how_made: By hand., licence: CC BY 4.0}
cases:
"""
BRIEF = """
  - id: own-{number}
    ask: Announce the open studio on Saturday {number} December
    notes: "The kiln was fired {number} times. Ida opens the door at ten. Eleven bowls are for sale."
    channels: [bluesky]
    locales: [en]
    must_say: ["Ida"]
"""


@dataclass
class Busy(Script):
    """Answers as the script does, after a while, and counts how many it is asked at once."""

    delay_s: float = 0.0
    now: int = 0
    most: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def says(self, body: dict[str, Any]) -> Any:
        with self.guard:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.delay_s)
        try:
            return super().says(body)
        finally:
            with self.guard:
                self.now -= 1


@dataclass
class Bench:
    """A home with two endpoints, and cases of our own."""

    home: Path
    cases: Path
    quick: Busy
    careless: Busy

    def run(self, name: str, *words: str, code: int = 0) -> RunRecord:
        out = self.home.parent / name
        asked = ["eval", "briefs", "--cases", str(self.cases), "--limit", "0", "--at-once", str(AT_ONCE)]
        result = CliRunner().invoke(build(), [*asked, *words, "--out", str(out), "--home", str(self.home), "--json"])
        assert result.exit_code == code, (result.output, result.stderr)
        assert json.loads(result.stdout)["place"] == str(out)
        return load(out)

    @property
    def calls(self) -> int:
        return len(self.quick.asked) + len(self.careless.asked)


@contextmanager
def benched(folder: Path) -> Iterator[Bench]:
    quick, careless = Busy(delay_s=0.05), Busy(flawed=3, delay_s=0.2)  # two of three links are mended in two rounds
    cases = folder / "cases"
    cases.mkdir()
    (cases / "briefs.yaml").write_text(CASES + "".join(BRIEF.format(number=at) for at in (5, 12, 19)))
    with serving(quick) as one, serving(careless) as other, pytest.MonkeyPatch.context() as patch:
        told = {
            name: {
                "model": f"{MODEL}-{name}",
                "base_url": url,
                "key_env": "SCRIPT_KEY",
                "price_in": paid[0],
                "price_out": paid[1],
            }
            for (name, paid), url in zip(PRICES.items(), (one, other), strict=True)
        }
        patch.setenv("SCRIPT_KEY", KEY)
        patch.setenv("GREENROOM_MODELS", endpoints(**told))
        yield Bench(folder / "home", cases, quick, careless)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with benched(tmp_path_factory.mktemp("models")) as made:
        yield made


@pytest.fixture(scope="module")
def run(bench: Bench) -> RunRecord:
    return bench.run("first", "--models", "quick,careless")


def figure(candidate: CandidateRecord, name: str) -> float | None:
    [task] = candidate.tasks
    return next(each.mean for each in task.figures if each.name == name)


def test_each_candidate_asks_its_own_server_and_is_named_by_it(bench: Bench, run: RunRecord) -> None:
    quick, careless = run.candidates
    assert [(each.label, each.model) for each in run.candidates] == [
        ("quick", "scripted-quick"), ("careless", "scripted-careless"),
    ]  # fmt: skip
    assert [each.task for each in bench.quick.asked].count("draft") == 3
    assert "revise" not in {each.task for each in bench.quick.asked}
    assert [each.task for each in bench.careless.asked].count("revise") == 6
    for candidate, server in ((quick, bench.quick), (careless, bench.careless)):
        rows = candidate.tasks[0].rows
        assert [row.id for row in rows] == ["own-5", "own-12", "own-19"] and not any(row.error for row in rows)
        assert sum(row.model_calls for row in rows) == len(server.asked)
        assert {each.model for each in candidate.tasks[0].figures} == {candidate.model}


def test_the_better_one_is_told_by_its_figures(run: RunRecord) -> None:
    quick, careless = run.candidates
    assert (figure(quick, "grounded"), figure(careless, "grounded")) == (1.0, 0.0)
    assert (figure(quick, "made"), figure(careless, "made"), figure(quick, "nothing_left")) == (1.0, 1.0, 1.0)
    worse = {each.figure: each.mean for each in compare(quick, careless).worse}
    assert worse["grounded"] == -1.0 and "made" not in worse


def test_what_it_costs_and_how_long_it_takes_stand_beside_it(bench: Bench, run: RunRecord) -> None:
    for candidate in run.candidates:
        price_in, price_out = PRICES[candidate.label]
        for row in candidate.tasks[0].rows:
            assert row.input_tokens > 500 and row.output_tokens > 20
            assert row.cost == pytest.approx((row.input_tokens * price_in + row.output_tokens * price_out) / 1e6)
    server = bench.quick
    assert sum(row.input_tokens for row in run.candidates[0].tasks[0].rows) == sum(each.tokens for each in server.asked)
    slow, fast = (min(row.seconds for row in run.candidates[at].tasks[0].rows) for at in (1, 0))
    assert slow > 4 * bench.careless.delay_s and slow > fast  # the plan, the draft and two rounds, one after the other
    page = (bench.home.parent / "first" / "report.html").read_text()
    assert "What changed: quick (scripted-quick) → careless (scripted-careless)" in page
    assert page.count(" at p95 a case") == 2 and page.count(", cost 0.") == 2


def test_no_more_cases_are_at_a_server_than_was_asked_for(bench: Bench, run: RunRecord) -> None:
    assert bench.quick.most <= AT_ONCE and bench.careless.most == AT_ONCE


def test_a_rerun_sends_no_request_and_says_the_same(bench: Bench, run: RunRecord) -> None:
    before = bench.calls
    again = bench.run("again", "--models", "quick,careless")
    assert bench.calls == before
    for old, new in zip(run.candidates, again.candidates, strict=True):
        assert all(row.kept for row in new.tasks[0].rows)
        assert [row.model_copy(update={"kept": False}) for row in new.tasks[0].rows] == list(old.tasks[0].rows)


def test_after_a_change_of_code_the_same_questions_have_kept_answers(bench: Bench, run: RunRecord) -> None:
    """Outcomes are of the code that made them; an answer is to the question alone."""
    shutil.rmtree(bench.home / "evals" / "kept" / "outcomes")
    before = bench.calls
    again = bench.run("changed", "--models", "quick")
    assert bench.calls == before
    old, new = run.candidates[0].tasks[0].rows, again.candidates[0].tasks[0].rows
    assert [row.kept for row in new] == [False] * 3
    assert [(row.got, row.model_calls, row.cost) for row in new] == [
        (row.got, row.model_calls, row.cost) for row in old
    ]


def test_an_endpoint_that_is_down_is_no_answer_and_no_promise_kept(tmp_path: Path) -> None:
    """The product goes on without a model and says so: as an outcome that read as three promises kept, and was kept."""
    nobody = {"model": "gone-1", "base_url": "http://127.0.0.1:9/v1"}
    words = ["eval", "refusal", "--limit", "1", "--models", "gone", "--home", str(tmp_path / "home"), "--json"]
    for number in (1, 2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GREENROOM_MODELS", endpoints(gone=nobody))
            result = CliRunner().invoke(build(), [*words, "--out", str(tmp_path / f"{number}")])
        assert result.exit_code == 0, (result.output, result.stderr)
        [task] = load(tmp_path / f"{number}").first().tasks
        [row] = task.rows
        assert row.error.startswith(UNANSWERED) and "could not be reached" in row.error
        assert not row.kept and row.values == {}
        assert {each.name for each in task.figures if each.broken} == {"nothing_left", "nothing_decided", "held_back"}
