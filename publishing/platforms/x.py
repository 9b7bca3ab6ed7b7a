"""X. Class D: it refuses a repeat, but doesn't say of what; so the account's own posts are read before any resend.

Written to its documentation and tested against a strict fake of ours: X has no server to test with.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.errors import NotConnected, Rejected, Unknown
from core.publications import Delivery, Publication
from publishing.backstage import Backstage
from publishing.bearer import Gone
from publishing.credentials import Secret
from publishing.credentials.access import Access, Who
from publishing.credentials.oauth import refresh_grant
from publishing.http import client
from publishing.platform import Approved, Idempotency, Keep, Seen, Sender
from publishing.readback import earliest, taken
from publishing.settling import same_account
from publishing.x.api import API, WHO, Api, made_at
from publishing.x.words import same

WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between two questions whether a picture is processed; after the last the post is tried again in a minute."""

LASTS = timedelta(hours=1)
"""An upload that ends sooner is made anew: it must outlive the send and a repeat."""

DEAD_REFRESH_TOKEN = "Value passed for the token was invalid."
"""What X says, with 400 `invalid_request`, of a refresh token that has ended or was used: others say invalid_grant."""

_MEDIA = "media:"
_ALT = "alt:"


class X(Sender):
    """Posts as one user an account. The user's own access token is needed, with offline access to renew it."""

    name = "x"
    idempotency: Idempotency = "D"
    send_within = timedelta(seconds=20)
    settle = timedelta(minutes=5)  # a token's renewal, two requests, a late commit, read lag: docs/platforms/x

    def __init__(self, backstage: Backstage, api: str = API) -> None:
        self._backstage = backstage
        self._base = api
        self._api = Api(api, backstage.clock)
        self._access = Access(backstage.credentials, backstage.clock, self._renew)

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account is connected."""
        return self._backstage.credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return a name of our own: X takes none, it compares texts and pictures."""
        return f"greenroom-{approved.stable}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Renew the token if it ends soon, ask whose it is where that isn't known, and upload the pictures."""
        publication = approved.publication
        who = _who(publication)
        self._access.token(who)
        keep({"user": self._user(who)})
        for picture in approved.post.get("media") or ():
            name = _MEDIA + picture["sha256"]
            kept = publication.handles.get(name)
            if kept is None or datetime.fromisoformat(kept["until"]) < self._backstage.clock() + LASTS:
                kept = self._upload(who, picture)
                keep({name: kept})
            if not kept["ready"]:
                self._wait_for(who, kept["id"])
                keep({name: {**kept, "ready": True}})
            if picture["alt"] and f"{_ALT}{kept['id']}" not in publication.handles:
                self._describe(who, kept["id"], picture["alt"])
                keep({f"{_ALT}{kept['id']}": True})

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the post as JSON, whose it is, and from when on it can be there."""
        publication, post = approved.publication, approved.post
        body: dict[str, Any] = {"text": post["text"]}
        if post.get("media"):
            body["media"] = {"media_ids": [publication.handles[_MEDIA + p["sha256"]]["id"] for p in post["media"]]}
        if publication.part > 1:
            thread = self._backstage.memory.publications.thread(publication)
            body["reply"] = {"in_reply_to_tweet_id": thread[publication.part - 2].remote_id}
        if (approved.proposal.payload.get("disclosure") or {}).get("ai"):
            body["made_with_ai"] = True
        since = earliest(approved, self._backstage.memory, now)
        return {"body": body, "user": publication.handles["user"], "since": instant(since)}

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether the frozen post has the approved words, as many pictures, and a place in a thread only in one."""
        body, post = request["body"], approved.post
        ai = bool((approved.proposal.payload.get("disclosure") or {}).get("ai"))
        words = (body["text"], body.get("made_with_ai", False)) == (post["text"], ai)
        pictures = len((body.get("media") or {}).get("media_ids", ())) == len(post.get("media") or ())
        known = set(body) <= {"text", "media", "reply", "made_with_ai"}
        return words and pictures and known and ("reply" in body) == (approved.publication.part > 1)

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Post once."""
        who = (request["workspace"], self.name, request["account"])
        known = self._backstage.credentials.facts(*who).get("id")
        if known and known != request["user"]["id"]:
            raise NotConnected(f"{who[2]} is connected as another account than this was made ready for.")
        name = self._access.use(who, lambda token: self._api.create(token, request["body"]))
        return _delivery(name, request)

    def look(self, publication: Publication) -> Delivery | None:
        """Read the account's posts since the arming: this is the one with the same words, pictures and place."""
        request = publication.request or {}
        since = datetime.fromisoformat(request["since"])
        for tweet in self._access.use(_who(publication), lambda token: self._since(token, request, since)):
            if _alike(tweet, request["body"]) and tweet["id"] not in taken(self._backstage.memory, publication):
                return _delivery(str(tweet["id"]), request)
        return None

    def delete(self, publication: Publication) -> None:
        """Take the post down; one that is gone already is fine."""
        try:
            self._access.use(_who(publication), lambda token: self._api.delete(token, str(publication.remote_id)))
        except Gone:
            return

    def test(self, workspace: str, account: str) -> Seen:
        """Ask whose token this is."""
        me = self._access.use((workspace, self.name, account), self._api.me)
        facts = {"id": str(me["id"]), "username": str(me["username"])}
        return Seen(account=f"@{me['username']}", facts=facts)

    def _since(self, token: str, request: Mapping[str, Any], since: datetime) -> list[dict[str, Any]]:
        return list(self._api.timeline(token, request["user"]["id"], since))

    def _user(self, who: Who) -> dict[str, str]:
        """Return the account's own id and name. A post was approved for one account: another one's token is none."""
        known = self._backstage.credentials.facts(*who)
        if known.get("id") and known.get("username"):
            return {"id": known["id"], "username": known["username"]}
        me = self._access.use(who, self._api.me)
        if not same_account(who[2], str(me["username"])):
            raise NotConnected(f"The access token is of @{me['username']}, not of {who[2]}. Nothing was sent.")
        return {"id": str(me["id"]), "username": str(me["username"])}

    def _upload(self, who: Who, picture: Mapping[str, Any]) -> dict[str, Any]:
        data = self._backstage.memory.files.read(who[0], picture["sha256"])
        made = self._access.use(who, lambda token: self._api.upload(token, data, picture["mime"]))
        until = self._backstage.clock() + timedelta(seconds=int(made.get("expires_after_secs", 0)))
        return {"id": str(made["id"]), "until": instant(until), "ready": _is_ready(made)}

    def _wait_for(self, who: Who, name: str) -> None:
        for wait in (*WAITS, None):
            if _is_ready(self._access.use(who, lambda token: self._api.upload_state(token, name))):
                return
            if wait is not None:
                time.sleep(wait)
        raise Unknown(f"{WHO} is still at work on a picture")

    def _describe(self, who: Who, name: str, alt: str) -> None:
        self._access.use(who, lambda token: self._api.describe(token, name, alt))

    def _renew(self, who: Who, now: Secret) -> Secret:
        """Ask for new tokens; the refresh token works once, so the vault keeps the new one before anybody uses it."""
        app, secret = self._backstage.credentials.settings(*who).get("client_id"), now.values.get("client_secret")
        with client() as http:
            ask = refresh_grant(
                http,
                f"{self._base}/2/oauth2/token",
                who=WHO,
                clock=self._backstage.clock,
                client_id=str(app or ""),
                client_secret=secret,
                auth="basic" if secret else "form",
                also_ended=DEAD_REFRESH_TOKEN,
            )
            return ask(now)


def _who(publication: Publication) -> Who:
    return (publication.workspace, publication.channel, publication.account)


def _is_ready(media: Mapping[str, Any]) -> bool:
    """Say whether an upload is processed: one without any news of that is. Raises Rejected for one that failed."""
    state = (media.get("processing_info") or {}).get("state", "succeeded")
    if state == "failed":
        raise Rejected(f"{WHO} can't use a picture. Nothing was sent.")
    return bool(state == "succeeded")


def _alike(tweet: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a post is this one: its words, how many pictures it has, and what it replies to."""
    replied = [each["id"] for each in tweet.get("referenced_tweets") or () if each.get("type") == "replied_to"]
    pictures = (tweet.get("attachments") or {}).get("media_keys") or ()
    return (
        len(pictures) == len((body.get("media") or {}).get("media_ids", ()))
        and replied == ([body["reply"]["in_reply_to_tweet_id"]] if "reply" in body else [])
        and same(tweet, body["text"])
    )


def _delivery(name: str, request: Mapping[str, Any]) -> Delivery:
    user = request["user"]["username"]
    return Delivery(remote_id=name, url=f"https://x.com/{user}/status/{name}", at=made_at(name))
