"""The cards that lie on open chat pages, kept true: whoever decides, wherever, every page shows it within a second.

Chainlit forgets its elements when a page is reloaded, so nothing is kept in them: a card is made from the database
whenever a page is opened, and sent again, in its place, whenever what it shows has changed.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import chainlit as cl
from chainlit.context import context
from chainlit.session import WebsocketSession, ws_sessions_id

from core.errors import GreenroomError

log = logging.getLogger("greenroom.chat")

LOOK_EVERY_S = 1.0


class Decidable(Protocol):
    """What a card is about: a proposal, a rule."""

    @property
    def id(self) -> str:
        """Its id."""


Item = TypeVar("Item", bound=Decidable)


class Table(Protocol[Item]):
    """Where the cards of one kind come from."""

    def latest(self, item_id: str, /) -> Item:
        """Return it as it is now, or what has taken its place."""

    def place(self, item: Item, /) -> str:
        """Return the id of its place on the table."""

    def stamps(self, item_ids: Iterable[str], /) -> dict[str, tuple[str, ...]]:
        """Return for each what changes whenever its card must."""

    def cards(self, items: Iterable[Item], /) -> list[dict[str, Any]]:
        """Return the props of each one's card."""


@dataclass
class Place:
    """Where one item (of a proposal: with all its versions) lies on one page."""

    message_id: str
    item_id: str
    stamp: tuple[str, ...] = ()
    sending: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while a card is read and sent: of two at once the older could arrive last, and lie there as true."""


@dataclass
class Pages(Generic[Item]):
    """Every open page and its cards of one kind."""

    table: Table[Item]
    element: str = "ReviewCard"  # the file in public/elements that draws them
    laid: dict[str, dict[str, Place]] = field(default_factory=dict)  # session id -> place's id -> place
    watcher: "asyncio.Task[None] | None" = None

    async def lay(self, message: cl.Message, items: Iterable[Item]) -> None:
        """Lay cards under a message of the page that is being served."""
        session = context.session
        places = self.laid.setdefault(session.id, {})
        for item in items:
            root = await asyncio.to_thread(self.table.place, item)
            places[root] = Place(message.id, item.id)
            await self._send(session, root, places[root])
        if self.watcher is None or self.watcher.done():
            self.watcher = asyncio.create_task(self._watch())

    def lies_here(self, item: Item) -> bool:
        """Say whether the page that is being served has a card of it."""
        return self.table.place(item) in self.laid.get(context.session.id, {})

    async def refresh(self, item_id: str) -> None:
        """Show something anew on every page where it lies."""
        root = await asyncio.to_thread(lambda: self.table.place(self.table.latest(item_id)))
        for session in self._open():
            if place := self.laid.get(session.id, {}).get(root):
                await self._send(session, root, place)

    async def _send(self, session: WebsocketSession, root: str, place: Place) -> None:
        async with place.sending:
            item = await asyncio.to_thread(self.table.latest, place.item_id)
            place.item_id = item.id
            stamp = (session.socket_id, *(await self._stamps([place]))[item.id])
            props = (await asyncio.to_thread(self.table.cards, [item]))[0]
            made = element(self.element, f"card-{root}", place.message_id, session.thread_id, props)
            await session.emit("element", made)
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
            stamp = stamps.get(place.item_id)  # none: laid while we looked, so it is true already
            # the socket is part of it: a page that lost its connection may have missed what was sent meanwhile
            if stamp and (session.socket_id, *stamp) != place.stamp:
                await self._send(session, root, place)

    async def _stamps(self, places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
        return await asyncio.to_thread(self.table.stamps, [place.item_id for place in places])

    def _open(self) -> list[WebsocketSession]:
        self.laid = {key: places for key, places in self.laid.items() if key in ws_sessions_id}
        return [ws_sessions_id[key] for key in self.laid]


def element(name: str, element_id: str, message_id: str, thread_id: str, props: dict[str, Any]) -> dict[str, Any]:
    """Return a card as Chainlit's page takes it; the same id again replaces it where it lies."""
    return {
        "id": element_id,
        "forId": message_id,
        "threadId": thread_id,
        "type": "custom",
        "name": name,
        "display": "inline",
        "mime": "application/json",
        "props": props,
    }
