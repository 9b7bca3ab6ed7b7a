"""A strict fake of a Mastodon instance, ours: Mastodon (Ruby, PostgreSQL, Redis, Sidekiq) can't be installed here.

Taken from Mastodon's API documentation (methods statuses, media, scheduled_statuses, accounts, oauth; entity Instance;
rate limits) and, for the order of checks and the words of errors, from its source: PostStatusService,
StatusLengthValidator, ScheduledStatus, the media and statuses controllers, rack_attack and the English locale (4.5).

- Checks run in Mastodon's order: quota, token, scope, the post replied to, Idempotency-Key, media, text, schedule.
- An Idempotency-Key is kept one hour per account. Quirks of the source, kept: repeating the key of a *scheduled* post,
  or of one deleted since, answers 404; what else the repeat says is never looked at.
- `scheduled_at` within five minutes answers 422 (Mastodon 4.3 and later); in the past it is ignored, and the post goes
  out at once. `old_schedule` is Mastodon before 4.3: whatever is less than five minutes ahead goes out at once.
- A form's list needs its brackets (`media_ids[]`); Rails drops `media_ids` without a word, and so does this.
- Media answers 202 and needs polling (`processing_polls`); `sync_media` answers 200 as Mastodon 4 does for images.
- Its own 429 has no Retry-After, only X-RateLimit-Reset, an ISO date. Script a fault for one with it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes import mastodon_counting, mastodon_entities
from tests.fakes.http_fake import NO_BODY, Answer, Call, Refused, utc_now
from tests.fakes.mastodon_entities import Grant, Media, Status
from tests.fakes.mastodon_media import MAX_MEDIA, MIME_TYPES, MastodonMedia

KEY_KEPT = timedelta(hours=1)
SOONEST = timedelta(minutes=5)
VISIBILITIES = ("public", "unlisted", "private", "direct")
OPEN = ("public", "unlisted")
ID = r"(\d+)"


class FakeMastodon(MastodonMedia):
    """One instance. `token` may read and write as `account`; `grant()` makes others, `posts()` is what people see."""

    routes = (
        ("GET", r"/api/v2/instance/?", "instance"),  # Rails takes a closing slash, and Mastodon.py sends one here
        ("GET", r"/api/v1/instance/?", "old_instance"),
        ("GET", r"/api/v1/accounts/verify_credentials", "verify_credentials"),
        ("GET", rf"/api/v1/accounts/{ID}/statuses", "timeline"),
        ("POST", r"/api/v2/media", "upload"),
        ("GET", rf"/api/v1/media/{ID}", "media_of"),
        ("PUT", rf"/api/v1/media/{ID}", "describe"),
        ("POST", r"/api/v1/statuses", "create"),
        ("GET", rf"/api/v1/statuses/{ID}", "show"),
        ("GET", rf"/api/v1/statuses/{ID}/source", "source"),
        ("DELETE", rf"/api/v1/statuses/{ID}", "delete"),
        ("GET", r"/api/v1/scheduled_statuses", "list_scheduled"),
        ("GET", rf"/api/v1/scheduled_statuses/{ID}", "show_scheduled"),
        ("DELETE", rf"/api/v1/scheduled_statuses/{ID}", "cancel_scheduled"),
        ("POST", r"/oauth/token", "oauth_token"),
    )

    def __init__(self, clock: Callable[[], datetime] = utc_now, *, max_characters: int = 500) -> None:
        super().__init__(clock)
        self.max_characters = max_characters
        self.old_schedule = False
        self.statuses: dict[str, Status] = {}
        self.scheduled: dict[str, Status] = {}
        self.media: dict[str, Media] = {}
        self._keys: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._made = 0

    def posts(self) -> list[dict[str, Any]]:
        """What readers see, oldest first: text, warning, visibility, media descriptions, what it replies to."""
        with self._lock:
            self.settle()
            self._publish_due()
            return [each.seen() for each in self.statuses.values() if each.visibility != "direct"]

    def before(self, call: Call) -> None:
        self._publish_due()
        super().before(call)

    def instance(self, call: Call) -> Answer:
        """The instance's limits; public."""
        media = {
            "description_limit": self.description_limit, "supported_mime_types": MIME_TYPES,
            "image_size_limit": self.image_size_limit, "image_matrix_limit": 33177600,
            "video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400,
        }  # fmt: skip
        statuses = {"max_characters": self.max_characters, "max_media_attachments": MAX_MEDIA}
        configuration = {
            "urls": {"streaming": "wss://fake.example"}, "accounts": {"max_featured_tags": 10},
            "statuses": {**statuses, "characters_reserved_per_url": 23}, "media_attachments": media,
            "translation": {"enabled": False},
        }  # fmt: skip
        whole = {"domain": "fake.example", "title": "A fake", **self._version(), "configuration": configuration}
        return Answer(200, {**whole, "source_url": "", "description": "", "languages": ["en"], "rules": []})

    def old_instance(self, call: Call) -> Answer:
        """The deprecated form, as far as clients ask it for the version."""
        return Answer(200, {"uri": "fake.example", "title": "A fake", "version": self._version()["version"]})

    def _version(self) -> dict[str, Any]:
        new = {"version": "4.5.2", "api_versions": {"mastodon": 7}}
        return {"version": "4.2.17"} if self.old_schedule else new

    def verify_credentials(self, call: Call) -> Answer:
        """Whose token this is."""
        grant = self.may(call, "read:accounts", "profile")
        return Answer(200, {**self._account(grant.account), "source": {"privacy": "public", "language": "en"}})

    def timeline(self, call: Call, account: str) -> Answer:
        """An account's public posts (all, to itself), newest first, with a Link header to the next page."""
        if account not in {each.account for each in self.grants.values()}:
            raise Refused(404, {"error": "Record not found"})
        own = bool(call.bearer) and self.may(call, "read:statuses").account == account
        seen = [s for s in self.statuses.values() if s.account == account and (own or s.visibility in OPEN)]
        limit = min(int(call.parameter("limit", "20")), 40)
        seen = _page(call, sorted(seen, key=lambda each: int(each.id), reverse=True))
        page = seen[-limit:] if call.parameter("min_id") else seen[:limit]
        headers = {}
        if len(seen) > limit:
            headers["Link"] = f'<{self.base_url}{call.path}?limit={limit}&max_id={page[-1].id}>; rel="next"'
        return Answer(200, [self._entity(status) for status in page], headers)

    def create(self, call: Call) -> Answer:
        """Publish or schedule a post."""
        grant, given = self.may(call, "write:statuses"), _given(call)
        reply = str(given.get("in_reply_to_id") or "") or None
        if reply and reply not in self.statuses:
            raise Refused(404, {"error": "The post you are trying to reply to does not appear to exist."})
        key = call.headers.get("Idempotency-Key", "")
        if key and (known := self._keys.get((grant.account, key))) and self.now() < known[1] + KEY_KEPT:
            return Answer(200, self._entity(_found(known[0], self.statuses)))
        status = self._checked(grant, given, reply)
        if key:
            self._keys[grant.account, key] = status.id, self.now()
        if status.scheduled_at:
            self.scheduled[status.id] = status
            return Answer(200, status.scheduled(self.base_url))
        self.statuses[status.id] = status
        return Answer(200, self._entity(status))

    def _checked(self, grant: Grant, given: dict[str, Any], reply: str | None) -> Status:
        media = self.attachable(grant, given.get("media_ids"))
        text, warning = str(given.get("status") or ""), str(given.get("spoiler_text") or "")
        if not text.strip() and warning:
            text, warning = warning, ""
        at = self._schedule(given.get("scheduled_at"))
        visibility = str(given.get("visibility") or "public")
        problems = self._problems(text, warning, visibility, media)
        if problems:
            raise Refused(422, {"error": "Record invalid" if at else "Validation failed: " + ", ".join(problems)})
        if at and at <= self.now() + SOONEST:
            raise Refused(422, {"error": "Validation failed: Scheduled at date must be in the future"})
        sensitive = bool(warning) or str(given.get("sensitive", "")).lower() in ("true", "1")
        who, language = grant.account, str(given.get("language") or "en")
        name, now = self.new_id(), self.now()
        status = Status(name, who, text, warning, visibility, sensitive, language, media, reply, now, at)
        for each in media:
            each.status = name
        return status

    def _problems(self, text: str, warning: str, visibility: str, media: list[Media]) -> list[str]:
        problems = []
        if not text.strip() and not media:
            problems.append("Text can't be blank")
        if mastodon_counting.length(text, warning) > self.max_characters:
            problems.append(f"Text character limit of {self.max_characters} exceeded")
        if visibility not in VISIBILITIES:
            problems.append("Visibility is not included in the list")
        return problems

    def _schedule(self, given: Any) -> datetime | None:
        if not given:
            return None
        try:
            at = datetime.fromisoformat(str(given))
        except ValueError:
            raise Refused(422, {"error": "Record invalid"}) from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return None if at <= self.now() + (SOONEST if self.old_schedule else timedelta(0)) else at

    def _publish_due(self) -> None:
        for status in [each for each in self.scheduled.values() if each.scheduled_at <= self.now()]:
            del self.scheduled[status.id]
            status.id, status.created_at, status.scheduled_at = self.new_id(), status.scheduled_at, None
            self.statuses[status.id] = status

    def show(self, call: Call, name: str) -> Answer:
        """A post; public ones need no token."""
        status = _found(name, self.statuses)
        own = bool(call.bearer) and self.may(call, "read:statuses").account == status.account
        if status.visibility not in OPEN and not own:
            raise Refused(404, {"error": "Record not found"})
        return Answer(200, self._entity(status))

    def source(self, call: Call, name: str) -> Answer:
        """The text as it was sent."""
        self.may(call, "read:statuses")
        status = _found(name, self.statuses)
        return Answer(200, {"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text})

    def delete(self, call: Call, name: str) -> Answer:
        """Delete an own post and answer it with its text."""
        status = self._own(call, name, self.statuses)
        return Answer(200, {**self._entity(status), "text": status.text})

    def list_scheduled(self, call: Call) -> Answer:
        """The own posts that wait."""
        grant = self.may(call, "read:statuses")
        own = [each for each in self.scheduled.values() if each.account == grant.account]
        return Answer(200, [each.scheduled(self.base_url) for each in own])

    def show_scheduled(self, call: Call, name: str) -> Answer:
        """One post that waits."""
        self.may(call, "read:statuses")
        return Answer(200, _found(name, self.scheduled).scheduled(self.base_url))

    def cancel_scheduled(self, call: Call, name: str) -> Answer:
        """Forget a post that waits."""
        self._own(call, name, self.scheduled)
        return Answer(200, {})

    def _own(self, call: Call, name: str, among: dict[str, Status]) -> Status:
        """Take an own post out; its media may be attached again."""
        grant, status = self.may(call, "write:statuses"), _found(name, among)
        if status.account != grant.account:
            raise Refused(404, {"error": "Record not found"})
        for each in status.media:
            each.status = ""
        return among.pop(name)

    def new_id(self) -> str:
        self._made += 1
        return str((int(self.now().timestamp() * 1000) << 16) + self._made)

    def _account(self, name: str) -> dict[str, Any]:
        posted = sum(each.account == name for each in self.statuses.values())
        return mastodon_entities.account(self.base_url, name, posted)

    def _entity(self, status: Status) -> dict[str, Any]:
        return status.entity(self.base_url, self._account(status.account))


def _found(name: str, among: dict[str, Status]) -> Status:
    if name not in among:
        raise Refused(404, {"error": "Record not found"})
    return among[name]


def _page(call: Call, seen: list[Status]) -> list[Status]:
    highest, lowest = call.parameter("max_id"), call.parameter("since_id") or call.parameter("min_id")
    seen = [each for each in seen if not highest or int(each.id) < int(highest)]
    seen = [each for each in seen if not lowest or int(each.id) > int(lowest)]
    if call.parameter("exclude_replies").lower() in ("true", "1"):
        seen = [each for each in seen if each.in_reply_to_id is None]
    return seen


def _given(call: Call) -> dict[str, Any]:
    """Return the parameters as Rails permits them: of a form, scalars as they are and lists only with brackets."""
    if call.json is not NO_BODY:
        return call.json if isinstance(call.json, dict) else {}
    given: dict[str, Any] = {name: values[-1] for name, values in call.form.items() if not name.endswith("]")}
    given.pop("media_ids", None)
    if "media_ids[]" in call.form:
        given["media_ids"] = call.form["media_ids[]"]
    return given
