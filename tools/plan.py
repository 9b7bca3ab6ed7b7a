"""Think before writing: three angles, each with the past works it leans on."""

import re
from collections.abc import Sequence

from core.briefs import Angle, Brief, Plan
from core.works import Recalled
from models import ask
from models.tasks import AngleAnswer, PlanAnswer, PlanRequest
from tools.context import Context
from tools.crossing import Crossing, crossing
from tools.material import shared

ANGLES = 3
ALIKE = 0.8  # share of words in common from which two angles are one
_WORD = re.compile(r"\w+")


def plan_angles(context: Context, brief: Brief, recalled: tuple[Recalled, ...]) -> Plan:
    """Return a plan with up to three distinct angles, none chosen yet; works that the model made up are dropped."""
    apart = crossing(context, brief, recalled)
    meter = context.meter(brief)
    answer = ask(
        context.model,
        "plan",
        PlanRequest(**shared(context, brief, recalled), remix=apart.work_ids if apart else ()),
        PlanAnswer,
        meter=meter,
        stage="plan",
        house="house",
        channels=brief.channels,
    )
    known = {work.work_id for work in recalled}
    angles = tuple(_angle(number, idea, known, apart) for number, idea in enumerate(_distinct(answer.angles), start=1))
    return Plan(brief_id=brief.id, recalled=recalled, angles=angles, phase="planned", model=meter.model)


def _angle(number: int, idea: AngleAnswer, known: set[str], apart: Crossing | None) -> Angle:
    work_ids = tuple(dict.fromkeys(work_id for work_id in idea.work_ids if work_id in known))
    crosses = apart is not None and set(apart.work_ids) <= set(work_ids)
    return Angle(
        id=f"a{number}",
        title=idea.title,
        premise=idea.premise,
        work_ids=work_ids,
        kind="remix" if crosses else "",
        distance=apart.distance if apart and crosses else None,
    )


def _distinct(ideas: Sequence[AngleAnswer]) -> list[AngleAnswer]:
    """Return the first three ideas that differ: one that says what another said in nearly the same words is dropped."""
    kept: list[tuple[AngleAnswer, set[str]]] = []
    for idea in ideas:
        words = set(_WORD.findall(f"{idea.title} {idea.premise}".casefold()))
        if not any(len(words & said) >= ALIKE * len(words | said) for _, said in kept):
            kept.append((idea, words))
    return [idea for idea, _ in kept[:ANGLES]]


def choose_first(plan: Plan, variants: int) -> Plan:
    """Return the plan with as many angles chosen as there are variants, in the model's own order."""
    return plan.model_copy(update={"chosen": tuple(a.id for a in plan.angles[:variants]), "phase": "chosen"})
