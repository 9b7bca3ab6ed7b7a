"""What models cost and may cost, as doors show it and set it."""

import re
from typing import TYPE_CHECKING, Any, get_args

from app.modelling import errand
from core.budgets import Budget, Scope, Standing, Unit, in_words
from core.errors import BadInput, WrongUse
from core.usage import UsageShare, UsageTotal
from memory.usage import By, shares

if TYPE_CHECKING:
    from app.briefing import Progress
    from app.results import BriefResult
    from app.studio import Studio

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(k|m)?\s*(tokens?)?", re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


def read_amount(text: str) -> tuple[float | None, Unit]:
    """Return an amount and its unit: `20`, `0.5`, `200k tokens`; None for `off`. Raises BadInput."""
    if text.strip().lower() == "off":
        return None, "money"
    found = _AMOUNT.fullmatch(text.strip())
    if not found or (found[2] and not found[3]):
        raise BadInput(f"{text!r} is no amount.", "Say 20 (money), 200000tokens, 200k tokens, or off.")
    amount = float(found[1]) * _TIMES[(found[2] or "").lower()]
    return amount, "tokens" if found[3] else "money"


def set_budget(
    studio: "Studio", scope: Scope, text: str, *, subject: str = "", by: str | None = None, secret: str | None = None
) -> None:
    """Set one limit, or take it away with `off` (in both units). Raises BadInput, NotAllowed."""
    amount, unit = read_amount(text)
    who, proof = studio.speaker(by, secret)
    units: tuple[Unit, ...] = ("money", "tokens") if amount is None else (unit,)
    for each in units:
        studio.memory.budgets.set(studio.workspace.id, scope, amount, subject=subject, unit=each, by=who, secret=proof)


def budgets(studio: "Studio", brief_id: str | None = None) -> list[dict[str, Any]]:
    """Return every limit with where it stands; a limit of briefs has a standing where a brief is named."""
    found = []
    for budget in studio.memory.budgets.list(studio.workspace.id):
        member = budget.subject if budget.scope == "member" else None
        standings = studio.memory.budgets.standings(errand(studio, brief_id, member))
        mine = next((s for s in standings if _same(s, budget)), None)
        found.append(budget.model_dump(mode="json", exclude={"workspace"}) | _stands(mine))
    return found


def _same(standing: Standing, budget: Budget) -> bool:
    return (standing.scope, standing.subject, standing.unit) == (budget.scope, budget.subject, budget.unit)


def _stands(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"limit": None, "spent": None, "reserved": None, "left": None, "alert": False}
    return {
        "limit": standing.limit,
        "spent": standing.spent,
        "reserved": standing.reserved,
        "left": standing.left,
        "alert": standing.alerts,
    }


def budget_line(each: dict[str, Any], currency: str) -> str:
    """Return a limit with where it stands as people read it."""
    named = {"brief": "each brief", "month": "each month"}.get(each["scope"], f"{each['subject']}, each month")
    limit = in_words(each["amount"], each["unit"], currency)
    if each["spent"] is None:
        return f"{named}: {limit}"
    left = in_words(each["left"], each["unit"], currency)
    return f"{'▲ ' if each['alert'] else ''}{named}: {limit}, {left} left"


def usage(studio: "Studio", brief_id: str | None, by: str | None) -> tuple[UsageTotal, list[UsageShare]]:
    """Return what model calls cost, over one brief's if given, and in parts by stage, proposal, member or month."""
    space = studio.workspace
    if brief_id is not None and studio.memory.briefs.get(brief_id).workspace != space.id:
        raise WrongUse(f"Brief {brief_id} is not one of {space.name}.")
    total = studio.memory.usage.total(space.id, brief_id=brief_id)
    if by is None:
        return total, []
    if by not in get_args(By):
        raise WrongUse(f"Usage can't be told by {by!r}.", f"Use: --by {', '.join(get_args(By))}")
    rows = studio.memory.usage.list(space.id, brief_id)
    proposals = studio.memory.proposals.list(space.id) if by == "proposal" else []
    return total, shares(rows, by, zone=space.timezone, proposals=proposals)  # type: ignore[arg-type]


def go_on(
    studio: "Studio",
    brief_id: str,
    *,
    raised: str | None = None,
    endpoint: str | None = None,
    by: str | None = None,
    secret: str | None = None,
    progress: "Progress | None" = None,
) -> "BriefResult":
    """Go on with a brief that was stopped: with more for it once, or at another endpoint, or just so."""
    if studio.memory.briefs.get(brief_id).workspace != studio.workspace.id:
        raise WrongUse(f"Brief {brief_id} is not one of {studio.workspace.name}.")
    if raised is not None or endpoint is not None:
        amount, unit = read_amount(raised) if raised is not None else (0.0, "money")
        if amount is None:
            raise BadInput("A limit can't be raised by `off`.", "Take it away with: greenroom budget set --brief off")
        if endpoint is not None:
            known = [each.name for each in studio.model.endpoints]
            if endpoint not in (*known, "rehearsal"):
                named = ", ".join((*known, "rehearsal"))
                raise BadInput(f"There is no model endpoint called {endpoint!r}.", f"There are: {named}.")
        who, proof = studio.speaker(by, secret)
        studio.memory.budgets.choose(
            studio.workspace.id, brief_id, raised=amount, unit=unit, endpoint=endpoint or "", by=who, secret=proof
        )
    return studio.resume(brief_id, progress)
