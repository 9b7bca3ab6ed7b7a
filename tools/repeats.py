"""You said this in March: what a text repeats of any past work, which one, how much, and how that one did."""

from core.briefs import Brief
from core.drafts import Finding
from core.repetition import HEAVY, compare, findings
from tools.context import Context


def repeats(context: Context, workspace: str, text: str, brief: Brief | None = None) -> tuple[Finding, ...]:
    """Return a finding for each past work, or post that went out, that a text repeats, but for what it is made from.

    `text` is without what it marks as quoted: a quote is no repetition.
    """
    besides, brief_id = (_made_from(context, brief), brief.id) if brief else ((), None)
    found = context.memory.repeats.suspects(workspace, text, besides=besides, brief_id=brief_id)
    return findings(text, found.past, usual=found.usual)


def _made_from(context: Context, brief: Brief) -> tuple[str, ...]:
    """Return the works that a brief tells anew: the one that it names, or those that its material is a copy of."""
    if brief.source_work_id or not brief.source_text:
        return (brief.source_work_id,) if brief.source_work_id else ()
    alike = context.memory.repeats.suspects(brief.workspace, brief.source_text)
    overlaps = compare(brief.source_text, alike.past, usual=alike.usual)
    return tuple(overlap.work_id for overlap in overlaps if overlap.share >= HEAVY)
