"""What people are told unasked: something waits for them, or went wrong. Once, also across restarts."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from app.slack_door.home import Homes
from app.slack_door.people import SlackPeople
from app.slack_door.places import Places, say
from app.slack_door.talking import SHOWN, Talking
from app.watching import Watch, Watched
from app.wording import number_of, shortened
from core.errors import GreenroomError
from core.proposals import Proposal

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger("greenroom.slack")

IDLE_S = 2.0
"""How often what could not be shown is tried again."""

WRONG = {
    "unknown": "It is not certain whether this is live. It will be looked up; nothing is sent twice.",
    "needs_human": "This needs you: look there whether it is live, then decide (greenroom publications).",
    "rejected": "The platform refused this. It is not live.",
    "missed": "This missed its time, and was not sent.",
    "paused_auth": "This waits until its account is connected again. It was not sent.",
}
"""What is said of a publication that did not simply go out."""


@dataclass
class Announcing:
    """Watches the studio for Slack: cards first, then messages."""

    places: Places
    people: SlackPeople
    talking: Talking
    client: "AsyncWebClient"
    watch: Watch
    homes: Homes
    channel: str | None = None
    _new: dict[str, Watched] = field(default_factory=dict)
    _wrong: dict[str, Watched] = field(default_factory=dict)
    _homes_due: bool = False
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Watch until cancelled. One trouble ends nothing; messages are told beside, so that no card waits for them."""
        kept = await asyncio.to_thread(self.watch.look)
        number = self.watch.number
        await self._guarded(self.places.refresh_all())
        self._take_in(list(kept.values()))
        teller = asyncio.create_task(self._tell())
        try:
            async for changes in self.watch.listen(number, IDLE_S):
                if changes is None:
                    await self._guarded(self.places.refresh_all())
                    self._take_in(list(self.watch.kept.values()))
                    continue
                await asyncio.gather(*(self._guarded(self.places.refresh(each.proposal_id)) for each in changes))
                if not changes:
                    await self._guarded(self.places.again())
                self._homes_due = self._homes_due or bool(changes)
                self._take_in([each.now for each in changes if each.now])
        finally:
            teller.cancel()

    def _take_in(self, all_: list[Watched]) -> None:
        for each in all_:
            if each.stamp.publication in WRONG:
                self._wrong[each.row.id] = each
            elif each.open and each.stamp.state == "waiting":
                self._new[each.row.id] = each
        self._bell.set()

    async def _tell(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            wrong, self._wrong = self._wrong, {}
            for each in wrong.values():
                await self._guarded(self._tell_wrong(each))
            await self._guarded(self._tell_new())
            if self._homes_due:
                self._homes_due = False
                await self._guarded(self.homes.publish_all())

    async def _tell_wrong(self, each: Watched) -> None:
        notes, space = self.places.studio.memory.slack_notes, self.places.studio.workspace.id
        told = f"wrong:{each.row.id}:{each.stamp.publication}"
        if not await asyncio.to_thread(notes.begin, space, told):
            return
        proposal = await asyncio.to_thread(self.places.studio.show, each.row.id)
        private = await asyncio.to_thread(lambda: self.places.is_private(proposal, proposal.text))
        what = each.row.channel if private else f"{each.row.channel}: \u201c{shortened(each.row.text, 80)}\u201d"
        for where in await self._where():
            await say(self.client, f"{WRONG[each.stamp.publication]}\n{what}", where)
            await self.places.lay([proposal], where)
        await asyncio.to_thread(notes.end, space, told)

    async def _tell_new(self) -> None:
        if self.talking.busy or not self._new:  # what is being made for somebody here is laid where they asked for it
            return
        new, self._new = self._new, {}
        notes, space = self.places.studio.memory.slack_notes, self.places.studio.workspace.id
        fresh: list[Proposal] = []
        for each in new.values():
            proposal = await asyncio.to_thread(self.places.studio.show, each.row.id)
            if proposal.state != "waiting" or await self.places.lies(proposal):
                continue
            if await asyncio.to_thread(notes.begin, space, f"new:{each.row.id}"):
                fresh.append(proposal)
        if not fresh:
            return
        waits = number_of(len(fresh), "draft waits", "drafts wait")
        more = f" Here are the first {SHOWN}; write `pending` for the others." if len(fresh) > SHOWN else ""
        for where in await self._where():
            sent = await self.client.chat_postMessage(channel=where, text=f"{waits} for a decision.{more}")
            await self.places.lay(fresh[:SHOWN], str(sent["channel"]), str(sent["ts"]))

    async def _where(self) -> list[str]:
        return [self.channel] if self.channel else await asyncio.to_thread(self.people.reviewers)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (SlackApiError, GreenroomError, OSError, TimeoutError) as error:
            log.warning("something could not be told in Slack: %s", error)
        except Exception:  # one message's trouble must not end the watch
            log.exception("something could not be told in Slack")
