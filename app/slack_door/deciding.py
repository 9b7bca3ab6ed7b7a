"""Decisions from Slack. Acknowledged first; the gate decides, for the member that the person is, by the hash shown."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from app.card_table import CardTable, Reply
from app.slack_door.modals import changes_view, document_in, edit_view, print_of, raw, waiting_view
from app.slack_door.people import SlackPeople, said
from app.slack_door.places import Places, say
from app.slack_door.words import escaped_pieces, refusal
from core.drafts import Finding
from core.errors import BadInput, GreenroomError
from core.proposals import OPEN_STATES

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

Body = dict[str, Any]


@dataclass
class Deciding:
    """Takes what buttons and forms say."""

    people: SlackPeople
    places: Places
    client: "AsyncWebClient"

    async def pressed(self, body: Body, action: dict[str, Any]) -> None:
        """Carry out a button of a card."""
        where = place_of(body)
        verb = str(action["action_id"]).removeprefix("greenroom_")
        try:
            asked = read_value(str(action.get("value", ""))) | {"verb": verb}
            studio = await asyncio.to_thread(self.people.of, *whose(body))
        except GreenroomError as error:
            await self.whisper(said(error), body, where)
            return
        if where["ts"]:
            await self.places.adopt(asked["id"], where["channel"], where["ts"], where["thread"])
        if verb in ("edit", "changes"):
            await self._open(studio, body, asked | where)
            return
        reply = await asyncio.to_thread(_undo if verb == "undo" else _decide, studio, asked)
        await self._answer(reply, body, where)

    async def submitted(self, body: Body, view: dict[str, Any]) -> None:
        """Carry out a form. What a person typed is never lost: where it can't be kept, it is sent back to them."""
        asked = json.loads(view["private_metadata"])
        typed = "\n".join(raw(view))
        try:
            studio = await asyncio.to_thread(self.people.of, *whose(body))
            if view["callback_id"] == "greenroom_changes":
                reply = await asyncio.to_thread(_decide, studio, asked | {"verb": "changes", "note": typed})
            else:
                typed = await asyncio.to_thread(_typed, studio, view, asked["id"])
                if await self._has_errors(studio, view, asked, typed):
                    return
                reply = await asyncio.to_thread(_decide, studio, asked | {"verb": "edit", "body": typed})
        except GreenroomError as error:
            reply = Reply(said(error))
        except Exception:  # whatever it was, what they typed comes back to them
            log.exception("a form from Slack could not be carried out")
            reply = Reply("Something broke; the reason is in the log. The card shows what stands.")
        if not reply.done and typed:
            reply = Reply(f"{reply.said}\n\nWhat you wrote, so that it is not lost:\n{typed}", touched=reply.touched)
        await self._close(view, "Saved." if reply.done else reply.said)
        await self._answer(reply, body, asked)

    async def whisper(self, words: str, body: Body, where: dict[str, str]) -> None:
        """Tell one person something that nobody else sees; in their direct messages where that can't be."""
        user = whose(body)[0]
        try:
            if not where.get("channel"):
                raise BadInput("It came from no channel.")
            for part in escaped_pieces(words):
                await self.client.chat_postEphemeral(
                    channel=where["channel"], user=user, text=part, thread_ts=where.get("thread") or None
                )
        except (SlackApiError, BadInput):
            await say(self.client, words, user)

    async def _open(self, studio: "Studio", body: Body, asked: dict[str, str]) -> None:
        """Open a form at once: what it shows follows, since Slack gives three seconds."""
        try:
            opened = await self.client.views_open(trigger_id=body["trigger_id"], view=waiting_view())
        except SlackApiError as error:
            log.warning("a form could not be opened in Slack: %s", refusal(error))
            await self.whisper("Slack did not open the form. Nothing was changed; press it again.", body, asked)
            return
        view = await asyncio.to_thread(_form, studio, asked)
        await self.client.views_update(view_id=opened["view"]["id"], view=view)

    async def _has_errors(self, studio: "Studio", view: Body, asked: dict[str, str], typed: str) -> bool:
        """Check a text against its channel's rules; show what has to be mended, with the text kept."""
        if asked.get("checked") == print_of(typed):
            return False
        channel = (await asyncio.to_thread(studio.show, asked["id"])).channel
        findings = await asyncio.to_thread(_errors, studio, typed, channel)
        if not findings:
            return False
        told = [f"Must be mended: {each.message}" for each in findings]
        again = edit_view(asked, typed, told, checked=print_of(typed))
        try:
            await self.client.views_update(view_id=view["id"], view=again)
        except SlackApiError as error:  # they closed it: then the version is made, and says the same on its card
            log.info("a form was closed before its check was shown: %s", refusal(error))
            return False
        return True

    async def _close(self, view: Body, words: str) -> None:
        try:
            await self.client.views_update(view_id=view["id"], view=waiting_view(words))
        except SlackApiError:
            log.debug("the form was closed already")

    async def _answer(self, reply: Reply, body: Body, where: dict[str, str]) -> None:
        if reply.touched:
            await self.places.refresh(reply.touched)
        if reply.said:
            await self.whisper(reply.said, body, where)
        if reply.made:
            channel = where.get("channel") or whose(body)[0]
            await self.places.lay(reply.made, channel, where.get("thread") or where.get("ts") or None)


def whose(body: Body) -> tuple[str, str | None]:
    """Return (user, their Slack workspace) of an interaction."""
    user = body.get("user") or {}
    return str(user.get("id", "")), user.get("team_id") or (body.get("team") or {}).get("id")


def place_of(body: Body) -> dict[str, str]:
    """Return where a button was pressed: `{channel, ts, thread}`; empty on somebody's Home."""
    container = body.get("container") or {}
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return {
        "channel": str(container.get("channel_id") or ""),
        "ts": str(container.get("message_ts") or ""),
        "thread": str(thread or ""),
    }


def read_value(value: str) -> dict[str, str]:
    """Return what a button carries. Raises BadInput for what we did not write."""
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, dict) or not all(isinstance(each, str) for each in read.values()) or "id" not in read:
        raise BadInput("This button says nothing that I know. Nothing was decided.", "/greenroom pending")
    return read


def _decide(studio: "Studio", asked: dict[str, str]) -> Reply:
    return CardTable(studio).decide(asked)


def _undo(studio: "Studio", asked: dict[str, str]) -> Reply:
    return CardTable(studio).undo(asked)


def _form(studio: "Studio", asked: dict[str, str]) -> dict[str, Any]:
    """Return the form, or why there is none: it was decided meanwhile, or is another one now."""
    try:
        proposal = studio.show(asked["id"])
        if proposal.state not in OPEN_STATES or proposal.sha != asked["sha"]:
            return waiting_view("This has changed since you saw it. Nothing was changed; the card shows how it stands.")
        if studio.memory.privacy.is_private(studio.workspace.id, proposal.brief_id):
            return waiting_view("This is marked private, and its text is not sent to Slack. Edit it on the board.")
        kept = {key: asked[key] for key in ("id", "sha", "channel", "ts", "thread")}
        return changes_view(kept) if asked["verb"] == "changes" else edit_view(kept, studio.document(asked["id"]))
    except GreenroomError as error:
        return waiting_view(said(error))


def _typed(studio: "Studio", view: Body, proposal_id: str) -> str:
    return document_in(view, studio.document(proposal_id))


def _errors(studio: "Studio", document: str, channel: str) -> list[Finding]:
    return [each for each in studio.check(document, channel) if each.severity == "error"]
