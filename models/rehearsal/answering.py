"""The tasks that the rehearsal model can do, and the one it can't."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from core.errors import NeedsModel
from models.rehearsal.drafting import draft
from models.rehearsal.planning import plan
from models.rehearsal.revising import revise
from models.rehearsal.varying import vary
from models.rehearsal.vectors import Vectors
from models.tasks import DraftRequest, LocalizeRequest, PlanRequest, ReviseRequest, VaryRequest

HOW = "Name a model in the settings (model and base_url, with a key where the server wants one)."


def answer(task: str, data: dict[str, Any], vectors: Vectors) -> BaseModel:
    """Return the task's answer; raises NeedsModel for what can't be done without a language model."""
    known = TASKS.get(task)
    if known is None:
        raise NeedsModel(f"The rehearsal model does not know the task “{task}”.", hint=HOW)
    return known(data, vectors)


def _localize(data: dict[str, Any], _: Vectors) -> BaseModel:
    request = LocalizeRequest.model_validate(data)
    raise NeedsModel(
        f"Translating from {request.source_locale} to {request.target_locale} needs a language model; "
        "the rehearsal model only rearranges your own words.",
        hint=HOW + " Or translate the segments yourself: all checks run without a model.",
    )


TASKS: dict[str, Callable[[dict[str, Any], Vectors], BaseModel]] = {
    "plan": lambda data, vectors: plan(PlanRequest.model_validate(data), vectors),
    "draft": lambda data, vectors: draft(DraftRequest.model_validate(data), vectors),
    "revise": lambda data, vectors: revise(ReviseRequest.model_validate(data), vectors),
    "vary": lambda data, vectors: vary(VaryRequest.model_validate(data), vectors),
    "localize": _localize,
}
