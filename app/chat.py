"""The chat page: what a person writes goes to the agent, what waits lies there as cards. Chainlit loads this file."""

import asyncio
import re
from typing import Any

import chainlit as cl
from chainlit.context import context

from app.accounts.who import People
from app.card_table import CardTable, Reply
from app.chat_cards import Pages
from app.chat_events import Telling
from app.chat_studio import served

studio = served()
people = People(studio)
table = CardTable(studio)
pages = Pages(table)

_PENDING = re.compile(
    r"\s*(?:show )?(?:me )?(?:pending|what(?: is|'s)? wait(?:s|ing)(?: for me)?)\s*[?.]?\s*", re.IGNORECASE
)


async def starters() -> list[cl.Starter]:
    """Offer the best next steps on an empty page."""
    return [cl.Starter(label=label, message=message) for label, message in await asyncio.to_thread(table.starters)]


async def open_page() -> None:
    """Lay out what waits: cards come from the database, so a reload or a restart loses none."""
    said, proposals = await asyncio.to_thread(table.waiting)
    if proposals:
        steps = (await asyncio.to_thread(table.starters))[1:]
        actions = [cl.Action(name="say", payload={"text": text}, label=label) for label, text in steps]
        await pages.lay(await cl.Message(content=said, actions=actions).send(), proposals)


async def answer(message: cl.Message) -> None:
    """Answer what a person wrote."""
    await _answer(message.content)


async def say(action: cl.Action) -> None:
    """Take a suggested next step as if the person had written it."""
    text = str(action.payload.get("text", ""))
    await cl.Message(content=text, type="user_message").send()
    await context.emitter.task_start()
    try:
        await _answer(text)
    finally:
        await context.emitter.task_end()


async def decide(action: cl.Action) -> dict[str, Any]:
    """Take a decision from a card."""
    return await _reply(await asyncio.to_thread(_mine().decide, action.payload))


async def undo(action: cl.Action) -> dict[str, Any]:
    """Take a decision back from a card."""
    return await _reply(await asyncio.to_thread(_mine().undo, action.payload))


async def document(action: cl.Action) -> dict[str, Any]:
    """Give a card the text that a person edits."""
    return await _reply(await asyncio.to_thread(table.document, action.payload))


def _mine() -> CardTable:
    """Return the cards as whoever asks may decide them: a card is no proof, and neither is an open page."""
    return CardTable(people.mine())


async def _reply(reply: Reply) -> dict[str, Any]:
    if reply.touched:
        await pages.refresh(reply.touched)
    if reply.made:
        await pages.lay(await cl.Message(content="Here are the drafts for the angles you chose.").send(), reply.made)
    return reply.as_json()


async def _answer(text: str) -> None:
    if _PENDING.fullmatch(text):
        pending = await asyncio.to_thread(studio.pending)
        said = "This waits for you." if pending else "Nothing waits for you."
        await pages.lay(await cl.Message(content=said).send(), pending)
        return
    await Telling(pages).tell(people.mine().converse(context.session.thread_id, text))


cl.set_starters(starters)
cl.on_chat_start(open_page)
cl.on_message(answer)
for callback in (say, decide, undo, document):
    cl.action_callback(callback.__name__)(callback)
