"""What tests of the harness are made of: a task of a few cases that costs nothing, and records without a run."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.harness.candidate import Candidate
from evals.harness.cards import Card, Case
from evals.harness.figures import figures_of
from evals.harness.records import CandidateRecord, Row, RunRecord, TaskRecord
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored, Task
from models.config import ModelConfig

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CARD = Card(what="Sums.", how_made="By hand.", licence="CC BY 4.0")
GOOD = Metric("good", "share of good sums")
LESS = Metric("slips", "slips a sum", better=-1)
TOLD = Metric("length", "how long it is", better=0)
PROMISE = Metric("safe", "share of safe sums", hard=True)
CLEVER = Metric("clever", "share of clever sums", needs_model=True)
METRICS = (GOOD, LESS, TOLD, PROMISE, CLEVER)

MODEL = Candidate(endpoint="big", config=ModelConfig(name="big", model="big-1", base_url="http://127.0.0.1:9/v1"))
FAKE = Candidate(endpoint="script", config=ModelConfig(name="script", model="fake-1", base_url="http://127.0.0.1:9/v1"))
"""Candidates that no toy ever asks for anything."""


class Sum(Case):
    """What is added; `come_to` is what the product would make of it."""

    left: int = 1
    right: int = 1
    come_to: int = 2


SUMS = (
    Sum(id="right", split="held-out"),
    Sum(id="wrong", split="train", come_to=5, creator="margin"),
    Sum(id="below", split="train", left=-3, come_to=-2),
)
"""One right, one wrong, one that is right and breaks a promise."""


class Toy(Task[Sum]):
    """Adds two numbers. `meanwhile` is called before each."""

    name = "sums"
    says = "Two and two is four"
    metrics = METRICS
    case = Sum

    def __init__(self, cases: list[Sum], meanwhile: Callable[[Sum], Any] = lambda _case: None) -> None:
        self.rows, self.meanwhile = cases, meanwhile

    def dataset(self, folder: Any = None) -> tuple[Card, list[Sum]]:
        """Return the cases that it was given."""
        return CARD, self.rows

    def perform(self, stage: Stage, case: Sum) -> dict[str, Any]:
        """Come to what the case says."""
        self.meanwhile(case)
        usage = {"model_calls": 1, "input_tokens": 10, "output_tokens": 2, "cost": 0.25}
        return {"sum": case.come_to, "usage": usage}

    def score(self, case: Sum, got: dict[str, Any]) -> Scored:
        """Compare sums."""
        right = float(got["sum"] == case.left + case.right)
        values: dict[str, float | None] = {
            "good": right, "slips": 1 - right, "length": None, "safe": float(got["sum"] >= 0), "clever": right,
        }  # fmt: skip
        return Scored(
            values, expected=str(case.left + case.right), got=f"it is {got['sum']}", why="" if right else "off"
        )

    def asked(self, case: Sum) -> str:
        """Return the sum."""
        return f"{case.left} + {case.right}"


class SlowToy(Toy):
    """Takes a while over each case, and notes each in a file: for runs that are killed."""

    def __init__(self, count: int, seconds: float, noted: Path) -> None:
        super().__init__([Sum(id=f"sum-{at:02}", left=at, come_to=at + 1) for at in range(count)], self._slowly)
        self.seconds, self.noted = seconds, noted

    def _slowly(self, case: Sum) -> None:
        with self.noted.open("a", encoding="utf-8") as file:
            file.write(f"{case.id}\n")
        time.sleep(self.seconds)


def rows_of(values: Mapping[str, Mapping[str, float | None]], **more: Any) -> tuple[Row, ...]:
    """Return a row for each case: {case: {figure: value}}. A case `ines/1` is of the creator ines."""
    return tuple(
        Row(id=case.replace("/", "-"), split="train", creator=case.rpartition("/")[0], values=dict(told), **more)
        for case, told in values.items()
    )


def task_of(rows: tuple[Row, ...], name: str = "sums", metrics: tuple[Metric, ...] = METRICS) -> TaskRecord:
    """Return the record of a task that came to these rows."""
    figures = figures_of(metrics, rows, "big-1", is_model=True)
    return TaskRecord(
        name=name, says="Two and two is four", card=CARD, size=len(rows), cases=len(rows), figures=figures, rows=rows
    )


def candidate_of(*tasks: TaskRecord, label: str = "big", model: str = "big-1") -> CandidateRecord:
    """Return the record of a candidate that did these tasks."""
    return CandidateRecord(label=label, endpoint=label.partition(" ")[0], model=model, tasks=tasks)


def run_of(*candidates: CandidateRecord, at: datetime = AT, **more: Any) -> RunRecord:
    """Return the record of a run."""
    about: dict[str, Any] = {"id": f"{at:%Y%m%d-%H%M%S}", "at": at, "version": "0", "source": "c0de", "quick": False}
    return RunRecord(**about, seconds=1.5, machine={"cores": 2}, candidates=candidates, **more)


def good(*values: float | None, name: str = "good") -> TaskRecord:
    """Return a task with one figure, each case its own cluster."""
    return task_of(rows_of({f"c{at:02}": {name: value} for at, value in enumerate(values)}))


def lines_of(path: Path) -> list[str]:
    """Return what a slow toy noted."""
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def endpoints(**models: dict[str, Any]) -> str:
    """Return GREENROOM_MODELS with these endpoints, none of which tries twice."""
    about = {"kind": "on_premises", "max_retries": 0, "timeout_s": 20}
    return json.dumps({"models": {name: {**about, **told} for name, told in models.items()}})
