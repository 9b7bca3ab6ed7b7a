"""What a draft rests on: a receipt for every claim, given by the model or found in the sources, or a finding."""

from collections.abc import Iterator, Sequence

from core.briefs import Brief, Plan
from core.drafts import Draft, Finding, Receipt
from core.grounding import claims, findings, ground, language_of
from core.grounding.passages import Alike
from tools.context import Context
from tools.material import allowed_links, sources_of
from tools.preferences import words_of_preferences

BRIEFED = 1  # sources before this one are the brief's ask; those up to the works are its material
QUOTED = 400  # characters of a passage that a receipt quotes


def grounded(
    context: Context, brief: Brief, plan: Plan, draft: Draft
) -> tuple[tuple[Finding, ...], tuple[Receipt, ...]]:
    """Return what stands in no source, the claims that nothing supports, and the receipts that hold."""
    sources = (*sources_of(context, brief, plan), words_of_preferences(draft))
    text = draft.content.text
    found = findings(draft.content, sources, allowed_links(context, brief, plan), draft.locale)
    held = tuple(each for each in draft.receipts if _holds(each, text))
    language = language_of(text, draft.locale)
    stood = claims.standing(claims.spot(text, language), held, ground(sources, language), language)
    new = tuple(_found(context, brief, plan, stood, len(sources)))
    return (*found, *claims.findings(stood, found)), (*held, *new)


def _holds(receipt: Receipt, text: str) -> bool:
    """Say whether a receipt's quote has to do with its line; what names no line is of the whole draft."""
    return receipt.span is None or claims.supports(text[slice(*receipt.span)], f"{receipt.title} {receipt.quote}")


def _found(
    context: Context, brief: Brief, plan: Plan, stood: Sequence[claims.Standing], count: int
) -> Iterator[Receipt]:
    """Yield a receipt for each claim that came with none and that a passage supports."""
    works = count - 1 - len(plan.recalled)  # the last source is the person's own rules
    for each in stood:
        if each.passage is not None:
            span = (each.claim.start, each.claim.end)
            yield _receipt(context, brief, plan, each.passage, works, span)


def _receipt(context: Context, brief: Brief, plan: Plan, passage: Alike, works: int, span: tuple[int, int]) -> Receipt:
    quote = " ".join(passage.text[:QUOTED].split())
    if passage.source < BRIEFED:
        return Receipt(work_id=None, title="your brief", quote=quote, span=span, origin="brief")
    if works <= passage.source < works + len(plan.recalled):
        work = context.memory.works.get(brief.workspace, plan.recalled[passage.source - works].work_id)
        return Receipt(work_id=work.id, title=work.title, quote=quote, url=work.url, span=span, origin="work")
    return Receipt(work_id=None, title=brief.source_title or "your source", quote=quote, span=span, origin="source")
