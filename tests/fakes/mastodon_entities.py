"""What the fake Mastodon keeps, and the JSON entities it shows of it; taken from the entities of its API docs."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Media:
    """An attachment: `polls` is how often asking for it still answers 206, `status` the post that has it."""

    id: str
    account: str
    kind: str
    data: bytes
    description: str | None
    polls: int
    status: str = ""

    def entity(self, base: str, *, ready: bool | None = None) -> dict[str, Any]:
        """Return the MediaAttachment."""
        done = self.polls <= 0 if ready is None else ready
        url = f"{base}/media/{self.id}"
        return {
            "id": self.id, "type": self.kind.split("/")[0], "url": url if done else None, "preview_url": f"{url}/small",
            "remote_url": None, "text_url": None, "meta": {}, "description": self.description, "blurhash": None,
        }  # fmt: skip


@dataclass
class Grant:
    """Who a token belongs to, what it may do, and how often it was used in each window of each quota."""

    account: str
    scopes: frozenset[str]
    calls: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass
class Status:
    """A published or scheduled post."""

    id: str
    account: str
    text: str
    spoiler_text: str
    visibility: str
    sensitive: bool
    language: str
    media: list[Media]
    in_reply_to_id: str | None
    created_at: datetime
    scheduled_at: datetime | None = None

    def seen(self) -> dict[str, Any]:
        """Return what a reader sees, in plain words for a test."""
        return {
            "id": self.id, "text": self.text, "spoiler_text": self.spoiler_text, "visibility": self.visibility,
            "media": [each.description for each in self.media], "in_reply_to_id": self.in_reply_to_id,
            "at": self.created_at,
        }  # fmt: skip

    def entity(self, base: str, author: dict[str, Any]) -> dict[str, Any]:
        """Return the Status."""
        return {
            "id": self.id, "created_at": iso(self.created_at), "in_reply_to_id": self.in_reply_to_id,
            "in_reply_to_account_id": self.account if self.in_reply_to_id else None, "sensitive": self.sensitive,
            "spoiler_text": self.spoiler_text, "visibility": self.visibility, "language": self.language,
            "uri": f"{base}/users/ada/statuses/{self.id}", "url": f"{base}/@ada/{self.id}",
            "content": content(self.text), "account": author, "reblog": None, "poll": None, "card": None,
            "media_attachments": [each.entity(base) for each in self.media], "mentions": [], "tags": [], "emojis": [],
            "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "edited_at": None,
            "application": {"name": "Greenroom", "website": None},
        }  # fmt: skip

    def scheduled(self, base: str) -> dict[str, Any]:
        """Return the ScheduledStatus."""
        params = {
            "text": self.text, "media_ids": [each.id for each in self.media] or None, "sensitive": self.sensitive,
            "spoiler_text": self.spoiler_text, "visibility": self.visibility, "scheduled_at": None, "poll": None,
            "idempotency": None, "in_reply_to_id": self.in_reply_to_id, "application_id": 1,
        }  # fmt: skip
        media = [each.entity(base) for each in self.media]
        return {"id": self.id, "scheduled_at": iso(self.scheduled_at), "params": params, "media_attachments": media}


def account(base: str, name: str, posted: int) -> dict[str, Any]:
    """Return the Account."""
    return {
        "id": name, "username": "ada", "acct": "ada", "display_name": "Ada", "locked": False, "bot": False,
        "created_at": "2022-11-06T00:00:00.000Z", "note": "", "url": f"{base}/@ada", "fields": [], "emojis": [],
        "statuses_count": posted, "followers_count": 0, "following_count": 0,
    }  # fmt: skip


def iso(at: datetime | None) -> str | None:
    """Return a time as Mastodon writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def content(text: str) -> str:
    """Return the HTML that Mastodon makes of a plain text, in short: paragraphs, breaks and links."""
    escaped = html.escape(text, quote=False)
    link = r'<a href="\1\2"><span class="invisible">\1</span><span>\2</span></a>'
    linked = re.sub(r"(https?://)([^\s<>&]+)", link, escaped)
    return "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in re.split(r"\n{2,}", linked) if part)
