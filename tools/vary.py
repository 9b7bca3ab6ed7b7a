"""Variants of finished drafts that differ in one dimension and in nothing else, so that an A/B means something."""

from collections.abc import Iterator, Sequence

from core.briefs import Brief, Plan
from core.channels import Channel
from core.channels import channel as channel_of
from core.counting import fits, measure
from core.drafts import Content, Dimension, Draft, Receipt, Variation
from core.ids import new_id
from core.variants import Part, part_of, parted, with_part
from models import ask
from models.tasks import DraftAnswer, DraftToVary, VariedDraft, VariedPart, VaryAnswer, VaryRequest
from prompts import version
from tools.answers import receipts_of
from tools.context import Context
from tools.material import inputs_of, limits_of, shared

AS_DRAFTED = "as drafted"
KINDS: dict[Dimension, tuple[str, ...]] = {
    "hook": ("detail", "quote", "question", "news"),
    "cta": ("read", "reply", "share", "none"),
}
"""What a hook can lead with, and what a call to action can ask for."""


def vary(context: Context, brief: Brief, plan: Plan, drafts: Sequence[Draft]) -> tuple[list[Draft], list[str]]:
    """Return every draft with its variants after it, and what could not be made; one call for all drafts.

    Raises ModelFailed where the model can't answer: the drafts themselves stand all the same.
    """
    dimension = brief.vary
    if dimension is None or brief.variants < 2:
        return list(drafts), []
    values = _values(dimension, brief.variants)
    meter = context.meter(brief)
    answer = ask(
        context.model,
        "vary",
        VaryRequest(
            **shared(context, brief, plan.recalled),
            dimension=dimension,
            values=values,
            drafts=tuple(_to_vary(draft, dimension) for draft in drafts),
        ),
        VaryAnswer,
        meter=meter,
        stage="vary",
        house="house",
        channels=brief.channels,
    )
    by_id = {each.draft_id: each for each in answer.drafts}
    made, notices = [], []
    for draft in drafts:
        base = draft.model_copy(update={"varies": Variation(dimension=dimension, value=_of_base(draft, dimension))})
        parts = _made(context, brief, plan, base, by_id.get(draft.id), values)
        variants = [each.model_copy(update={"model": meter.model}) for each in parts]
        made += [base, *variants]
        if missing := brief.variants - 1 - len(variants):
            notices.append(f"{draft.channel}: {missing} of {brief.variants} versions could not be made; {_WHY}")
    return made, notices


_WHY = "nothing else from the material fits there and differs."


def _values(dimension: Dimension, count: int) -> tuple[str, ...]:
    if dimension == "length":
        return tuple(f"{round(100 * (count - number) / count)}%" for number in range(1, count))
    return KINDS[dimension]


def _of_base(draft: Draft, dimension: Dimension) -> str:
    return _counted(draft.content) if dimension == "length" else AS_DRAFTED


def _counted(content: Content) -> str:
    return f"{len(content.text.split())} words"


def _to_vary(draft: Draft, dimension: Dimension) -> DraftToVary:
    place = channel_of(draft.channel)
    part = part_of(place, draft.content, dimension) if dimension != "length" else None
    return DraftToVary(
        draft_id=draft.id,
        channel=draft.channel,
        limits=limits_of(draft.channel),
        part=part.text if part else "",
        field=part.field if part else "text",
        sentences=parted(place, draft.content.text).units,
    )


def _made(
    context: Context, brief: Brief, plan: Plan, base: Draft, answered: VariedDraft | None, values: Sequence[str]
) -> list[Draft]:
    place, seen = channel_of(base.channel), {_said(base.content)}
    kept: list[Draft] = []
    for varied in answered.variants if answered else ():
        content = _content(place, base.content, base.varies.dimension if base.varies else "", varied, values)
        if content is None or _said(content) in seen or not _fits(place, content):
            continue
        seen.add(_said(content))
        kept.append(_variant(context, brief, plan, base, content, varied, number=len(kept) + 2))
        if len(kept) == brief.variants - 1:
            break
    return kept


def _content(
    place: Channel, content: Content, dimension: str, varied: VariedPart, values: Sequence[str]
) -> Content | None:
    """Return the content with only this dimension changed; None where the answer is none of what was asked for."""
    if varied.value not in values:
        return None
    if dimension == "length":
        return _kept(place, content, varied)
    part: Part = part_of(place, content, "cta" if dimension == "cta" else "hook")
    words = varied.part.strip()
    if (not words and varied.value != "none") or (part.field != "text" and "\n" in words):
        return None
    return with_part(content, part, words)


def _kept(place: Channel, content: Content, varied: VariedPart) -> Content | None:
    units = parted(place, content.text)
    numbers = {number for number in varied.keep if 1 <= number <= len(units.units)}
    if 1 not in numbers or len(numbers) == len(units.units):
        return None  # without its beginning it would differ in the hook too
    return content.model_copy(update={"text": units.keeping(numbers)})


def _said(content: Content) -> tuple[str, ...]:
    return (content.subject.casefold(), content.title.casefold(), " ".join(content.text.split()).casefold())


def _fits(place: Channel, content: Content) -> bool:
    shorter = [each for each in place.limits if each.field in ("subject", "title")]
    return fits(place, content.text) and not any(measure(each, getattr(content, each.field)).over for each in shorter)


def _variant(
    context: Context, brief: Brief, plan: Plan, base: Draft, content: Content, varied: VariedPart, *, number: int
) -> Draft:
    dimension = base.varies.dimension if base.varies else "hook"
    value = _counted(content) if dimension == "length" else varied.value
    new = receipts_of(context, brief, plan, DraftAnswer(text=content.text, receipts=varied.receipts))
    return base.model_copy(
        update={
            "id": new_id("d"),
            "variant": number,
            "varies": Variation(dimension=dimension, value=value),
            "revision": 0,
            "parent_id": None,
            "content": content,
            "receipts": (*_standing(base, content), *new),
            "findings": (),
            "voice": None,
            "prompt_versions": {**base.prompt_versions, "house": version("house"), "vary": version("vary")},
            "inputs": {**inputs_of(brief, plan), "varied_from": base.id},
            "created_at": context.now(),
        }
    )


def _standing(base: Draft, content: Content) -> Iterator[Receipt]:
    """Yield the receipts of the lines that are still there, each where it stands now."""
    for receipt in base.receipts:
        line = base.content.text[slice(*receipt.span)] if receipt.span else ""
        at = content.text.find(line) if line else -1
        if not receipt.span or at >= 0:
            yield receipt.model_copy(update={"span": (at, at + len(line)) if line else None})
