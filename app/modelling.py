"""The models of a studio: its switchboard, and the meter of each call."""

import time
from typing import TYPE_CHECKING, Any

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


def currency_of(studio: "Studio") -> str:
    """Return what prices and budgets are in: it is told with the endpoints, which are read for it."""
    studio.memory.budgets.currency = read_endpoints(studio.settings).currency
    return studio.memory.budgets.currency


def endpoints_told(studio: "Studio") -> dict[str, Any]:
    """Return the endpoints as doors show them: never a key, only whether there is one."""
    board = studio.model
    states = {each["name"]: each for each in board.states()}
    shown = [
        {
            **each.model_dump(mode="json", exclude={"api_key"}),
            "has_key": each.api_key is not None,
            "state": states[each.name]["state"],
        }
        for each in board.endpoints
        if not each.is_rehearsal
    ]
    routing = board.routing.model_dump(mode="json")
    return {"models": shown, "routing": routing, "currency": currency_of(studio)}


def tried(studio: "Studio", name: str) -> dict[str, Any]:
    """Return whether an endpoint answers a structured question, in which form and how fast. Raises NotFound."""
    from core.errors import ModelFailed, NotFound, WrongUse

    known = [each.name for each in studio.model.endpoints if not each.is_rehearsal]
    if name == "rehearsal":
        raise WrongUse("The rehearsal model is always there: it needs no test.", "See: greenroom models list")
    if name not in known:
        raise NotFound(f"There is no model endpoint called {name!r}.", f"There are: {', '.join(known) or 'none'}.")
    started = time.monotonic()
    told: dict[str, Any] = {"name": name, "ok": False, "form": None, "error": None}
    try:
        word, told["form"] = studio.model.probe(name, meter(studio, studio.workspace.id, None))
        told["ok"] = bool(word)
    except ModelFailed as error:
        told["error"] = f"{error.message} {error.hint}".strip()
    return told | {"seconds": round(time.monotonic() - started, 3)}


def model_check(studio: "Studio") -> tuple[bool, str]:
    """Return whether every endpoint may be called now, for the doctor: one that rests is off."""
    board = studio.model
    if board.is_rehearsal:
        return True, "rehearsal, no language model is set up"
    named = {each.name: each for each in board.endpoints}
    said = [
        f"{each['name']} ({named[each['name']].model}, {each['kind']})"
        + ("" if each["state"] == "closed" else f" is resting after failures: {each['state']}, {each['wait_s']:g} s")
        for each in board.states()
    ]
    off = any(each["state"] != "closed" for each in board.states())
    return not off, f"{', '.join(said)} (not called here)"
