"""The Home tab: all that waits, for who looks at it."""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from app.slack_door.blocks import button, section
from app.slack_door.people import SlackPeople, said
from app.slack_door.words import escaped, escaped_pieces, link, refusal
from app.wording import STATES, number_of, shortened
from core.errors import GreenroomError
from core.proposals import MARKS, Proposal

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

MOST = 90
"""Drafts on a Home tab: Slack takes 100 blocks."""

KEPT = 50
"""How many people's Home tabs are kept true while they may be looking."""


@dataclass
class Homes:
    """The Home tabs that were opened."""

    people: SlackPeople
    client: "AsyncWebClient"
    _open: dict[str, None] = field(default_factory=dict)  # Slack users, the latest last

    async def opened(self, user: str) -> None:
        """Show somebody their Home tab, and keep it true from now on."""
        self._open.pop(user, None)
        self._open[user] = None
        while len(self._open) > KEPT:
            self._open.pop(next(iter(self._open)))
        await self._publish(user)

    async def publish_all(self) -> None:
        """Show every Home tab anew."""
        for user in list(self._open):
            await self._publish(user)

    async def _publish(self, user: str) -> None:
        view = {"type": "home", "blocks": await asyncio.to_thread(self._blocks, user)}
        try:
            await self.client.views_publish(user_id=user, view=view)
        except SlackApiError as error:
            log.warning("a Home tab could not be shown: %s", refusal(error))

    def _blocks(self, user: str) -> list[dict[str, Any]]:
        try:
            studio = self.people.of(user)
        except GreenroomError as error:
            return [section(part) for part in escaped_pieces(said(error))]
        pending = studio.pending()
        waits = number_of(len(pending), "draft waits", "drafts wait") if pending else "Nothing waits"
        head = {"type": "header", "text": {"type": "plain_text", "text": f"{waits} for you", "emoji": False}}
        over = len(pending) - MOST
        more = [section(f"And {over} more: {_board(studio)}.")] if over > 0 else []
        return [head, *(_row(studio, each) for each in pending[:MOST]), *more]


def _row(studio: "Studio", proposal: Proposal) -> dict[str, Any]:
    private = studio.memory.privacy.is_private(studio.workspace.id, proposal.brief_id)
    text = "marked private: its text is not shown here" if private else escaped(shortened(proposal.text, 200))
    row = section(f"{MARKS[proposal.state][2]} *{escaped(proposal.channel)}* {STATES[proposal.state]}\n{text}")
    return row | {"accessory": button("greenroom_show", "Review", json.dumps({"id": proposal.id}))}


def _board(studio: "Studio") -> str:
    return link(studio.settings.public_url, "on the board") if studio.settings.public_url else "on the board"
