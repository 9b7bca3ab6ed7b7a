"""Where cards lie in Slack, kept true: whoever decides, wherever, the card shows it, and its buttons change.

A place is a row: after a restart every card that changed meanwhile is shown anew before anything else.
"""

import asyncio
import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from slack_sdk.errors import SlackApiError

from app.card_table import CardTable
from app.slack_door.blocks import Shown, card_blocks, gone_blocks, private_blocks, quoted, section
from app.slack_door.charts import Chart, Charts, chart_of
from app.slack_door.laying import TROUBLE, take_away, upload
from app.slack_door.words import cut, escaped, escaped_pieces, pieces, refusal
from core.errors import GreenroomError, NotFound
from core.pictures import pictures_of
from core.proposals import OPEN_STATES, Proposal
from memory.slack_notes import SlackMessage

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

MOST_MESSAGES = 4
"""A rest of more parts than this is a file."""

_GONE = ("message_not_found", "channel_not_found", "cant_update_message", "is_archived", "not_in_channel")


class Stands(NamedTuple):
    """A card as it stands: what is shown, what it was when it was, and its voice's picture. No proposal: it is gone."""

    proposal: Proposal | None
    shown: Shown
    stamp: str
    chart: Chart | None


@dataclass
class Places:
    """Every card that lies in Slack."""

    studio: "Studio"
    client: "AsyncWebClient"
    charts: Charts = field(init=False)
    _locks: "defaultdict[str, asyncio.Lock]" = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _late: set[str] = field(default_factory=set)  # places that could not be shown: the next look tries again

    def __post_init__(self) -> None:
        self.charts = Charts(self.studio, self.client)

    @property
    def table(self) -> CardTable:
        """The cards, as everybody sees them."""
        return CardTable(self.studio)

    async def lay(self, proposals: Iterable[Proposal], channel: str, thread: str | None = None) -> None:
        """Lay a card for each proposal."""
        for proposal in proposals:
            shown, _ = await asyncio.to_thread(self._shown, proposal)
            sent = await self.client.chat_postMessage(
                channel=channel, thread_ts=thread, blocks=shown.blocks, text=shown.text, unfurl_links=False
            )
            await self.adopt(proposal.id, str(sent["channel"]), str(sent["ts"]), thread or "", anew=False)
            await self._pictures(proposal, str(sent["channel"]), thread or str(sent["ts"]))

    async def adopt(self, proposal_id: str, channel: str, ts: str, thread: str = "", *, anew: bool = True) -> None:
        """Note that a card lies there: just laid, or one that a crash left without a note."""
        try:
            root = await asyncio.to_thread(lambda: self.table.place(self.studio.show(proposal_id)))
        except NotFound:
            return
        if anew and any((each.channel, each.ts) == (channel, ts) for each in await self._of([root])):
            return
        notes, space = self.studio.memory.slack_notes, self.studio.workspace.id
        place = await asyncio.to_thread(
            lambda: notes.lay(space, channel, ts, thread=thread, root=root, proposal_id=proposal_id)
        )
        await self.show(place)

    async def refresh(self, proposal_id: str) -> None:
        """Show a proposal (whichever version of it) anew wherever it lies."""
        try:
            root = await asyncio.to_thread(lambda: self.table.place(self.studio.show(proposal_id)))
        except NotFound:
            lying = [each for each in await self._of(None) if proposal_id in (each.proposal_id, each.root)]
        else:
            lying = await self._of([root])
        await asyncio.gather(*(self.show(each) for each in lying))

    async def refresh_all(self) -> None:
        """Show anew whatever has changed since it was shown: at a start, and where too much changed to be told."""
        for place in await self._of(None):
            await self.show(place)

    async def again(self) -> None:
        """Try once more what could not be shown."""
        late, self._late = self._late, set()
        for place in await self._of(None) if late else ():
            if place.id in late:
                await self.show(place)

    async def lies(self, proposal: Proposal) -> bool:
        """Say whether a proposal, or a version before it, lies anywhere."""
        root = await asyncio.to_thread(self.table.place, proposal)
        return bool(await self._of([root]))

    async def show(self, place: SlackMessage) -> None:
        """Show one card as it stands, unless that is what lies there. What fails is tried again."""
        try:
            async with self._locks[place.id]:
                await self._show(place)
        except SlackApiError as error:
            if refusal(error) in _GONE:
                await asyncio.to_thread(self.studio.memory.slack_notes.lift, place.id)
                return
            self._late.add(place.id)
            log.warning("a card could not be shown in Slack: %s", refusal(error))
        except (GreenroomError, OSError, TimeoutError) as error:
            self._late.add(place.id)
            log.warning("a card could not be shown in Slack: %s", error)

    async def _show(self, place: SlackMessage) -> None:
        now = next((each for each in await self._of([place.root]) if each.id == place.id), None)
        if now is None:
            return
        stands = await asyncio.to_thread(self._as_it_stands, now)
        if stands.stamp != now.stamp:
            await self._update(now, stands)
        if stands.proposal is not None:
            self.charts.keep(now, stands.chart)

    async def _update(self, now: SlackMessage, stands: Stands) -> None:
        notes = self.studio.memory.slack_notes
        proposal, shown, stamp, _ = stands
        # also what was laid a moment ago: it may have been decided between the reading and the laying
        await self.client.chat_update(channel=now.channel, ts=now.ts, blocks=shown.blocks, text=shown.text)
        rest = now.rest
        if stamp.rsplit("|", 1)[-1] != now.stamp.rsplit("|", 1)[-1]:
            await take_away(self.client, now.channel, now.rest)
            rest = await self._lay_rest(shown, now)
        kept = {"proposal_id": proposal.id if proposal else now.proposal_id, "stamp": stamp, "rest": rest}
        await asyncio.to_thread(notes.shown, now.model_copy(update=kept))
        if proposal is None:
            await take_away(self.client, now.channel, now.chart)
            await asyncio.to_thread(notes.lift, now.id)

    def _as_it_stands(self, place: SlackMessage) -> Stands:
        try:
            proposal = self.table.latest(place.proposal_id)
        except NotFound:
            shown = gone_blocks()
            return Stands(None, shown, f"gone|{_print_of(shown)}", None)
        stamp = "|".join(self.table.stamps([proposal.id])[proposal.id])
        shown, chart = self._shown(self.studio.show(proposal.id))
        if chart and proposal.state not in OPEN_STATES and chart.print != place.chart_of:
            chart = None  # it is decided: nobody needs another picture for that
        private = "|private" if shown.private else ""  # it may be called so after it was laid
        return Stands(proposal, shown, f"{stamp}{private}|{_print_of(shown)}", chart)

    def _shown(self, proposal: Proposal) -> tuple[Shown, Chart | None]:
        card = self.table.cards([proposal])[0]
        chart = chart_of(proposal, card)
        if self.is_private(proposal, [card, chart.alt if chart else ""]):
            return private_blocks(card, self.studio.settings.public_url or ""), None
        urls = {each.quote: each.url or "" for each in proposal.receipts}
        return card_blocks(card, lambda receipt: urls.get(receipt["quote"], "")), chart

    def is_private(self, proposal: Proposal, card: Any) -> bool:
        """Say whether Slack may not be shown this: its server is somebody else's."""
        secrets = self.studio.memory.privacy.secrets(self.studio.workspace.id)
        return bool(secrets) and (proposal.brief_id in secrets.ids or secrets.taints(card))

    async def _of(self, roots: "list[str] | None") -> list[SlackMessage]:
        return await asyncio.to_thread(self.studio.memory.slack_notes.places, self.studio.workspace.id, roots)

    async def _lay_rest(self, shown: Shown, place: SlackMessage) -> tuple[str, ...]:
        laid, thread = list[str](), place.thread or place.ts  # a reply begins no thread of its own
        for what, text in shown.rest:
            parts = pieces(text)
            if len(parts) > MOST_MESSAGES:
                data = text.encode()
                laid.append(await upload(self.client, what, data, "rest.txt", channel=place.channel, thread=thread))
                continue
            for part in parts:
                sent = await self.client.chat_postMessage(
                    channel=place.channel, thread_ts=thread, unfurl_links=False,
                    text=escaped(cut(part, 200)), blocks=[section(f"*{escaped(what)}:*"), quoted(part)],
                )  # fmt: skip
                laid.append(str(sent["ts"]))
        return tuple(laid)

    async def _pictures(self, proposal: Proposal, channel: str, thread: str) -> None:
        """What is approved includes its pictures: they lie in the thread."""
        if await asyncio.to_thread(lambda: self.is_private(proposal, proposal.text)):
            return
        for picture in pictures_of(proposal.payload):
            try:
                data = await asyncio.to_thread(self.studio.memory.files.read, proposal.workspace, picture.sha256)
                name = picture.name or f"{picture.sha256[:12]}.{picture.mime.rsplit('/', 1)[-1]}"
                await upload(self.client, picture.alt or name, data, name, channel=channel, thread=thread)
            except (*TROUBLE, GreenroomError) as error:
                log.warning("a picture could not be shown in Slack: %s", error)


async def say(client: "AsyncWebClient", text: str, channel: str, thread: str | None = None) -> None:
    """Post a plain text, escaped, in as many messages as it takes."""
    for part in escaped_pieces(text):
        await client.chat_postMessage(
            channel=channel, thread_ts=thread, text=part, blocks=[section(part)], unfurl_links=False
        )


def _print_of(shown: Shown) -> str:
    return hashlib.sha256(repr(shown.rest).encode("utf-8", "surrogatepass")).hexdigest()[:16]
