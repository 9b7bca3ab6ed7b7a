"""What the agent says and does, as a chat page shows it: words as they come, steps with what they found, cards."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator

import chainlit as cl
from chainlit.context import context
from chainlit.utils import utc_now

from app.chat_cards import Pages
from app.results import ChatEvent
from app.wording import shortened
from core.proposals import Proposal

TOOLS: dict[str, str] = {
    "recall": "Looking through your past work",
    "said": "Looking through what was said",
    "angles": "Finding angles",
    "brief": "Making drafts",
    "revise": "Changing a draft",
    "tag": "Finding your tags",
    "localize": "Translating",
    "schedule": "Proposing a time",
    "pending": "Looking at what waits",
    "show": "Looking at a draft",
    "explain": "Looking up how a draft came to be",
    "calendar": "Looking at the calendar",
    "voice_score": "Listening for your voice",
    "check": "Checking",
    "assist": "Looking for places to change",
    "usage": "Adding up what it cost",
}
"""What a tool's work is called where a person sees it."""

CARDS = "Exactly as it would be sent. Nothing leaves until you approve it."

BROKEN = (
    "Something broke while I was at it; the reason is in the log. What waits for you is safe. "
    "Try again, or say it another way."
)

_DONE = object()
_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#+~|!&$^-]|(?<=\d)[.)](?=\s)")


async def listen(events: Iterator[ChatEvent]) -> AsyncIterator[ChatEvent]:
    """Yield a blocking iterator's events without blocking the page."""
    while (event := await asyncio.to_thread(next, events, _DONE)) is not _DONE:
        assert isinstance(event, ChatEvent)
        yield event


class Telling:
    """One answer, as it unfolds on the page. `named` writes the ids of works in it as a person reads them."""

    def __init__(self, pages: Pages[Proposal], named: Callable[[str], str] = str) -> None:
        self._pages = pages
        self._named = named
        self._message: cl.Message | None = None
        self._open: defaultdict[str, list[cl.Step]] = defaultdict(list)  # by name: a graph may draft several at once
        self._tool: cl.Step | None = None
        self._said = False

    async def tell(self, events: Iterator[ChatEvent]) -> None:
        """Show every event of one answer."""
        kind = ""
        async for event in listen(events):
            kind = event.kind
            await getattr(self, f"_{kind}")(event)
        await self._end_message()
        if kind not in ("final", "notice"):  # the agent's thread broke off; its own traceback is in the log
            await cl.Message(content=BROKEN).send()

    async def _token(self, event: ChatEvent) -> None:
        if self._message is None:
            self._message = cl.Message(content="")
        if self._message.content == CARDS:
            self._message.content = ""
        await self._message.stream_token(event.text)
        self._said = True

    async def _step(self, event: ChatEvent) -> None:
        if event.done:
            await self._end_step(event)
        else:
            await self._end_message()
            await self._begin_step(event)

    async def _proposals(self, event: ChatEvent) -> None:
        """Lay the cards; what the agent says next stands above them, in the same message."""
        await self._end_message()
        self._message = await cl.Message(content=CARDS).send()
        await self._pages.lay(self._message, event.proposals)

    async def _notice(self, event: ChatEvent) -> None:
        await self._end_message()
        await cl.Message(content=await asyncio.to_thread(self._named, event.text)).send()

    async def _final(self, event: ChatEvent) -> None:
        if event.text and not self._said:
            await cl.Message(content=await asyncio.to_thread(self._named, event.text)).send()

    async def _begin_step(self, event: ChatEvent) -> None:
        tool = event.name in TOOLS
        step = cl.Step(
            name=TOOLS.get(event.name, event.name), type="tool", default_open=tool, auto_collapse=tool, show_input=False
        )
        step.start = utc_now()
        run = context.current_run
        step.parent_id = self._tool.id if self._tool and not tool else run.id if run else None
        if tool:
            self._tool = step
        self._open[event.name].append(step)
        await step.send()

    async def _end_step(self, event: ChatEvent) -> None:
        step = self._ended(event.name)
        if step is None:
            return
        step.end = utc_now()
        step.output = findings(event)
        await step.update()
        if step is self._tool:
            self._tool = None

    def _ended(self, name: str) -> cl.Step | None:
        """Return the open step of that name; of several that run at once (`Writing a draft: X`), the first."""
        for known, steps in self._open.items():
            if steps and (known == name or known.startswith(f"{name}:")):
                return steps.pop(0)
        return None

    async def _end_message(self) -> None:
        if self._message:
            self._message.content = await asyncio.to_thread(self._named, self._message.content)
            await self._message.update()
            self._message = None


def findings(event: ChatEvent) -> str:
    """Return what a step found, where a person wants to see it: the past works, with a passage of each."""
    if event.name != "recall":
        return ""
    try:
        works = json.loads(event.text)["results"]
    except (ValueError, KeyError, TypeError):  # the tool said in words why there is nothing
        return event.text
    return "\n".join(
        f"- **{as_words(work['title'])}**: {as_words(shortened(' '.join(work['passages'][:1]), 240))}" for work in works
    )


def as_words(text: str) -> str:
    """Return what somebody wrote so that a chat page, which reads Markdown, shows it as it is: no link, no picture."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(str(text).split()))
