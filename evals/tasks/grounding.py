"""Grounding: what no source says is found in a draft, and an honest retelling is left in peace."""

from typing import Any

from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored, Task


class GroundCase(Case):
    """A source, a draft that was made of it, and what in the draft the source does not support."""

    language: str
    source: str
    draft: str
    invented: tuple[str, ...] = ()


class Grounding(Task[GroundCase]):
    """Through `core.grounding`, as the check of every draft asks it."""

    name = "grounding"
    says = "An invented number, name, date, quote or link is found; an honest retelling is left in peace"
    limits = (
        "What contradicts a source in words alone, or is only implied, is hardly among the cases. No model takes part."
    )
    case = GroundCase
    metrics = (
        Metric("caught", "share of the inventions at which an error or a warning points"),
        Metric("accused", "share of honest drafts in which an error or a warning is found", better=-1),
    )

    def perform(self, stage: Stage, case: GroundCase) -> dict[str, Any]:
        """Check the draft against its source."""
        from core.drafts import Content
        from core.grounding import claims, findings, ground, language_of

        sources = [case.source]
        told = findings(Content(text=case.draft), sources, [], case.language)
        language = language_of(case.draft, case.language)
        stood = claims.standing(claims.spot(case.draft, language), (), ground(sources, language), language)
        found = (*told, *claims.findings(stood, told))
        return {"findings": [f.model_dump(mode="json") for f in found]}

    def score(self, case: GroundCase, got: dict[str, Any]) -> Scored:
        """See whether a finding touches each invention."""
        told = [each for each in got["findings"] if each["severity"] != "note" and each["span"]]
        places = [(case.draft.find(words), len(words)) for words in case.invented]
        hits = [any(f["span"][0] < at + size and at < f["span"][1] for f in told) for at, size in places if at >= 0]
        return Scored(
            values={
                "caught": sum(hits) / len(case.invented) if case.invented else None,
                "accused": None if case.invented else float(bool(told)),
            },
            expected=" | ".join(case.invented) or "nothing",
            got=" | ".join(case.draft[f["span"][0] : f["span"][1]] for f in told) or "nothing",
            why="; ".join(f["message"] for f in told),
        )

    def asked(self, case: GroundCase) -> str:
        """Return the draft over its source."""
        return f"{case.draft}\n— from: {case.source}"
