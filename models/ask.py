"""One question to a chat model, one validated answer."""

import logging
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

import prompts
from core.errors import ModelFailed
from models.answers import METHODS, Method, Unusable, as_answer, bind, schema_words
from models.errors import RequestRefused
from models.meter import Meter
from models.open import is_rehearsal, model_name

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

T = TypeVar("T", bound=BaseModel)
log = logging.getLogger(__name__)


@runtime_checkable
class Remembers(Protocol):
    """A model that remembers which form of structured answer its server was found to take."""

    answer_method: Method | None


def ask(
    model: "BaseChatModel",
    prompt: str,
    request: dict[str, Any] | BaseModel,
    schema: type[T],
    *,
    meter: Meter | None = None,
    stage: str,
    house: str | None = None,
    **values: Any,
) -> T:
    """Ask `model` by `prompts/<prompt>.md` (filled with `values`) about `request`; return a valid `schema`.

    With `house`, that prompt (filled with `values`) is the system message, and the task's own words come last: calls
    of one brief then share a prefix, which servers keep.

    The answer is asked for by JSON schema, else by a tool call, else as JSON in text, whatever the server takes. An
    answer that does not fit is sent back once with the reason. Raises ModelFailed (with what to do) after that, and
    NeedsModel where the rehearsal model can't do the task.
    """
    from langchain_core.messages import HumanMessage, SystemMessage

    data = request.model_dump(mode="json") if isinstance(request, BaseModel) else request
    words = prompts.request_first(prompt, data, prompts.render(prompt)) if house else prompts.request(prompt, data)
    messages: list[BaseMessage] = [SystemMessage(prompts.render(house or prompt, **values)), HumanMessage(words)]
    message, method = _send(model, messages, schema, meter, stage)
    try:
        return as_answer(message, schema, method)
    except Unusable as problem:
        log.info("The answer for %s did not fit, asking once more: %s", stage, problem.reason)
        repair = prompts.render("repair", reason=problem.reason, schema=schema_words(schema))
        messages += [*problem.shown(), HumanMessage(repair)]
    message, method = _send(model, messages, schema, meter, stage)
    try:
        return as_answer(message, schema, method)
    except Unusable as problem:
        raise ModelFailed(
            f"The model “{model_name(model)}” answered twice in a form that can't be used ({problem.reason}).",
            hint="Try again, or choose a model that is better at structured answers.",
        ) from None


def _send(
    model: "BaseChatModel",
    messages: "list[BaseMessage]",
    schema: type[BaseModel],
    meter: Meter | None,
    stage: str,
) -> "tuple[AIMessage, Method]":
    """Send in the form that this model takes, finding out which one the first time."""
    refused: RequestRefused | None = None
    for method in _methods(model):
        started = time.monotonic()
        try:
            bound, extra = bind(model, schema, method)
            message = bound.invoke([*messages, *extra])
        except RequestRefused as refusal:
            refused = refusal  # perhaps only this form of the request: the next one may pass
            continue
        if meter:
            meter.count(message, model=model_name(model), stage=stage, seconds=time.monotonic() - started)
        if isinstance(model, Remembers):
            model.answer_method = method
        return message, method
    assert refused is not None
    raise refused


def _methods(model: Any) -> tuple[Method, ...]:
    if is_rehearsal(model):
        return ("rehearsed",)
    known = model.answer_method if isinstance(model, Remembers) else None
    return (known,) if known else METHODS
