"""How generic a draft reads, for the person who decides: advice against their own works, never a block."""

from core.drafts import Finding, Severity
from tools.context import Context

RULE = "generic"
PLACES = 3
"""Places of a draft that are told; `greenroom slop` tells them all."""

_RAISED = "This reads more generic than {usual}: {score:.0f} of 100.{reasons}"


def generic_findings(
    context: Context, workspace: str, text: str, *, prose: str, locale: str | None = None
) -> tuple[Finding, ...]:
    """Return what reads generic above the creator's own usual range, and the first places to mend.

    `prose` is the text that is judged, without links and lists; spans count in `text`.
    """
    from memory.generic.places import places
    from memory.generic.risk import HIGH, RAISED, why

    found = context.memory.generic.risk(workspace, prose, locale)
    bar = RAISED if found.works else HIGH
    if found.score is None or found.score < bar:
        return ()
    usual = "you usually write" if found.works else "most people write"
    reasons = f" Than usual: {said}." if (said := why(found)) else ""
    message = _RAISED.format(usual=usual, score=found.score, reasons=reasons)
    severity: Severity = "warning" if found.score >= HIGH else "note"
    told = (each.model_copy(update={"rule": RULE}) for each in places(text)[:PLACES])
    return (Finding(rule=RULE, severity=severity, message=message), *told)
