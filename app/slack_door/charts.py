"""The picture of a draft's voice, in its card's thread: drawn and laid beside everything else, and once.

It is a message of its own, not a part of the card. An image block is shown to everybody only where its file was there
when the message was posted: put into a message later, Slack takes it and shows people an empty frame. And a card
can't wait: its buttons come first.
"""

import asyncio
import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from app.carding import shelf_of
from app.slack_door.blocks import image
from app.slack_door.laying import TROUBLE, take_away, upload
from app.slack_door.words import ALT, cut, escaped_pieces, refusal
from core.errors import GreenroomError
from core.policy import policy_of
from core.proposals import Proposal
from media.typefaces import Shelf
from media.voice_chart import VoicePicture, draw_voice
from memory.slack_notes import SlackMessage

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

REASONS = 4
"""Habits in a picture: as many as the board shows."""

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try to show a file: Slack looks a new one over first, and knows no picture until it has."""

_AT_ONCE = 3
_NEVER_HERE = ("missing_scope", "not_allowed_token_type", "file_uploads_disabled", "no_permission")
_UNCERTAIN = ("", "internal_error", "fatal_error", "service_unavailable", "request_timeout")


@dataclass(frozen=True)
class Chart:
    """A picture to be drawn. `alt` says all that is in it; `print` is a hash of it and of the version it is about."""

    picture: VoicePicture
    title: str
    alt: str
    print: str


def chart_of(proposal: Proposal, card: dict[str, Any]) -> Chart | None:
    """Return the picture of a card's voice; None where there was too little to measure it on."""
    voice, told = proposal.voice, card["voice"]
    if voice is None or voice.score is None or voice.interval is None:
        return None
    reasons = voice.reasons[:REASONS]
    title = f"{card['title']}: how much it sounds like you ({card['short_sha']})"
    habits = (
        f" How often, in this draft and in your work: {'; '.join(each.text for each in reasons)}." if reasons else ""
    )
    alt = cut(f"{card['title']}: voice {told['score']} of 100, {told['words']}.{habits}", ALT)
    picture = VoicePicture(told["score"], told["low"], told["high"], told["words"], reasons)
    return Chart(picture, title, alt, hashlib.sha256(f"{proposal.sha}\0{alt}\0{reasons!r}".encode()).hexdigest())


@dataclass
class Charts:
    """Lays pictures, in tasks of its own. Where one can't be laid, the card says the same in words and characters."""

    studio: "Studio"
    client: "AsyncWebClient"
    _locks: "defaultdict[str, asyncio.Lock]" = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time: it takes the processor from answers
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _off: bool = False  # Slack takes no files of ours here: not asked again before the next start

    @cached_property
    def _shelf(self) -> Shelf:
        return shelf_of(self.studio)

    def keep(self, place: SlackMessage, chart: Chart | None) -> None:
        """See to it that this picture lies in a card's thread and no other; returns at once."""
        if place.chart_of == (chart.print if chart else ""):
            return
        task = asyncio.create_task(self._guarded(place, chart))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _guarded(self, place: SlackMessage, chart: Chart | None) -> None:
        try:
            async with self._locks[place.id], self._few:
                await self._keep(place, chart)
        except TROUBLE as error:
            log.warning("the picture of a voice could not be seen to in Slack: %s", error)
        except Exception:  # a picture's trouble is never the card's
            log.exception("the picture of a voice could not be seen to in Slack")

    async def _keep(self, place: SlackMessage, chart: Chart | None) -> None:
        notes, space = self.studio.memory.slack_notes, self.studio.workspace.id
        here = await asyncio.to_thread(notes.places, space, [place.root])
        now = next((each for each in here if each.id == place.id), None)
        if now is None or now.chart_of == (chart.print if chart else ""):
            return
        chart = None if self._off else chart  # what lies there is of another version: it goes nevertheless
        wanted = chart.print if chart else ""
        await take_away(self.client, now.channel, now.chart)
        if await asyncio.to_thread(notes.claim_chart, now, wanted) and chart:
            await self._lay(now.model_copy(update={"chart_of": wanted, "chart": ()}), chart)

    async def _lay(self, place: SlackMessage, chart: Chart) -> None:
        """Upload and show a claimed picture. What surely came to nothing may be tried again; what may lie there not."""
        try:
            async with self._drawing:
                data = await asyncio.to_thread(self._drawn, chart)
        except GreenroomError as error:  # a script that no font here has: it would be the same again
            log.warning("the picture of a voice was not drawn for Slack: %s", error.message)
            return
        try:
            file = await upload(self.client, chart.title, data, "voice.png", alt=chart.alt)
        except TROUBLE as error:
            await self._given_up(place, error)
            return
        if await self._note(place, chart, file):
            await self._show(place, chart, file)

    async def _show(self, place: SlackMessage, chart: Chart, file: str) -> None:
        try:
            await self._note(place, chart, await self._posted(place, chart, file), file)
        except SlackApiError as error:
            if refusal(error) not in _UNCERTAIN:
                await self._given_up(place, error)
                await take_away(self.client, place.channel, [file])
                return
            log.warning("it is not certain whether the picture of a voice lies in Slack: %s", error)
        except TROUBLE as error:
            log.warning("it is not certain whether the picture of a voice lies in Slack: %s", error)

    async def _note(self, place: SlackMessage, chart: Chart, *laid: str) -> bool:
        """Keep what was laid, to take it away one day; take it away now, and say False, where the card is gone."""
        kept = await asyncio.to_thread(self.studio.memory.slack_notes.charted, place.id, chart.print, laid)
        if not kept:
            await take_away(self.client, place.channel, laid)
        return kept

    def _drawn(self, chart: Chart) -> bytes:
        space = self.studio.workspace
        return draw_voice(chart.picture, look=policy_of(space).look, shelf=self._shelf, locale=space.locale)

    async def _posted(self, place: SlackMessage, chart: Chart, file: str) -> str:
        """Show a file in the card's thread once Slack has looked it over; return the message's ts."""
        for number, pause in enumerate(PAUSES, start=1):
            await asyncio.sleep(pause)
            try:
                sent = await self.client.chat_postMessage(
                    channel=place.channel, thread_ts=place.thread or place.ts, unfurl_links=False,
                    text=escaped_pieces(chart.alt)[0], blocks=[image(chart.title, chart.alt, file)],
                )  # fmt: skip
                return str(sent["ts"])
            except SlackApiError as error:
                if refusal(error) != "invalid_blocks" or number == len(PAUSES):
                    raise
        raise AssertionError("there is a last try")

    async def _given_up(self, place: SlackMessage, error: Exception) -> None:
        why = (refusal(error) if isinstance(error, SlackApiError) else "") or str(error)
        self._off = self._off or why in _NEVER_HERE
        more = " None is tried before the next start; docs/slack.md says what it takes." if self._off else ""
        log.warning("the picture of a voice was not laid in Slack: %s. The card says the same in words.%s", why, more)
        await asyncio.to_thread(self.studio.memory.slack_notes.claim_chart, place, "")
