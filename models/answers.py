"""The forms in which a structured answer is asked for, and reading one back."""

import json
import re
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from core.errors import ModelFailed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.runnables import Runnable

Method = Literal["json_schema", "function_calling", "text", "rehearsed"]
METHODS: tuple[Method, ...] = ("json_schema", "function_calling", "text")
T = TypeVar("T", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


class Unusable(Exception):
    """The answer does not fit the schema; `reason` names where, for the model to mend it."""

    def __init__(self, reason: str, answer: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer

    def shown(self) -> "list[BaseMessage]":
        """Return the bad answer as the conversation's last turn, in plain text whatever its form was."""
        from langchain_core.messages import AIMessage

        return [AIMessage(self.answer or "(empty)")]


def bind(
    model: "BaseChatModel", schema: type[BaseModel], method: Method
) -> "tuple[Runnable[Any, Any], list[BaseMessage]]":
    """Return the model bound to answer in this form, and what must be said besides."""
    from langchain_core.messages import HumanMessage

    name = schema.__name__
    if method == "json_schema":
        form = {"name": name, "schema": strict(schema), "strict": True}
        return model.bind(response_format={"type": "json_schema", "json_schema": form}), []
    if method == "function_calling":
        tool = {"name": name, "description": "Give the answer.", "parameters": strict(schema)}
        return model.bind_tools([{"type": "function", "function": tool}], tool_choice=name), []
    if method == "text":
        return model, [HumanMessage(prompts.render("answer_form", schema=schema_words(schema)))]
    return model, []


def as_answer(message: "AIMessage", schema: type[T], method: Method) -> T:
    """Return the message's answer as `schema`; raises Unusable where it does not fit, ModelFailed on a refusal."""
    refusal = message.additional_kwargs.get("refusal")
    if refusal:
        raise ModelFailed(f"The model declined: {str(refusal)[:300]}", hint="Reword the brief, or use another model.")
    if message.response_metadata.get("finish_reason") == "content_filter":
        raise ModelFailed("The model's server withheld the answer (content filter).", hint="Reword the brief.")
    raw = _raw(message, method)
    if message.response_metadata.get("finish_reason") == "length":
        raise Unusable("it was cut off at the length limit: answer more briefly", raw)
    try:
        return schema.model_validate(_json(raw))
    except ValidationError as error:
        raise Unusable(_problems(error), raw) from None


def strict(schema: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema in the strict form servers ask for: every field required, none besides, no defaults."""
    tidy = _tidy(schema.model_json_schema())
    assert isinstance(tidy, dict)
    return tidy


def schema_words(schema: type[BaseModel]) -> str:
    """Return the strict schema as compact JSON, for a prompt."""
    return json.dumps(strict(schema), ensure_ascii=False)


def _tidy(node: Any) -> Any:
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if key not in _UNSUPPORTED}
    if isinstance(node.get("properties"), dict):
        # a field may be NAMED like a keyword ("title"), so its names are kept whatever they are
        tidy["properties"] = {name: _tidy(value) for name, value in node["properties"].items()}
        tidy["required"] = list(node["properties"])
        tidy["additionalProperties"] = False
    return tidy


_UNSUPPORTED = {"default", "title", "minLength", "maxLength", "minItems", "maxItems"}
"""Keywords that strict servers refuse or ignore; pydantic still checks them afterwards."""


def _raw(message: "AIMessage", method: Method) -> str:
    if method == "function_calling":
        if message.tool_calls:
            return json.dumps(message.tool_calls[0]["args"], ensure_ascii=False)
        if message.invalid_tool_calls:
            return str(message.invalid_tool_calls[0]["args"] or "")
    return str(message.text)


def _json(raw: str) -> Any:
    """Return the JSON value in `raw`: bare, in a code fence, or between the first and last brace."""
    fenced = _FENCE.search(raw)
    start, end = raw.find("{"), raw.rfind("}")
    candidates = [raw, fenced[1] if fenced else None, raw[start : end + 1] if 0 <= start < end else None]
    problem = "it is empty"
    for candidate in filter(None, candidates):
        try:
            return json.loads(candidate)
        except json.JSONDecodeError as error:
            problem = f"it is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    raise Unusable(problem, raw)


def _problems(error: ValidationError) -> str:
    """Return the first problems as `field: what`, without the values (they may be long, or private)."""
    told = [f"{'.'.join(str(part) for part in item['loc']) or 'answer'}: {item['msg']}" for item in error.errors()[:5]]
    return "; ".join(told)
