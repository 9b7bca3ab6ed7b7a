"""Think before writing: three angles, each with the past works it leans on."""

from core.briefs import Angle, Brief, Plan
from core.works import Recalled
from models import ask
from models.tasks import PlanAnswer, PlanRequest
from tools.context import Context
from tools.material import shared

ANGLES = 3


def plan_angles(context: Context, brief: Brief, recalled: tuple[Recalled, ...]) -> Plan:
    """Return a plan with up to three distinct angles, none chosen yet; works that the model made up are dropped."""
    answer = ask(
        context.model,
        "plan",
        PlanRequest(**shared(context, brief, recalled)),
        PlanAnswer,
        meter=context.meter(brief),
        stage="plan",
        house="house",
        channels=brief.channels,
    )
    known = {work.work_id for work in recalled}
    angles = tuple(
        Angle(
            id=f"a{number}",
            title=idea.title,
            premise=idea.premise,
            work_ids=tuple(work_id for work_id in idea.work_ids if work_id in known),
        )
        for number, idea in enumerate(answer.angles[:ANGLES], start=1)
    )
    return Plan(brief_id=brief.id, recalled=recalled, angles=angles, phase="planned")


def choose_first(plan: Plan, variants: int) -> Plan:
    """Return the plan with as many angles chosen as there are variants, in the model's own order."""
    return plan.model_copy(update={"chosen": tuple(a.id for a in plan.angles[:variants]), "phase": "chosen"})
