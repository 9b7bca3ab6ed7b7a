"""X's API v2, one method a request (an upload in chunks is several)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from core.errors import NotConnected, Rejected, Unknown
from publishing.bearer import Bearer
from publishing.http import said

API = "https://api.x.com"
WHO = "X"
CHUNK = 1024 * 1024
MOST_PAGES = 8
"""How far back a timeline is read: 800 posts, of the 3,200 that X lets be read."""

_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # ids count milliseconds from here, above 22 bits
_FIELDS = "entities,created_at,attachments,referenced_tweets"
_ACCOUNT_WORDS = ("permission", "not permitted", "suspended", "locked", "enroll")


class Api:
    """Requests to one address, each with a token."""

    def __init__(self, base: str, clock: Callable[[], datetime]) -> None:
        self._api = Bearer(base, WHO, clock, reads=_read)

    def me(self, token: str) -> dict[str, Any]:
        """Return the user that the token belongs to."""
        return self._data("GET", "/2/users/me", token)

    def create(self, token: str, body: Mapping[str, Any]) -> str:
        """Make the one request that puts a post before its audience, and return its id."""
        return str(self._data("POST", "/2/tweets", token, json=dict(body))["id"])

    def delete(self, token: str, name: str) -> None:
        """Delete an own post. Raises Gone."""
        self._api.call("DELETE", f"/2/tweets/{name}", token)

    def timeline(self, token: str, user: str, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield a user's posts of a time, newest first. Raises Unknown where that are too many to read."""
        start = since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        params = {"max_results": "100", "tweet.fields": _FIELDS, "start_time": start}
        for _ in range(MOST_PAGES):
            page = _object(self._api.json("GET", f"/2/users/{user}/tweets", token, params=params))
            yield from page.get("data") or ()  # an empty timeline has none
            following = (page.get("meta") or {}).get("next_token")
            if not following:
                return
            params = {**params, "pagination_token": str(following)}
        raise Unknown(f"{WHO} has more than {100 * MOST_PAGES} posts of this account since then.")

    def upload(self, token: str, data: bytes, mime: str) -> dict[str, Any]:
        """Upload a picture in chunks, and return what X says of it: no post holds it yet."""
        kind = "tweet_gif" if mime == "image/gif" else "tweet_image"
        begun = {"media_type": mime, "total_bytes": len(data), "media_category": kind}
        name = self._data("POST", "/2/media/upload/initialize", token, json=begun)["id"]
        for number, at in enumerate(range(0, len(data), CHUNK)):
            part = {"media": ("chunk", data[at : at + CHUNK], "application/octet-stream")}
            form = {"segment_index": str(number)}
            self._api.call("POST", f"/2/media/upload/{name}/append", token, files=part, data=form)
        return self._data("POST", f"/2/media/upload/{name}/finalize", token)

    def upload_state(self, token: str, name: str) -> dict[str, Any]:
        """Return how far an upload is. Raises Gone."""
        return self._data("GET", "/2/media/upload", token, params={"command": "STATUS", "media_id": name})

    def describe(self, token: str, name: str, alt: str) -> None:
        """Give an upload its alt text."""
        given = {"id": name, "metadata": {"alt_text": {"text": alt}}}
        self._api.call("POST", "/2/media/metadata", token, json=given)

    def _data(self, verb: str, path: str, token: str, **body: Any) -> dict[str, Any]:
        data = _object(self._api.json(verb, path, token, **body)).get("data")
        if not isinstance(data, dict) or (verb == "POST" and not data.get("id")):
            raise Unknown(f"{WHO} answered without saying what it did.")
        return data


def made_at(name: str) -> datetime:
    """Return when a post was made: its id counts milliseconds."""
    return _EPOCH + timedelta(milliseconds=int(name) >> 22)


def _read(answer: httpx2.Response) -> None:
    """Tell a 403 about the account, or a scope that is missing, from one about the post: a duplicate, its length."""
    if answer.status_code != 403:
        return
    words = said(answer)
    about_account = words.replace("Forbidden", "").strip() == "" or any(w in words.lower() for w in _ACCOUNT_WORDS)
    if about_account:
        raise NotConnected(f"{WHO} does not let this app post for this account (403): {words}")
    raise Rejected(f"{WHO} says no (403): {words}")


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unknown(f"{WHO} answered with something that is no object.")
    return found
