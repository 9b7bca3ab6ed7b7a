"""The Bolt app: what Slack sends is acknowledged first, taken once, and carried out in the background."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from app.slack_door.announcing import Announcing
from app.slack_door.deciding import Deciding, read_value, whose
from app.slack_door.home import Homes
from app.slack_door.people import SlackPeople, said
from app.slack_door.places import Places, say
from app.slack_door.talking import BROKEN, Talking
from app.slack_door.words import refusal
from app.watching import Watch
from core.errors import GreenroomError, NotConnected

if TYPE_CHECKING:
    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

CUT_OFF = "I was restarted before I had finished what you asked. The cards show what stands; ask again for the rest."

Told = dict[str, Any]


@dataclass
class SlackDoor:
    """The app and what stands behind it."""

    app: AsyncApp
    studio: "Studio"
    client: AsyncWebClient
    team: str
    places: Places
    deciding: Deciding
    talking: Talking
    homes: Homes
    announcing: Announcing

    async def run_behind(self) -> None:
        """Say what a restart cut off, then keep cards true and tell what is new, until cancelled."""
        for each in await asyncio.to_thread(self.studio.memory.slack_notes.cut_off, self.studio.workspace.id):
            try:
                await say(self.client, CUT_OFF, each.channel, each.thread or None)
            except SlackApiError as error:
                log.warning("a restart could not be told: %s", refusal(error))
        await self.announcing.run()

    async def once(self, told: str, work: Callable[[], Awaitable[None]], channel: str = "", thread: str = "") -> None:
        """Carry out what Slack told, unless it was taken up before; Slack repeats itself when in doubt."""
        notes, space = self.studio.memory.slack_notes, self.studio.workspace.id
        try:
            if not await asyncio.to_thread(lambda: notes.begin(space, told, channel=channel, thread=thread)):
                return
            await self._carried_out(work, channel, thread)
            await asyncio.to_thread(notes.end, space, told)
        except Exception:  # a database that can't be reached, or Slack: what was begun is told at the next start
            log.exception("something from Slack could not be noted")

    async def _carried_out(self, work: Callable[[], Awaitable[None]], channel: str, thread: str) -> None:
        try:
            await work()
        except Exception:
            log.exception("something from Slack could not be carried out")
            if channel:
                await say(self.client, BROKEN, channel, thread or None)


async def team_of(studio: "Studio") -> str:
    """Return the id of the Slack workspace that the bot token is of. Raises NotConnected."""
    return str((await _known_by(client_of(studio)))["team_id"])


async def _known_by(client: AsyncWebClient) -> Any:
    try:
        return await client.auth_test()
    except SlackApiError as error:
        raise NotConnected(
            f"Slack refused the bot token: {refusal(error)}.", "docs/slack.md says where it is."
        ) from None
    except (OSError, TimeoutError) as error:
        raise NotConnected(f"Slack can't be reached: {error}.", "Try again when the network is back.") from None


def client_of(studio: "Studio") -> AsyncWebClient:
    """Return Slack's Web API. A full second's limit of Slack's is waited for, and tried again."""
    settings = studio.settings
    if settings.slack_bot_token is None:
        raise NotConnected(
            "Slack is not connected: there is no bot token.", "docs/slack.md makes the app in a few minutes."
        )
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=f"{settings.slack_api_url.rstrip('/')}/",
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=3)],
    )


async def open_door(studio: "Studio") -> SlackDoor:
    """Return the door of a studio. Raises NotConnected where Slack doesn't know the token."""
    client = client_of(studio)
    who = await _known_by(client)
    team, bot_user = str(who["team_id"]), str(who["user_id"])
    known = AuthorizeResult(
        enterprise_id=None, team_id=team, bot_user_id=bot_user, bot_id=who.get("bot_id"), bot_token=client.token
    )

    async def authorize(team_id: str | None = None) -> AuthorizeResult:
        """Say who we are without asking Slack: its answer could come later than it waits for ours."""
        if team_id not in (team, None):
            log.info("something of another Slack workspace came: %s", team_id)
        return known

    secret = studio.settings.slack_signing_secret
    app = AsyncApp(
        name="greenroom",
        signing_secret=secret.get_secret_value() if secret else "",
        client=client,
        authorize=authorize,
    )
    people, places = SlackPeople(studio, team), Places(studio, client)
    talking = Talking(people, places, client, bot_user)
    homes = Homes(people, client)
    telling = Announcing(places, people, talking, client, Watch(studio), homes, studio.settings.slack_channel)
    deciding = Deciding(people, places, client)
    door = SlackDoor(app, studio, client, team, places, deciding, talking, homes, telling)
    _events(door)
    _interactions(door)
    return door


def _events(door: SlackDoor) -> None:
    async def heard(event: Told, body: Told) -> None:
        """Bolt has acknowledged by now, as it does with every event."""
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share") or not event.get("user"):
            return
        channel, thread = str(event["channel"]), str(event.get("thread_ts") or event["ts"])
        await door.once(f"event:{body.get('event_id', '')}", lambda: door.talking.heard(event), channel, thread)

    async def direct(event: Told, body: Told) -> None:
        if event.get("channel_type") == "im":
            await heard(event, body)

    async def home(event: Told, body: Told) -> None:
        if event.get("tab", "home") == "home":
            await door.once(f"event:{body.get('event_id', '')}", lambda: door.homes.opened(str(event["user"])))

    door.app.event("app_mention")(heard)
    door.app.event("message")(direct)
    door.app.event("app_home_opened")(home)


def _interactions(door: SlackDoor) -> None:
    async def command(ack: Any, body: Told, respond: Any) -> None:
        await ack()
        told = f"command:{body.get('trigger_id', '')}"
        await door.once(told, lambda: door.talking.commanded(body, respond), str(body["user_id"]))

    async def pressed(ack: Any, body: Told, action: Told) -> None:
        await ack()
        told = f"press:{body.get('trigger_id', '')}:{action.get('action_ts', '')}"
        await door.once(told, lambda: door.deciding.pressed(body, action), whose(body)[0])

    async def show(ack: Any, body: Told, action: Told) -> None:
        await ack()
        await _show(door, body, action)

    async def submitted(ack: Any, body: Told, view: Told) -> None:
        from app.slack_door.modals import waiting_view

        await ack(response_action="update", view=waiting_view("Checking\u2026"))
        told = f"form:{view.get('id', '')}:{view.get('hash', '')}"
        await door.once(told, lambda: door.deciding.submitted(body, view), whose(body)[0])

    async def nothing(ack: Any) -> None:
        await ack()

    door.app.command("/greenroom")(command)
    door.app.action(re.compile(r"greenroom_(approve|edit|changes|reject|hold|undo)"))(pressed)
    door.app.action("greenroom_show")(show)
    door.app.view(re.compile(r"greenroom_(edit|changes)"))(submitted)
    door.app.view("greenroom_wait")(nothing)


async def _show(door: SlackDoor, body: Told, action: Told) -> None:
    """Lay a card in somebody's direct messages, from their Home tab."""
    user, team = whose(body)
    try:
        studio = await asyncio.to_thread(door.deciding.people.of, user, team)
        asked = read_value(str(action.get("value", "")))
        proposal = await asyncio.to_thread(door.places.table.latest, asked["id"])
        log.debug("%s looks at %s", studio.settings.user, proposal.id)
        await door.places.lay([proposal], user)
    except GreenroomError as error:
        await say(door.client, said(error), user)
