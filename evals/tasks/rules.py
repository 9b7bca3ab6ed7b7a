"""Channel rules: what breaks one is found, what only looks like it is left in peace."""

from typing import Any

from evals.harness.cards import Ruled
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored, Task


class RuleCase(Ruled):
    """A document as `greenroom check` reads it, and the rules that it breaks."""

    channel: str
    document: str


class Rules(Task[RuleCase]):
    """Through `core.rules`, as the checks of every draft and the live checks of every door ask them."""

    name = "rules"
    says = "What breaks a channel's rule is found; what only looks like it is left in peace"
    limits = (
        "The rules are ours, after the platforms' documentation: whether a platform takes a post, only the platform "
        "shows."
    )
    case = RuleCase
    metrics = (
        Metric("found", "share of the broken rules that are found", exact=True),
        Metric("accused", "share of clean texts in which an error or a warning is found", better=-1, exact=True),
    )

    def perform(self, stage: Stage, case: RuleCase) -> dict[str, Any]:
        """Check the document."""
        from core.documents import from_document
        from core.rules import findings

        found = findings(case.channel, from_document(case.channel, case.document))
        return {"findings": [{"rule": f.rule, "severity": f.severity, "message": f.message} for f in found]}

    def score(self, case: RuleCase, got: dict[str, Any]) -> Scored:
        """Compare rules."""
        told = [each for each in got["findings"] if each["severity"] != "note"]
        rules = {each["rule"] for each in told}
        hits = [rule for rule in case.expect if rule in rules]
        return Scored(
            values={
                "found": len(hits) / len(case.expect) if case.expect else None,
                "accused": float(bool(told)) if case.clean else None,
            },
            expected=", ".join(case.expect) or "nothing",
            got=", ".join(sorted(rules)) or "nothing",
            why="; ".join(each["message"] for each in told),
        )

    def asked(self, case: RuleCase) -> str:
        """Return the document."""
        return f"{case.channel}: {case.document}"
