"""Files on a message of the chat page: read with a step each, then what was learned, and what could be done with it."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import chainlit as cl
from chainlit.context import context

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

    Empty where nothing stood there, or nothing could be read: then what there is to say is said already.
    """
    asked, files, found = message.content.strip(), files_of(message), list[Outcome]()
    studio = people.mine()

    def read(put: Put) -> None:
        found.extend(take(studio, files, put))
        put(ChatEvent("final"))

    await telling.tell(streamed(read, BROKEN))
    names = ", ".join(safe_name(each.name) for each in files)
    await _let_go(message, names)
    works = [each.work for each in found if each.work]
    if found:
        said = "\n\n".join(as_words(in_words(each)) for each in found)
        await cl.Message(content=said, actions=[] if asked else next_steps(works)).send()
        if not (asked and works):  # else the agent's answer keeps the exchange
            keep = partial(
                studio.remembering, talk, f"{asked} ({names})" if asked else names, said, [each.id for each in works]
            )
            await asyncio.to_thread(keep)
    return f"{asked} ({', '.join(each.id for each in works)})" if asked and works else ""


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
