"""The tool that asks the person, over the protocol: what is asked and taken is in `deciding`."""

from functools import partial
from typing import Any

import anyio
import anyio.to_thread
from mcp import types

import prompts
from app.callers import Caller
from app.ide import deciding
from app.ide.deciding import Answer, Asked
from core.errors import BadInput

_ELICITS = types.ClientCapabilities(elicitation=types.ElicitationCapability())
_LABEL = 60


def offered() -> types.Tool:
    """Return the tool as it is listed. It takes a draft's id and nothing else: no verb, no hash."""
    return types.Tool(
        name=deciding.NAME,
        title=deciding.TITLE,
        description=prompts.render("ide/ask_for_decision"),
        inputSchema={
            "type": "object",
            "properties": {"proposal_id": {"type": "string", "description": "the draft's id"}},
            "required": ["proposal_id"],
            "additionalProperties": False,
        },
        outputSchema=Answer.model_json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(
            title=deciding.TITLE, readOnlyHint=False, destructiveHint=True, idempotentHint=False, openWorldHint=True
        ),
    )


async def ask(caller: Caller, context: Any, arguments: dict[str, Any], sessions: Any) -> dict[str, Any]:
    """Ask the person, once, and record what they decided; or say where they decide."""
    proposal_id, asked = arguments.get("proposal_id"), sessions.setdefault(context.session, Asked())
    if not isinstance(proposal_id, str):
        raise BadInput("Which draft? Give its id as proposal_id.")
    shown = await anyio.to_thread.run_sync(caller.studio.show, proposal_id)
    caller.show(shown.text)
    why = deciding.why_not_here(caller, shown, asked, has_form=_has_form(context.session))
    if why is not None:
        return deciding.elsewhere(caller.studio, shown, why).model_dump(mode="json")
    asked.is_open = True
    try:
        answer = await _form(context, deciding.question(caller.studio, shown))
    finally:
        asked.is_open = False
    verb = deciding.verb_in(answer.content, shown) if answer and answer.action == "accept" else None
    if answer is None or verb is None:
        asked.turned_down.add(shown.sha)
        return deciding.elsewhere(caller.studio, shown, "The person did not decide here.").model_dump(mode="json")
    note = str((answer.content or {}).get("note") or "")
    taken = await anyio.to_thread.run_sync(partial(deciding.take, caller, shown, verb, note, _client(context.session)))
    return taken.model_dump(mode="json")


async def _form(context: Any, words: str) -> types.ElicitResult | None:
    with anyio.move_on_after(deciding.PATIENCE_S):
        found: types.ElicitResult = await context.session.elicit_form(words, deciding.FORM, context.request_id)
        return found
    return None


def _has_form(session: Any) -> bool:
    """Say whether the client shows forms; one that only opens addresses doesn't."""
    if not session.check_client_capability(_ELICITS):
        return False
    can = session.client_params.capabilities.elicitation
    return can.form is not None or can.url is None


def _client(session: Any) -> str:
    name = session.client_params.clientInfo.name if session.client_params else ""
    return "".join(sign for sign in name if sign.isprintable())[:_LABEL] or "an unnamed program"
