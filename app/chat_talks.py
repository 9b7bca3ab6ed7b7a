"""Which conversation a chat page is in: the one its tab was in, one that was chosen from the list, or a new one.

Chainlit's own thread id is what the browser says it is, so ours is made here, and one that is gone on with is looked
up as who asks: a cookie (`public/talk.js`) is a wish, no proof.
"""

import asyncio
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from uuid import uuid4

import chainlit as cl
from chainlit.context import context

from app.accounts.who import who_asks
from app.linked_works import linked
from app.remembering import GREENROOM
from app.talks import Talks
from core.dialogue import Turn
from core.errors import NotFound

if TYPE_CHECKING:
    from app.studio import Studio

COOKIE = "greenroom_talk"
LAID = 80
"""How many turns of an earlier conversation are laid out: the newest. The agent knows all of them."""

WITHHELD = "What was said here may not be shown any more: its source or a person in it was withdrawn."
NOT_YOURS = (
    "There is no such conversation of yours. Those that you can go on with are under Earlier. This is a new one."
)

_KEPT = "talk"


async def enter(studio: "Studio") -> bool:
    """Choose this page's conversation and lay out what was said in it; say whether anything was.

    `studio` is that of who asks. What is not theirs is answered like what there is not.
    """
    wish, _, talk = _wished().partition(".")
    turns: list[Turn] = []
    try:
        turns = await asyncio.to_thread(lambda: Talks(studio).turns(talk)) if wish in ("open", "same") else []
    except NotFound:
        if wish == "open":  # of a tab's own nothing needs to be said: nothing was said in it yet
            await cl.Message(content=NOT_YOURS).send()
    await _keep(talk if turns else str(uuid4()))
    if len(turns) > LAID:
        await cl.Message(content=f"This conversation has {len(turns)} turns; these are the last {LAID}.").send()
    for turn in turns[-LAID:]:
        await _lay(turn, await asyncio.to_thread(linked, studio, turn.text))
    return bool(turns)


async def current() -> str:
    """Return the id of the conversation that this page is in; a new one where somebody else has come to the page."""
    kept = cl.user_session.get(_KEPT)
    if not kept or kept[0] != who_asks().by:
        return await _keep(str(uuid4()))
    return str(kept[1])


async def _keep(talk: str) -> str:
    cl.user_session.set(_KEPT, (who_asks().by, talk))
    await context.emitter.send_window_message({COOKIE: talk})  # the tab remembers it for its next load
    return talk


async def _lay(turn: Turn, text: str) -> None:
    kind = "assistant_message" if turn.speaker == GREENROOM else "user_message"
    said = cl.Message(content=text or WITHHELD, type=kind, created_at=turn.said_at.isoformat())
    await said.send()


def _wished() -> str:
    try:
        found = SimpleCookie(context.session.environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
