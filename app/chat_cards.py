"""The cards that lie on open chat pages, kept true: whoever decides, wherever, every page shows it within a second.

Chainlit forgets its elements when a page is reloaded, so nothing is kept in them: a card is made from the database
whenever a page is opened, and sent again, in its place, whenever what it shows has changed.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import chainlit as cl
from chainlit.context import context
from chainlit.session import WebsocketSession, ws_sessions_id

from app.card_table import CardTable
from core.errors import GreenroomError
from core.proposals import Proposal

log = logging.getLogger("greenroom.chat")

LOOK_EVERY_S = 1.0


@dataclass
class Place:
    """Where one proposal (with all its versions) lies on one page."""

    message_id: str
    proposal_id: str
    stamp: tuple[str, ...] = ()
    sending: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while a card is read and sent: of two at once the older could arrive last, and lie there as true."""


@dataclass
class Pages:
    """Every open page and its cards."""

    table: CardTable
    laid: dict[str, dict[str, Place]] = field(default_factory=dict)  # session id -> first version's id -> its place
    watcher: "asyncio.Task[None] | None" = None

    async def lay(self, message: cl.Message, proposals: Iterable[Proposal]) -> None:
        """Lay cards under a message of the page that is being served."""
        session = context.session
        places = self.laid.setdefault(session.id, {})
        for proposal in proposals:
            root = await asyncio.to_thread(self.table.place, proposal)
            places[root] = Place(message.id, proposal.id)
            await self._send(session, root, places[root])
        if self.watcher is None or self.watcher.done():
            self.watcher = asyncio.create_task(self._watch())

    async def refresh(self, proposal_id: str) -> None:
        """Show a proposal anew on every page where it lies."""
        root = await asyncio.to_thread(lambda: self.table.place(self.table.latest(proposal_id)))
        for session in self._open():
            if place := self.laid.get(session.id, {}).get(root):
                await self._send(session, root, place)

    async def _send(self, session: WebsocketSession, root: str, place: Place) -> None:
        async with place.sending:
            proposal = await asyncio.to_thread(self.table.latest, place.proposal_id)
            place.proposal_id = proposal.id
            stamp = (session.socket_id, *(await self._stamps([place]))[proposal.id])
            props = (await asyncio.to_thread(self.table.cards, [proposal]))[0]
            await session.emit("element", element(f"card-{root}", place.message_id, session.thread_id, props))
            place.stamp = stamp  # not before: what could not be sent is sent at the next look

    async def _watch(self) -> None:
        while self._open():
            await asyncio.sleep(LOOK_EVERY_S)
            for session in self._open():
                try:
                    await self._look(session)
                except GreenroomError as error:  # a busy database, a forgotten proposal: the next look may do better
                    log.warning("cards could not be looked at: %s", error.message)
                except Exception:  # one page's trouble must not end the watch for all of them
                    log.exception("cards of one page could not be looked at")

    async def _look(self, session: WebsocketSession) -> None:
        places = self.laid.get(session.id, {})  # a page may close while others are looked at
        stamps = await self._stamps(list(places.values()))
        for root, place in list(places.items()):
            stamp = stamps.get(place.proposal_id)  # none: laid while we looked, so it is true already
            # the socket is part of it: a page that lost its connection may have missed what was sent meanwhile
            if stamp and (session.socket_id, *stamp) != place.stamp:
                await self._send(session, root, place)

    async def _stamps(self, places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
        return await asyncio.to_thread(self.table.stamps, [place.proposal_id for place in places])

    def _open(self) -> list[WebsocketSession]:
        self.laid = {key: places for key, places in self.laid.items() if key in ws_sessions_id}
        return [ws_sessions_id[key] for key in self.laid]


def element(element_id: str, message_id: str, thread_id: str, props: dict[str, Any]) -> dict[str, Any]:
    """Return a review card as Chainlit's page takes it; the same id again replaces it where it lies."""
    return {
        "id": element_id,
        "forId": message_id,
        "threadId": thread_id,
        "type": "custom",
        "name": "ReviewCard",
        "display": "inline",
        "mime": "application/json",
        "props": props,
    }
