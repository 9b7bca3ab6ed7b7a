"""Voice match: does an unseen piece of a creator's sound more like them than what is not theirs?"""

from typing import TYPE_CHECKING, Any

from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored
from evals.tasks.own_and_others import OwnAndOthers, OwnCase, above, nearest

if TYPE_CHECKING:
    from core.drafts import VoiceScore


class Voice(OwnAndOthers):
    """Through the memory's face, as the check of every draft asks it: with the language that the creator writes in."""

    name = "voice"
    says = "An unseen piece of the creator's scores above what is not theirs"
    limits = (
        "Bland retellings are easy to tell from anybody's writing, and few others write in the same language. No "
        "model takes part."
    )
    metrics = (
        Metric("above_bland", "share of bland retellings of their own content that score below it (AUC)"),
        Metric("above_strangers", "share of other creators' pieces in the same language that score below it (AUC)"),
        Metric("own_score", "how much their own unseen piece sounds like them, 0 to 1", better=0),
        Metric("accused", "share of their own pieces that are called off voice", better=-1),
    )

    def perform(self, stage: Stage, case: OwnCase) -> dict[str, Any]:
        """Score them all against the creator's profile."""
        studio = stage.studio(case.creator)

        def score(text: str) -> "VoiceScore":
            return studio.memory.voice.score(studio.workspace.id, text, studio.workspace.locale)

        own = score(self.own_text(stage, case))
        return {
            "own": own.score,
            "verdict": own.verdict,
            "weak": own.is_weak,
            "reasons": [each.text for each in own.reasons[:4]],
            "bland": {name: score(text).score for name, text in self.bland(stage, case).items()},
            "strangers": {name: score(text).score for name, text in self.strangers(stage, case).items()},
        }

    def score(self, case: OwnCase, got: dict[str, Any]) -> Scored:
        """Compare scores. A profile that says nothing measures nothing."""
        own = got["own"]
        if own is None:
            return Scored(
                dict.fromkeys((each.name for each in self.metrics), None), got=got["verdict"], why="no profile"
            )
        values = {
            "above_bland": above(own, got["bland"]),
            "above_strangers": above(own, got["strangers"]),
            "own_score": own / 100,
            "accused": float(got["verdict"] == "off_voice" and not got["weak"]),
        }
        name, score = nearest({**got["bland"], **got["strangers"]})
        return Scored(
            values=values,
            expected="their own piece above every other text",
            got=f"own piece {own:.0f}; nearest other, {name}: {score:.0f}",
            why="; ".join(got["reasons"]),
        )
