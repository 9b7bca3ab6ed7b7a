"""Fake models: scripts that say what a test needs said. What only a language model shows is not measured with them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

import prompts
from evals.harness.candidate import FAKE
from models.rehearsal.answering import answer
from models.rehearsal.vectors import Vectors

Says = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Takes a task and its material, returns the answer."""

Speaks = Callable[[Sequence[BaseMessage]], AIMessage]
"""Takes a conversation, returns what is said or called next."""


def plainly(task: str, data: dict[str, Any]) -> dict[str, Any]:
    """Answer as the rehearsal model does, by shared words; translate by handing back what was given."""
    if task in ("localize", "backtranslate"):
        return {"segments": data["segments"], **({"notes": []} if task == "localize" else {})}
    return answer(task, data, Vectors(None)).model_dump(mode="json")


def says_nothing(_messages: Sequence[BaseMessage]) -> AIMessage:
    """Say that there is nothing to say."""
    return AIMessage("Done.")


class FakeModel(BaseChatModel):
    """A model that answers by a script. Its name begins as every script's does."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    model_name: str
    says: Any = plainly
    speaks: Any = says_nothing

    @property
    def _llm_type(self) -> str:
        return "fake"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | Any],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """Take tools as every model does."""
        return self.bind(tools=[convert_to_openai_tool(tool)["function"] for tool in tools], **kwargs)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        request = _request(messages)
        said = AIMessage(json.dumps(self.says(*request), ensure_ascii=False)) if request else self.speaks(messages)
        return ChatResult(generations=[ChatGeneration(message=said)])


def _request(messages: Sequence[BaseMessage]) -> tuple[str, dict[str, Any]] | None:
    asked = next((each for each in messages if isinstance(each, HumanMessage) and "<request" in each.text), None)
    return prompts.parse_request(asked.text) if asked is not None else None


def dictated(texts: Sequence[str]) -> FakeModel:
    """Return a model whose drafts are these texts in their order, word for word."""
    left = list(texts)

    def says(task: str, data: dict[str, Any]) -> dict[str, Any]:
        made = plainly(task, data)
        return {**made, "text": left.pop(0), "receipts": []} if task == "draft" else made

    return FakeModel(model_name=f"{FAKE}dictated", says=says)


def obedient(call: tuple[str, dict[str, Any]] | None, words: str) -> FakeModel:
    """Return a model that does what hostile material wants: it makes the call once an answer, and repeats the words."""

    def repeating(made: dict[str, Any]) -> dict[str, Any]:
        return made if words in made["text"] else {**made, "text": f"{made['text']}\n\n{words}".strip()}

    def says(task: str, data: dict[str, Any]) -> dict[str, Any]:
        made = plainly(task, data)
        if task == "revise":  # what a check found and had mended is said again
            return {"drafts": [repeating(each) for each in made["drafts"]]}
        return repeating(made) if task == "draft" else made

    def speaks(messages: Sequence[BaseMessage]) -> AIMessage:
        last = max((at for at, each in enumerate(messages) if each.type == "human"), default=0)
        if call is None or any(each.type == "tool" for each in messages[last:]):
            return AIMessage(words or "Done, as you asked.")
        made = {"name": call[0], "args": call[1], "id": f"call_{len(messages)}", "type": "tool_call"}
        return AIMessage(words, tool_calls=[made])

    return FakeModel(model_name=f"{FAKE}obedient", says=says, speaks=speaks)
