"""One Mastodon instance as one account sees it: each method is one request of its API."""

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from core.errors import Unknown
from core.publications import Delivery
from publishing.addresses import sealed
from publishing.bearer import Bearer
from publishing.credentials import Secret

PAGE = 40
MOST_PAGES = 20
"""How far back an account is read: 800 posts."""


class Instance:
    """Requests as one account."""

    def __init__(self, settings: Mapping[str, Any], secret: Secret, clock: Callable[[], datetime]) -> None:
        base = sealed(str(settings.get("server", "")), "https://mastodon.example").rstrip("/")
        self.who = f"Mastodon at {urlsplit(base).netloc}"
        self._api = Bearer(base, self.who, clock)
        self._token = secret.values.get("access_token", "")

    def itself(self) -> dict[str, Any]:
        """Return what the instance says of itself to everybody: its limits above all."""
        return _object(self._api.json("GET", "/api/v2/instance"))

    def me(self) -> dict[str, Any]:
        """Return the account that the token belongs to."""
        return _object(self._api.json("GET", "/api/v1/accounts/verify_credentials", self._token))

    def upload(self, data: bytes, mime: str, alt: str) -> str:
        """Upload a picture with its description, and return its id: no post holds it yet."""
        files = {"file": (f"picture{mimetypes.guess_extension(mime) or ''}", data, mime)}
        form = {"description": alt} if alt else {}
        made = self._api.json("POST", "/api/v2/media", self._token, files=files, data=form)
        return str(_object(made)["id"])

    def is_ready(self, media: str) -> bool:
        """Say whether an upload is processed. Raises Gone where it isn't there any more."""
        return self._api.call("GET", f"/api/v1/media/{media}", self._token).status_code == 200

    def post(self, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make the one request that puts a post before its audience; a repeat of a key answers with the first post."""
        headers = {"Idempotency-Key": key}
        return _object(self._api.json("POST", "/api/v1/statuses", self._token, headers=headers, json=dict(body)))

    def status(self, name: str) -> dict[str, Any]:
        """Return a post. Raises Gone."""
        return _object(self._api.json("GET", f"/api/v1/statuses/{name}", self._token))

    def source(self, name: str) -> str:
        """Return the text of an own post as it was sent."""
        return str(_object(self._api.json("GET", f"/api/v1/statuses/{name}/source", self._token)).get("text", ""))

    def delete(self, name: str) -> None:
        """Delete an own post. Raises Gone."""
        self._api.call("DELETE", f"/api/v1/statuses/{name}", self._token)

    def timeline(self, account: str, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield an account's posts, newest first, down to a time. Raises Unknown where that is too far to read."""
        below: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            params = {"limit": str(PAGE), "exclude_reblogs": "true", **below}
            page = self._api.json("GET", f"/api/v1/accounts/{account}/statuses", self._token, params=params)
            for status in page:
                if datetime.fromisoformat(status["created_at"]) < since:
                    return
                yield status
            if not page:
                return
            below = {"max_id": str(page[-1]["id"])}
        raise Unknown(f"{self.who} has more than {PAGE * MOST_PAGES} posts of this account since then.")


def delivery_of(status: Mapping[str, Any], who: str, *, pictures: int) -> Delivery:
    """Return an instance's word that a post is live. Raises Unknown for an answer that is none."""
    url = status.get("url") or status.get("uri")
    if not (status.get("id") and url and status.get("created_at")):
        raise Unknown(f"{who} answered without saying where the post is.")
    shown = len(status.get("media_attachments") or ())
    note = "" if shown == pictures else f"It is live with {shown} of its {pictures} pictures. Look at it there."
    return Delivery(remote_id=str(status["id"]), url=url, at=datetime.fromisoformat(status["created_at"]), note=note)


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unknown("Mastodon answered with something that is no object.")
    return found
