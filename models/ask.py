"""One question to a chat model, one validated answer."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

import prompts
from core.errors import ModelFailed
from models.answers import Unusable, as_answer, schema_words
from models.meter import Meter
from models.open import model_name
from models.pictures import shown
from models.switchboard import Switchboard

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

T = TypeVar("T", bound=BaseModel)
log = logging.getLogger(__name__)


def ask(
    model: "BaseChatModel | Switchboard",
    prompt: str,
    request: dict[str, Any] | BaseModel,
    schema: type[T],
    *,
    meter: Meter | None = None,
    stage: str,
    house: str | None = None,
    pictures: Sequence[bytes] = (),
    **values: Any,
) -> T:
    """Ask `model` by `prompts/<prompt>.md` (filled with `values`) about `request`; return a valid `schema`.

    With `house`, that prompt (filled with `values`) is the system message, and the task's own words come last: calls
    of one brief then share a prefix, which servers keep.

    `pictures`: JPEGs that it is about; `meter.needing("vision")` finds who can see them.

    The answer is asked for by JSON schema, else by a tool call, else as JSON in text, whatever the server takes. An
    answer that does not fit is sent back once with the reason. Raises ModelFailed (with what to do) after that, and
    NeedsModel where the rehearsal model can't do the task.
    """
    from langchain_core.messages import HumanMessage

    messages = [*_opening(prompt, request, house, values), *shown(pictures)]
    board = model if isinstance(model, Switchboard) else Switchboard.around(model)
    message, method = board.answer(messages, schema, meter, stage)
    try:
        return as_answer(message, schema, method)
    except Unusable as problem:
        log.info("The answer for %s did not fit, asking once more: %s", stage, problem.reason)
        repair = prompts.render("repair", reason=problem.reason, schema=schema_words(schema))
        messages += [*problem.shown(), HumanMessage(repair)]
    message, method = board.answer(messages, schema, meter, stage)
    try:
        return as_answer(message, schema, method)
    except Unusable as problem:
        named = (meter.model if meter else "") or model_name(model)
        raise ModelFailed(
            f"The model “{named}” answered twice in a form that can't be used ({problem.reason}).",
            hint="Try again, or choose a model that is better at structured answers.",
        ) from None


def _opening(
    prompt: str, request: dict[str, Any] | BaseModel, house: str | None, values: dict[str, Any]
) -> "list[BaseMessage]":
    """Return the rules and the request; with `house`, what all calls of a brief share comes first."""
    from langchain_core.messages import HumanMessage, SystemMessage

    data = request.model_dump(mode="json") if isinstance(request, BaseModel) else request
    words = prompts.request_first(prompt, data, prompts.render(prompt)) if house else prompts.request(prompt, data)
    return [SystemMessage(prompts.render(house or prompt, **values)), HumanMessage(words)]
