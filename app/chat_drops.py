"""Files on a message of the chat page: read with a step each, then what was learned, and what could be done with it."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import chainlit as cl
from chainlit.context import context

from app import chat_pictures
from app import given_pictures as given
from app.accounts.who import People
from app.chat_events import Telling, as_words
from app.conversing import Put, streamed
from app.dropped import Dropped, Outcome, in_words, safe_name, take, title_of
from app.results import ChatEvent
from core.works import Work

BROKEN = "Reading broke off; the reason is in the log. Look into the files, and drop them again."


FETCHED_S = 3.0
"""How long an uploaded file stays after it was read: the page may be on its way to fetch a picture's thumbnail."""


def files_of(message: cl.Message) -> list[Dropped]:
    """Return the files that came with a message."""
    return [Dropped(str(each.name), Path(each.path)) for each in message.elements if each.path]


async def learn(people: People, message: cl.Message, talk: str, telling: Telling) -> str:
    """Remember a message's files; return what to ask the agent: what stood beside them, with the works they became.

    Its pictures go along with that. Empty where nothing stood there, nothing could be read, or a question about a
    picture comes first: then what there is to say is said already.
    """
    asked, files, studio = message.content.strip(), files_of(message), people.mine()
    pictures = [each for each in files if given.is_picture(each)]
    there = chat_pictures.begin(talk, bool(pictures))
    before, found, refused = len(there.shown), list[Outcome](), list[str]()

    def read(put: Put) -> None:
        found.extend(take(studio, [each for each in files if each not in pictures], put))
        private = given.is_private(studio, asked, [each.work.id for each in found if each.work])
        refused.extend(given.look(studio, there, pictures, put, private=private))
        put(ChatEvent("final"))

    await telling.tell(streamed(read, BROKEN))
    names = [safe_name(each.name) for each in files]
    await _let_go(message, ", ".join(names))
    works, new = [each.work for each in found if each.work], there.shown[before:]
    there.words, there.works = asked or there.words, (*there.works, *(each.id for each in works))
    asks = await asyncio.to_thread(chat_pictures.question, studio, there) if there.waits else None
    told = given.among(new, names)
    there.told = f"{asked} ({told})" if asked else told
    goes_on = bool(asked and (works or new)) and asks is None
    lines, steps = chat_pictures.seen(new)
    said = "\n\n".join([*(as_words(in_words(each)) for each in found), *map(as_words, refused), *lines])
    if not asked:
        steps += next_steps(works)
    if asks:
        said, steps = f"{said}\n\n{asks[0]}".strip(), [*steps, *asks[1]]
    if said:
        await cl.Message(content=said, actions=steps).send()
        if not goes_on:  # else the agent's answer keeps the exchange
            keep = partial(studio.remembering, talk, there.told, said, [each.id for each in works])
            await asyncio.to_thread(keep)
    return there.text if goes_on else ""


def next_steps(works: Sequence[Work]) -> list[cl.Action]:
    """Return what can be done with what was just remembered, of several with the first."""
    if not works:
        return []
    work = works[0]
    of = f" {title_of(work)}" if len(works) > 1 else " it"
    steps = (
        (f"Make a week of posts from{of}", f"Make a week of posts from {title_of(work)} ({work.id})"),
        (f"Find angles in{of}", f"Find angles for {title_of(work)} ({work.id})"),
    )
    return [cl.Action(name="say", payload={"text": text}, label=label) for label, text in steps]


async def _let_go(message: cl.Message, names: str) -> None:
    """Take the files off the page and off this machine: what was read is in memory, and the rest is not kept."""
    message.content = f"{message.content.strip()} ({names})" if message.content.strip() else names
    await message.update()
    for each in message.elements:
        await each.remove()
        if kept := context.session.files.get(each.id):
            asyncio.get_running_loop().call_later(
                FETCHED_S, _unlink, context.session.files, each.id, Path(kept["path"])
            )


def _unlink(files: dict[str, Any], file_id: str, path: Path) -> None:
    files.pop(file_id, None)
    path.unlink(missing_ok=True)
