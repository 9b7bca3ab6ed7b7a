"""Generic-writing risk: is a bland retelling told from the creator's own writing, and is the creator left in peace?"""

from typing import Any

from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored
from evals.tasks.own_and_others import OwnAndOthers, OwnCase, above, nearest


class Slop(OwnAndOthers):
    """Through the memory's face, as `greenroom slop` asks it."""

    name = "slop"
    says = "A bland retelling carries more generic-writing risk than the creator's own writing"
    limits = (
        "It tells blandness from this creator's own writing; it is no detector of machine-written text. Most "
        "languages are not measured."
    )
    metrics = (
        Metric("told_apart", "share of bland retellings with more risk than their own unseen piece (AUC)"),
        Metric("noticed", "share of bland retellings whose risk is raised or high"),
        Metric("accused", "share of their own pieces whose risk is high", better=-1),
    )

    def perform(self, stage: Stage, case: OwnCase) -> dict[str, Any]:
        """Measure them all relative to the creator's works."""
        studio = stage.studio(case.creator)

        def risk(text: str) -> dict[str, Any]:
            found = studio.memory.generic.risk(studio.workspace.id, text, studio.workspace.locale)
            return {"score": found.score, "verdict": found.verdict}

        bland = {name: risk(text) for name, text in self.bland(stage, case).items()}
        return {"own": risk(self.own_text(stage, case)), "bland": bland}

    def score(self, case: OwnCase, got: dict[str, Any]) -> Scored:
        """Compare risks; where the language is not measured, nothing is said."""
        own = got["own"]["score"]
        if own is None:
            return Scored(
                dict.fromkeys((each.name for each in self.metrics), None), why="this language is not measured"
            )
        scores = {name: each["score"] for name, each in got["bland"].items()}
        below = above(-own, {name: None if each is None else -each for name, each in scores.items()})
        raised = [each["verdict"] in ("raised", "high") for each in got["bland"].values()]
        name, least = nearest({name: None if each is None else -each for name, each in scores.items()})
        return Scored(
            values={
                "told_apart": None if below is None else below,
                "noticed": sum(raised) / len(raised),
                "accused": float(got["own"]["verdict"] == "high"),
            },
            expected="their own piece below every bland retelling",
            got=f"own piece {own:.0f} ({got['own']['verdict']}); least risky retelling, {name}: {-least:.0f}",
        )
