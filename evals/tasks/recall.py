"""Recall: does a question in other words find the past works that answer it?"""

from pathlib import Path
from typing import Any

from pydantic import Field

from evals.harness.by_creator import ByCreator
from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored

K = 5


class RecallCase(Case):
    """A question of a creator's to their own archive, and the works that answer it, by their files' names."""

    query: str
    relevant: tuple[str, ...] = Field(min_length=1)


class Recall(ByCreator[RecallCase]):
    """Through `Studio.recall`, as every door asks it."""

    name = "recall"
    says = "A question in other words finds the past works that answer it"
    limits = (
        "Questions and works have the same authors, and thirteen works are a small archive: docs/benchmarks.md "
        "measures a large one."
    )
    case = RecallCase
    quick = 48
    metrics = (
        Metric("recall_at_5", "share of the works that answer it among the first five"),
        Metric("reciprocal_rank", "one over the place of the first work that answers it"),
    )

    def perform(self, stage: Stage, case: RecallCase) -> dict[str, Any]:
        """Ask for ten works."""
        found = stage.studio(case.creator).recall(case.query, k=10)
        return {"works": [{"work": Path(each.source).stem, "title": each.title} for each in found]}

    def score(self, case: RecallCase, got: dict[str, Any]) -> Scored:
        """Count places."""
        found = [each["work"] for each in got["works"]]
        first = next((1 / at for at, each in enumerate(found, 1) if each in case.relevant), 0.0)
        hits = [each for each in case.relevant if each in found[:K]]
        missed = [each for each in case.relevant if each not in hits]
        return Scored(
            values={"recall_at_5": len(hits) / len(case.relevant), "reciprocal_rank": first},
            expected=", ".join(case.relevant),
            got=", ".join(found[:K]),
            why=f"not among the first five: {', '.join(missed)}" if missed else "",
        )

    def works(self, case: RecallCase) -> tuple[str, ...]:
        """Return those that answer it."""
        return case.relevant

    def asked(self, case: RecallCase) -> str:
        """Return the question."""
        return case.query
