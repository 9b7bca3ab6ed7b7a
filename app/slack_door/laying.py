"""Files in Slack: laid, in a thread or for a message that will show them, and taken away again."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from app.slack_door.words import ALT_OF_FILE, cut, refusal

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

TROUBLE = (SlackClientError, ClientError, OSError, TimeoutError)
"""What laying a file can end with: Slack says no, its store does, or nobody answers."""

_NOTHING_THERE = ("message_not_found", "file_not_found", "file_deleted", "cant_delete_message", "channel_not_found")


async def upload(
    client: "AsyncWebClient", title: str, data: bytes, name: str,
    *, channel: str | None = None, thread: str | None = None, alt: str | None = None,
) -> str:  # fmt: skip
    """Lay a file in a thread; return its id. Without a channel only we can see it, until a message of ours shows it."""
    sent = await client.files_upload_v2(
        file=data, filename=name, title=cut(title, 200), channel=channel, thread_ts=thread,
        alt_txt=cut(alt, ALT_OF_FILE) if alt else None,
    )  # fmt: skip
    return str(sent["files"][0]["id"])


async def take_away(client: "AsyncWebClient", channel: str, laid: Iterable[str]) -> None:
    """Delete messages (by their ts) and files (F…) of ours; what is gone already is as wanted."""
    for each in laid:
        try:
            if each.startswith("F"):
                await client.files_delete(file=each)
            else:
                await client.chat_delete(channel=channel, ts=each)
        except SlackApiError as error:
            if refusal(error) not in _NOTHING_THERE:
                raise
