"""What the agent says and does, as a chat page shows it: words as they come, steps with what they found, cards."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import chainlit as cl
from chainlit.utils import utc_now

from app.chat_cards import Pages
from app.results import ChatEvent

TOOLS: dict[str, str] = {
    "recall": "Looking through your past work",
    "brief": "Making drafts",
    "revise": "Changing a draft",
    "tag": "Finding your tags",
    "localize": "Translating",
    "schedule": "Looking at the calendar",
    "pending": "Looking at what waits",
    "explain": "Looking up how a draft came to be",
}
"""What a tool's work is called where a person sees it."""

BROKEN = (
    "Something broke while I was at it; the reason is in the log. What waits for you is safe. "
    "Try again, or say it another way."
)

_DONE = object()


async def listen(events: Iterator[ChatEvent]) -> AsyncIterator[ChatEvent]:
    """Yield a blocking iterator's events without blocking the page."""
    while (event := await asyncio.to_thread(next, events, _DONE)) is not _DONE:
        assert isinstance(event, ChatEvent)
        yield event


class Telling:
    """One answer, as it unfolds on the page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._message: cl.Message | None = None
        self._open: defaultdict[str, list[cl.Step]] = defaultdict(list)  # by name: a graph may draft several at once
        self._tool: cl.Step | None = None
        self._said = False

    async def tell(self, events: Iterator[ChatEvent]) -> None:
        """Show every event of one answer."""
        ended = False
        async for event in listen(events):
            await getattr(self, f"_{event.kind}")(event)
            ended = event.kind in ("final", "notice")
        await self._end_message()
        if not ended:  # the agent's thread broke off; its own traceback is in the log
            await cl.Message(content=BROKEN).send()

    async def _token(self, event: ChatEvent) -> None:
        if self._message is None:
            self._message = cl.Message(content="")
        await self._message.stream_token(event.text)
        self._said = True

    async def _step(self, event: ChatEvent) -> None:
        await self._end_message()
        if event.done:
            await self._end_step(event)
        else:
            await self._begin_step(event)

    async def _proposals(self, event: ChatEvent) -> None:
        await self._end_message()
        count = len(event.proposals)
        said = (
            "Here is what I would send." if count == 1 else f"Here are {count} drafts, exactly as they would be sent."
        )
        await self._pages.lay(
            f"{said}, exactly as it would be sent. Nothing leaves until you approve it.", list(event.proposals)
        )

    async def _notice(self, event: ChatEvent) -> None:
        await self._end_message()
        await cl.Message(content=event.text).send()

    async def _final(self, event: ChatEvent) -> None:
        if event.text and not self._said:
            await cl.Message(content=event.text).send()

    async def _begin_step(self, event: ChatEvent) -> None:
        tool = event.name in TOOLS
        step = cl.Step(
            name=TOOLS.get(event.name, event.name), type="tool", default_open=tool, auto_collapse=tool, show_input=False
        )
        step.start = utc_now()
        if tool:
            self._tool = step
        elif self._tool:
            step.parent_id = self._tool.id
        self._open[event.name].append(step)
        await step.send()

    async def _end_step(self, event: ChatEvent) -> None:
        if not self._open[event.name]:
            return
        step = self._open[event.name].pop(0)
        step.end = utc_now()
        step.output = event.text
        if step is self._tool:
            self._tool = None
        await step.update()

    async def _end_message(self) -> None:
        if self._message:
            await self._message.update()
            self._message = None
