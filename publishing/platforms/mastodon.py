"""Mastodon. Class K, weakly: an Idempotency-Key is kept for an hour; after that reading the account's posts decides."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.errors import NotConnected, Rejected, Unknown
from core.publications import Delivery, Publication
from publishing.backstage import Backstage
from publishing.bearer import Gone
from publishing.mastodon.instance import Instance, delivery_of
from publishing.mastodon.limits import limits_of, refuse_too_much
from publishing.platform import Approved, Idempotency, Keep, Seen, Sender
from publishing.readback import earliest, taken
from publishing.settling import same_account

WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between two questions whether a picture is processed; after the last the post is tried again in a minute."""

_MEDIA = "media:"
_SAID = ("status", "visibility", "language", "spoiler_text", "sensitive")


class Mastodon(Sender):
    """Posts to an account's own instance."""

    name = "mastodon"
    idempotency: Idempotency = "K"
    send_within = timedelta(seconds=20)
    settle = timedelta(minutes=3)  # a request of 20 s a phase, a web worker that goes on after a cut: docs/platforms

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account is connected."""
        return self._backstage.credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return the Idempotency-Key."""
        return f"greenroom-{approved.stable}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Ask what the instance takes and whose token this is, then upload the pictures and wait for them."""
        publication, post = approved.publication, approved.post
        instance = self._instance(publication.workspace, publication.account)
        refuse_too_much(post, limits_of(instance.itself()), instance.who)
        keep({"account": self._account(instance, publication)})
        for picture in post.get("media") or ():
            name = _MEDIA + picture["sha256"]
            kept = publication.handles.get(name)
            if kept is None or not _is_there(instance, kept):
                kept = self._upload(instance, publication.workspace, picture)
                keep({name: kept})
            _wait_for(instance, kept)

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the post as JSON, the account's own id, and from when on it can be there."""
        publication, post = approved.publication, approved.post
        body = {name: post[name] for name in _SAID if name in post}
        if post.get("media"):
            body["media_ids"] = [publication.handles[_MEDIA + picture["sha256"]] for picture in post["media"]]
        if publication.part > 1:
            thread = self._backstage.memory.publications.thread(publication)
            body["in_reply_to_id"] = thread[publication.part - 2].remote_id
        since = earliest(approved, self._backstage.memory, now)
        return {"body": body, "account_id": publication.handles["account"], "since": instant(since)}

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether the frozen post has the approved words, as many pictures, and a place in a thread only in one."""
        body, post = request["body"], approved.post
        said = {name: value for name, value in body.items() if name not in ("media_ids", "in_reply_to_id")}
        same = said == {name: post[name] for name in _SAID if name in post}
        pictures = len(body.get("media_ids", ())) == len(post.get("media") or ())
        return same and pictures and ("in_reply_to_id" in body) == (approved.publication.part > 1)

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Post once. A repeat within an hour is answered with the first post, and counts as that."""
        instance, body = self._instance(request["workspace"], request["account"]), request["body"]
        self._refuse_another(request)
        try:
            status = instance.post(request["key"], body)
        except Gone as gone:
            raise self._missing(instance, body) from gone
        return delivery_of(status, instance.who, pictures=len(body.get("media_ids", ())))

    def look(self, publication: Publication) -> Delivery | None:
        """Read the account's posts since the arming: this is the one with the same words, pictures and place."""
        request = publication.request or {}
        instance, body = self._instance(publication.workspace, publication.account), request["body"]
        for status in instance.timeline(request["account_id"], datetime.fromisoformat(request["since"])):
            if not (_alike(status, body) and instance.source(status["id"]).strip() == body["status"].strip()):
                continue
            if str(status["id"]) not in taken(self._backstage.memory, publication):
                return delivery_of(status, instance.who, pictures=len(body.get("media_ids", ())))
        return None

    def delete(self, publication: Publication) -> None:
        """Take the post down; one that is gone already is fine."""
        try:
            self._instance(publication.workspace, publication.account).delete(str(publication.remote_id))
        except Gone:
            return

    def test(self, workspace: str, account: str) -> Seen:
        """Ask whose token this is and what the instance takes."""
        instance = self._instance(workspace, account)
        me, itself = instance.me(), instance.itself()
        facts = {"id": str(me["id"]), **limits_of(itself)}
        return Seen(account=_address(me, itself), facts=facts)

    def _instance(self, workspace: str, account: str) -> Instance:
        place = (workspace, self.name, account)
        credentials = self._backstage.credentials
        return Instance(credentials.settings(*place), credentials.get(*place), self._backstage.clock)

    def _account(self, instance: Instance, publication: Publication) -> str:
        """Return the account's id. A post was approved for one account: a token of another one is none."""
        me = instance.me()
        known = self._backstage.credentials.facts(publication.workspace, self.name, publication.account).get("id")
        same = me["id"] == known if known else same_account(publication.account, _address(me, instance.itself()))
        if not same:
            raise NotConnected(f"The access token is of @{me['acct']}, not of {publication.account}. Nothing was sent.")
        return str(me["id"])

    def _refuse_another(self, request: Mapping[str, Any]) -> None:
        known = self._backstage.credentials.facts(request["workspace"], self.name, request["account"]).get("id")
        if known and known != request["account_id"]:
            raise NotConnected(f"{request['account']} is connected as another account than this was made ready for.")

    def _upload(self, instance: Instance, workspace: str, picture: Mapping[str, Any]) -> str:
        data = self._backstage.memory.files.read(workspace, picture["sha256"])
        return instance.upload(data, picture["mime"], picture["alt"])

    def _missing(self, instance: Instance, body: Mapping[str, Any]) -> Rejected | Unknown:
        """Return what "not found" means: the post replied to is gone; or else this key was used, and its post is."""
        if earlier := body.get("in_reply_to_id"):
            try:
                instance.status(earlier)
            except Gone:
                return Rejected("The part of the thread that this one replies to is gone. This one was not sent.")
        return Unknown(f"{instance.who} has had this post already and it was deleted since, or scheduled there (404).")


def _is_there(instance: Instance, media: str) -> bool:
    """Say whether an upload of before is still there: those that no post holds are thrown away after a day."""
    try:
        instance.is_ready(media)
    except Gone:
        return False
    return True


def _wait_for(instance: Instance, media: str) -> None:
    for wait in (*WAITS, None):
        if instance.is_ready(media):
            return
        if wait is not None:
            time.sleep(wait)
    raise Unknown(f"{instance.who} is still at work on a picture")


def _alike(status: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a post may be this one, by everything but its text."""
    return (
        (status.get("in_reply_to_id") or None) == body.get("in_reply_to_id")
        and status.get("visibility") == body.get("visibility")
        and (status.get("spoiler_text") or "") == body.get("spoiler_text", "")
        and len(status.get("media_attachments") or ()) == len(body.get("media_ids", ()))
    )


def _address(me: Mapping[str, Any], itself: Mapping[str, Any]) -> str:
    return f"@{me['username']}@{itself['domain']}"
