"""Write one channel's draft, in the creator's voice, from the creator's own material."""

from core.briefs import Angle, Brief, Plan
from core.drafts import Draft, Variation
from core.ids import new_id
from models import ask
from models.tasks import DraftAnswer
from prompts import version
from tools.answers import content_of, receipts_of
from tools.context import Context
from tools.material import angle_of, draft_request, inputs_of


def draft_for(context: Context, brief: Brief, plan: Plan, *, channel: str, variant: int) -> Draft:
    """Return the first revision of one channel's draft, not yet checked."""
    meter = context.meter(brief, channel=channel, locale=brief.locales[0], variant=variant)
    request = draft_request(context, brief, plan, channel=channel, variant=variant)
    answer = ask(
        context.model,
        "draft",
        request.model_dump(mode="json"),
        DraftAnswer,
        meter=meter,
        stage="draft",
        house="house",
        channels=brief.channels,  # all of the brief's, so that its calls share one prefix
    )
    angle = angle_of(brief, plan, variant)
    return Draft(
        id=new_id("d"),
        brief_id=brief.id,
        workspace=brief.workspace,
        channel=channel,
        locale=brief.locales[0],
        variant=variant,
        varies=_varies(brief, angle),
        angle_id=angle.id if angle else None,
        content=content_of(answer),
        receipts=receipts_of(context, brief, plan, answer),
        model=meter.model,
        prompt_versions={"house": version("house"), "draft": version("draft")},
        inputs=inputs_of(brief, plan),
        created_at=context.now(),
    )


def _varies(brief: Brief, angle: Angle | None) -> Variation | None:
    """Without a dimension, versions of one draft differ in the angle that they take."""
    if brief.variants < 2 or brief.vary or angle is None:
        return None
    return Variation(dimension="angle", value=angle.title)
