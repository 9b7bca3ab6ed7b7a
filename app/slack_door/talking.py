"""What people say in Slack: to the agent, in a thread; and `/greenroom`."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from app.slack_door.blocks import section
from app.slack_door.people import SlackPeople, said
from app.slack_door.places import Places, say
from app.slack_door.words import SECTION, answer, cut, escaped, escaped_pieces, link, refusal, spoken
from app.wording import number_of, shortened
from core.errors import GreenroomError
from core.proposals import Proposal

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from app.results import ChatEvent
    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

HELP = """*What I do here*
`/greenroom brief TEXT` \u2014 drafts from your own past work; they wait for you in a thread
`/greenroom pending` \u2014 what waits for a decision, in our direct messages
`/greenroom find WORDS` \u2014 your past works
`/greenroom help` \u2014 this
Or mention me, or write to me directly: I answer in a thread, and remember what was said in it.
Nothing leaves until a person approved exactly those bytes."""

WITHHELD = "The answer holds something marked private, and Slack's server is somebody else's. Ask on the chat page."
BROKEN = "Something broke while I was at it; the reason is in the log. What waits for you is safe. Try it again."
SHOWN = 6

_PENDING = re.compile(r"(?:show )?(?:me )?(?:pending|what(?: is|'s)? wait(?:s|ing)(?: for me)?)\s*[?.]?", re.IGNORECASE)
_DONE = object()


@dataclass
class Talking:
    """One conversation at a time in each thread; as many threads as there are."""

    people: SlackPeople
    places: Places
    client: "AsyncWebClient"
    bot_user: str
    busy: int = 0
    # how many answers are being made: drafts that they make are laid by them, and announced by nobody else

    _threads: "defaultdict[str, asyncio.Lock]" = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def heard(self, event: dict[str, Any]) -> None:
        """Answer what somebody wrote to the agent, in its thread."""
        channel, thread = str(event["channel"]), str(event.get("thread_ts") or event["ts"])
        text = spoken(str(event.get("text", "")).replace(f"<@{self.bot_user}>", " "))
        try:
            studio = await asyncio.to_thread(self.people.maker, str(event["user"]), event.get("user_team"))
        except GreenroomError as error:
            await say(self.client, said(error), channel, thread)
            return
        if event.get("files"):
            await say(self.client, "I can't take files here yet: drop them on the chat page.", channel, thread)
        if not text or text.casefold() == "help":
            await self._post(HELP, channel, thread)
        elif _PENDING.fullmatch(text):
            await self._lay_pending(studio, channel, thread)
        else:
            async with self._threads[f"{channel}:{thread}"]:
                await self._converse(studio, f"slack-{channel}-{thread}", text, channel, thread)

    async def commanded(self, body: dict[str, Any], respond: Callable[..., Any]) -> None:
        """Carry out `/greenroom \u2026`."""
        word, _, rest = str(body.get("text", "")).strip().partition(" ")
        asked = spoken(rest)
        try:
            if word == "brief" and asked:
                await self._brief(body, asked)
            elif word == "pending":
                studio = await asyncio.to_thread(self.people.of, str(body["user_id"]), body.get("team_id"))
                await respond(await self._pending_direct(studio, str(body["user_id"])))
            elif word == "find" and asked:
                studio = await asyncio.to_thread(self.people.of, str(body["user_id"]), body.get("team_id"))
                for part in await asyncio.to_thread(_found, studio, asked):
                    await respond(part)
            else:
                await respond(HELP)
        except GreenroomError as error:
            for part in escaped_pieces(said(error)):
                await respond(part)

    async def _brief(self, body: dict[str, Any], ask: str) -> None:
        user = str(body["user_id"])
        studio = await asyncio.to_thread(self.people.maker, user, body.get("team_id"))
        begun = f"<@{user}> asked for drafts: \u201c{cut(escaped_pieces(cut(ask, 500))[0], SECTION)}\u201d"
        try:
            sent = await self._post(begun, str(body["channel_id"]), None)
        except SlackApiError as error:  # I am not in that channel, or may not write there
            log.info("a brief goes to direct messages: %s", refusal(error))
            sent = await self._post(begun, user, None)
        channel, thread = str(sent["channel"]), str(sent["ts"])
        self.busy += 1
        try:
            result = await asyncio.to_thread(studio.start, ask)
            await self.places.lay(result.proposals, channel, thread)
        except GreenroomError as error:
            await say(self.client, said(error), channel, thread)
            return
        finally:
            self.busy -= 1
        notices = "\n".join(result.notices)
        waits = number_of(len(result.proposals), "draft waits", "drafts wait")
        await say(self.client, f"{waits} for a decision in this thread. {notices}".strip(), channel, thread)

    async def _lay_pending(self, studio: "Studio", channel: str, thread: str | None) -> int:
        pending = await asyncio.to_thread(studio.pending)
        words = f"{number_of(len(pending), 'draft waits', 'drafts wait')}." if pending else "Nothing waits for you."
        more = f" Here are the first {SHOWN}; the others are on my Home tab." if len(pending) > SHOWN else ""
        sent = await self._post(words + more, channel, thread)
        await self.places.lay(pending[:SHOWN], str(sent["channel"]), thread or str(sent["ts"]))
        return len(pending)

    async def _pending_direct(self, studio: "Studio", user: str) -> str:
        count = await self._lay_pending(studio, user, None)
        return f"{number_of(count, 'draft waits', 'drafts wait')}: they lie in our direct messages." if count else (
            "Nothing waits for you."
        )  # fmt: skip

    async def _converse(self, studio: "Studio", thread_id: str, text: str, channel: str, thread: str) -> None:
        sent = await self._post("_One moment\u2026_", channel, thread)
        words, notices, made, kind = "", list[str](), list[Proposal](), ""
        self.busy += 1
        try:
            async for event in listen(studio.converse(thread_id, text)):
                kind = event.kind
                words = event.text if kind == "final" else words
                notices += [event.text] if kind == "notice" else []
                made += event.proposals if kind == "proposals" else ()
            await self._finish(sent, [words, *notices] if kind in ("final", "notice") else [BROKEN], channel, thread)
            await self.places.lay(made, channel, thread)
        finally:
            self.busy -= 1

    async def _finish(self, sent: Any, words: list[str], channel: str, thread: str) -> None:
        whole = "\n\n".join(part for part in words if part) or "Done."
        space = self.places.studio.workspace.id
        secrets = await asyncio.to_thread(self.places.studio.memory.privacy.secrets, space)
        whole = WITHHELD if secrets and secrets.taints(whole) else whole
        parts = escaped_pieces(whole)
        first = answer_of(parts[0])
        await self.client.chat_update(
            channel=str(sent["channel"]), ts=str(sent["ts"]), text=first, blocks=[section(first)]
        )
        for part in parts[1:]:
            await self._post(answer_of(part), channel, thread)

    async def _post(self, words: str, channel: str, thread: str | None) -> Any:
        return await self.client.chat_postMessage(
            channel=channel, thread_ts=thread, text=words, blocks=[section(words)], unfurl_links=False
        )


def answer_of(escaped_part: str) -> str:
    """Return an escaped part of the agent's answer with its bold words bold."""
    from html import unescape

    return answer(unescape(escaped_part))


async def listen(events: "Iterator[ChatEvent]") -> Any:
    """Yield a blocking iterator's events without blocking the door."""
    while (event := await asyncio.to_thread(next, events, _DONE)) is not _DONE:
        yield event


def _found(studio: "Studio", query: str) -> list[str]:
    secrets = studio.memory.privacy.secrets(studio.workspace.id)
    found = [each for each in studio.recall(query, k=5) if not (secrets and secrets.taints(each.model_dump()))]
    told = [
        f"\u2022 {link(each.url or '', each.title or each.source)}"
        + (f", {each.published_at:%d %b %Y}" if each.published_at else "")
        + "".join(f"\n{escaped(shortened(passage.text, 240))}" for passage in each.passages[:1])
        for each in found
    ]
    return told or ["Nothing of yours says anything like it."]
