"""Mend what the checks found or a person wished, as little as possible, in one call for all drafts."""

from collections.abc import Iterator, Sequence

from core.briefs import Brief, Plan
from core.drafts import Draft, Finding
from core.ids import new_id
from core.versions import MENDS
from models import ask
from models.tasks import DraftAnswer, DraftToRevise, Flaw, ReviseAnswer, RevisedDraft, ReviseRequest
from prompts import version
from tools.answers import content_of, receipts_of
from tools.context import Context
from tools.illustrate import said_of_pictures, words_can_mend
from tools.material import draft_request, inputs_of, limits_of
from tools.preferences import habits, kept_rules

_ONLY = "Change the words that the findings name, and leave every other word as it stands."


def revise(context: Context, brief: Brief, plan: Plan, drafts: Sequence[Draft], *, wish: str = "") -> list[Draft]:
    """Return a new revision of each draft that the model answered for; `wish` is a person's change request."""
    alone = drafts[0] if len(drafts) == 1 else None
    meter = (
        context.meter(brief, channel=alone.channel, locale=alone.locale, variant=alone.variant)
        if alone
        else context.meter(brief)
    )
    answer = ask(
        context.model,
        "revise",
        _request(context, brief, plan, drafts, wish).model_dump(mode="json"),
        ReviseAnswer,
        meter=meter,
        stage="revise",
        house="house",
        channels=brief.channels,
    )
    by_id = {draft.id: draft for draft in drafts}
    return [
        _revision(context, brief, plan, by_id[mended.draft_id], mended, wish, meter.model)
        for mended in answer.drafts
        if mended.draft_id in by_id
    ]


def _request(context: Context, brief: Brief, plan: Plan, drafts: Sequence[Draft], wish: str) -> ReviseRequest:
    shared = draft_request(context, brief, plan, channel=drafts[0].channel, variant=drafts[0].variant)
    return ReviseRequest(
        **shared.model_dump(
            include={"ask", "source", "works", "voice", "links", "hashtags", "brand", "turned_down", "locale"}
        ),
        drafts=tuple(_to_revise(context, draft, wish) for draft in drafts),
    )


def _to_revise(context: Context, draft: Draft, wish: str) -> DraftToRevise:
    content = draft.content.model_dump(include=set(DraftAnswer.model_fields) - {"receipts"})
    return DraftToRevise(
        draft_id=draft.id,
        channel=draft.channel,
        limits=limits_of(draft.channel),
        content=DraftAnswer(**content),
        findings=(
            *_told_before(draft),
            *(_flaw(draft, each) for each in draft.findings if each.severity != "note" and words_can_mend(each)),
        ),
        wish=wish,
        preferences=habits(context, draft.workspace, draft.channel, draft.locale),
    )


def _told_before(draft: Draft) -> Iterator[Flaw]:
    """Yield what a mend is told whose last one rewrote the draft instead."""
    for last in draft.inputs.get(MENDS, ())[-1:]:
        if last["reason"] == "rewritten":
            yield Flaw(rule="rewritten", message=f"{last['says']} {_ONLY}")


def _flaw(draft: Draft, finding: Finding) -> Flaw:
    words = draft.content.text[slice(*finding.span)] if finding.span and finding.field == "text" else ""
    return Flaw(rule=finding.rule, message=finding.message, span=finding.span, field=finding.field, text=words)


def _revision(
    context: Context, brief: Brief, plan: Plan, draft: Draft, mended: RevisedDraft, wish: str, model: str
) -> Draft:
    return draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": draft.id,
            "revision": draft.revision + 1,
            "content": content_of(mended).model_copy(update={"pictures": draft.content.pictures}),
            "receipts": receipts_of(context, brief, plan, mended),
            "findings": said_of_pictures(draft),
            "voice": None,
            "model": model,
            "prompt_versions": {**draft.prompt_versions, "house": version("house"), "revise": version("revise")},
            "inputs": {**inputs_of(brief, plan), "wish": wish, **({} if wish else kept_rules(draft))},
            "created_at": context.now(),
        }
    )
