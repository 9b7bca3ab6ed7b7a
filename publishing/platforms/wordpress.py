"""WordPress: a draft is made, filled and compared while nobody sees it; one request then publishes it. Class H."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import NotAllowed, NotConnected, Rejected, Unknown
from core.publications import Delivery, Publication
from publishing.backstage import Backstage
from publishing.platform import Approved, Idempotency, Keep, Seen, Sender, post_of
from publishing.wordpress import draft
from publishing.wordpress.front import describe
from publishing.wordpress.pictures import Library
from publishing.wordpress.rest import Rest, before_anything_left

FLOATING = {
    "future": "It is scheduled in WordPress for {date}, by somebody there: it isn't live yet, and goes out then.",
    "pending": "It waits in WordPress for a review there (“Pending”): it is not live.",
    "private": "Somebody made it private in WordPress: its audience can't see it.",
    "trash": "It lies in WordPress's trash: it is not live. Restore it there to let it go out, or cancel it here.",
}


class WordPress(Sender):
    """Sends to one site an account. The handle is the draft's id; its slug finds it again where that is lost."""

    name = "wordpress"
    idempotency: Idempotency = "H"
    send_within = timedelta(seconds=10)
    settle = timedelta(minutes=3)  # two requests of 20 s, PHP's usual 30 s after a cut connection, a slow database

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account's application password is there."""
        return self._backstage.credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return the post's slug."""
        return draft.slug_of(approved.post, approved.stable)

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Make the draft, upload the pictures into it, fill it, and compare what WordPress stored."""
        publication, payload = approved.publication, approved.post
        slug, handles = self.key(approved), publication.handles
        with before_anything_left(self._backstage.clock):
            rest = self._rest(publication.workspace, publication.account)
            post = rest.one("posts", handles.get("post"), slug) or draft.made(rest, slug, payload["title"])
            keep({"post": post["id"]})
            library = Library(rest, post["id"], slug, self._reader(publication.workspace))
            media = library.holds(payload, handles.get("media", {}), keep)
            tags = draft.tag_ids(rest, payload["tags"])
            keep({"media": media, "tags": tags})
            if post["status"] == "draft":
                draft.fill(rest, post, draft.fields_of(payload, slug, media, tags))

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the ids that WordPress gave; the words are taken from the payload alone."""
        return {name: approved.publication.handles[name] for name in ("post", "media", "tags")}

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Publish the draft in one request that carries all that was approved; anything else there is left alone."""
        payload = post_of(request["payload"], request["part"])
        fields = draft.fields_of(payload, request["key"], request["media"], request["tags"])
        with before_anything_left(self._backstage.clock):
            rest = self._rest(request["workspace"], request["account"])
            there = rest.one("posts", request["post"], request["key"])
        if there is None:
            raise Rejected(f"The draft is gone from {rest.who}: somebody deleted it for good. Nothing was published.")
        if there["status"] == "publish":
            return self._live(rest, there, fields)
        if there["status"] != "draft":
            raise Rejected(_floating(there))
        if changed := draft.differences(there, fields):
            raise Rejected(draft.edited(rest.who, there, changed))
        stored = rest.publish(there["id"], {**fields, "status": payload["status"]})
        if stored["status"] != "publish":
            raise Unknown(_floating(stored))
        return self._live(rest, stored, fields)

    def look(self, publication: Publication) -> Delivery | None:
        """Read it back by its id, else by its slug. Raises Unknown for whatever somebody made of it in WordPress."""
        request = publication.request or {}
        rest = self._rest(publication.workspace, publication.account)
        there = rest.one("posts", request["post"], request["key"])
        if there is None:
            raise Unknown(f"It is not on {rest.who} any more, as a draft or otherwise: somebody deleted it for good.")
        payload = post_of(request["payload"], request["part"])
        fields = draft.fields_of(payload, request["key"], request["media"], request["tags"])
        if there["status"] == "publish":
            return self._live(rest, there, fields)
        if there["status"] != "draft":
            raise Unknown(_floating(there))
        if changed := draft.differences(there, fields):
            raise Unknown(draft.edited(rest.who, there, changed))
        return None

    def delete(self, publication: Publication) -> None:
        """Move the post to WordPress's trash, from which it can be restored there; its pictures stay in the library."""
        rest = self._rest(publication.workspace, publication.account)
        answer = rest.remove(f"posts/{publication.remote_id}")
        if answer.is_success or answer.status_code in (404, 410):  # 410: it lies in the trash already
            return
        raise NotAllowed(
            f"{rest.who} did not take it down ({answer.status_code}).",
            f"Delete it there: {rest.site}/wp-admin/post.php?post={publication.remote_id}&action=edit",
        )

    def test(self, workspace: str, account: str) -> Seen:
        """Log in and say as whom, and what that user may do."""
        rest = self._rest(workspace, account)
        site = describe(rest.site, rest.who)
        user = self._rest(workspace, account, api=site["api"]).get("users/me", context="edit")
        may = {name for name, allowed in user.get("capabilities", {}).items() if allowed}
        if "publish_posts" not in may:
            raise NotConnected(
                f"{user['name']} may not publish posts on {rest.who}.",
                "Connect a user who may: an author, or an editor.",
            )
        facts = {"api": site["api"], "site": site.get("name", ""), "url": site.get("url", ""), "user": user["name"]}
        return Seen(account=str(site.get("name") or account), facts=facts, notes=_notes(may))

    def _rest(self, workspace: str, account: str, **facts: Any) -> Rest:
        credentials, place = self._backstage.credentials, (workspace, self.name, account)
        known = facts or credentials.facts(*place)
        return Rest(credentials.settings(*place), known, credentials.get(*place), self._backstage.clock)

    def _reader(self, workspace: str) -> Callable[[str], bytes]:
        return lambda sha256: self._backstage.memory.files.read(workspace, sha256)

    def _live(self, rest: Rest, post: Mapping[str, Any], fields: Mapping[str, Any]) -> Delivery:
        """Return the delivery of a public post that is word for word what was approved."""
        if changed := draft.differences(post, fields):
            raise Unknown(f"It is live at {post['link']}, and somebody changed the {changed} of it on {rest.who}.")
        return Delivery(remote_id=str(post["id"]), url=post["link"], at=_utc(post["date_gmt"]))


def _floating(post: Mapping[str, Any]) -> str:
    words = FLOATING.get(post["status"], f"WordPress calls it “{post['status']}”: it is not live.")
    return words.format(date=f"{post.get('date_gmt', '')}Z")


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def _notes(may: set[str]) -> tuple[str, ...]:
    notes = []
    if "upload_files" not in may:
        notes.append("This user may not upload files: a post with pictures will wait.")
    if "unfiltered_html" not in may:
        notes.append("WordPress filters what this user saves; a post that it would change is not published.")
    return tuple(notes)
