"""The rehearsal model behind LangChain's port: deterministic, offline, and open about what it is."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, PrivateAttr

import prompts
from models.rehearsal.answering import answer
from models.rehearsal.conversation import Turn, converse
from models.rehearsal.vectors import Embed, Vectors

_WORDS = re.compile(r"\S+\s*|\s+")


class RehearsalModel(BaseChatModel):
    """Answers the tasks of `models.tasks` by extraction, and the requests of `understands.yaml` in conversation."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    embed: Embed | None = None
    is_rehearsal: bool = True
    _vectors: Vectors = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Open the memory of vectors that all drafts of a brief share."""
        super().model_post_init(context)
        self._vectors = Vectors(self.embed)

    @property
    def _llm_type(self) -> str:
        return "rehearsal"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": "rehearsal"}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | Any],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """Bind the tools it may call; it calls only those it knows how to use."""
        names = [convert_to_openai_tool(tool)["function"]["name"] for tool in tools]
        return self.bind(tool_names=names, **kwargs)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        turn = self._turn(messages, kwargs.get("tool_names", ()))
        message = AIMessage(turn.text, tool_calls=turn.calls(), usage_metadata=_NO_TOKENS)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        turn = self._turn(messages, kwargs.get("tool_names", ()))
        chunks = [AIMessageChunk(content=word) for word in _WORDS.findall(turn.text)]
        calls = [
            tool_call_chunk(name=call.name, args=json.dumps(call.arguments), id=call.id, index=place)
            for place, call in enumerate(turn.tools)
        ]
        chunks.append(
            AIMessageChunk(content="", tool_call_chunks=calls, usage_metadata=_NO_TOKENS, chunk_position="last")
        )
        for message in chunks:
            chunk = ChatGenerationChunk(message=message)
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _turn(self, messages: list[BaseMessage], tool_names: Sequence[str]) -> Turn:
        asked = next((m for m in reversed(messages) if isinstance(m, HumanMessage)), None)
        request = prompts.parse_request(asked.text) if asked is not None else None
        if request:
            return Turn(text=answer(*request, self._vectors).model_dump_json())
        return converse(messages, tool_names)


_NO_TOKENS = UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)
