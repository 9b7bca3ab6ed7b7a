"""Answers that the conversation's tools have no noun of their own for."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from app.cards import standing
from app.wording import DONE, wall_time
from core.drafts import VoiceScore as Voice
from core.proposed_times import Conflict
from tools.calls.hand import Card
from tools.calls.show import Result as Shown

if TYPE_CHECKING:
    from app.studio import Studio
    from core.decisions import Decision

__all__ = ["Card", "Status", "Time", "Voice", "status"]


class Status(Shown):
    """A draft, who decided on it anywhere, and where it is."""

    decided: str = ""  # in words: who did what, when
    superseded_by: str | None = None
    reason: str = ""  # why it is out of date
    url: str | None = None  # where it is live


class Time(BaseModel):
    """A proposed time and why, or what speaks against one that somebody named. Nothing is booked."""

    model_config = ConfigDict(extra="allow")

    id: str
    suggested_at: str | None = None
    words: str = ""
    reason: str = ""
    zone: str = ""
    conflicts: tuple[Conflict, ...] = ()
    not_understood: str = ""


def status(studio: "Studio", proposal_id: str) -> dict[str, Any]:
    """Return what people did with a draft, and where it stands now."""
    memory, proposal = studio.memory, studio.show(proposal_id)
    decision = standing(memory.decisions.for_proposal(proposal_id))
    sent = memory.publications.for_decision(decision.id) if decision else None
    return {
        "decided": _told(decision, studio.workspace.timezone) if decision else "",
        "superseded_by": proposal.superseded_by,
        "reason": proposal.reason,
        "url": sent.url if sent and sent.state == "published" else None,
    }


def _told(decision: "Decision", zone: str) -> str:
    """Name who decided: "you" would be the model that reads this."""
    return f"{decision.by} {DONE[decision.verb]}, {wall_time(decision.at, zone)} ({zone})"
