"""A strict fake of X's API v2, ours: X has no server that can be installed, and no sandbox.

Taken from docs.x.com (Create Post and its OpenAPI schema, chunked media upload and metadata, user posts timeline, OAuth
2.0, rate limits). The words of the duplicate, the reply to nothing, the bad media ids and the dead refresh token are
those that users quote in public issues. The text is weighed by this repository's engine, which the test holds against
cases of the official conformance suite.

- A duplicate answers 403 without an id. Only an exact text of a live post of the same user is one; with media, only
  with the same media ids. So a lost post with pictures must be looked for in the timeline.
- Too long answers 403, as X does by the newest reports; older ones say 400 (`too_long_status`).
- `text` comes back changed: links as t.co, `&lt;`, a link added for pictures; `entities` has where they lead.
- An empty timeline has no `data`. `read_lag` keeps new posts out of it for a while.
- `made_with_ai` is a boolean, and kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import counting
from tests.fakes import x_text
from tests.fakes.http_fake import NO_BODY, Answer, Call, utc_now
from tests.fakes.x_access import Grant, invalid, problem
from tests.fakes.x_media import XMedia, XUploads

LIMIT = 280
KNOWN = {
    "card_uri", "community_id", "direct_message_deep_link", "edit_options", "for_super_followers_only", "geo",
    "made_with_ai", "media", "nullcast", "paid_partnership", "poll", "quote_tweet_id", "reply", "reply_settings",
    "share_with_followers", "text",
}  # fmt: skip
FLAGS = ("for_super_followers_only", "made_with_ai", "nullcast", "paid_partnership", "share_with_followers")
ID = r"(\d{1,19})"


@dataclass
class Tweet:
    """A published post."""

    id: str
    user: str
    text: str
    media: list[XMedia]
    reply_to: str | None
    at: datetime
    made_with_ai: bool


class FakeX(XUploads):
    """One user's X. `token` may post as `user`; `posts()` is what the audience sees."""

    routes = (
        ("POST", r"/2/tweets", "create"),
        ("GET", rf"/2/tweets/{ID}", "show"),
        ("DELETE", rf"/2/tweets/{ID}", "delete"),
        ("GET", rf"/2/users/{ID}/tweets", "timeline"),
        ("GET", r"/2/users/me", "me"),
        ("POST", r"/2/media/upload", "upload"),
        ("GET", r"/2/media/upload", "status"),
        ("POST", r"/2/media/upload/initialize", "initialize"),
        ("POST", rf"/2/media/upload/{ID}/append", "append"),
        ("POST", rf"/2/media/upload/{ID}/finalize", "finalize"),
        ("POST", r"/2/media/metadata", "metadata"),
        ("POST", r"/2/oauth2/token", "token_of"),
    )

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self.too_long_status = 403
        self.read_lag = timedelta(0)
        self.media: dict[str, XMedia] = {}
        self.tweets: dict[str, Tweet] = {}
        self._made = 0

    def posts(self) -> list[dict[str, Any]]:
        """What the audience sees, oldest first: the text as written, alt texts, what it replies to, the AI label."""
        with self._lock:
            self.settle()
            return [
                {"id": t.id, "text": t.text, "media": [m.alt for m in t.media], "reply_to": t.reply_to,
                 "made_with_ai": t.made_with_ai, "at": t.at} for t in self.tweets.values()
            ]  # fmt: skip

    def missing(self, call: Call) -> Answer:
        return problem(404, "Not Found", "Not Found").answer

    def new_id(self) -> str:
        self._made += 1
        return str((int(self.now().timestamp() * 1000) - 1288834974657 << 22) + self._made)

    def create(self, call: Call) -> Answer:
        """Publish a post, or refuse it as X does."""
        grant = self.may(call, "POST /2/tweets", "tweet.write", "tweet.read", "users.read")
        given = self._given(call)
        media = self._attached(grant, given.get("media"))
        text = given.get("text", "")
        if not text.strip() and not media:
            raise invalid("$.text: a post has a text or media")
        if counting.MEASURES["x"](text) > LIMIT:
            words = "Your Tweet text is too long. For more information on how Twitter determines text length see "
            raise problem(self.too_long_status, "Forbidden", words + "https://github.com/twitter/twitter-text.")
        reply = self._replied(given.get("reply"))
        if any(self._same(each, grant, text, media) for each in self.tweets.values()):
            raise problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
        ai = given.get("made_with_ai", False)
        tweet = Tweet(self.new_id(), grant.user, text, media, reply, self.now(), ai)
        self.tweets[tweet.id] = tweet
        return Answer(201, {"data": self._entity(tweet)})

    def _given(self, call: Call) -> dict[str, Any]:
        if call.content_type != "application/json" or call.json is NO_BODY or not isinstance(call.json, dict):
            raise invalid("The body is no JSON object")
        for name in sorted(call.json.keys() - KNOWN):
            raise invalid(f"$.{name}: is not defined in the schema and the schema does not allow additional properties")
        for name in FLAGS:
            if not isinstance(call.json.get(name, False), bool):
                raise invalid(f"$.{name}: {type(call.json[name]).__name__} found, boolean expected")
        if not isinstance(call.json.get("text", ""), str):
            raise invalid("$.text: string expected")
        return call.json

    def _attached(self, grant: Grant, given: Any) -> list[XMedia]:
        if given is None:
            return []
        names = given.get("media_ids") if isinstance(given, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise invalid("$.media.media_ids: array of strings expected")
        if not 1 <= len(names) <= 4:
            raise invalid("$.media.media_ids: there must be 1 to 4 items in the array")
        found = [self.media.get(name) for name in names]
        good = [each for each in found if each and each.user == grant.user and each.state == "succeeded"]
        if len(good) != len(names) or any(each.until <= self.now() for each in good):
            raise invalid("Your media IDs are invalid.", media__media_ids=names)
        if len(good) > 1 and any(each.category != "tweet_image" for each in good):
            raise invalid("Attach either 1-4 photos or 1 animated GIF or 1 video.", media__media_ids=names)
        return good

    def _replied(self, given: Any) -> str | None:
        if given is None:
            return None
        name = given.get("in_reply_to_tweet_id") if isinstance(given, dict) else None
        if not isinstance(name, str) or not name.isdigit():
            raise invalid("$.reply.in_reply_to_tweet_id: a string of digits is required")
        if name not in self.tweets:
            words = "You attempted to reply to a Tweet that is deleted or not visible to you."
            raise problem(403, "Forbidden", words)
        return name

    @staticmethod
    def _same(tweet: Tweet, grant: Grant, text: str, media: list[XMedia]) -> bool:
        return (tweet.user, tweet.text, [m.id for m in tweet.media]) == (grant.user, text, [m.id for m in media])

    def show(self, call: Call, name: str) -> Answer:
        """A post; one that isn't there is answered with 200 and errors, as X does."""
        self.may(call, "GET /2/tweets/:id", "tweet.read", "users.read")
        if name in self.tweets:
            return Answer(200, {"data": self._entity(self.tweets[name], _fields(call))})
        detail, kind = (
            f"Could not find tweet with id: [{name}].",
            "https://api.twitter.com/2/problems/resource-not-found",
        )
        error = {"value": name, "detail": detail, "title": "Not Found Error", "resource_type": "tweet"}
        return Answer(200, {"errors": [{**error, "parameter": "id", "resource_id": name, "type": kind}]})

    def timeline(self, call: Call, user: str) -> Answer:
        """A user's posts, newest first, in pages."""
        self.may(call, "GET /2/users/:id/tweets", "tweet.read", "users.read")
        most = int(call.parameter("max_results", "10"))
        if not 5 <= most <= 100:
            raise invalid(f"The `max_results` query parameter value [{most}] is not between 5 and 100")
        seen = [t for t in self.tweets.values() if t.user == user and t.at + self.read_lag <= self.now()]
        below = call.parameter("pagination_token") or call.parameter("until_id")
        seen = [t for t in seen if not below or int(t.id) < int(below)]
        seen = [t for t in seen if int(t.id) > int(call.parameter("since_id", "0"))]
        if start := call.parameter("start_time"):
            seen = [t for t in seen if t.at >= datetime.fromisoformat(start)]
        if "replies" in call.parameter("exclude").split(","):
            seen = [t for t in seen if t.reply_to is None]
        seen.sort(key=lambda t: int(t.id), reverse=True)
        if not seen:
            return Answer(200, {"meta": {"result_count": 0}})
        page = seen[:most]
        meta = {"result_count": len(page), "newest_id": page[0].id, "oldest_id": page[-1].id}
        further = {"next_token": page[-1].id} if len(seen) > most else {}
        return Answer(200, {"data": [self._entity(t, _fields(call)) for t in page], "meta": {**meta, **further}})

    def delete(self, call: Call, name: str) -> Answer:
        """Delete an own post."""
        grant = self.may(call, "DELETE /2/tweets/:id", "tweet.write", "tweet.read", "users.read")
        if name not in self.tweets:
            raise problem(404, "Not Found Error", f"Could not find tweet with id: [{name}].")
        if self.tweets[name].user != grant.user:
            raise problem(403, "Forbidden", "You are not authorized to delete this Tweet.")
        del self.tweets[name]
        return Answer(200, {"data": {"deleted": True}})

    def _entity(self, tweet: Tweet, fields: frozenset[str] = frozenset()) -> dict[str, Any]:
        keys = [each.key for each in tweet.media]
        text, entities = x_text.shown(tweet.text, f"https://x.com/{self.username}/status/{tweet.id}", keys)
        at = tweet.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        more: dict[str, Any] = {"created_at": at, "author_id": tweet.user, "entities": entities}
        more["conversation_id"] = tweet.reply_to or tweet.id
        if keys:
            more["attachments"] = {"media_keys": keys}
        if tweet.reply_to:
            more["referenced_tweets"] = [{"type": "replied_to", "id": tweet.reply_to}]
        asked = {name: value for name, value in more.items() if name in fields and value}
        return {"id": tweet.id, "text": text, "edit_history_tweet_ids": [tweet.id], **asked}


def _fields(call: Call) -> frozenset[str]:
    return frozenset(call.parameter("tweet.fields").split(","))
