"""The chat page: what a person writes goes to the agent, what waits lies there as cards. Chainlit loads this file."""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import chainlit as cl
from chainlit.context import context

from app import chat_drops, chat_pictures, chat_talks
from app.accounts.who import People
from app.asking import is_text
from app.card_table import CardTable, Reply
from app.chat_cards import Pages
from app.chat_events import Telling
from app.chat_studio import served
from app.linked_works import linked
from app.rule_table import SHOWN, RuleReply, RuleTable
from app.web_errors import writable
from core.preferences import Preference

studio = served()
people = People(studio)
table = CardTable(studio)
pages = Pages(table)
rule_table = RuleTable(studio)
rule_pages = Pages(rule_table, element="RuleCard")

Answer = TypeVar("Answer", Reply, RuleReply)

NO_TEXT = "A sign in this came in half, so it could not be kept. Nothing was changed; type it once more."

_PENDING = re.compile(
    r"\s*(?:show )?(?:me )?(?:pending|what(?: is|'s)? wait(?:s|ing)(?: for me)?)\s*[?.]?\s*", re.IGNORECASE
)


async def starters() -> list[cl.Starter]:
    """Offer the best next steps on an empty page."""
    return [cl.Starter(label=label, message=message) for label, message in await asyncio.to_thread(table.starters)]


async def open_page() -> None:
    """Lay out what was said, and what waits: cards come from the database, so a reload or a restart loses none."""
    await chat_talks.enter(people.mine())
    said, proposals = await asyncio.to_thread(table.waiting)
    asked, found = await asyncio.to_thread(rule_table.waiting)
    if proposals:
        await pages.lay(await cl.Message(content=said, actions=await _steps(1)).send(), proposals)
    if found:
        steps = [] if proposals else await _steps(0)
        await rule_pages.lay(await cl.Message(content=asked, actions=steps).send(), found)
    await chat_pictures.lay(people.mine(), await chat_talks.current())


async def _steps(first: int) -> list[cl.Action]:
    steps = (await asyncio.to_thread(table.starters))[first:]
    return [cl.Action(name="say", payload={"text": text}, label=label) for label, text in steps]


async def answer(message: cl.Message) -> None:
    """Answer what a person wrote, and what they dropped."""
    text = message.content = writable(message.content)
    if chat_drops.files_of(message):
        text = await chat_drops.learn(people, message, await chat_talks.current(), _telling())
    elif text.strip() and not (_PENDING.fullmatch(text) or text.startswith("/")):
        text = await chat_pictures.heard(people.mine(), await chat_talks.current(), text, _telling())
    if text:
        await _answer(text)


async def say(action: cl.Action) -> None:
    """Take a suggested next step as if the person had written it."""
    text = writable(str(action.payload.get("text", "")))
    shown = await asyncio.to_thread(linked, people.mine(), text)
    await cl.Message(content=shown, type="user_message").send()
    await context.emitter.task_start()
    try:
        await _answer(text)
    finally:
        await context.emitter.task_end()


async def picture(action: cl.Action) -> None:
    """Do with a dropped picture what a button says."""
    await context.emitter.task_start()
    try:
        asked = action.payload if is_text(action.payload) else {}
        if text := await chat_pictures.chosen(people.mine(), await chat_talks.current(), asked, _telling()):
            await _answer(text)
    finally:
        await context.emitter.task_end()


async def decide(action: cl.Action) -> dict[str, Any]:
    """Take a decision from a card."""
    return await _reply(await _asked(_mine().decide, action, Reply(NO_TEXT)))


async def undo(action: cl.Action) -> dict[str, Any]:
    """Take a decision back from a card."""
    return await _reply(await _asked(_mine().undo, action, Reply(NO_TEXT)))


async def document(action: cl.Action) -> dict[str, Any]:
    """Give a card the text that a person edits."""
    return await _reply(await _asked(table.document, action, Reply(NO_TEXT)))


async def rule(action: cl.Action) -> dict[str, Any]:
    """Take a person's word on a learned rule from its card."""
    reply = await _asked(RuleTable(people.mine()).say, action, RuleReply(NO_TEXT))
    if reply.touched:
        await rule_pages.refresh(reply.touched)
    return reply.as_json()


async def _asked(table: Callable[[Mapping[str, Any]], Answer], action: cl.Action, refusal: Answer) -> Answer:
    """Ask a table what a card asks for. Half a pair of signs is no text: nothing is done with it."""
    return await asyncio.to_thread(table, action.payload) if is_text(action.payload) else refusal


def _mine() -> CardTable:
    """Return the cards as whoever asks may decide them: a card is no proof, and neither is an open page."""
    return CardTable(people.mine())


async def _reply(reply: Reply) -> dict[str, Any]:
    if reply.touched:
        await pages.refresh(reply.touched)
    if reply.made:
        await pages.lay(await cl.Message(content="Here are the drafts for the angles you chose.").send(), reply.made)
    if reply.taught:
        await _ask_about(await asyncio.to_thread(rule_table.asked_by, reply.taught))
    return reply.as_json()


async def _ask_about(found: list[Preference]) -> None:
    """Lay the rules that an edit lets ask; those that lie here already show the new edit where they are."""
    known = [each for each in found if rule_pages.lies_here(each)]
    for each in known:
        await rule_pages.refresh(each.id)
    if new := [each for each in found if each not in known][:SHOWN]:
        said = "This edit shows a habit of yours." if len(new) == 1 else "This edit shows habits of yours."
        await rule_pages.lay(await cl.Message(content=said).send(), new)


async def _answer(text: str) -> None:
    if _PENDING.fullmatch(text):
        said, pending = await asyncio.to_thread(table.pending)
        await pages.lay(await cl.Message(content=said).send(), pending)
        return
    studio, talk = people.mine(), await chat_talks.current()
    there = chat_pictures.held(talk)
    along = there.along(text) if there else None
    await _telling().tell(studio.converse(talk, text, along))
    await chat_pictures.after(studio, talk, along)


def _telling() -> Telling:
    return Telling(pages, partial(linked, people.mine()))


cl.set_starters(starters)
cl.on_chat_start(open_page)
cl.on_message(answer)
for callback in (say, picture, decide, undo, document, rule):
    cl.action_callback(callback.__name__)(callback)
