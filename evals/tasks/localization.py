"""Localization: what a translation lost is found, and what it may change is left in peace."""

from typing import Any

from core.locales import checked
from evals.harness.cards import Ruled
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored, Task


class LocalizationCase(Ruled):
    """A text and its translation, and the rules that it breaks."""

    source: str
    target: str
    to: str
    source_locale: str = "en"


class Localization(Task[LocalizationCase]):
    """Through `core.localization`, as `greenroom localize-check` asks it."""

    name = "localization"
    says = "What a translation lost is found; what it may change is left in peace"
    limits = "What a rule can see. Whether a translation reads well is not judged."
    case = LocalizationCase
    metrics = (
        Metric("found", "share of the errors that are found", exact=True),
        Metric("accused", "share of good translations in which an error or a warning is found", better=-1, exact=True),
    )

    def perform(self, stage: Stage, case: LocalizationCase) -> dict[str, Any]:
        """Check the pair."""
        from core.localization import document_findings

        found = document_findings(case.source, case.target, checked(case.to), source_locale=checked(case.source_locale))
        return {"findings": [{"rule": f.rule, "severity": f.severity, "message": f.message} for f in found]}

    def score(self, case: LocalizationCase, got: dict[str, Any]) -> Scored:
        """Compare rules."""
        told = [each for each in got["findings"] if each["severity"] != "note"]
        rules = {each["rule"] for each in told}
        return Scored(
            values={
                "found": sum(rule in rules for rule in case.expect) / len(case.expect) if case.expect else None,
                "accused": float(bool(told)) if case.clean else None,
            },
            expected=", ".join(case.expect) or "nothing",
            got=", ".join(sorted(rules)) or "nothing",
            why="; ".join(each["message"] for each in told),
        )

    def asked(self, case: LocalizationCase) -> str:
        """Return the pair."""
        return f"{case.source}\n→ {case.to}: {case.target}"
