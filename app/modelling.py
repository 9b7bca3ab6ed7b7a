"""The models of a studio: its switchboard, and the meter of each call."""

from typing import TYPE_CHECKING

from app.endpoints import Endpoints, read_endpoints
from core.budgets import Errand
from core.members import is_agent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from app.settings import Settings
    from app.studio import Studio
    from memory import Memory
    from models import Meter, Switchboard


def open_switchboard(settings: "Settings", memory: "Memory", given: "BaseChatModel | None") -> "Switchboard":
    """Return every endpoint of the home behind one port; `given` is a model that a caller hands in instead.

    The rehearsal model drafts from private material too: a hosted embedding model is no help to it then.
    """
    from memory.embedding import is_hosted
    from models import Switchboard

    told = Endpoints() if given is not None else read_endpoints(settings)
    memory.budgets.currency = told.currency
    return Switchboard(
        told.endpoints,
        told.routing,
        given=given,
        embed=None if is_hosted(memory.embedding_model) else memory.embed,
        purse=memory.budgets,
        watch=memory.privacy,
        chosen=memory.budgets.endpoint_for,
    )


def meter(
    studio: "Studio", workspace: str, brief_id: str | None, *, channel: str = "", locale: str = "", variant: int = 0
) -> "Meter":
    """Return the meter of a call: it says whose the call is, what it is for, and whether its material is private."""
    from models import Meter

    member, private = whose(studio, brief_id)
    s = studio.settings
    return Meter(
        studio.memory.usage.record,
        workspace=workspace,
        brief_id=brief_id,
        member=member,
        channel=channel,
        locale=locale,
        variant=variant,
        private=private,
        price_in=s.price_in,
        price_out=s.price_out,
        clock=studio.clock,
    )


def whose(studio: "Studio", brief_id: str | None) -> tuple[str, bool]:
    """Return who a brief's calls are charged to, and whether it is private: by its word, or its source's by now."""
    if brief_id is None:
        return studio.settings.user, False
    brief = studio.memory.briefs.get(brief_id)
    member = studio.settings.user if is_agent(brief.requested_by) else brief.requested_by
    return member, brief.private or studio.memory.privacy.is_private(brief.workspace, brief_id)


def errand(studio: "Studio", brief_id: str | None = None, member: str | None = None) -> Errand:
    """Return an errand to ask the budgets about."""
    return Errand(workspace=studio.workspace.id, brief_id=brief_id, member=member or whose(studio, brief_id)[0])
