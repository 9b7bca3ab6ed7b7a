"""A conversation with the agent, as a stream of events that every door can show."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from app.results import ChatEvent
from core.drafts import Attached
from core.errors import GreenroomError

BROKEN = "The answer broke off. Nothing was decided or sent. Say it another way, or begin a new conversation."

Keep = Callable[[str, str, str, list[str]], None]
"""Remembers one exchange: thread, what was asked, what was answered, what tools brought for it."""

Put = Callable[[ChatEvent], None]
"""Shows an event."""

_END = object()
_RECURSION = 24  # at most twelve rounds of tool calls to one message of a person

log = logging.getLogger(__name__)


@dataclass
class Along:
    """Pictures that a person gave with their words: they go with the first brief that starts in answer to these words.

    Nothing that a model says names a picture, adds one or leaves one out.
    """

    pictures: tuple[Attached, ...]
    told: str = ""  # what memory keeps of the person's words instead of them: with the pictures' names and alt texts
    brief_id: str = ""  # the brief that they went with

    @property
    def left(self) -> tuple[Attached, ...]:
        """Those that still go with a brief: none once they went with one."""
        return () if self.brief_id else self.pictures


class Conversing:
    """Runs the chat graph in a thread of its own and hands out what happens, as it happens."""

    def __init__(self, build: Callable[[Put, Along | None], Any], keep: Keep) -> None:
        self._build = build  # takes where events go and what goes along, returns the compiled chat graph
        self._keep = keep

    def say(self, thread_id: str, text: str, along: Along | None = None) -> Iterator[ChatEvent]:
        """Yield the events of one answer; an error ends it as a notice, and the conversation goes on after it."""
        return streamed(lambda put: self._stream(thread_id, text, along, put))

    def _stream(self, thread_id: str, text: str, along: Along | None, put: Callable[[Any], None]) -> None:
        graph = self._build(put, along)
        config: Any = {"configurable": {"thread_id": f"chat:{thread_id}"}, "recursion_limit": _RECURSION}
        said, brought = "", list[str]()
        messages = {"messages": [{"role": "user", "content": text}]}
        for mode, chunk in graph.stream(messages, config, stream_mode=["messages", "updates"], durability="sync"):
            if mode == "messages":
                piece = _token(chunk)
                said += piece
                if piece:
                    put(ChatEvent("token", text=piece))
            else:
                for event in _steps(chunk):
                    put(event)
                    brought += [event.text] if event.done else []
        put(ChatEvent("final", text=said))
        self._keep(thread_id, along.told if along and along.told else text, said, brought)


def streamed(work: Callable[[Put], None], broken: str = BROKEN) -> Iterator[ChatEvent]:
    """Do long work in a thread of its own, as whoever asks, and yield what it puts; an error ends it as a notice."""
    events: queue.Queue[Any] = queue.Queue()
    worker = threading.Thread(
        target=copy_context().run, args=(_run, work, events.put, broken), daemon=True, name="conversation"
    )
    worker.start()
    while (event := events.get()) is not _END:
        yield event
    worker.join()


def _run(work: Callable[[Put], None], put: Callable[[Any], None], broken: str) -> None:
    try:
        work(put)
    except GreenroomError as error:
        put(ChatEvent("notice", text=f"{error.message} {error.hint}".strip()))
    except Exception:  # a model can loop, or answer what can't be kept: that ends the answer, not the conversation
        log.exception("The conversation broke off.")
        put(ChatEvent("notice", text=broken))
    finally:
        put(_END)


def _token(chunk: Any) -> str:
    message, facts = chunk
    spoken = facts.get("langgraph_node") == "think" and message.type in ("ai", "AIMessageChunk")
    return message.text if spoken and isinstance(message.text, str) else ""


def _steps(update: dict[str, Any]) -> Iterator[ChatEvent]:
    for node, change in update.items():
        for message in (change or {}).get("messages", []):
            if node == "think":
                for call in getattr(message, "tool_calls", []):
                    yield ChatEvent("step", name=call["name"], text=_arguments(call["args"]))
            elif message.type == "tool":
                yield ChatEvent("step", name=message.name or "", text=str(message.content), done=True)


def _arguments(args: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in args.items() if value)
