"""The steps of a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.state import ChatState
from core.errors import GreenroomError
from models import Meter, Switchboard

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

KEPT_MESSAGES = 40
"""How many messages of a long conversation the model is shown; proposals and decisions are rows, not memories of it."""


def to_model(error: GreenroomError) -> str:
    """Give an error back to the model as a result it can act on."""
    return f"That did not work: {error.message} {error.hint}".strip()


@dataclass(frozen=True)
class ChatNodes:
    """The nodes of one conversation, with the tools the model may call. None of them decides or publishes."""

    model: Switchboard
    tools: Sequence["BaseTool"]
    system_prompt: Callable[[], str]
    meter: Meter

    def think(self, state: ChatState) -> ChatState:
        """Let the model answer or call tools."""
        from langchain_core.messages import SystemMessage

        messages = [SystemMessage(self.system_prompt()), *recent(state["messages"])]
        return {"messages": [self.model.converse(messages, self.tools, self.meter)]}

    def act(self, state: ChatState) -> ChatState:
        """Run the tools that the model called, in parallel where it called several."""
        from langgraph.prebuilt import ToolNode
        from langgraph.prebuilt.tool_node import ToolInvocationError

        def told(error: GreenroomError | ToolInvocationError) -> str:
            """Give back what the model can mend: our errors, and arguments that don't fit; all else is a bug."""
            return to_model(error) if isinstance(error, GreenroomError) else error.message

        done: ChatState = ToolNode(list(self.tools), handle_tool_errors=told).invoke(state)
        return done

    def calls_a_tool(self, state: ChatState) -> bool:
        """Say whether the model's last word was a call."""
        return bool(getattr(state["messages"][-1], "tool_calls", None))


def recent(messages: list[Any]) -> list[Any]:
    """Return the last messages from a person's word on: a tool's result never stands without its call."""
    kept = messages[-KEPT_MESSAGES:]
    first = next((i for i, message in enumerate(kept) if message.type == "human"), 0)
    return kept[first:]
